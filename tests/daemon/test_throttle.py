"""A service that turns questions away is asked less, and again as soon as it takes them."""

import random

from hypothesis import given
from hypothesis import strategies as st

from kiosk.daemon.throttle import WINDOW_S, Throttle


@given(st.lists(st.floats(0, 30), max_size=200), st.integers())
def test_while_questions_are_taken_all_are_sent(gaps: list[float], seed: int) -> None:
    throttle = Throttle(random.Random(seed))
    now = 0.0
    for gap in gaps:
        now += gap
        assert throttle.lets_through(now)
        throttle.taken(now)


def test_a_service_that_takes_nothing_is_asked_ever_less() -> None:
    throttle = Throttle(random.Random(1))
    sent = [throttle.lets_through(float(second)) for second in range(100)]
    assert all(sent[:3])
    assert sum(sent) < 30


@given(st.integers(0, 300), st.integers(0, 300))
def test_it_never_refuses_with_certainty(asked: int, taken: int) -> None:
    throttle = Throttle(random.Random(0))
    for _ in range(asked):
        throttle.lets_through(0.0)
    for _ in range(min(asked, taken)):
        throttle.taken(0.0)
    assert 0.0 <= throttle.refuses_with(0.0) < 1.0


def test_what_is_two_minutes_old_is_forgotten() -> None:
    throttle = Throttle(random.Random(0))
    for _ in range(50):
        throttle.lets_through(0.0)
    assert throttle.refuses_with(1.0) > 0.9
    assert throttle.refuses_with(WINDOW_S) == 0.0
