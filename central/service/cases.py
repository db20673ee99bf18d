"""Cases: an invoice was not found, and its holder asked that it be looked for.

The case is its ticket (`central.service.tickets`) with a row more: how long it is watched, and
the sealed address if an answer by letter was asked for. It is asked once a day, in the morning,
and ends with the first answer that says more than "not there".
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from central.contract_people import CASE_WATCHED_DAYS
from central.contract_tickets import CaseState, CaseView
from central.service.china import CHINA, day_in_china
from central.service.store import Connection
from einvoice.verdict import Verdict

WATCHED_FOR = timedelta(days=CASE_WATCHED_DAYS)
"""Uploads that come at all come within days; a month also covers a seller who must be asked."""
ASK_FROM = time(hour=7)
"""In China: before the halls open."""
ASK_WITHIN_S = 3600.0
"""The morning's questions are spread over so long: the platform serves others too."""

_ASKED_AGAIN = frozenset({Verdict.NOT_FOUND, Verdict.NOT_YET, Verdict.LIMIT_REACHED})
_IN_THE_RECORDS = frozenset(
    {Verdict.NORMAL, Verdict.VOID, Verdict.RED_FULL, Verdict.RED_PARTIAL, Verdict.MISMATCH}
)

_draw = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Step:
    """What an answer means for a case.

    Attributes:
        state: where it stands now.
        ask_at: when it is asked next; None when it has ended.
    """

    state: CaseState
    ask_at: datetime | None


def watched_until(opened: datetime) -> date:
    """The last day in China on which a case is asked."""
    return day_in_china(opened) + WATCHED_FOR


def first_asked_at(acted_at: datetime, received_at: datetime) -> datetime:
    """When a new case is asked for the first time.

    The person was told "not found" just now: today's question has been asked. One that came
    late, from a terminal without a link, is asked at once.
    """
    if day_in_china(acted_at) < day_in_china(received_at):
        return received_at
    return next_asked_at(received_at)


def next_asked_at(now: datetime) -> datetime:
    """Some moment of the next morning in China."""
    morning = datetime.combine(day_in_china(now) + timedelta(days=1), ASK_FROM, tzinfo=CHINA)
    return morning + timedelta(seconds=_draw.uniform(0.0, ASK_WITHIN_S))


def step(verdict: Verdict, until: date, now: datetime) -> Step:
    """What an answer of the platform means for a case. UNAVAILABLE is none."""
    if verdict in _IN_THE_RECORDS:
        return Step(CaseState.FOUND, None)
    if verdict in _ASKED_AGAIN and day_in_china(now) < until:
        return Step(CaseState.WATCHED, next_asked_at(now))
    return Step(CaseState.CLOSED, None)


def keep_step(connection: Connection, number: str, state: CaseState, now: datetime) -> None:
    """Writes down where a case stands; at its end a letter is due, if there is an address."""
    connection.execute("UPDATE cases SET state = ? WHERE number = ?", (state.value, number))
    if state is not CaseState.WATCHED:
        connection.execute(
            "UPDATE cases SET letter_at = ? WHERE number = ? AND address IS NOT NULL",
            (now.timestamp(), number),
        )


def case_view(connection: Connection, number: str, asked_at: datetime | None) -> CaseView | None:
    """What a ticket tells of its case; None if it is no case's."""
    row = connection.execute(
        "SELECT state, watched_until FROM cases WHERE number = ?", (number,)
    ).fetchone()
    if row is None:
        return None
    return CaseView(CaseState(row[0]), date.fromisoformat(row[1]), asked_at)
