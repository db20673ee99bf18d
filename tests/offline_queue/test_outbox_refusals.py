"""What the queue does not take: too much, too long, a second owner, wrong keys."""

import pytest
from queue_kit import NOON, SMALL, Bench, BenchMaker, body_of

from offline_queue import (
    Counts,
    Done,
    FullBecause,
    KeyMissing,
    KeyRing,
    Limits,
    Outbox,
    OutboxFull,
    OwnedElsewhere,
    Parked,
)


def test_a_full_queue_refuses_drops_nothing_and_counts(make_bench: BenchMaker) -> None:
    bench = make_bench(Limits(kept=2, free_bytes=0, ballast_bytes=0))
    ids = [bench.put(), bench.put()]
    bench.outbox.settle([Parked(ids[0], "final")])  # parked ones count: they are kept too
    for _ in range(3):
        with pytest.raises(OutboxFull) as full:
            bench.put()
        assert full.value.because is FullBecause.COUNT
    assert bench.outbox.counts() == Counts(1, 1, NOON)
    (refusal,) = bench.outbox.refusals()
    assert (refusal.because, refusal.count) == ("count", 3)
    bench.outbox.settle([Done(ids[0], "new")])
    bench.put()


def test_little_free_space_refuses_and_sending_goes_on(make_bench: BenchMaker) -> None:
    bench = make_bench(SMALL)
    op_id = bench.put()
    bench.limits = Limits(free_bytes=1 << 60, ballast_bytes=0)
    bench.reopen()
    with pytest.raises(OutboxFull) as full:
        bench.put()
    assert full.value.because is FullBecause.FREE_SPACE
    assert bench.due_ids() == [op_id]
    bench.outbox.settle([Done(op_id, "new")])
    assert bench.outbox.refusals()[0].because == "free_space"


def test_a_body_too_long_is_refused(make_bench: BenchMaker) -> None:
    bench = make_bench(Limits(body_bytes=10, free_bytes=0, ballast_bytes=0))
    bench.put("x" * 10)
    with pytest.raises(ValueError, match="10 bytes"):
        bench.put("é" * 6)


# --- one owner, right keys --------------------------------------------------------------------


def test_a_second_owner_is_refused_and_the_first_goes_on(bench: Bench) -> None:
    with pytest.raises(OwnedElsewhere):
        Outbox.open(bench.path, bench.ring, limits=SMALL)
    bench.put()


def test_a_wrong_key_file_is_said_at_the_door(bench: Bench) -> None:
    bench.put()
    right = bench.ring
    bench.outbox.close()
    bench.ring = KeyRing.new()
    with pytest.raises(KeyMissing):
        Outbox.open(bench.path, bench.ring, clock=bench.clock, limits=SMALL)
    bench.outbox = Outbox.open(bench.path, right, clock=bench.clock, limits=SMALL)
    assert len(bench.due_ids()) == 1


def test_after_a_rotation_everything_is_sealed_anew(bench: Bench) -> None:
    ids = [bench.put(body_of(number)) for number in range(1_100)]
    old = bench.ring
    bench.ring = old.rotated()
    bench.reopen()
    ids.append(bench.put(body_of(1_100)))
    assert bench.outbox.reseal() == 1_100
    assert bench.outbox.reseal() == 0
    bench.ring = bench.ring.without(old.key_id)
    bench.reopen()
    assert bench.due_ids(2_000) == ids
