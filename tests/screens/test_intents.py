"""What is sent when something is pressed."""

from datetime import date
from decimal import Decimal

import pytest
from offscreen import Stage
from samples import show

from einvoice.kinds import Kind
from kiosk import guide_messages as g
from kiosk import messages as m
from kiosk import stick_messages as s
from kiosk.guides import Guide
from kiosk.text import catalogue


def shown(stage: Stage, name: str, turn: int = 5) -> None:
    stage.frame.disconnected()
    stage.show(show("home", language="zh", large=False, turn=turn - 1), draw=False)
    stage.show(show(name, language="zh", large=False, turn=turn), draw=False)
    stage.sent.clear()


def asked(stage: Stage) -> list[m.Intent]:
    return [intent for intent in stage.sent if not isinstance(intent, m.Touched)]


def test_a_cloth_sends_nothing_until_the_glass_is_clean(stage: Stage) -> None:
    shown(stage, "home_cleaning")
    stage.tap("home.enter")
    stage.tap("footer.call")
    assert stage.sent == []
    stage.show(show("home", language="zh", large=False, turn=5), draw=False)
    stage.tap("home.enter")
    assert asked(stage) == [m.StartEntry(turn=5)]


@pytest.mark.parametrize(
    ("name", "tid", "intent"),
    [
        ("home", "home.enter", m.StartEntry(turn=5)),
        ("home_in_visit", "home.batch", m.ShowBatch(turn=5)),
        ("home_in_visit", "footer.end", m.GoHome(turn=5)),
        ("home", "home.not_found", m.OpenHelp(turn=5, topic="not_found")),
        ("home", "footer.help", m.OpenHelp(turn=5, topic="use")),
        ("home", "footer.language", m.SetLanguage(language="en")),
        ("home", "footer.large", m.SetLargeText(on=True)),
        ("home", "footer.contrast", m.SetHighContrast(on=True)),
        ("home", "footer.call", m.CallStaff()),
        ("enter_number", "footer.back", m.GoBack(turn=5)),
        ("checking", "footer.end", m.GoHome(turn=5)),
        ("verdict_normal", "verdict.print", m.PrintSlip(turn=5)),
        ("verdict_normal", "verdict.another", m.VerifyAnother(turn=5)),
        ("verdict_normal", "verdict.details", m.ToggleDetails(turn=5)),
        ("verdict_normal", "footer.back", m.GoBack(turn=5)),
        ("verdict_normal", "footer.end", m.GoHome(turn=5)),
        ("verdict_not_found", "verdict.find_reason", m.FindReason(turn=5)),
        ("verdict_mismatch", "verdict.correct", m.StartEntry(turn=5)),
        ("verdict_unavailable", "verdict.print", m.PrintSlip(turn=5)),
        ("verdict_unavailable", "verdict.call_staff", m.CallStaff()),
        ("ticket_pending", "ticket_waiting.again", m.TryAgain(turn=5)),
        ("not_an_invoice", "not_an_invoice.enter", m.StartEntry(turn=5)),
        ("stick_one_a4", "stick.a4", s.PrintStick(turn=5)),
        ("not_an_invoice", "not_an_invoice.help", m.OpenHelp(turn=5, topic="use")),
        ("verdict_second", "verdict.batch", m.ShowBatch(turn=5)),
        ("batch", "batch.print", m.PrintSlip(turn=5)),
        ("batch", "batch.another", m.VerifyAnother(turn=5)),
        ("why_not_found", "why_not_found.correct", m.StartEntry(turn=5)),
        ("why_watch", "why_not_found.watch", m.OfferWatch(turn=5)),
        ("watch_offered", "watch_offered.order", m.OpenCase(turn=5)),
        ("watch_offered", "watch_offered.address", m.StartAddress(turn=5)),
        ("watch_offered_address", "watch_offered.order", m.OpenCase(turn=5)),
        ("enter_address", "enter_address.give", m.SubmitAddress(turn=5, address="")),
        ("case_kept", "case_kept.print", m.PrintSlip(turn=5)),
        ("case_kept", "case_kept.another", m.VerifyAnother(turn=5)),
        ("keep_failed", "keep_failed.call_staff", m.CallStaff()),
        ("print_unknown", "print_ended.reprint", m.Reprint(turn=5)),
        ("print_proven", "print_ended.another", m.VerifyAnother(turn=5)),
        ("help_use", "help.enter", m.StartEntry(turn=5)),
        ("help_use", "help.number", g.OpenGuide(turn=5, guide=Guide.NUMBER)),
        ("help_not_found", "help.enter", m.StartEntry(turn=5)),
        ("guide_scan_2", "guide.before", g.TurnGuide(turn=5, step=1)),
        ("guide_scan_2", "guide.after", g.TurnGuide(turn=5, step=3)),
        ("guide_scan_3", "guide.after", m.GoBack(turn=5)),
        ("admin_devices", "admin_devices.refill", g.OpenGuide(turn=5, guide=Guide.REFILL)),
        ("staff_coming", "footer.back", m.GoBack(turn=5)),
    ],
)
def test_a_press_asks_for_one_thing(stage: Stage, name: str, tid: str, intent: m.Intent) -> None:
    shown(stage, name)
    stage.tap(tid)
    assert asked(stage) == [intent]


def test_a_second_press_on_the_same_turn_asks_nothing(stage: Stage) -> None:
    shown(stage, "verdict_normal")
    stage.tap("verdict.print")
    stage.tap("verdict.print")
    stage.tap("verdict.another")
    assert asked(stage) == [m.PrintSlip(turn=5)]


def test_a_disabled_print_button_says_why_and_asks_nothing(stage: Stage) -> None:
    shown(stage, "verdict_cannot_print")
    button = stage.find("verdict.print")
    assert button.disabled
    assert "打印纸用完了" in getattr(button, "words", "")
    stage.tap("verdict.print")
    assert asked(stage) == []


def test_while_it_prints_nothing_can_end_the_visit(stage: Stage) -> None:
    shown(stage, "printing")
    for tid in ("footer.back", "footer.end", "footer.call"):
        with pytest.raises(LookupError):
            stage.find(tid)


def test_the_idle_warning_is_answered_anywhere(stage: Stage) -> None:
    shown(stage, "verdict_idle")
    stage.tap_at(540, 1500)
    assert asked(stage) == [m.StillHere()]


def test_the_idle_seconds_are_said(stage: Stage) -> None:
    shown(stage, "verdict_idle")
    said = getattr(stage.find("idle.sentence"), "text", "")
    # They go on by themselves, so on a busy machine one may have passed.
    assert said in [catalogue("zh").say("idle.sentence", seconds=seconds) for seconds in range(13)]


def test_the_ticket_sheet_explains_and_closes(stage: Stage) -> None:
    shown(stage, "home")
    stage.tap("home.ticket")
    assert "小票" in getattr(stage.find("ticket_sheet.title"), "text", "")
    stage.tap_at(540, 1000)
    with pytest.raises(LookupError):
        stage.find("ticket_sheet.title")
    assert asked(stage) == []


def test_a_ribbon_comes_without_losing_the_finger(stage: Stage) -> None:
    shown(stage, "home")
    before = stage.find("home.enter")
    stage.show(show("home_ribbon", language="zh", large=False, turn=5))
    assert stage.find("home.enter") is before
    assert getattr(stage.find("ribbon.link_down"), "words", "")


def test_language_and_size_change_at_once(stage: Stage) -> None:
    shown(stage, "home")
    normal = getattr(stage.find("home.enter.words"), "font_size", 0)
    stage.show(show("home", language="en", large=True, turn=5))
    words = stage.find("home.enter.words")
    assert getattr(words, "text", "") == "Enter the number"
    assert getattr(words, "font_size", 0) == pytest.approx(normal * 1.35, abs=1)


# --- typing ---------------------------------------------------------------------------------


def type_in(stage: Stage, keys: str) -> None:
    for key in keys:
        stage.tap("key.point" if key == "." else f"key.{key}")


def test_an_invoice_is_typed_and_submitted(stage: Stage) -> None:
    shown(stage, "enter_number")
    type_in(stage, "26112000000100000018")
    assert getattr(stage.find("enter.value"), "value", "") == "2611 2000 0001 0000 0018"
    stage.tap("enter.next")
    type_in(stage, "20261124")
    stage.tap("enter.next")
    type_in(stage, "106.00")
    stage.tap("enter.next")
    stage.tap("enter.submit")
    assert asked(stage) == [
        m.SubmitReference(
            turn=5,
            reference=m.ReferenceView(
                kind=Kind.DIGITAL_OTHER,
                number="26112000000100000018",
                issued_on=date(2026, 11, 24),
                amount=Decimal("106.00"),
            ),
        )
    ]


def test_what_is_typed_outlives_a_change_of_language(stage: Stage) -> None:
    shown(stage, "enter_number")
    type_in(stage, "2611")
    stage.show(show("enter_number", language="en", large=True, turn=5))
    assert getattr(stage.find("enter.value"), "value", "") == "2611"


def test_what_is_typed_is_gone_with_the_visit(stage: Stage) -> None:
    shown(stage, "enter_number")
    type_in(stage, "2611")
    stage.show(show("home", language="zh", large=False, turn=6))
    stage.show(show("enter_number", language="zh", large=False, turn=7))
    assert getattr(stage.find("enter.value"), "value", "") == ""


def test_a_wrong_length_is_said_and_leads_nowhere(stage: Stage) -> None:
    shown(stage, "enter_number")
    type_in(stage, "2611")
    stage.tap("enter.next")
    assert "8 位或 20 位" in getattr(stage.find("enter.remark"), "words", "")
    assert getattr(stage.find("enter.title"), "words", "") == "发票号码"


def test_back_leads_to_the_question_before(stage: Stage) -> None:
    shown(stage, "enter_number")
    type_in(stage, "26112000000100000018")
    stage.tap("enter.next")
    stage.tap("footer.back")
    assert getattr(stage.find("enter.value"), "value", "") == "2611 2000 0001 0000 0018"
    assert asked(stage) == []


def test_a_number_from_a_link_is_typed_already(stage: Stage) -> None:
    shown(stage, "not_an_invoice_link")
    stage.tap("not_an_invoice.enter")
    stage.show(show("enter_number", language="zh", large=False, turn=6))
    assert getattr(stage.find("enter.title"), "words", "") == "开票日期"


def test_a_touch_anywhere_on_the_attract_page_leads_on(stage: Stage) -> None:
    stage.show(show("attract", language="zh", large=False, turn=3), draw=False)
    stage.sent.clear()
    stage.tap("attract.scan_title")
    assert m.GoHome(turn=3) in stage.sent
