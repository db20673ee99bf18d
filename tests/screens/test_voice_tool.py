"""读屏 on the screen: what is asked to be read, and when it stops."""

import msgspec
import pytest
from offscreen import Stage
from samples import ALL_NAMES, show

from kiosk import messages as m
from kiosk.text import catalogue

QUIET = m.VoiceView()
READING = m.VoiceView(on=True, volume=2)


def shown(stage: Stage, name: str, voice: m.VoiceView | None, turn: int = 5) -> None:
    sample = show(name, language="zh", large=False, turn=turn)
    stage.show(msgspec.structs.replace(sample, voice=voice), draw=False)


def begin(stage: Stage, name: str, voice: m.VoiceView | None) -> None:
    stage.frame.disconnected()
    shown(stage, "home", voice, turn=4)
    shown(stage, name, voice)
    stage.sent.clear()


def told(stage: Stage) -> list[m.Intent]:
    return [intent for intent in stage.sent if not isinstance(intent, m.Touched)]


def read(stage: Stage) -> list[str]:
    return [intent.text for intent in stage.sent if isinstance(intent, m.Speak)]


def test_where_nothing_is_heard_nothing_is_offered(stage: Stage) -> None:
    begin(stage, "home", None)
    with pytest.raises(LookupError):
        stage.find("footer.voice")
    shown(stage, "home", QUIET)
    stage.find("footer.voice")


def test_one_press_reads_the_screen_and_goes_on_reading(stage: Stage) -> None:
    begin(stage, "home", QUIET)
    stage.tap("footer.voice")
    zh = catalogue("zh")
    assert told(stage) == [
        m.SetVoice(on=True, volume=2),
        m.Speak(text=zh.say("voice.home.what") + zh.say("voice.home.do")),
    ]


def test_a_verdict_is_read_whole(stage: Stage) -> None:
    begin(stage, "home", READING)
    shown(stage, "verdict_not_found", READING, turn=6)
    (text,) = read(stage)
    zh = catalogue("zh")
    for part in ("title", "sentence", "next"):
        assert zh.say(f"verdict.NOT_FOUND.{part}") in text
    assert zh.say("verdict_screen.find_reason") in text


def test_what_has_not_changed_is_not_read_again(stage: Stage) -> None:
    begin(stage, "verdict_normal", READING)
    shown(stage, "verdict_normal", READING)
    assert read(stage) == []


def test_a_touch_stops_the_reading(stage: Stage) -> None:
    begin(stage, "verdict_normal", READING)
    stage.tap_at(540, 900)
    assert told(stage) == [m.Hush()]


def test_the_second_press_reads_again_and_offers_the_volume(stage: Stage) -> None:
    begin(stage, "verdict_normal", READING)
    stage.tap("footer.voice")
    assert len(read(stage)) == 1
    stage.sent.clear()
    stage.tap("voice.louder")
    assert told(stage)[1:] == [
        m.SetVoice(on=True, volume=3),
        m.Speak(text=catalogue("zh").say("voice.volume_3")),
    ]
    assert stage.find("voice.louder").disabled
    stage.tap("voice.close")
    with pytest.raises(LookupError):
        stage.find("voice.louder")


def test_it_can_be_switched_off(stage: Stage) -> None:
    begin(stage, "verdict_normal", READING)
    stage.tap("footer.voice")
    stage.sent.clear()
    stage.tap("voice.off")
    assert m.SetVoice(on=False, volume=2) in told(stage)
    with pytest.raises(LookupError):
        stage.find("voice.off")


def test_a_touch_beside_the_panel_closes_it_and_presses_nothing(stage: Stage) -> None:
    begin(stage, "home", READING)
    stage.tap("footer.voice")
    stage.sent.clear()
    stage.tap_at(*stage.find("footer.help").center)
    assert told(stage) == [m.Hush()]
    with pytest.raises(LookupError):
        stage.find("voice.off")


def test_the_idle_warning_is_read_once(stage: Stage) -> None:
    begin(stage, "verdict_normal", READING)
    shown(stage, "verdict_idle", READING)
    shown(stage, "verdict_idle", READING)
    (text,) = read(stage)
    assert catalogue("zh").say("idle.title") in text


def test_every_screen_says_something(stage: Stage) -> None:
    stage.frame.disconnected()
    for turn, name in enumerate(ALL_NAMES, start=6):
        stage.sent.clear()
        shown(stage, name, READING, turn=turn)
        assert read(stage), name
        assert len(read(stage)[0]) > 8, name
