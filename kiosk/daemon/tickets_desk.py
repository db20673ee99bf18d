"""The tickets that this terminal gave, for staff: where each stands, here and at the service.

Staff see numbers, times and states. What an invoice is, and what is true about it, is told to
whoever holds the slip: the secret on it is what the service asks for.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from central.contract_tickets import ApplicationState
from kiosk import look_messages as k
from kiosk import staff_messages as s
from kiosk.clock import Clock
from kiosk.daemon import acts
from kiosk.daemon.audit import Note
from kiosk.daemon.inquiry import ApplicationAnswered, Inquiry, TicketAnswered, TicketOpen
from kiosk.daemon.keeping import GivenTicket, Keeper

ASKED_AT_ONCE = 20
"""Tickets that one press asks for: each may take as long as a person waits for an answer."""
REMEMBERED = 500
"""Answers that are kept in memory, the newest."""
ANSWERED, UNREACHABLE = "answered", "unreachable"


@dataclass(frozen=True, slots=True)
class Told:
    """What the service last said of a ticket."""

    state: str
    at: datetime
    watched_until: date | None = None


class TicketsDesk:
    """Answers about tickets."""

    def __init__(self, keeper: Keeper, inquiry: Inquiry, clock: Clock, note: Note) -> None:
        self._keeper = keeper
        self._inquiry = inquiry
        self._clock = clock
        self._note = note
        self._told: OrderedDict[str, Told] = OrderedDict()

    async def answer(
        self, asked: k.AskTickets | k.AskTicketsAgain, by: str
    ) -> k.TicketsShown | s.Acted | s.NotDone:
        """Do it, and say how that went.

        Raises:
            StorageFailed: the tickets could not be read.
        """
        match asked:
            case k.AskTickets(limit):
                return k.TicketsShown(await self._lines(limit))
            case k.AskTicketsAgain(number) if number:
                return await self._ask((number,), by)
            case k.AskTicketsAgain():
                lines = await self._lines(REMEMBERED)
                without = [one.number for one in lines if one.at_service != ANSWERED]
                return await self._ask(tuple(without[:ASKED_AT_ONCE]), by)
            case _:
                assert_never(asked)

    async def _ask(self, numbers: tuple[str, ...], by: str) -> s.Acted | s.NotDone:
        answered = 0
        for number in numbers:
            ticket = await asyncio.to_thread(self._keeper.ticket, number)
            if ticket is None:
                return s.NotDone("no such ticket")
            self._note(acts.TicketAskedAgain(number, by))
            found = await self._inquiry.ticket(ticket)
            match found:
                case TicketOpen(reason) if reason == UNREACHABLE:
                    # The next would wait as long for nothing; what was told before still holds.
                    return s.NotDone("the service does not answer")
                case TicketOpen(reason, _, watched_until):
                    if reason != "kept_here":  # not told by the service: the line says so itself
                        self._remember(number, Told(reason, self._clock.now(), watched_until))
                case TicketAnswered():
                    answered += 1
                    self._remember(number, Told(ANSWERED, self._clock.now()))
                case ApplicationAnswered(view) if view.state is ApplicationState.TAKEN:
                    self._remember(number, Told("pending", self._clock.now()))
                case ApplicationAnswered():
                    answered += 1
                    self._remember(number, Told(ANSWERED, self._clock.now()))
                case _:
                    assert_never(found)
        values: dict[str, str | int] = {"asked": len(numbers), "answered": answered}
        said = f"{len(numbers)} asked, {answered} answered"
        return s.Acted(said, "tickets_asked", values)

    def _remember(self, number: str, told: Told) -> None:
        self._told[number] = told
        self._told.move_to_end(number)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)

    async def _lines(self, limit: int) -> tuple[k.TicketLine, ...]:
        given = await asyncio.to_thread(self._keeper.newest_tickets, limit)
        return tuple(self._line(one) for one in given)

    def _line(self, given: GivenTicket) -> k.TicketLine:
        told = self._told.get(given.number)
        return k.TicketLine(
            number=given.number,
            kind=given.kind,
            registered_at=given.registered_at,
            here=given.here,
            at_service="" if told is None else told.state,
            asked_at=told and told.at,
            watched_until=told and told.watched_until,
        )
