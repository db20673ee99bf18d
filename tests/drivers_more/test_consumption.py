"""Counting paper: what is left, when a roll is a new one, and never a promise too many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printers.consumption import (
    Forecast,
    Level,
    Roll,
    Supply,
    after_print,
    after_status,
    forecast,
    paper_of_slip_mm,
)
from drivers.printers.outcome import Doubt, Failed, PrintOutcome, Proven, Unknown
from drivers.printers.profile import Profile
from drivers.printers.status import Cause, NoAnswer, NotReady, PrinterStatus, Ready

SUPPLY = Supply(roll_mm=10_000, usual_slip_mm=200, few_slips=5)
SENSED = Supply(roll_mm=10_000, near_end_mm=2_000, usual_slip_mm=200, few_slips=5)


def printed(slips: int, mm: float = 100) -> Roll:
    roll = Roll()
    for _ in range(slips):
        roll = after_print(roll, mm, Proven())
    return roll


def test_a_slip_uses_its_height_and_the_way_to_the_blade() -> None:
    profile = Profile(name="x", title="", source="", cut_feed_lines=5, line_mm=4.0)
    assert paper_of_slip_mm(100, profile) == 120


def test_a_full_roll_is_promised_in_usual_slips() -> None:
    assert forecast(Roll(), SUPPLY) == Forecast(10_000, 50, Level.PLENTY)


def test_what_is_left_is_promised_in_slips_as_they_were() -> None:
    assert forecast(printed(40), SUPPLY) == Forecast(6_000, 60, Level.PLENTY)


def test_few_slips_left_ask_for_a_new_roll() -> None:
    assert forecast(printed(95), SUPPLY) == Forecast(500, 5, Level.FEW)


def test_a_roll_shorter_than_it_says_is_never_below_nothing() -> None:
    assert forecast(printed(200), SUPPLY) == Forecast(0, 0, Level.FEW)


def test_a_slip_that_nobody_knows_of_is_counted() -> None:
    assert after_print(Roll(), 100, Unknown(Doubt.LOST_LINK)).used_mm == 100


def test_a_slip_that_failed_is_not_counted() -> None:
    assert after_print(Roll(), 100, Failed(Cause.CUTTER_JAM)) == Roll()


def test_paper_that_ends_in_a_slip_is_the_end_until_the_printer_is_ready_again() -> None:
    roll = after_print(printed(10), 100, Failed(Cause.PAPER_OUT))
    assert forecast(roll, SUPPLY) == Forecast(0, 0, Level.ENDED)
    assert after_status(roll, NotReady(Cause.COVER_OPEN)).ended
    assert after_status(roll, Ready()) == Roll()


def test_the_sensor_knows_better_than_the_count() -> None:
    roll = after_status(printed(40), Ready(near_end=True))  # the count says 6,000
    assert forecast(roll, SENSED) == Forecast(2_000, 20, Level.FEW)
    roll = after_print(roll, 500, Proven())
    assert forecast(roll, SENSED).left_mm == 1_500


def test_a_sensor_that_has_not_spoken_vouches_for_its_rest() -> None:
    assert forecast(printed(99), SENSED).left_mm == 2_000


def test_a_sensor_that_flickers_is_the_same_roll() -> None:
    roll = after_status(printed(40), Ready(near_end=True))
    roll = after_print(roll, 300, Proven())
    for near_end in (False, True, False):
        roll = after_status(roll, Ready(near_end=near_end))
    assert roll.used_mm == 4_300
    assert roll.near_end_at_mm == 4_000


@pytest.mark.parametrize("away", [Cause.COVER_OPEN, Cause.DISCONNECTED])
def test_near_end_that_is_over_after_the_printer_was_opened_is_a_new_roll(away: Cause) -> None:
    roll = after_status(printed(40), Ready(near_end=True))
    roll = after_status(roll, NotReady(away))
    assert after_status(roll, Ready(near_end=True)).used_mm == 4_000  # only looked at
    assert after_status(roll, Ready(near_end=False)) == Roll()


def test_a_cover_opened_in_mid_roll_does_not_make_it_new() -> None:
    roll = after_status(printed(40), NotReady(Cause.COVER_OPEN))
    assert after_status(roll, Ready()).used_mm == 4_000


def test_a_new_roll_that_is_nearly_used_up_is_said_to_be() -> None:
    roll = after_status(printed(40), NotReady(Cause.PAPER_OUT))
    assert after_status(roll, Ready(near_end=True)) == Roll(near_end_at_mm=0)


STATUSES = st.one_of(
    st.builds(Ready, st.booleans()),
    st.builds(NotReady, st.sampled_from(Cause)),
    st.just(NoAnswer()),
)
OUTCOMES = st.one_of(
    st.builds(Proven, st.booleans()),
    st.builds(Failed, st.sampled_from(Cause)),
    st.builds(Unknown, st.sampled_from(Doubt)),
)
STEPS = st.lists(
    st.one_of(STATUSES, st.tuples(st.floats(0, 10_000, allow_nan=False), OUTCOMES)), max_size=30
)


@given(STEPS, st.sampled_from([SUPPLY, SENSED]))
def test_whatever_happens_the_forecast_can_be_shown(
    steps: list[PrinterStatus | tuple[float, PrintOutcome]], supply: Supply
) -> None:
    roll = Roll()
    for step in steps:
        before = roll
        if isinstance(step, tuple):
            roll = after_print(roll, *step)
            assert roll.used_mm >= before.used_mm
        else:
            roll = after_status(roll, step)
            assert roll.used_mm in (before.used_mm, 0.0)
        told = forecast(roll, supply)
        assert 0 <= told.left_mm <= supply.roll_mm
        assert told.left_slips >= 0
        assert (told.level is Level.ENDED) == roll.ended
