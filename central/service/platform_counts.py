"""Counts of questions in the service's database: a restart forgets none of them."""

import logging
from datetime import date, timedelta

from central.platforms.counts import CountsUnavailable, Question, Taken
from central.service.store import Connection, Store, StoreUnavailable

_log = logging.getLogger(__name__)

PLATFORM_DAYS_KEPT = timedelta(days=400)
"""What was asked of a platform in a day, without what: for checking its bills."""


class StoredCounts:
    """Counts on the disk, before the question is sent."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, question: Question, per_invoice: int, per_day: int | None) -> Taken:
        """See `Counts`."""
        try:
            return await self._store.write(lambda c: _take(c, question, per_invoice, per_day))
        except StoreUnavailable as error:
            raise CountsUnavailable(str(error)) from error

    async def asked(self, day: date, platform: str) -> int:
        """See `Counts`."""
        try:
            return await self._store.read(lambda c: _asked(c, day, platform))
        except StoreUnavailable as error:
            raise CountsUnavailable(str(error)) from error

    async def give_back(self, question: Question) -> None:
        """See `Counts`. A count that cannot be taken back stays: one question fewer today."""
        try:
            await self._store.write(lambda c: _give_back(c, question))
        except StoreUnavailable as error:
            _log.warning("platform.count_not_given_back error=%s", error)


def _asked(connection: Connection, day: date, platform: str) -> int:
    row = connection.execute(
        "SELECT questions FROM platform_questions WHERE day = ? AND platform = ?",
        (day.isoformat(), platform),
    ).fetchone()
    return 0 if row is None else row[0]


def _take(
    connection: Connection, question: Question, per_invoice: int, per_day: int | None
) -> Taken:
    day = question.day.isoformat()
    of_invoice = connection.execute(
        "SELECT questions FROM invoice_questions WHERE day = ? AND invoice = ?",
        (day, question.invoice),
    ).fetchone()
    if of_invoice is not None and of_invoice[0] >= per_invoice:
        return Taken.INVOICE_USED_UP
    of_platform = connection.execute(
        "SELECT questions FROM platform_questions WHERE day = ? AND platform = ?",
        (day, question.platform),
    ).fetchone()
    if per_day is not None and of_platform is not None and of_platform[0] >= per_day:
        return Taken.BUDGET_USED_UP
    if of_platform is None:  # the first of the day: forget what is over
        _forget_old(connection, question)
    connection.execute(
        "INSERT INTO invoice_questions (day, invoice, questions) VALUES (?, ?, 1)"
        " ON CONFLICT (day, invoice) DO UPDATE SET questions = invoice_questions.questions + 1",
        (day, question.invoice),
    )
    connection.execute(
        "INSERT INTO platform_questions (day, platform, questions) VALUES (?, ?, 1)"
        " ON CONFLICT (day, platform) DO UPDATE SET questions = platform_questions.questions + 1",
        (day, question.platform),
    )
    return Taken.TAKEN


def _give_back(connection: Connection, question: Question) -> None:
    day = question.day.isoformat()
    connection.execute(
        "UPDATE invoice_questions SET questions = questions - 1"
        " WHERE day = ? AND invoice = ? AND questions > 0",
        (day, question.invoice),
    )
    connection.execute(
        "UPDATE platform_questions SET questions = questions - 1"
        " WHERE day = ? AND platform = ? AND questions > 0",
        (day, question.platform),
    )


def _forget_old(connection: Connection, question: Question) -> None:
    connection.execute("DELETE FROM invoice_questions WHERE day < ?", (question.day.isoformat(),))
    connection.execute(
        "DELETE FROM platform_questions WHERE day < ?",
        ((question.day - PLATFORM_DAYS_KEPT).isoformat(),),
    )
