"""One intent for each thing that was shown."""

from kiosk.messages import GoBack, GoHome, Intent, SetLanguage, Touched
from kiosk.screens.presses import REOPEN_S, TOUCHED_EVERY_S, Presses


class Time:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def presses() -> tuple[Presses, list[Intent], Time]:
    sent: list[Intent] = []
    time = Time()
    made = Presses(sent.append, time)
    made.shown(7)
    return made, sent, time


def test_a_press_carries_the_turn() -> None:
    made, sent, _ = presses()
    assert made.ask(lambda turn: GoHome(turn=turn))
    assert sent == [GoHome(turn=7)]


def test_the_second_press_on_a_turn_is_not_sent() -> None:
    made, sent, _ = presses()
    made.ask(lambda turn: GoHome(turn=turn))
    assert not made.ask(lambda turn: GoBack(turn=turn))
    made.shown(7)
    assert not made.ask(lambda turn: GoBack(turn=turn))
    assert len(sent) == 1


def test_another_turn_opens_the_buttons() -> None:
    made, sent, _ = presses()
    made.ask(lambda turn: GoHome(turn=turn))
    made.shown(8)
    assert made.ask(lambda turn: GoHome(turn=turn))
    assert sent == [GoHome(turn=7), GoHome(turn=8)]


def test_no_button_stays_dead_when_nothing_follows() -> None:
    made, _, time = presses()
    made.ask(lambda turn: GoHome(turn=turn))
    time.now += REOPEN_S
    assert made.ask(lambda turn: GoHome(turn=turn))


def test_a_new_daemon_may_count_the_same_turns_anew() -> None:
    made, _, _ = presses()
    made.ask(lambda turn: GoHome(turn=turn))
    made.nothing_shown()
    made.shown(7)
    assert made.ask(lambda turn: GoHome(turn=turn))


def test_touches_are_told_once_a_second() -> None:
    made, sent, time = presses()
    made.touched()
    made.touched()
    time.now += TOUCHED_EVERY_S
    made.touched()
    assert sent == [Touched(), Touched()]


def test_what_may_come_twice_is_never_held_back() -> None:
    made, sent, _ = presses()
    made.ask(lambda turn: GoHome(turn=turn))
    made.tell(SetLanguage(language="en"))
    assert sent[-1] == SetLanguage(language="en")
