"""An invoice that was not found, and a person who wants it to be looked for."""

import msgspec
import pytest
from visit_kit import INVOICE, TICKET, Hall, answered

from drivers.printers.outcome import Failed
from drivers.printers.status import Cause, NotReady
from einvoice import ticket
from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.daemon.inquiry import TicketOpen
from kiosk.daemon.keeping import Kept, NotKept
from kiosk.daemon.views import reference_view

ADDRESS = "zhang.san@example.com"


@pytest.fixture
def hall() -> Hall:
    return Hall()


async def offered(hall: Hall, verdict: Verdict = Verdict.NOT_FOUND) -> m.WatchOffered:
    await hall.scan(answered(verdict))
    hall.visit.intend(m.FindReason(hall.turn))
    hall.visit.intend(m.OfferWatch(hall.turn))
    assert isinstance(hall.situation, m.WatchOffered)
    return hall.situation


async def order(hall: Hall, result: Kept | NotKept | None = None) -> None:
    hall.visit.intend(m.OpenCase(hall.turn))
    await hall.settle()
    hall.desk.cases[-1][1].set_result(result or Kept(TICKET, hall.clock.now()))
    await hall.settle()


def give(hall: Hall, address: str = ADDRESS) -> None:
    hall.visit.intend(m.StartAddress(hall.turn))
    assert isinstance(hall.situation, m.EnterAddress)
    hall.visit.intend(m.SubmitAddress(hall.turn, address))


async def test_ordered_kept_and_printed(hall: Hall) -> None:
    offer = await offered(hall)
    assert offer.reference == reference_view(INVOICE)
    assert not offer.may_write
    await order(hall)
    assert hall.desk.cases[0][0] == (INVOICE, Verdict.NOT_FOUND, False, "")
    assert hall.desk.prints[0][0] == TICKET.number
    assert hall.desk.tickets == [(TICKET,)]
    await hall.printed()
    assert isinstance(hall.situation, m.PrintEnded)
    assert hall.situation.slip == TICKET.number


@pytest.mark.parametrize("verdict", [Verdict.MISMATCH, Verdict.NORMAL, Verdict.UNAVAILABLE])
async def test_only_what_may_come_is_offered(hall: Hall, verdict: Verdict) -> None:
    await hall.scan(answered(verdict))
    hall.visit.intend(m.FindReason(hall.turn))
    if isinstance(hall.situation, m.WhyNotFound):
        assert not hall.situation.can_watch
    hall.visit.intend(m.OfferWatch(hall.turn))
    assert not isinstance(hall.situation, m.WatchOffered)


async def test_an_address_is_asked_for_only_where_letters_are_sent(hall: Hall) -> None:
    await offered(hall)
    hall.visit.intend(m.StartAddress(hall.turn))
    assert isinstance(hall.situation, m.WatchOffered)


async def test_with_an_address_the_answer_also_goes_there_and_nothing_of_it_stays(
    hall: Hall,
) -> None:
    hall.visit.service_sends_mail(sends_mail=True)
    await offered(hall)
    give(hall)
    assert isinstance(hall.situation, m.WatchOffered)
    assert hall.situation.address == ADDRESS
    await order(hall)
    assert hall.desk.cases[0][0][3] == ADDRESS
    await hall.printed(Failed(Cause.PAPER_OUT))
    hall.visit.intend(m.GoBack(hall.turn))
    kept = hall.situation
    assert isinstance(kept, m.CaseKept)
    assert kept.by_letter
    assert ADDRESS not in msgspec.json.encode(kept).decode()
    assert ADDRESS not in repr(hall.visit._stage.person)
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, m.Home)


@pytest.mark.parametrize("leaving", ["end", "another", "timed_out"])
async def test_an_address_that_was_not_used_goes_with_the_visit(hall: Hall, leaving: str) -> None:
    hall.visit.service_sends_mail(sends_mail=True)
    await offered(hall)
    give(hall)
    if leaving == "end":
        hall.visit.intend(m.GoHome(hall.turn))
    elif leaving == "another":
        hall.visit.intend(m.VerifyAnother(hall.turn))
    else:
        hall.pass_seconds(120 + 45)
    await hall.settle()
    assert isinstance(hall.situation, m.Home)
    assert ADDRESS not in repr(hall.visit._stage.person)
    assert hall.desk.cases == []


async def test_given_changed_and_taken_back(hall: Hall) -> None:
    hall.visit.service_sends_mail(sends_mail=True)
    await offered(hall)
    give(hall)
    give(hall, "b@example.com")
    assert isinstance(hall.situation, m.WatchOffered)
    assert hall.situation.address == "b@example.com"
    give(hall, "")
    assert isinstance(hall.situation, m.WatchOffered)
    assert hall.situation.address == ""
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, m.WhyNotFound)


async def test_what_is_no_address_is_not_taken(hall: Hall) -> None:
    hall.visit.service_sends_mail(sends_mail=True)
    await offered(hall)
    give(hall, "a@example.com\r\nBcc: b@example.com")
    assert isinstance(hall.situation, m.EnterAddress)


async def test_without_paper_and_without_an_address_nothing_is_promised(hall: Hall) -> None:
    hall.visit.service_sends_mail(sends_mail=True)
    hall.visit.printer_changed(NotReady(Cause.PAPER_OUT))
    offer = await offered(hall)
    assert offer.cannot_print == m.CannotPrint("paper_out")
    hall.visit.intend(m.OpenCase(hall.turn))
    await hall.settle()
    assert hall.desk.cases == []
    give(hall)
    await order(hall)
    assert isinstance(hall.situation, m.CaseKept)
    assert hall.desk.prints == []


async def test_two_presses_are_one_order(hall: Hall) -> None:
    await offered(hall)
    hall.visit.intend(m.OpenCase(hall.turn))
    hall.visit.intend(m.OpenCase(hall.turn))
    await hall.settle()
    assert len(hall.desk.cases) == 1


async def test_a_full_disk_is_said_and_nothing_is_printed(hall: Hall) -> None:
    await offered(hall)
    await order(hall, NotKept("OutboxFull"))
    assert isinstance(hall.situation, m.KeepFailed)
    assert hall.desk.prints == []


async def test_whoever_leaves_while_it_is_kept_gets_no_slip_of_it(hall: Hall) -> None:
    await offered(hall)
    hall.visit.intend(m.OpenCase(hall.turn))
    await hall.settle()
    hall.visit.end()
    hall.desk.cases[-1][1].set_result(Kept(TICKET, hall.clock.now()))
    await hall.settle()
    assert isinstance(hall.situation, m.Home)
    assert hall.desk.prints == []


async def test_a_print_that_was_interrupted_is_taken_up_again(hall: Hall) -> None:
    kept = m.CaseKept(
        ticket=m.TicketView(TICKET.number, hall.clock.now()),
        reference=reference_view(INVOICE),
        verdict=Verdict.NOT_FOUND,
        days=30,
    )
    hall.visit.resume(kept, TICKET.number, 0, (TICKET,))
    hall.visit.intend(m.Reprint(hall.turn))
    await hall.settle()
    assert hall.desk.tickets == [(TICKET,)]
    assert hall.desk.prints[0][0] == TICKET.number


async def test_its_ticket_says_that_it_is_still_looked_for(hall: Hall) -> None:
    hall.visit.scanned(ticket.to_text(TICKET))
    await hall.settle()
    until = hall.clock.now().date()
    hall.desk.look_ups[-1][1].set_result(TicketOpen("watched", hall.clock.now(), until))
    await hall.settle()
    assert isinstance(hall.situation, m.TicketWaiting)
    assert (hall.situation.reason, hall.situation.watched_until) == ("watched", until)
