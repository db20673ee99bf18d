"""Applications for invoices: accepted durably, within what the service allowed beforehand.

Accepting is one commit: the operation in the outbox, its ticket, and its place in the ledger.
Blocking calls: run them in a worker thread.
"""

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime

import msgspec

from central.contract_people import OP_ISSUE_REQUESTED, IssueRequested, IssuingTerms
from kiosk.clock import Clock
from kiosk.daemon import terms_journal
from kiosk.daemon.allowance import Application, Known, Moment, NotGranted, judged, standing
from kiosk.daemon.keeping import Keeper, Kept, NotKept
from kiosk.logs import fact
from offline_queue.errors import OutboxFull, StorageFailed
from offline_queue.outbox import Outbox
from offline_queue.sealing import Sealer, SealingError

_log = logging.getLogger(__name__)
_TERMS = msgspec.json.Decoder(IssuingTerms)


class Applications:
    """What this terminal has accepted for businesses, and what it may still accept.

    Args:
        outbox: holds the file.
        sealer: seals who a business is and what it applied for.
        keeper: gives tickets.
        clock: the terminal's.
        clock_agrees: whether it agreed with the service's when last compared; None before that.
    """

    def __init__(
        self,
        outbox: Outbox,
        sealer: Sealer,
        keeper: Keeper,
        clock: Clock,
        *,
        clock_agrees: Callable[[], bool | None],
    ) -> None:
        self._outbox = outbox
        self._sealer = sealer
        self._keeper = keeper
        self._clock = clock
        self._clock_agrees = clock_agrees
        # What is owed only grows here, so nothing comes between the judgement and the commit.
        self._one_at_a_time = threading.Lock()

    def keep_terms(self, tax_id: str, terms: IssuingTerms | None) -> None:
        """Remember what the service just said of a business; None: it may not apply (any more).

        Raises:
            OutboxFull, StorageFailed: it is not durable; what was known before still holds.
        """
        now = self._clock.now()
        with self._one_at_a_time, self._outbox.transaction() as connection:
            row = self._row(connection, tax_id)
            if row is None:
                if terms is None:
                    return
                number = terms_journal.new_business(connection, now)
            else:
                number = row.id
            sealed = None
            if terms is not None:
                sealed = self._sealer.seal(msgspec.json.encode(terms), _terms_name(number))
            who = self._sealer.seal(tax_id.encode(), _who_name(number))
            kept = terms_journal.BusinessRow(number, who, sealed, now)
            terms_journal.keep_terms(connection, kept)

    def known(self, tax_id: str) -> Known | None:
        """What is known of a business; None if nothing is that holds.

        Raises:
            StorageFailed: the file cannot be read.
        """
        with self._outbox.transaction() as connection:
            found = self._known(connection, tax_id)
        return None if found is None else found[1]

    def knows_any(self) -> bool:
        """Whether terms of any business are known: a restart without the service forgets none.

        Raises:
            StorageFailed: the file cannot be read.
        """
        with self._outbox.transaction() as connection:
            return any(row.terms is not None for row in terms_journal.businesses(connection))

    def standing(self, tax_id: str, *, asked: bool) -> NotGranted | None:
        """Whether anything can be accepted for a business now (`allowance.standing`).

        Raises:
            StorageFailed: the file cannot be read.
        """
        with self._outbox.transaction() as connection:
            found = self._known(connection, tax_id)
            moment = self._moment(connection)
        return standing(None if found is None else found[1], moment, asked=asked)

    def apply(self, application: Application, *, asked: bool) -> Kept | NotKept | NotGranted:
        """Accept an application, or say why not.

        The same application again on the same day, while nobody can hold a slip of the first,
        gives the same ticket: a terminal that was killed before the slip came out, or had no
        paper for it, makes no second invoice.

        Args:
            application: what is applied for.
            asked: the service has just said the terms, and can be reached.
        """
        with self._one_at_a_time:
            try:
                return self._apply(application, asked=asked)
            except (OutboxFull, StorageFailed) as error:
                fact(_log, "application.not_kept", why=type(error).__name__)
                return NotKept(type(error).__name__)

    def _apply(self, application: Application, *, asked: bool) -> Kept | NotGranted:
        content = _content(application)
        with self._outbox.transaction() as connection:
            moment = self._moment(connection)
            found = self._known(connection, application.seller_tax_id)
            earlier = None
            if found is not None:
                earlier = self._same(connection, found[0], content, moment.now)
        if earlier is not None:
            kept = self._keeper.kept(earlier)
            if kept is not None:
                return kept
        refusal = judged(application, found and found[1], moment, asked=asked)
        if refusal is not None or found is None:
            fact(_log, "application.not_granted", why=(refusal or NotGranted.NO_TERMS).value)
            return refusal or NotGranted.NO_TERMS
        return self._accept(application, found[0], content, moment.now, asked=asked)

    def _accept(
        self,
        application: Application,
        business: int,
        content: bytes,
        now: datetime,
        *,
        asked: bool,
    ) -> Kept:
        def body(ticket: str, secret_sha256: str) -> IssueRequested:
            return IssueRequested(
                ticket,
                secret_sha256,
                application.seller_tax_id,
                application.kind,
                application.title,
                application.items,
                applied_on=now.date(),
                offline=not asked,
            )

        def remember(connection: sqlite3.Connection, op_id: str, ticket: str) -> None:
            sealed = self._sealer.seal(content, _content_name(op_id))
            terms_journal.add_application(
                connection,
                terms_journal.ApplicationRow(
                    op_id, business, ticket, now.date(), sealed, application.total
                ),
            )

        return self._keeper.promise(OP_ISSUE_REQUESTED, body, "", now, also=remember)

    def _same(
        self, connection: sqlite3.Connection, business: int, content: bytes, now: datetime
    ) -> str | None:
        """The ticket of the same application of today that nobody has a slip of."""
        for op_id, ticket, box in terms_journal.without_slip(connection, business, now.date()):
            if self._opened(box, _content_name(op_id)) == content:
                return ticket
        return None

    def _known(self, connection: sqlite3.Connection, tax_id: str) -> tuple[int, Known] | None:
        row = self._row(connection, tax_id)
        if row is None or row.terms is None:
            return None
        terms = self._opened(row.terms, _terms_name(row.id))
        if terms is None:
            return None
        owed = terms_journal.owed(connection, row.id)
        return row.id, Known(_TERMS.decode(terms), row.received_at, owed)

    def _row(self, connection: sqlite3.Connection, tax_id: str) -> terms_journal.BusinessRow | None:
        for row in terms_journal.businesses(connection):
            if self._opened(row.who, _who_name(row.id)) == tax_id.encode():
                return row
        return None

    def _opened(self, box: bytes, name: str) -> bytes | None:
        """What is in a box; None for one that was changed, or whose key is gone: not known."""
        try:
            return self._sealer.unseal(box, name)
        except SealingError as error:
            fact(_log, "terms.box_not_opened", why=type(error).__name__)
            return None

    def _moment(self, connection: sqlite3.Connection) -> Moment:
        now = self._clock.now()
        before = terms_journal.newest_moment(connection)
        return Moment(now, before or now, self._clock_agrees())


def _content(application: Application) -> bytes:
    """What a repetition is known by."""
    wanted = (
        application.seller_tax_id,
        application.kind,
        application.title,
        application.items,
    )
    return hashlib.sha256(msgspec.json.encode(wanted)).digest()


def _who_name(business: int) -> str:
    return f"business:{business}"


def _terms_name(business: int) -> str:
    return f"terms:{business}"


def _content_name(op_id: str) -> str:
    return f"application:{op_id}"
