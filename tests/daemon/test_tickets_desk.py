"""Staff see where tickets stand, and nothing of whom or what they are for."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from visit_kit import HandClock

from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.ticket import Ticket
from einvoice.verdict import Answer, Source, Verdict
from kiosk import look_messages as k
from kiosk import staff_messages as s
from kiosk.daemon import acts
from kiosk.daemon.inquiry import TicketAnswered, TicketOpen
from kiosk.daemon.keeping import Keeper, Kept
from kiosk.daemon.opening import open_queue
from kiosk.daemon.tickets_desk import ASKED_AT_ONCE, TicketsDesk
from offline_queue.entry import Done, Parked

ADDRESS = "li@example.com"


def invoice(number: int) -> InvoiceReference:
    return InvoiceReference(
        Kind.DIGITAL_ORDINARY,
        f"261120000000000000{number:02d}",
        date(2026, 11, 23),
        amount=Decimal("106.00"),
    )


class Hall:
    def __init__(self, folder: Path) -> None:
        sealer, self.outbox = open_queue(folder)
        self.clock = HandClock()
        self.keeper = Keeper(self.outbox, sealer, "03", self.clock)
        self.replies: dict[str, TicketOpen | TicketAnswered] = {}
        self.asked: list[Ticket] = []
        self.noted: list[acts.Act] = []
        inquiry: Any = self
        self.desk = TicketsDesk(self.keeper, inquiry, self.clock, self.noted.append)

    async def ticket(self, ticket: Ticket) -> TicketOpen | TicketAnswered:
        self.asked.append(ticket)
        return self.replies.get(ticket.number, TicketOpen("pending"))

    def give(self, number: int) -> str:
        kept = self.keeper.verify_later(invoice(number))
        assert isinstance(kept, Kept)
        return kept.ticket.number

    def watch(self, number: int) -> str:
        kept = self.keeper.open_case(
            invoice(number), Verdict.NOT_FOUND, typed=True, address=ADDRESS
        )
        assert isinstance(kept, Kept)
        return kept.ticket.number

    def send(self) -> None:
        self.outbox.settle([Done(one.op_id, "new") for one in self.outbox.due(100, 1 << 20)])

    async def lines(self) -> tuple[k.TicketLine, ...]:
        shown = await self.desk.answer(k.AskTickets(), "1001")
        assert isinstance(shown, k.TicketsShown)
        return shown.lines


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path)
    yield hall
    hall.outbox.close()


async def test_each_ticket_says_where_it_is_and_nothing_of_the_invoice(hall: Hall) -> None:
    case, sent = hall.watch(1), hall.give(2)
    hall.send()
    waiting, parked = hall.give(3), hall.give(4)
    last = hall.outbox.due(100, 1 << 20)[-1]
    hall.outbox.settle([Parked(last.op_id, "damaged")])
    lines = await hall.lines()
    assert [(one.number, one.kind, one.here, one.at_service) for one in lines] == [
        (parked, "request", "parked", ""),
        (waiting, "request", "waiting", ""),
        (sent, "request", "sent", ""),
        (case, "case", "sent", ""),
    ]
    told = msgspec.json.encode(lines)
    assert b"2611200000" not in told
    assert ADDRESS.encode() not in told
    secret = hall.keeper.ticket(sent)
    assert secret is not None
    assert secret.secret.encode() not in told


async def test_what_the_service_says_is_remembered_with_its_time(hall: Hall) -> None:
    case, done = hall.watch(1), hall.give(2)
    hall.send()
    until = date(2026, 12, 24)
    hall.replies[case] = TicketOpen("watched", watched_until=until)
    answer = Answer(Verdict.NORMAL, Source.TAX_SERVICE, hall.clock.now())
    hall.replies[done] = TicketAnswered(invoice(2), answer, None)
    said = await hall.desk.answer(k.AskTicketsAgain(), "1001")
    assert said == s.Acted("2 asked, 1 answered", "tickets_asked", {"asked": 2, "answered": 1})
    now = hall.clock.now()
    first, second = await hall.lines()
    assert (first.at_service, first.asked_at) == ("answered", now)
    assert (second.at_service, second.watched_until) == ("watched", until)
    assert "NORMAL" not in repr((first, second))
    # What is answered is not asked for again.
    said = await hall.desk.answer(k.AskTicketsAgain(), "1001")
    assert said == s.Acted("1 asked, 0 answered", "tickets_asked", {"asked": 1, "answered": 0})
    assert hall.noted[-1] == acts.TicketAskedAgain(case, "1001")


async def test_silence_ends_the_round_and_changes_nothing_that_was_known(hall: Hall) -> None:
    older, newer = hall.give(1), hall.give(2)
    hall.send()
    await hall.desk.answer(k.AskTicketsAgain(), "1001")
    hall.replies = dict.fromkeys((older, newer), TicketOpen("unreachable"))
    answer = await hall.desk.answer(k.AskTicketsAgain(), "1001")
    assert answer == s.NotDone("the service does not answer")
    assert [one.at_service for one in await hall.lines()] == ["pending", "pending"]
    assert [one.number for one in hall.asked] == [newer, older, newer]


async def test_one_press_asks_for_so_many_and_no_more(hall: Hall) -> None:
    for number in range(ASKED_AT_ONCE + 1):
        hall.give(number)
    hall.send()
    await hall.desk.answer(k.AskTicketsAgain(), "1001")
    assert len(hall.asked) == ASKED_AT_ONCE


async def test_a_ticket_of_another_terminal_is_not_asked_for(hall: Hall) -> None:
    answer = await hall.desk.answer(k.AskTicketsAgain("SF-07-261124-0001"), "1001")
    assert answer == s.NotDone("no such ticket")
    assert hall.asked == []
