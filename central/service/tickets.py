"""Tickets: a person was promised an answer, and the service goes on asking for it.

A ticket is kept with its reference until the platform answers. NOT_YET and
LIMIT_REACHED are true today and perhaps not tomorrow: they are given out, and asked
again the next morning. That the platform was not available is never an answer.
"""

import asyncio
import hmac
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec

from central.contract import (
    Reference,
    Ruling,
    TicketAnswer,
    TicketRequest,
    TicketState,
    encode,
    sha256_hex,
)
from central.contract_tickets import CaseState
from central.convert import ruling_of
from central.service import cases
from central.service.applications import application_answer
from central.service.china import CHINA, day_in_china, utc_now
from central.service.store import Connection, Store, StoreUnavailable
from central.service.verification import PLATFORM_MAY_TAKE_S, Verification
from einvoice.verdict import Verdict

_log = logging.getLogger(__name__)

_RULING = msgspec.json.Decoder(Ruling)
_REFERENCE = msgspec.json.Decoder(Reference)

AT_ONCE = 8
"""Tickets asked for at the same time; people at terminals share the same platform."""
LONGEST_PAUSE_S = 300.0
LOOKED_AT_EVERY_S = 30.0
"""Also without being told of news: the one who would tell may have been cut off."""
MAX_ASKED_AGAIN = 3
"""Mornings on which a ruling that may change is asked again."""
ASK_AGAIN_AT = time(hour=7)
"""In China: before the halls open."""
TICKETS_KEPT = timedelta(days=30)
"""After its ruling. It holds names and amounts, so not longer than the slip is of use."""

_MAY_CHANGE = frozenset({Verdict.NOT_YET, Verdict.LIMIT_REACHED})


@dataclass(frozen=True, slots=True)
class _Due:
    number: str
    reference: Reference
    unavailable: int
    mornings: int
    watched_until: date | None


@dataclass(frozen=True, slots=True)
class _Ruled:
    """What is to be written down of an answer."""

    ruling: Ruling
    at: datetime
    again: float | None
    case: CaseState | None


def ticket_answer(connection: Connection, request: TicketRequest) -> TicketAnswer:
    """Where a ticket stands. A wrong secret looks like a ticket that is not there."""
    row = connection.execute(
        "SELECT secret_sha256, registered_at, reference, ruling FROM tickets WHERE number = ?",
        (request.number,),
    ).fetchone()
    if row is None:
        application = application_answer(connection, request)
        if application is not None:
            return application
    if row is None or not hmac.compare_digest(row[0], sha256_hex(request.secret)):
        return TicketAnswer(request.request_id, request.number, TicketState.UNKNOWN)
    registered_at = datetime.fromisoformat(row[1])
    ruling = None if row[3] is None else _RULING.decode(row[3])
    case = cases.case_view(connection, request.number, None if ruling is None else ruling.at)
    if ruling is None or (case is not None and case.state is CaseState.WATCHED):
        return TicketAnswer(
            request.request_id, request.number, TicketState.PENDING, registered_at, case=case
        )
    return TicketAnswer(
        request.request_id,
        request.number,
        TicketState.ANSWERED,
        registered_at,
        _REFERENCE.decode(row[2]),
        ruling,
        case,
    )


class TicketWorker:
    """Asks for every ticket that is due, until it is ruled. Run it as one task.

    When nothing that was asked got an answer, the platform is taken to be down: one
    ticket at a time then finds out when it is back.

    Args:
        store: where tickets are.
        verification: whom to ask.
        now: the present moment, aware.
        first_pause_s: the pause after the first "not available"; it doubles up to five
            minutes, and each is drawn between half and the whole of itself.
        on_case_ended: is told when a letter may be due.
    """

    def __init__(
        self,
        store: Store,
        verification: Verification,
        now: Callable[[], datetime] = utc_now,
        first_pause_s: float = 5.0,
        on_case_ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_case_ended = on_case_ended
        self._store = store
        self._verification = verification
        self._now = now
        self._first_pause_s = first_pause_s
        self._news = asyncio.Event()
        self._draw = random.SystemRandom()
        self._rounds_in_vain = 0
        self._sweep_at: datetime | None = None
        self._store_is_failing = False

    def wake(self) -> None:
        """There may be a new ticket: look now."""
        self._news.set()

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            self._news.clear()
            try:
                await self._sweep()
                pause_s = await self._round()
            except StoreUnavailable as error:
                if not self._store_is_failing:
                    _log.error("tickets.store_unavailable error=%s", error)
                self._store_is_failing = True
                await asyncio.sleep(self._pause_s(1))
                continue
            self._store_is_failing = False
            if self._rounds_in_vain:
                await asyncio.sleep(self._pause_s(self._rounds_in_vain))
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._news.wait()

    async def _round(self) -> float:
        """Asks for some due tickets; returns the seconds until the next is due."""
        at_once = 1 if self._rounds_in_vain else AT_ONCE
        due = await self._store.read(lambda c: _due(c, self._now(), at_once))
        answered = await asyncio.gather(*(self._ask(one) for one in due))
        if any(answered):
            self._rounds_in_vain = 0
        elif due:
            self._rounds_in_vain += 1
        if len(due) == at_once:
            return 0.0
        next_at = await self._store.read(_next_ask_at)
        if next_at is None:
            return LOOKED_AT_EVERY_S
        return min(LOOKED_AT_EVERY_S, max(0.0, next_at - self._now().timestamp()))

    async def _ask(self, due: _Due) -> bool:
        """Asks for one ticket and records what came; whether there was an answer."""
        invoice = due.reference.to_invoice()
        if self._can_wait(due) and not await self._verification.spares_a_question(invoice):
            later = cases.next_asked_at(self._now()).timestamp()
            await self._store.write(lambda c: _wait_a_day(c, due.number, later))
            _log.info("ticket.waits_a_day why=budget")
            return True
        answer = await self._verification.answer(invoice, within_s=PLATFORM_MAY_TAKE_S)
        now = self._now()
        if answer.verdict is Verdict.UNAVAILABLE:
            later = now.timestamp() + self._pause_s(due.unavailable + 1)
            await self._store.write(lambda c: _put_off(c, due.number, later))
            return False
        again: datetime | None = None
        case: CaseState | None = None
        if due.watched_until is not None:
            step = cases.step(answer.verdict, due.watched_until, now)
            case, again = step.state, step.ask_at
        elif answer.verdict in _MAY_CHANGE and due.mornings < MAX_ASKED_AGAIN:
            again = next_morning(now)
        ruled = _Ruled(ruling_of(answer), now, again and again.timestamp(), case)
        await self._store.write(lambda c: _rule(c, due.number, ruled))
        _log.info("ticket.ruled verdict=%s final=%s", answer.verdict.value, again is None)
        if case is not None and again is None:
            self._on_case_ended()
        return True

    def _can_wait(self, due: _Due) -> bool:
        """It was answered before and is asked again by the clock, and another morning comes."""
        if due.watched_until is not None:
            return day_in_china(self._now()) < due.watched_until
        return 0 < due.mornings < MAX_ASKED_AGAIN

    def _pause_s(self, times: int) -> float:
        whole = min(LONGEST_PAUSE_S, self._first_pause_s * 2 ** min(times - 1, 16))
        return self._draw.uniform(whole / 2, whole)

    async def _sweep(self) -> None:
        """Once an hour: forget what is past its time, and repair a clock that was stepped."""
        now = self._now()
        if self._sweep_at is not None and now < self._sweep_at:
            return
        self._sweep_at = now + timedelta(hours=1)
        await self._store.tend_inbox(now)
        await self._store.write(lambda c: _forget_old(c, now))
        await self._store.write(lambda c: _clamp(c, now))


def next_morning(now: datetime) -> datetime:
    """The next time at which a ruling that may change is asked again."""
    tomorrow = now.astimezone(CHINA).date() + timedelta(days=1)
    return datetime.combine(tomorrow, ASK_AGAIN_AT, tzinfo=CHINA)


def _due(connection: Connection, now: datetime, limit: int) -> list[_Due]:
    rows = connection.execute(
        "SELECT t.number, t.reference, t.unavailable, t.mornings, k.watched_until FROM tickets t"
        " LEFT JOIN cases k ON k.number = t.number"
        " WHERE t.next_ask_at <= ? ORDER BY t.next_ask_at LIMIT ?",
        (now.timestamp(), limit),
    )
    return [
        _Due(
            number,
            _REFERENCE.decode(reference),
            unavailable,
            mornings,
            None if until is None else date.fromisoformat(until),
        )
        for number, reference, unavailable, mornings, until in rows
    ]


def _next_ask_at(connection: Connection) -> float | None:
    (at,) = connection.execute(
        "SELECT min(next_ask_at) FROM tickets WHERE next_ask_at IS NOT NULL"
    ).fetchone()
    return at


def _put_off(connection: Connection, number: str, later: float) -> None:
    connection.execute(
        "UPDATE tickets SET unavailable = unavailable + 1, next_ask_at = ? WHERE number = ?",
        (later, number),
    )


def _wait_a_day(connection: Connection, number: str, later: float) -> None:
    connection.execute(
        "UPDATE tickets SET mornings = mornings + 1, next_ask_at = ? WHERE number = ?",
        (later, number),
    )


def _rule(connection: Connection, number: str, ruled: _Ruled) -> None:
    ruling = encode(ruled.ruling).decode()
    if ruled.case is not None:
        cases.keep_step(connection, number, ruled.case, ruled.at)
        if ruled.ruling.verdict is Verdict.LIMIT_REACHED:
            # Says nothing of the invoice: what a case was last told of it stands.
            ruling = _last_ruling(connection, number) or ruling
    connection.execute(
        "UPDATE tickets SET ruling = ?, ruled_at = ?, unavailable = 0, mornings = mornings + ?,"
        " next_ask_at = ? WHERE number = ?",
        (ruling, ruled.at.timestamp(), ruled.again is not None, ruled.again, number),
    )


def _last_ruling(connection: Connection, number: str) -> str | None:
    row = connection.execute("SELECT ruling FROM tickets WHERE number = ?", (number,)).fetchone()
    return None if row is None else row[0]


def _forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(
        "DELETE FROM tickets WHERE next_ask_at IS NULL AND ruled_at < ?",
        ((now - TICKETS_KEPT).timestamp(),),
    )


def _clamp(connection: Connection, now: datetime) -> None:
    """No pause is longer than until the next morning, whatever the clock said at the time."""
    connection.execute(
        "UPDATE tickets SET next_ask_at = ? WHERE next_ask_at > ?",
        (now.timestamp(), (now + timedelta(days=2)).timestamp()),
    )
