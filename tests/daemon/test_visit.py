"""What a person sees, step by step, and what can never happen to him."""

import pytest
from visit_kit import INVOICE, INVOICE_TEXT, NOON, TICKET, Hall, answered, put_off

from drivers.printers.outcome import Doubt, Failed, Proven, Unknown
from drivers.printers.status import Cause, NoAnswer, NotReady, Ready
from einvoice.diagnosis import CauseId
from einvoice.ticket import to_text
from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.daemon.inquiry import PutOff, TicketAnswered, TicketOpen
from kiosk.daemon.keeping import NotKept
from kiosk.daemon.views import reference_view


@pytest.fixture
def hall() -> Hall:
    return Hall()


async def test_a_scan_from_home_needs_no_touch_and_ends_in_a_verdict(hall: Hall) -> None:
    hall.visit.scanned(INVOICE_TEXT)
    await hall.settle()
    assert isinstance(hall.situation, m.Checking)
    reference, answer = hall.desk.verifications[0]
    assert reference == INVOICE
    answer.set_result(answered())
    await hall.settle()
    assert isinstance(hall.situation, m.VerdictShown)
    assert hall.situation.verdict is Verdict.NORMAL
    assert hall.situation.ticket is None


async def test_a_slip_is_said_to_be_printed_only_when_the_printer_proved_it(hall: Hall) -> None:
    await hall.scan()
    await hall.print()
    assert hall.situation == m.Printing(slip="SF-03-261124-0001")
    await hall.printed(Proven())
    assert isinstance(hall.situation, m.PrintEnded)
    assert (hall.situation.outcome, hall.situation.can_reprint) == ("proven", False)


@pytest.mark.parametrize(
    ("outcome", "word", "why"),
    [
        (Failed(Cause.PAPER_OUT), "failed", "paper_out"),
        (Unknown(Doubt.NO_PROOF), "unknown", "no_proof"),
    ],
)
async def test_a_reprint_is_a_new_act_with_a_count_and_a_limit(
    hall: Hall, outcome: Failed | Unknown, word: str, why: str
) -> None:
    await hall.scan()
    await hall.print()
    await hall.printed(outcome)
    for copy in (1, 2):
        assert isinstance(hall.situation, m.PrintEnded)
        assert (hall.situation.outcome, hall.situation.why) == (word, why)
        assert hall.situation.can_reprint
        hall.visit.intend(m.Reprint(hall.turn))
        await hall.settle()
        assert hall.situation == m.Printing(slip="SF-03-261124-0001", copy=copy)
        await hall.printed(outcome)
    assert isinstance(hall.situation, m.PrintEnded)
    assert not hall.situation.can_reprint
    hall.visit.intend(m.Reprint(hall.turn))
    await hall.settle()
    assert len(hall.desk.prints) == 3


async def test_a_second_print_from_the_verdict_is_a_reprint_too(hall: Hall) -> None:
    await hall.scan()
    for copy in (0, 1, 2):
        await hall.print()
        assert hall.situation == m.Printing(slip="SF-03-261124-0001", copy=copy)
        await hall.printed()
        hall.visit.intend(m.GoBack(hall.turn))
        assert isinstance(hall.situation, m.VerdictShown)
    await hall.print()
    assert len(hall.desk.prints) == 3
    assert isinstance(hall.situation, m.PrintEnded)
    assert (hall.situation.outcome, hall.situation.why) == ("failed", "reprint_limit")


async def test_pressing_print_twice_prints_once(hall: Hall) -> None:
    await hall.scan()
    turn = hall.turn
    hall.visit.intend(m.PrintSlip(turn))
    hall.visit.intend(m.PrintSlip(turn))
    await hall.settle()
    hall.visit.intend(m.PrintSlip(turn))
    await hall.printed()
    assert len(hall.desk.prints) == 1


async def test_presses_and_scans_during_a_print_are_thrown_away(hall: Hall) -> None:
    await hall.scan()
    await hall.print()
    hall.visit.scanned(INVOICE_TEXT)
    hall.visit.intend(m.GoHome(hall.turn))
    hall.visit.intend(m.GoBack(hall.turn))
    hall.visit.intend(m.StartEntry(hall.turn))
    hall.visit.intend(m.CallStaff())
    await hall.settle()
    assert isinstance(hall.situation, m.Printing)
    await hall.printed()
    assert isinstance(hall.situation, m.PrintEnded)
    assert len(hall.desk.verifications) == 1


async def test_an_answer_that_comes_after_the_person_left_is_dropped(hall: Hall) -> None:
    hall.visit.scanned(INVOICE_TEXT)
    await hall.settle()
    hall.visit.intend(m.GoHome(hall.turn))
    hall.desk.verifications[0][1].set_result(answered())
    await hall.settle()
    assert hall.situation == m.Home()


async def test_an_answer_to_the_person_before_is_not_shown_to_the_next(hall: Hall) -> None:
    hall.visit.scanned(INVOICE_TEXT)
    await hall.settle()
    hall.visit.intend(m.GoHome(hall.turn))
    hall.visit.scanned(INVOICE_TEXT)
    await hall.settle()
    hall.desk.verifications[0][1].set_result(answered(Verdict.VOID))
    await hall.settle()
    assert isinstance(hall.situation, m.Checking)
    hall.desk.verifications[1][1].set_result(answered(Verdict.NORMAL))
    await hall.settle()
    assert isinstance(hall.situation, m.VerdictShown)
    assert hall.situation.verdict is Verdict.NORMAL


async def test_without_the_service_there_is_a_ticket_and_its_slip_has_its_number(
    hall: Hall,
) -> None:
    await hall.scan(put_off())
    shown = hall.situation
    assert isinstance(shown, m.VerdictShown)
    assert shown.verdict is Verdict.UNAVAILABLE
    assert shown.ticket == m.TicketView(number=TICKET.number, registered_at=NOON)
    await hall.print()
    assert hall.desk.prints[0][0] == TICKET.number
    assert hall.desk.numbers == 0


async def test_what_could_not_be_kept_is_not_said_to_be_kept(hall: Hall) -> None:
    refused = put_off()
    await hall.scan(PutOff(refused.answer, NotKept("disk full")))
    assert hall.situation == m.KeepFailed()


async def test_a_ticket_shows_its_answer_or_honestly_none(hall: Hall) -> None:
    hall.visit.scanned(to_text(TICKET))
    await hall.settle()
    hall.desk.look_ups[0][1].set_result(TicketOpen("pending", NOON))
    await hall.settle()
    assert hall.situation == m.TicketWaiting(TICKET.number, "pending", NOON)
    hall.visit.intend(m.TryAgain(hall.turn))
    await hall.settle()
    answer = answered().answer
    hall.desk.look_ups[1][1].set_result(TicketAnswered(INVOICE, answer, NOON))
    await hall.settle()
    assert isinstance(hall.situation, m.VerdictShown)
    assert hall.situation.ticket == m.TicketView(TICKET.number, NOON)


async def test_who_waits_before_his_ticket_sees_the_answer_come(hall: Hall) -> None:
    hall.visit.scanned(to_text(TICKET))
    await hall.settle()
    hall.desk.look_ups[0][1].set_result(TicketOpen("kept_here", NOON))
    await hall.settle()
    hall.pass_seconds(5)
    await hall.settle()
    hall.desk.look_ups[1][1].set_result(TicketOpen("pending", NOON))
    await hall.settle()
    assert hall.situation == m.TicketWaiting(TICKET.number, "pending", NOON)
    hall.pass_seconds(5)
    await hall.settle()
    hall.desk.look_ups[2][1].set_result(TicketAnswered(INVOICE, answered().answer, NOON))
    await hall.settle()
    assert isinstance(hall.situation, m.VerdictShown)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("https://example.com/x", "web_link"),
        ("", "empty"),
        ("9" * 10_000, "too_long"),
        ("01,10,0110", "garbled"),
        ("随便什么", "garbled"),
    ],
)
async def test_anything_else_is_said_politely(hall: Hall, text: str, what: str) -> None:
    hall.visit.scanned(text)
    assert hall.situation == m.NotAnInvoice(what=what)


async def test_a_press_on_a_screen_that_is_gone_does_nothing(hall: Hall) -> None:
    turn = hall.turn
    await hall.scan()
    hall.visit.intend(m.StartEntry(turn))
    assert isinstance(hall.situation, m.VerdictShown)


async def test_the_printer_blocks_the_print_button_says_why_and_frees_it_by_itself(
    hall: Hall,
) -> None:
    hall.visit.printer_changed(NotReady(Cause.PAPER_OUT))
    assert hall.now.ribbons == ("paper_out",)
    await hall.scan()
    assert isinstance(hall.situation, m.VerdictShown)
    assert hall.situation.cannot_print == m.CannotPrint("paper_out")
    await hall.print()
    assert hall.desk.prints == []
    hall.visit.printer_changed(Ready())
    assert hall.situation.cannot_print is None
    assert hall.now.ribbons == ()
    await hall.print()
    assert len(hall.desk.prints) == 1


async def test_a_scanner_that_is_gone_is_said_until_it_is_back(hall: Hall) -> None:
    hall.visit.scanner_changed(is_there=True)
    assert hall.now.ribbons == ()
    hall.visit.scanner_changed(is_there=False)
    assert hall.now.ribbons == ("scanner_gone",)
    hall.visit.scanner_changed(is_there=True)
    assert hall.now.ribbons == ()


async def test_a_silent_printer_is_not_a_ready_one(hall: Hall) -> None:
    hall.visit.printer_changed(NoAnswer())
    await hall.scan()
    assert isinstance(hall.situation, m.VerdictShown)
    assert hall.situation.cannot_print == m.CannotPrint("silent")
    await hall.print()
    assert hall.desk.prints == []


async def test_a_visit_that_nobody_touches_is_warned_and_ends_without_a_trace(hall: Hall) -> None:
    hall.visit.intend(m.SetLanguage("en"))
    await hall.scan()
    hall.pass_seconds(60)
    assert hall.now.idle == m.IdleWarning(seconds_left=45)
    hall.pass_seconds(44)
    assert hall.now.idle == m.IdleWarning(seconds_left=1)
    hall.pass_seconds(1)
    await hall.settle()
    assert hall.now.situation == m.Home()
    assert hall.now.language == "zh"
    assert hall.now.idle is None
    assert hall.desk.ended == 1


async def test_a_touch_anywhere_answers_the_warning(hall: Hall) -> None:
    await hall.scan()
    hall.pass_seconds(80)
    hall.visit.intend(m.Touched())
    assert hall.now.idle is None
    hall.pass_seconds(59)
    assert hall.now.idle is None
    assert isinstance(hall.situation, m.VerdictShown)


async def test_large_text_gives_more_time(hall: Hall) -> None:
    hall.visit.intend(m.SetLargeText(on=True))
    await hall.scan()
    hall.pass_seconds(299)
    assert hall.now.idle is None
    hall.pass_seconds(1)
    assert hall.now.idle is not None


async def test_no_time_out_while_a_print_runs(hall: Hall) -> None:
    await hall.scan()
    await hall.print()
    hall.pass_seconds(600)
    assert isinstance(hall.situation, m.Printing)
    assert hall.now.idle is None


async def test_an_empty_terminal_never_warns_anybody(hall: Hall) -> None:
    hall.pass_seconds(1000)
    assert all(show.idle is None for show in hall.shows)


async def test_help_and_staff_are_one_step_and_back_leads_to_where_one_was(hall: Hall) -> None:
    await hall.scan()
    verdict = hall.situation
    hall.visit.intend(m.OpenHelp(hall.turn, "not_found"))
    assert hall.situation == m.Help("not_found", takes_sticks=True)
    hall.visit.intend(m.CallStaff())
    await hall.settle()
    assert isinstance(hall.situation, m.StaffComing)
    assert hall.desk.staff_calls == ["help"]
    assert hall.desk.called is not None
    assert hall.situation.told is None
    hall.desk.called.set_result(False)
    await hall.settle()
    assert isinstance(hall.situation, m.StaffComing)
    assert hall.situation.told is False
    hall.visit.intend(m.GoBack(hall.turn))
    hall.visit.intend(m.GoBack(hall.turn))
    assert hall.situation == verdict


async def test_a_verdict_come_back_to_knows_the_printer_as_it_is_now(hall: Hall) -> None:
    await hall.scan()
    hall.visit.intend(m.OpenHelp(hall.turn, "use"))
    hall.visit.printer_changed(NotReady(Cause.COVER_OPEN))
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, m.VerdictShown)
    assert hall.situation.cannot_print == m.CannotPrint("cover_open")


async def test_a_typed_reference_is_asked_like_a_scanned_one(hall: Hall) -> None:
    hall.visit.intend(m.StartEntry(hall.turn))
    assert hall.situation == m.EnterNumber(today=NOON.date())
    view = m.ReferenceView(
        kind=INVOICE.kind,
        number=INVOICE.number,
        issued_on=INVOICE.issued_on,
        amount=INVOICE.amount,
    )
    hall.visit.intend(m.SubmitReference(hall.turn, view))
    await hall.settle()
    assert hall.desk.verifications[0][0] == INVOICE


async def test_the_terminal_that_was_stopped_while_printing_offers_a_reprint(hall: Hall) -> None:
    await hall.scan()
    shown = hall.situation
    assert isinstance(shown, m.VerdictShown)
    again = Hall()
    again.visit.resume(shown, "SF-03-261124-0001", 0, ())
    assert isinstance(again.situation, m.PrintEnded)
    assert (again.situation.outcome, again.situation.why) == ("unknown", "interrupted")
    again.visit.intend(m.Reprint(again.turn))
    await again.settle()
    assert again.desk.prints[0][0] == "SF-03-261124-0001"


async def test_an_unexpected_failure_leads_to_the_failsafe_screen_and_out_of_it(
    hall: Hall,
) -> None:
    hall.visit.scanned(INVOICE_TEXT)
    await hall.settle()
    hall.desk.verifications[0][1].set_exception(ZeroDivisionError())
    await hall.settle()
    assert hall.situation == m.OutOfService(reason="internal")
    hall.pass_seconds(15)
    assert hall.situation == m.Home()


async def test_a_full_disk_means_no_number_and_no_print(hall: Hall) -> None:
    hall.desk.disk_full = True
    await hall.scan()
    await hall.print()
    assert hall.desk.prints == []
    assert isinstance(hall.situation, m.PrintEnded)
    assert (hall.situation.outcome, hall.situation.why) == ("failed", "storage")


async def test_the_slip_of_an_answered_ticket_is_a_slip_of_its_own(hall: Hall) -> None:
    hall.visit.scanned(to_text(TICKET))
    await hall.settle()
    hall.desk.look_ups[0][1].set_result(TicketAnswered(INVOICE, answered().answer, NOON))
    await hall.settle()
    await hall.print()
    assert hall.situation == m.Printing(slip="SF-03-261124-0001", copy=0)


async def test_a_job_that_cannot_be_put_on_the_disk_is_not_printed_and_said(hall: Hall) -> None:
    await hall.scan()
    await hall.print()
    hall.desk.prints[-1][3].set_result(None)
    await hall.settle()
    assert isinstance(hall.situation, m.PrintEnded)
    assert (hall.situation.outcome, hall.situation.why) == ("failed", "storage")


async def test_why_an_invoice_of_today_is_not_found(hall: Hall) -> None:
    hall.visit.scanned(INVOICE_TEXT.replace("20261123", "20261124"))
    await hall.settle()
    hall.desk.verifications[-1][1].set_result(answered(Verdict.NOT_FOUND))
    await hall.settle()
    verdict = hall.situation
    hall.visit.intend(m.FindReason(hall.turn))
    why = hall.situation
    assert isinstance(why, m.WhyNotFound)
    assert why.causes[0].id is CauseId.ISSUED_TODAY
    assert not why.typed
    hall.visit.intend(m.GoBack(hall.turn))
    assert hall.situation == verdict


async def test_what_was_typed_is_doubted_first(hall: Hall) -> None:
    hall.visit.intend(m.StartEntry(hall.turn))
    hall.visit.intend(m.SubmitReference(hall.turn, reference_view(INVOICE)))
    await hall.settle()
    hall.desk.verifications[-1][1].set_result(answered(Verdict.NOT_FOUND))
    await hall.settle()
    hall.visit.intend(m.FindReason(hall.turn))
    why = hall.situation
    assert isinstance(why, m.WhyNotFound)
    assert (why.typed, why.causes[0].id) == (True, CauseId.MISTYPED)


async def test_a_good_invoice_needs_no_reasons(hall: Hall) -> None:
    await hall.scan()
    hall.visit.intend(m.FindReason(hall.turn))
    assert isinstance(hall.situation, m.VerdictShown)


async def test_a_terminal_is_quiet_a_while_after_the_last_visit_only() -> None:
    hall = Hall()
    await hall.scan()
    hall.visit.end()
    await hall.settle()
    assert not hall.visit.is_quiet
    hall.pass_seconds(61)
    assert hall.visit.is_quiet
    hall.visit.intend(m.OpenHelp(hall.turn, "where"))
    assert not hall.visit.is_quiet
