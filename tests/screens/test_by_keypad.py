"""The screen used with the tactile keypad: the same as with a finger, and never a dead end."""

import msgspec
import pytest
from offscreen import Stage
from samples import show

from kiosk import messages as m
from kiosk.keypad_messages import KeypadKey as K
from kiosk.text import catalogue
from kiosk.widgets import theme

ZH = catalogue("zh")
READING = m.VoiceView(on=True, volume=2)

# --- on the screen ------------------------------------------------------------------------------


def begin(stage: Stage, name: str, voice: m.VoiceView | None = None, turn: int = 5) -> None:
    stage.frame.disconnected()
    sample = show(name, language="zh", large=False, turn=turn)
    stage.show(msgspec.structs.replace(sample, voice=voice), draw=False)
    stage.sent.clear()


def press(stage: Stage, *keys: K) -> None:
    for key in keys:
        stage.frame.key_pressed(key)
        stage.settle()


def asked(stage: Stage) -> list[m.Intent]:
    said: list[m.Intent] = [
        one for one in stage.sent if not isinstance(one, m.Touched | m.Hush | m.Speak)
    ]
    stage.sent.clear()
    return said


def read(stage: Stage) -> list[str]:
    return [intent.text for intent in stage.sent if isinstance(intent, m.Speak)]


def onto(stage: Stage, tid: str) -> None:
    press(stage, K.NEXT)
    for _ in range(100):
        if stage.frame.focused == tid:
            return
        press(stage, K.NEXT)
    raise AssertionError(f"{tid} is not reached")


@pytest.mark.parametrize(
    ("name", "tid"),
    [
        ("home", "home.enter"),
        ("home", "footer.large"),
        ("verdict_not_found", "verdict.find_reason"),
        ("verdict_normal", "verdict.print"),
        ("verdict_normal", "footer.end"),
        ("home_idle", "idle.answer"),
        ("print_failed", "footer.call"),
    ],
)
def test_ok_does_what_a_finger_does(stage: Stage, name: str, tid: str) -> None:
    begin(stage, name)
    stage.tap(tid)
    by_finger = asked(stage)
    begin(stage, name)
    onto(stage, tid)
    asked(stage)
    press(stage, K.PRESS)
    assert asked(stage) == by_finger != []


def test_it_begins_at_the_main_action_and_the_second_ok_is_not_sent(stage: Stage) -> None:
    begin(stage, "verdict_normal")
    press(stage, K.PRESS)
    assert stage.frame.focused == "verdict.print"
    assert asked(stage) == [], "the first key only shows where one is"
    press(stage, K.PRESS, K.PRESS)
    assert asked(stage) == [m.PrintSlip(turn=5)]


def test_any_key_says_that_somebody_is_here(stage: Stage) -> None:
    begin(stage, "home")
    stage.frame._presses._touched_at = None
    press(stage, K.NEXT)
    assert m.Touched() in stage.sent


def test_a_touch_takes_the_ring_away_and_the_next_key_brings_it_back(stage: Stage) -> None:
    begin(stage, "home")
    press(stage, K.NEXT, K.NEXT)
    stood = stage.frame.focused
    stage.tap_at(540, 1900)
    assert stage.frame.focused == ""
    press(stage, K.NEXT)
    assert stage.frame.focused == stood


def test_a_view_that_changes_in_place_leaves_the_focus(stage: Stage) -> None:
    begin(stage, "verdict_normal")
    onto(stage, "footer.call")
    sample = show("verdict_normal", language="en", large=True, turn=6)
    stage.show(sample, draw=False)
    assert stage.frame.focused == "footer.call"
    assert stage.frame._keypad._ring.around is stage.find("footer.call")


def test_another_screen_begins_at_its_main_action(stage: Stage) -> None:
    begin(stage, "verdict_normal")
    onto(stage, "footer.call")
    stage.show(show("batch", language="zh", large=False, turn=6), draw=False)
    assert stage.frame.focused == "batch.print"


def test_a_warning_takes_the_focus_and_gives_it_back(stage: Stage) -> None:
    begin(stage, "verdict_normal")
    onto(stage, "footer.call")
    stage.show(show("verdict_idle", language="zh", large=False, turn=5), draw=False)
    assert stage.frame.focused == "idle.answer"
    stage.show(show("verdict_normal", language="zh", large=False, turn=5), draw=False)
    assert stage.frame.focused == "footer.call"


def test_ok_presses_nothing_that_has_just_come(stage: Stage) -> None:
    begin(stage, "verdict_normal")
    onto(stage, "footer.end")
    stage.sent.clear()
    stage.frame.show(show("verdict_idle", language="zh", large=False, turn=5))
    stage.frame.key_pressed(K.PRESS)  # before anybody has seen the warning
    assert asked(stage) == []


def test_digits_type_and_back_goes_a_question_back(stage: Stage) -> None:
    begin(stage, "enter_number")
    press(stage, *(K(digit) for digit in "261129"), K.ERASE)
    assert stage.find("enter.value").value == "26112"
    press(stage, K.BACK)
    assert asked(stage) == [m.GoBack(turn=5)]


def test_digits_mean_nothing_where_nothing_is_typed(stage: Stage) -> None:
    begin(stage, "verdict_normal")
    press(stage, K.DIGIT_1, K.POINT, K.ERASE)
    assert asked(stage) == []


def test_a_number_is_typed_without_digits_on_the_keypad(stage: Stage) -> None:
    begin(stage, "enter_number")
    for key in ("key.2", "key.6"):
        onto(stage, key)
        press(stage, K.PRESS)
    assert stage.find("enter.value").value == "26"


def test_back_closes_what_lies_over_the_screen(stage: Stage) -> None:
    begin(stage, "home")
    onto(stage, "home.ticket")
    press(stage, K.PRESS)
    assert stage.frame.layer[0] != "screen"
    press(stage, K.BACK)
    assert stage.frame.layer[0] == "screen"
    assert stage.frame.focused == "home.ticket"


@pytest.mark.parametrize("name", ["sign_in", "admin_overview"])
def test_staffs_pages_are_left_and_not_used(stage: Stage, name: str) -> None:
    begin(stage, name, READING)
    press(stage, K.NEXT, K.PRESS, *(K(digit) for digit in "123456"), K.REPEAT, K.LOUDER)
    assert asked(stage) == []
    assert read(stage) == []
    press(stage, K.END)
    assert asked(stage) == [m.GoHome(turn=5)]


def test_nothing_counts_while_the_glass_is_wiped(stage: Stage) -> None:
    begin(stage, "home_cleaning")
    press(stage, K.NEXT, K.PRESS, K.END, K.REPEAT)
    assert stage.sent == []


def test_any_key_wakes_the_page_that_nobody_uses(stage: Stage) -> None:
    begin(stage, "attract")
    press(stage, K.DIGIT_5)
    assert asked(stage) == [m.GoHome(turn=5)]


# --- heard --------------------------------------------------------------------------------------


def test_repeat_begins_to_read_and_says_where_one_is(stage: Stage) -> None:
    begin(stage, "home", m.VoiceView())
    press(stage, K.REPEAT)
    (text,) = read(stage)
    assert text.startswith(ZH.say("voice.home.what"))
    assert ZH.say("home.enter") in text.rpartition(ZH.say("voice.home.do"))[2]
    assert asked(stage) == [m.SetVoice(on=True, volume=2)]


def test_what_one_comes_to_is_said(stage: Stage) -> None:
    begin(stage, "verdict_normal", READING)
    onto(stage, "footer.end")
    assert read(stage)[-1].startswith(ZH.say("common.end"))


def test_nothing_is_said_where_nobody_listens(stage: Stage) -> None:
    begin(stage, "verdict_normal", m.VoiceView())
    press(stage, K.NEXT, K.NEXT)
    assert read(stage) == []


def test_what_is_typed_is_said_and_repeated(stage: Stage) -> None:
    begin(stage, "enter_number", READING)
    press(stage, K.DIGIT_2, K.DIGIT_6)
    assert [text[0] for text in read(stage)] == ["2", "6"]
    press(stage, K.REPEAT)
    assert "26" in read(stage)[-1]


@pytest.mark.parametrize("name", ["enter_number", "sign_in"])
def test_what_a_finger_typed_is_not_said_for_others_to_hear(stage: Stage, name: str) -> None:
    begin(stage, "home", m.VoiceView())
    press(stage, K.NEXT)  # the keypad was used before, on another screen
    sample = show(name, language="zh", large=False, turn=6)
    stage.show(msgspec.structs.replace(sample, voice=READING), draw=False)
    stage.tap("key.7")
    stage.sent.clear()
    stage.tap("footer.voice")
    assert len(read(stage)) == 1
    assert "7" not in read(stage)[0]
    assert "●" not in read(stage)[0]


def test_louder_and_quieter_stay_within_what_there_is(stage: Stage) -> None:
    begin(stage, "home", READING)
    press(stage, K.LOUDER)
    assert asked(stage) == [m.SetVoice(on=True, volume=3)]
    press(stage, K.QUIETER)
    assert asked(stage) == [m.SetVoice(on=True, volume=1)]


# --- seen ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.HIGH_CONTRAST])
def test_the_ring_stands_out_from_whatever_is_beside_it(palette: theme.Palette) -> None:
    beside = (
        *(palette.ground, palette.card, palette.action, palette.off, palette.line),
        *(palette.tone(meaning).ground for meaning in theme.Meaning),
    )
    for colour in beside:
        assert max(theme.contrast(colour, band) for band in (palette.card, palette.ink)) >= 3
    assert theme.contrast(palette.card, palette.ink) >= 3


def test_the_ring_is_drawn_outside_what_it_is_around(stage: Stage) -> None:
    begin(stage, "verdict_normal")
    press(stage, K.NEXT)
    stage.idle(2)
    target = stage.find("verdict.print")
    inner, outer = theme.ring_bands(portrait=True)
    pixels = stage.pixels()
    x, y = round(target.center_x), 1920 - round(target.top)
    colours = [pixels.getpixel((x, round(y - at))) for at in (inner / 2, inner + outer / 2)]
    wanted = [tuple(round(part * 255) for part in colour[:3])
              for colour in (theme.LIGHT.card, theme.LIGHT.ink)]  # fmt: skip
    assert colours == wanted
