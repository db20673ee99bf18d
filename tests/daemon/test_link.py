import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.failure import (
    BadCertificate,
    Failure,
    NoTime,
    NotOurs,
    Overloaded,
    Unreachable,
)
from kiosk.daemon.link import HOLD_S, Link, LinkState


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def now(self):
        raise AssertionError("the link must not look at the wall clock")

    def monotonic(self) -> float:
        return self.at


def a_link(clock: Hand) -> tuple[Link, list[LinkState]]:
    changes: list[LinkState] = []
    link = Link(clock, probe_up_s=10, probe_down_s=15, on_change=changes.append, spread=lambda: 0.5)
    return link, changes


GONE = Unreachable("connection refused")


def test_a_fresh_link_is_worth_trying() -> None:
    link, _ = a_link(Hand())
    assert not link.is_down
    assert link.probe_in_s == 0


def test_one_failure_is_no_outage_and_is_asked_about_soon() -> None:
    link, changes = a_link(Hand())
    link.answered()
    clock_failure_probe = link.probe_in_s
    link.failed(GONE)
    assert changes == [LinkState.ONLINE, LinkState.DEGRADED]
    assert not link.is_down
    assert link.probe_in_s < clock_failure_probe


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (GONE, LinkState.OFFLINE),
        (NoTime(), LinkState.OFFLINE),
        (BadCertificate("expired", clock_suspected=True), LinkState.OFFLINE),
        (NotOurs("text/html"), LinkState.CAPTIVE),
    ],
)
def test_two_failures_are_an_outage_of_their_kind(failure: Failure, state: LinkState) -> None:
    clock = Hand()
    link, _ = a_link(clock)
    link.answered()
    clock.at += HOLD_S
    link.failed(failure)
    link.failed(failure)
    assert link.state is state
    assert link.is_down
    assert 14 < link.probe_in_s < 16


def test_one_answer_ends_the_outage() -> None:
    link, changes = a_link(Hand())
    link.failed(GONE)
    link.failed(GONE)
    link.answered()
    assert changes == [LinkState.OFFLINE, LinkState.ONLINE]


def test_a_link_that_has_just_come_back_does_not_flicker() -> None:
    clock = Hand()
    link, _ = a_link(clock)
    link.failed(GONE)
    link.failed(GONE)
    link.answered()
    clock.at += HOLD_S - 0.1
    link.failed(GONE)
    link.failed(GONE)
    assert link.state is LinkState.DEGRADED
    clock.at += 0.2
    link.failed(GONE)
    assert link.state is LinkState.OFFLINE


def test_a_service_that_sheds_load_is_there_and_is_left_alone_as_long_as_it_asks() -> None:
    link, _ = a_link(Hand())
    link.failed(GONE)
    link.failed(Overloaded(40.0))
    assert link.state is LinkState.DEGRADED
    assert link.probe_in_s == 40


def test_terminals_do_not_probe_in_step() -> None:
    waits = set()
    for spread in (0.0, 0.25, 0.75, 1.0):
        link = Link(
            Hand(),
            probe_up_s=10,
            probe_down_s=15,
            on_change=lambda _: None,
            spread=lambda spread=spread: spread,
        )
        link.answered()
        waits.add(round(link.probe_in_s, 3))
    assert len(waits) == 4
    assert min(waits) >= 7
    assert max(waits) <= 13


FAILURES = st.sampled_from(
    [GONE, NoTime(), NotOurs("html"), BadCertificate("x", clock_suspected=False)]
)


@given(st.lists(st.one_of(st.none(), FAILURES, st.floats(0, 30)), max_size=40))
def test_it_is_never_down_right_after_an_answer_and_always_probes_again(steps) -> None:
    clock = Hand()
    link, _ = a_link(clock)
    for step in steps:
        if isinstance(step, float):
            clock.at += step
        elif step is None:
            link.answered()
            assert link.state is LinkState.ONLINE
        else:
            link.failed(step)
            assert link.state is not LinkState.ONLINE
        assert link.probe_in_s <= 20
