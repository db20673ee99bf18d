"""The ticket of an application tells what became of it, at any terminal."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest
from visit_kit import NOON, TICKET, Hall, HandClock

from central.client import CentralClient
from central.contract import TicketAnswer, TicketState
from central.contract_tickets import ApplicationState, ApplicationView
from einvoice import ticket
from kiosk import messages as m
from kiosk.daemon.inquiry import ApplicationAnswered, Inquiry, TicketFound, TicketOpen
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.link import Link

TOTAL = Decimal("106.00")
TAKEN = ApplicationView(ApplicationState.TAKEN, TOTAL)
ISSUED = ApplicationView(
    ApplicationState.ISSUED, TOTAL, number="26112000000800000001", issued_on=date(2026, 11, 25)
)
REFUSED = ApplicationView(ApplicationState.REFUSED, TOTAL, words="购买方税号有误")


class Service:
    """Answers one ticket."""

    def __init__(self, view: ApplicationView) -> None:
        self.view = view

    async def ticket(self, number: str, secret: str, *, within_s: float) -> TicketAnswer:
        is_open = self.view.state is ApplicationState.TAKEN
        state = TicketState.PENDING if is_open else TicketState.ANSWERED
        return TicketAnswer("r", number, state, NOON, application=self.view)

    def own_ticket(self, number: str) -> None:
        """Another terminal gave it."""


async def found(view: ApplicationView) -> TicketFound:
    clock, service = HandClock(), cast("Any", Service(view))
    link = Link(clock, probe_up_s=30, probe_down_s=10, on_change=lambda _: None)
    inquiry = Inquiry(
        cast("CentralClient", service), link, cast("Keeper", service), clock, within_s=3.0
    )
    return await inquiry.ticket(TICKET)


@pytest.mark.parametrize("view", [TAKEN, ISSUED, REFUSED])
async def test_what_the_service_says_is_told(view: ApplicationView) -> None:
    assert await found(view) == ApplicationAnswered(view, NOON)


async def test_issued_without_a_number_is_not_told_as_issued() -> None:
    numberless = ApplicationView(ApplicationState.ISSUED, TOTAL)
    assert await found(numberless) == TicketOpen("pending", NOON)


async def told(hall: Hall, view: ApplicationView) -> m.Situation:
    hall.desk.look_ups[-1][1].set_result(ApplicationAnswered(view, NOON))
    await hall.settle()
    return hall.situation


async def test_waited_for_and_seen_to_change_without_a_touch() -> None:
    hall = Hall()
    hall.visit.scanned(ticket.to_text(TICKET))
    await hall.settle()
    first = await told(hall, TAKEN)
    assert isinstance(first, m.ApplicationTold)
    assert (first.state, first.number) == ("taken", "")
    hall.pass_seconds(5)
    await hall.settle()
    assert len(hall.desk.look_ups) == 2
    issued = await told(hall, ISSUED)
    assert isinstance(issued, m.ApplicationTold)
    assert (issued.state, issued.number) == ("issued", ISSUED.number)
    hall.pass_seconds(30)
    await hall.settle()
    assert len(hall.desk.look_ups) == 2  # final: nobody is asked again
    await hall.print()
    assert hall.desk.prints[-1][0] != TICKET.number  # the answer's slip is no copy of the receipt
    await hall.printed()
    assert isinstance(hall.situation, m.PrintEnded)


async def test_a_refusal_comes_with_its_reason() -> None:
    hall = Hall()
    hall.visit.scanned(ticket.to_text(TICKET))
    await hall.settle()
    refused = await told(hall, REFUSED)
    assert isinstance(refused, m.ApplicationTold)
    assert (refused.state, refused.words) == ("refused", "购买方税号有误")
    hall.visit.intend(m.TryAgain(hall.turn))
    await hall.settle()
    assert len(hall.desk.look_ups) == 1
