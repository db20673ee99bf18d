"""My invoice: found, proven to be one's own, seen, printed on A4, taken to a phone or mailbox."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from visit_kit import INVOICE, INVOICE_TEXT, TICKET, Hall

from central.contract_people import FoundInvoice, LookUpBy
from drivers.documents.outcome import (
    A4Cause,
    A4Failed,
    A4NotReady,
    A4Outcome,
    A4Printing,
    A4Proven,
    A4Ready,
    A4Unknown,
    A4Waiting,
)
from drivers.printers.outcome import Doubt
from einvoice import ticket
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk.daemon.desk import _to_keep
from kiosk.daemon.own_desk import File, Linked, Listed, NotHad
from kiosk.daemon.views import reference_view

PDF = b"%PDF the file of somebody"
FILE = File(PDF, "FILETOKEN")
FOUND = FoundInvoice("TOKEN-1", "26112000000000000018", issued_on=date(2026, 11, 23))
OTHER = FoundInvoice("TOKEN-2", "26112000000000000026")
ORDER = "123456789012"
ADDRESS = "zhang.san@example.com"


@pytest.fixture
def hall() -> Hall:
    hall = Hall()
    hall.visit.a4_changed(A4Ready())
    hall.visit.service_sends_mail(sends_mail=True)
    hall.visit.intend(o.StartOwn(hall.turn))
    assert isinstance(hall.situation, o.WaysShown)
    return hall


async def fetched(hall: Hall) -> o.OwnInvoice:
    """By an order with one invoice."""
    hall.visit.scanned(ORDER)
    assert await hall.own_answers(Listed((FOUND,))) == (LookUpBy.ORDER, ORDER, "")
    assert await hall.own_answers(FILE) == ("found", "TOKEN-1")
    assert isinstance(hall.situation, o.OwnInvoice)
    return hall.situation


async def a4(hall: Hall, outcome: A4Outcome | None) -> o.A4Ended:
    hall.visit.intend(o.PrintA4(hall.turn))
    await hall.own_answers(outcome)
    assert isinstance(hall.situation, o.A4Ended)
    return hall.situation


# --- finding it ----------------------------------------------------------------------------


async def test_scanned_and_proven_by_its_tax(hall: Hall) -> None:
    hall.visit.scanned(INVOICE_TEXT)
    assert hall.situation == o.AskTax(number=INVOICE.number)
    hall.visit.intend(o.SubmitTax(hall.turn, Decimal("6.00")))
    assert isinstance(hall.situation, o.Fetching)
    assert await hall.own_answers(FILE) == ("reference", INVOICE, Decimal("6.00"))
    shown = hall.situation
    assert isinstance(shown, o.OwnInvoice)
    assert shown.picture == b"png of " + PDF
    assert (shown.has_file, shown.can_link, shown.can_mail) == (True, True, True)
    assert hall.desk.verifications == []


async def test_a_wrong_tax_is_asked_again_and_back_leads_out(hall: Hall) -> None:
    hall.visit.scanned(INVOICE_TEXT)
    for tax in ("5.00", "5.50"):
        hall.visit.intend(o.SubmitTax(hall.turn, Decimal(tax)))
        await hall.own_answers(NotHad("not_entitled"))
        assert hall.situation == o.AskTax(number=INVOICE.number, is_wrong=True)
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, o.WaysShown)


async def test_a_typed_number_is_asked_for_its_tax_and_not_verified(hall: Hall) -> None:
    hall.visit.intend(m.StartEntry(hall.turn))
    hall.visit.intend(m.SubmitReference(hall.turn, reference_view(INVOICE)))
    assert hall.situation == o.AskTax(number=INVOICE.number)
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, m.EnterNumber)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (ORDER, (LookUpBy.ORDER, ORDER, "")),
        ("284562789012345678", (LookUpBy.SHOWN_CODE, "284562789012345678", "")),
        (ticket.to_text(TICKET), (LookUpBy.TICKET, TICKET.number, TICKET.secret)),
    ],
)
async def test_each_code_asks_in_its_way(hall: Hall, text: str, asked: tuple[object, ...]) -> None:
    hall.visit.scanned(text)
    assert await hall.own_answers(NotHad("none")) == asked
    assert hall.situation == o.FetchFailed(what="list", why="none")


async def test_several_are_chosen_from_and_back_leads_to_the_choice(hall: Hall) -> None:
    hall.visit.intend(o.StartOrder(hall.turn))
    hall.visit.intend(o.SubmitOrder(hall.turn, ORDER))
    await hall.own_answers(Listed((FOUND, OTHER)))
    assert isinstance(hall.situation, o.FoundShown)
    assert "TOKEN" not in msgspec.json.encode(hall.now).decode()
    for line, token in ((1, "TOKEN-2"), (0, "TOKEN-1")):
        hall.visit.intend(o.ChooseInvoice(hall.turn, line))
        assert await hall.own_answers(FILE) == ("found", token)
        assert isinstance(hall.situation, o.OwnInvoice)
        hall.visit.intend(m.GoBack(hall.turn))
        assert isinstance(hall.situation, o.FoundShown)
    hall.visit.intend(o.ChooseInvoice(hall.turn, 7))
    assert isinstance(hall.situation, o.FoundShown)


@pytest.mark.parametrize("why", ["link_down", "unreachable", "busy", "unavailable"])
async def test_what_says_nothing_of_the_invoice_can_be_tried_again(hall: Hall, why: str) -> None:
    hall.visit.scanned(ORDER)
    await hall.own_answers(NotHad(why))
    assert hall.situation == o.FetchFailed(what="list", why=why, may_repeat=True)
    hall.visit.intend(o.FetchAgain(hall.turn))
    await hall.own_answers(Listed((FOUND,)))
    await hall.own_answers(NotHad(why))
    assert hall.situation == o.FetchFailed(what="file", why=why, may_repeat=True)
    hall.visit.intend(o.FetchAgain(hall.turn))
    assert await hall.own_answers(FILE) == ("found", "TOKEN-1")
    assert isinstance(hall.situation, o.OwnInvoice)


async def test_a_file_that_is_too_long_for_here_still_goes_to_the_phone(hall: Hall) -> None:
    hall.visit.scanned(ORDER)
    await hall.own_answers(Listed((FOUND,)))
    await hall.own_answers(File(b"", "FILETOKEN"))
    shown = hall.situation
    assert isinstance(shown, o.OwnInvoice)
    assert (shown.has_file, shown.can_link, shown.why_no_picture) == (False, True, "too_large")
    hall.visit.intend(o.PrintA4(hall.turn))
    assert hall.situation is shown


@pytest.mark.parametrize("step", ["list", "file", "link", "mail"])
async def test_who_leaves_while_it_is_fetched_leaves_nothing_for_the_next(
    hall: Hall, step: str
) -> None:
    if step in ("link", "mail"):
        await fetched(hall)
        if step == "link":
            hall.visit.intend(o.TakeToPhone(hall.turn))
        else:
            hall.visit.intend(o.StartMail(hall.turn))
            hall.visit.intend(m.SubmitAddress(hall.turn, ADDRESS))
    else:
        hall.visit.scanned(ORDER)
        if step == "file":
            await hall.own_answers(Listed((FOUND,)))
    await hall.settle()
    hall.visit.intend(m.GoHome(hall.turn))
    answers = {
        "list": Listed((FOUND, OTHER)),
        "file": FILE,
        "link": Linked("https://x", timedelta(minutes=5)),
        "mail": True,
    }
    await hall.own_answers(answers[step])
    assert hall.situation == m.Home()
    assert hall.visit._stage.is_fresh
    seen = msgspec.json.encode(hall.now).decode() + repr(hall.visit._stage.person)
    assert FOUND.number not in seen
    assert "TOKEN" not in seen


async def test_left_before_the_question_was_even_asked(hall: Hall) -> None:
    """The task of the question begins after the person has gone."""
    hall.visit.scanned(ORDER)
    hall.visit.intend(m.GoHome(hall.turn))
    await hall.own_answers(Listed((FOUND, OTHER)))
    assert hall.situation == m.Home()


async def test_elsewhere_the_same_codes_mean_what_they_always_meant() -> None:
    hall = Hall()
    hall.visit.scanned(INVOICE_TEXT)
    await hall.settle()
    assert len(hall.desk.verifications) == 1
    assert hall.own.asked == []


# --- A4 ------------------------------------------------------------------------------------


async def test_on_a4_with_its_progress_and_proof(hall: Hall) -> None:
    await fetched(hall)
    hall.visit.intend(o.PrintA4(hall.turn))
    await hall.settle()
    running = hall.situation
    assert isinstance(running, o.A4Running)
    hall.own.progress(A4Printing(1))
    assert hall.situation == msgspec.structs.replace(running, sheets=1)
    hall.own.progress(A4Waiting(A4Cause.PAPER_OUT))
    assert isinstance(hall.situation, o.A4Running)
    assert hall.situation.waits_for == "a4_paper_out"
    hall.own.progress(A4Printing(2))
    assert hall.situation == msgspec.structs.replace(running, sheets=2)
    what = await hall.own_answers(A4Proven(2))
    assert what[1].pdf == PDF  # type: ignore[attr-defined]
    assert hall.situation == o.A4Ended(
        number=running.number, outcome="proven", a4=o.PrinterMeans(can=True)
    )
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, o.OwnInvoice)


async def test_each_further_print_is_a_reprint_until_the_limit(hall: Hall) -> None:
    await fetched(hall)
    first = await a4(hall, A4Failed(A4Cause.PAPER_JAM))
    assert (first.copy, first.can_reprint) == (0, True)
    number = first.number
    hall.desk.prints.append((number, 0, "zh", None))  # type: ignore[arg-type]
    second = await a4(hall, A4Unknown(Doubt.LOST_LINK))
    assert (second.number, second.copy, second.can_reprint) == (number, 1, True)
    hall.desk.prints.append((number, 1, "zh", None))  # type: ignore[arg-type]
    third = await a4(hall, A4Failed(A4Cause.ABORTED))
    assert (third.copy, third.can_reprint) == (2, False)
    hall.desk.prints.append((number, 2, "zh", None))  # type: ignore[arg-type]
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, o.OwnInvoice)
    asked = len(hall.own.asked)
    hall.visit.intend(o.PrintA4(hall.turn))
    await hall.settle()
    assert hall.situation == o.A4Ended(
        number=number, outcome="failed", why="reprint_limit", copy=2, a4=o.PrinterMeans(can=True)
    )
    assert len(hall.own.asked) == asked


async def test_while_it_prints_nothing_else_can_be_pressed_but_to_take_it_back(hall: Hall) -> None:
    await fetched(hall)
    hall.visit.intend(o.PrintA4(hall.turn))
    await hall.settle()
    running, asked = hall.situation, len(hall.own.asked)
    for intent in (
        m.GoHome(hall.turn),
        m.GoBack(hall.turn),
        m.PrintSlip(hall.turn),
        o.PrintA4(hall.turn),
        m.VerifyAnother(hall.turn),
        m.CallStaff(),
    ):
        hall.visit.intend(intent)
    hall.visit.scanned(INVOICE_TEXT)
    hall.pass_seconds(600)
    await hall.settle()
    assert hall.situation == running
    assert (len(hall.own.asked), hall.desk.prints, hall.desk.verifications) == (asked, [], [])
    hall.own.progress(A4Waiting(A4Cause.PAPER_OUT))
    for _ in range(2):
        hall.visit.intend(o.CancelA4())
    assert hall.own.cancelled == 1
    assert isinstance(hall.situation, o.A4Running)
    assert hall.situation.is_cancelling
    await hall.own_answers(A4Failed(A4Cause.CANCELLED))
    assert isinstance(hall.situation, o.A4Ended)
    assert hall.situation.why == "a4_cancelled"


async def test_a_printer_that_cannot_blocks_the_button_and_unblocks_it_alone(hall: Hall) -> None:
    await fetched(hall)
    hall.visit.a4_changed(A4NotReady(A4Cause.PAPER_OUT))
    shown = hall.situation
    assert isinstance(shown, o.OwnInvoice)
    assert shown.a4 == o.PrinterMeans(can=False, cause="a4_paper_out")
    hall.visit.intend(o.PrintA4(hall.turn))
    assert hall.situation is shown
    hall.visit.a4_changed(A4Ready())
    assert hall.situation == msgspec.structs.replace(shown, a4=o.PrinterMeans(can=True))
    ended = await a4(hall, None)
    assert (ended.outcome, ended.why) == ("failed", "storage")


async def test_after_the_failsafe_a_late_end_shows_nothing(hall: Hall) -> None:
    await fetched(hall)
    hall.visit.intend(o.PrintA4(hall.turn))
    await hall.settle()

    async def broken() -> None:
        raise RuntimeError("something else broke")

    hall.visit._stage.start(broken())
    await hall.settle()
    assert isinstance(hall.situation, m.OutOfService)
    hall.own.progress(A4Printing(1))
    await hall.own_answers(A4Proven(1))
    assert isinstance(hall.situation, m.OutOfService)


# --- slip, phone, mailbox --------------------------------------------------------------------


async def test_its_slip_is_printed_and_no_picture_is_kept_on_the_disk(hall: Hall) -> None:
    shown = await fetched(hall)
    await hall.print()
    await hall.printed()
    assert isinstance(hall.situation, m.PrintEnded)
    hall.visit.intend(m.GoBack(hall.turn))
    assert hall.situation == shown
    kept = _to_keep(shown)
    assert isinstance(kept, o.OwnInvoice)
    assert (kept.picture, kept.has_file, kept.can_link) == (b"", False, False)


async def test_a_link_is_good_for_its_time(hall: Hall) -> None:
    await fetched(hall)
    hall.visit.intend(o.TakeToPhone(hall.turn))
    await hall.own_answers(Linked("https://links.example/ABC", timedelta(seconds=90)))
    link = hall.situation
    assert link == o.PhoneLink(
        "https://links.example/ABC", hall.clock.now() + timedelta(seconds=90)
    )
    hall.pass_seconds(89)
    assert hall.situation == link
    hall.pass_seconds(1)
    assert isinstance(hall.situation, o.PhoneLink)
    assert hall.situation.url == ""
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, o.OwnInvoice)


@pytest.mark.parametrize("kept", [True, False])
async def test_sent_by_letter_and_the_address_is_nowhere_afterwards(hall: Hall, kept: bool) -> None:
    await fetched(hall)
    hall.visit.intend(o.StartMail(hall.turn))
    assert hall.situation == m.EnterAddress(for_file=True)
    hall.visit.intend(m.SubmitAddress(hall.turn, "no address"))
    assert isinstance(hall.situation, m.EnterAddress)
    hall.visit.intend(m.SubmitAddress(hall.turn, ADDRESS))
    assert await hall.own_answers(kept) == ("mail", "FILETOKEN", ADDRESS)
    if kept:
        assert hall.situation == o.MailOrdered(number=FOUND.number)
    else:
        assert hall.situation == o.FetchFailed(what="mail", why="not_kept")
    assert ADDRESS not in msgspec.json.encode(hall.now).decode()
    assert ADDRESS not in repr(hall.visit._stage.person)
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, o.OwnInvoice)


async def test_no_letter_after_all(hall: Hall) -> None:
    await fetched(hall)
    hall.visit.intend(o.StartMail(hall.turn))
    hall.visit.intend(m.SubmitAddress(hall.turn, ""))
    assert isinstance(hall.situation, o.OwnInvoice)


async def test_back_at_home_a_typed_number_is_verified_again(hall: Hall) -> None:
    hall.visit.intend(m.GoBack(hall.turn))
    assert hall.situation == m.Home()
    hall.visit.intend(m.StartEntry(hall.turn))
    hall.visit.intend(m.SubmitReference(hall.turn, reference_view(INVOICE)))
    await hall.settle()
    assert len(hall.desk.verifications) == 1
