"""A clock that is wrong is said to be, once, and a slow line is not mistaken for one."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import BEIJING
from kiosk.daemon.acts import Act, ClockRight, ClockWrong
from kiosk.daemon.clock_check import ClockCheck

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_clock_that_steps_is_said_once_and_said_to_be_right_again() -> None:
    told: list[Act] = []
    check = ClockCheck(told.append)
    assert check.word == "not compared yet"
    check.compare(NOON, after(1), after(0.5))
    assert (check.word, told) == ("right", [])
    for _ in range(2):
        check.compare(after(3600), after(3601), after(0))
    assert check.word == "WRONG: 3600 s ahead"
    check.compare(NOON, after(1), after(1))
    assert told == [ClockWrong(3600), ClockRight()]


def test_a_clock_that_is_behind_is_said_to_be_behind() -> None:
    told: list[Act] = []
    check = ClockCheck(told.append)
    check.compare(NOON, NOON, after(86_400))
    assert check.word == "WRONG: 86400 s behind"
    assert told == [ClockWrong(-86_400)]


@given(st.floats(0, 5), st.floats(0, 1))
def test_no_ping_within_its_deadline_makes_a_right_clock_wrong(took_s: float, at: float) -> None:
    told: list[Act] = []
    ClockCheck(told.append).compare(NOON, after(took_s), after(took_s * at))
    assert told == []
