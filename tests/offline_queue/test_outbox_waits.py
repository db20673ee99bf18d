"""Waits over steps of the clock, restarts and boots, and traces that are forgotten."""

import pytest
from queue_kit import Bench

from offline_queue import (
    Deferred,
    Done,
    Parked,
)


def test_next_due_says_when_to_look_again(bench: Bench) -> None:
    assert bench.outbox.next_due_in_s() is None
    a1 = bench.put(key="a")
    assert bench.outbox.next_due_in_s() == 0.0
    b1 = bench.put(key="b")
    bench.outbox.settle([Deferred(a1, 60.0, "later"), Deferred(b1, 20.0, "later")])
    assert bench.outbox.next_due_in_s() == 20.0
    bench.clock.pass_s(15)
    assert bench.outbox.next_due_in_s() == 5.0


def test_next_due_does_not_wake_for_what_another_holds(bench: Bench) -> None:
    a1, a2 = bench.put(), bench.put()
    bench.outbox.settle([Deferred(a1, 60.0, "later"), Deferred(a2, 20.0, "later")])
    assert bench.outbox.next_due_in_s() == 60.0
    bench.outbox.settle([Parked(a1, "final")])
    assert bench.outbox.next_due_in_s() is None


@pytest.mark.parametrize("step_s", [-86_400.0, 86_400.0 * 400])
def test_a_step_of_the_wall_clock_moves_no_wait(bench: Bench, step_s: float) -> None:
    op_id = bench.put()
    bench.outbox.settle([Deferred(op_id, 60.0, "later")])
    bench.clock.step_wall(step_s)
    bench.reopen()
    assert bench.outbox.next_due_in_s() == 60.0


def test_a_wait_goes_on_when_the_daemon_restarts(bench: Bench) -> None:
    op_id = bench.put()
    bench.outbox.settle([Deferred(op_id, 60.0, "later")])
    bench.clock.pass_s(50)
    bench.reopen()
    assert bench.outbox.next_due_in_s() == 10.0


@pytest.mark.parametrize(("wait_s", "left_s"), [(60.0, 60.0), (3_600.0, 300.0)])
@pytest.mark.parametrize("monotonic_s", [0.5, 1e6])
def test_a_wait_begins_anew_and_bounded_after_a_boot(
    bench: Bench, wait_s: float, left_s: float, monotonic_s: float
) -> None:
    op_id = bench.put()
    bench.outbox.settle([Deferred(op_id, wait_s, "later")])
    bench.clock.reboot(monotonic_s)
    bench.reopen()
    assert bench.outbox.next_due_in_s() == pytest.approx(left_s)


def test_a_monotonic_clock_set_back_in_one_boot_cannot_lengthen_a_wait(bench: Bench) -> None:
    op_id = bench.put()
    bench.outbox.settle([Deferred(op_id, 60.0, "later")])
    bench.clock.pass_s(-900)
    bench.reopen()
    assert bench.outbox.next_due_in_s() == pytest.approx(60.0)


def test_what_is_parked_stays_parked_over_a_boot(bench: Bench) -> None:
    op_id = bench.put()
    bench.outbox.settle([Parked(op_id, "final")])
    bench.clock.reboot()
    bench.reopen()
    assert bench.due_ids() == []
    assert bench.outbox.next_due_in_s() is None


def test_traces_are_forgotten_after_their_time(bench: Bench) -> None:
    ids = [bench.put() for _ in range(1_200)]
    bench.outbox.settle([Done(op_id, "new") for op_id in ids])
    waiting = bench.put()
    bench.clock.pass_s(29 * 86_400)
    assert bench.outbox.prune(bench.clock.wall()) == 0
    bench.clock.pass_s(2 * 86_400)
    assert bench.outbox.prune(bench.clock.wall()) == 1_200
    assert bench.outbox.state_of(ids[0]) is None
    assert bench.due_ids() == [waiting]


def test_the_chain_goes_on_after_everything_was_forgotten(bench: Bench) -> None:
    op_id = bench.put()
    bench.outbox.settle([Done(op_id, "new")])
    bench.clock.pass_s(40 * 86_400)
    bench.outbox.prune(bench.clock.wall())
    head = bench.outbox.head
    bench.reopen()
    assert bench.outbox.head == head
