"""What an operation lives through, from the act to its trace."""

import hashlib
import sqlite3
import threading
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from queue_kit import BEIJING, NOON, SMALL, Bench, BenchMaker, body_of
from sqlite_utils import Database, Migrations

from offline_queue import (
    Counts,
    Deferred,
    Done,
    FullBecause,
    KeyMissing,
    KeyRing,
    Limits,
    OperationIdReused,
    Outbox,
    OutboxFull,
    OwnedElsewhere,
    Parked,
    State,
    UnknownOperation,
)

OP_ID = "019b0000-0000-7000-8000-000000000001"


def test_an_act_comes_back_as_it_was_put(bench: Bench) -> None:
    put = bench.outbox.put("print.outcome", "slip-7", '{"发票": "01"}', at=NOON)
    (entry,) = bench.outbox.due(10, 1_000)
    assert entry == put
    assert entry.body == '{"发票": "01"}'
    assert entry.at == NOON
    assert entry.at.utcoffset() == timedelta(hours=8)
    assert entry.sha256 == hashlib.sha256('{"发票": "01"}'.encode()).hexdigest()
    assert uuid.UUID(entry.op_id).version == 7
    assert (entry.seq, entry.kind, entry.order_key, entry.attempts) == (
        1,
        "print.outcome",
        "slip-7",
        0,
    )


def test_what_was_put_is_there_after_reopening(bench: Bench) -> None:
    ids = [bench.put(body_of(number)) for number in range(3)]
    bench.reopen()
    assert bench.due_ids() == ids
    assert bench.outbox.counts() == Counts(3, 0, NOON)


def test_taking_does_not_remove(bench: Bench) -> None:
    bench.put()
    assert bench.due_ids() == bench.due_ids() != []


def test_done_leaves_a_trace_and_no_body(bench: Bench) -> None:
    op_id = bench.put("secret-of-a-person")
    bench.outbox.settle([Done(op_id, "new")])
    assert bench.due_ids() == []
    assert bench.outbox.state_of(op_id) is State.DONE
    assert bench.outbox.counts() == Counts(0, 0, None)
    assert bench.outbox.next_due_in_s() is None
    with bench.outbox.transaction() as connection:
        (verdict,) = connection.execute("SELECT verdict FROM done").fetchone()
    assert verdict == "new"


def test_bodies_are_not_readable_on_the_disk(bench: Bench, tmp_path: Path) -> None:
    bench.put("secret-of-a-person", kind="kind-in-clear")
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"kind-in-clear" in written
    assert b"secret-of-a-person" not in written


def test_the_files_are_for_their_owner_only(bench: Bench, tmp_path: Path) -> None:
    bench.put()
    assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}


def test_numbers_are_never_used_twice(bench: Bench) -> None:
    first = bench.outbox.put("act", "a", "{}", at=NOON)
    bench.outbox.settle([Done(first.op_id, "new")])
    bench.clock.pass_s(40 * 86_400)
    bench.outbox.prune(bench.clock.wall())
    bench.reopen()
    assert bench.outbox.put("act", "a", "{}", at=NOON).seq == 2


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_due_is_a_prefix(bench: Bench, limit: int) -> None:
    ids = [bench.put() for _ in range(4)]
    assert bench.due_ids(limit) == ids[:limit]


def test_due_keeps_to_the_bytes_but_gives_one(bench: Bench) -> None:
    ids = [bench.put("é" * 50) for _ in range(3)]  # 100 bytes each
    assert [e.op_id for e in bench.outbox.due(10, 200)] == ids[:2]
    assert [e.op_id for e in bench.outbox.due(10, 199)] == ids[:1]
    assert [e.op_id for e in bench.outbox.due(10, 1)] == ids[:1]


# --- order and waiting ------------------------------------------------------------------------


def test_a_deferred_one_holds_its_key_and_no_other(bench: Bench) -> None:
    a1, b1, a2 = bench.put(key="a"), bench.put(key="b"), bench.put(key="a")
    bench.outbox.settle([Deferred(a1, 60.0, "later")])
    assert bench.due_ids() == [b1]
    bench.clock.pass_s(60)
    assert bench.due_ids() == [a1, b1, a2]
    assert bench.outbox.due(1, 1)[0].attempts == 1


def test_what_stands_before_a_deferred_one_is_still_sent(bench: Bench) -> None:
    a1, a2, a3 = bench.put(), bench.put(), bench.put()
    bench.outbox.settle([Deferred(a2, 60.0, "later")])
    assert bench.due_ids() == [a1]
    bench.outbox.settle([Done(a1, "new")])
    assert bench.due_ids() == []
    bench.clock.pass_s(60)
    assert bench.due_ids() == [a2, a3]


def test_a_parked_one_holds_its_key_until_it_is_replayed(bench: Bench) -> None:
    a1, b1, a2 = bench.put(key="a"), bench.put(key="b"), bench.put(key="a")
    bench.outbox.settle([Parked(a1, "rejected: no such ticket")])
    assert bench.due_ids() == [b1]
    (parked,) = bench.outbox.parked()
    assert (parked.op_id, parked.reason, parked.attempts, parked.holds_key) == (
        a1,
        "rejected: no such ticket",
        1,
        True,
    )
    bench.outbox.replay(a1)
    assert bench.due_ids() == [a1, b1, a2]
    assert bench.outbox.parked() == []
    assert bench.outbox.counts() == Counts(3, 0, NOON)


def test_a_released_key_goes_on_without_the_parked_one(bench: Bench) -> None:
    a1, a2 = bench.put(), bench.put()
    bench.outbox.settle([Parked(a1, "rejected")])
    bench.outbox.release_key(a1)
    assert bench.due_ids() == [a2]
    assert bench.outbox.state_of(a1) is State.PARKED
    assert not bench.outbox.parked()[0].holds_key


def test_a_parked_one_may_still_turn_out_done(bench: Bench) -> None:
    a1, a2 = bench.put(), bench.put()
    bench.outbox.settle([Parked(a1, "no answer eight times")])
    bench.outbox.settle([Done(a1, "seen")])
    assert bench.outbox.state_of(a1) is State.DONE
    assert bench.due_ids() == [a2]
    assert bench.outbox.counts() == Counts(1, 0, NOON)


def test_states_only_move_down(bench: Bench) -> None:
    op_id = bench.put()
    bench.outbox.settle([Parked(op_id, "final")])
    bench.outbox.settle([Deferred(op_id, 0.0, "later")])
    assert bench.outbox.state_of(op_id) is State.PARKED
    bench.outbox.settle([Done(op_id, "new")])
    bench.outbox.settle([Parked(op_id, "final"), Deferred(op_id, 0.0, "later")])
    assert bench.outbox.state_of(op_id) is State.DONE
    assert bench.outbox.counts() == Counts(0, 0, None)


@pytest.mark.parametrize("settlement", [Done(OP_ID, "new"), Parked(OP_ID, "final")])
def test_settling_twice_is_settling_once(bench: Bench, settlement: Done | Parked) -> None:
    bench.outbox.put("act", "a", "{}", at=NOON, op_id=OP_ID)
    bench.put(key="b")
    bench.outbox.settle([settlement])
    once = (bench.outbox.counts(), bench.outbox.parked(), bench.due_ids())
    bench.outbox.settle([settlement, settlement])
    assert (bench.outbox.counts(), bench.outbox.parked(), bench.due_ids()) == once


def test_settling_what_was_never_put_changes_nothing(bench: Bench) -> None:
    bench.put()
    bench.outbox.settle([Done(OP_ID, "new"), Parked(OP_ID, "x"), Deferred(OP_ID, 1.0, "x")])
    assert bench.outbox.counts() == Counts(1, 0, NOON)
    assert bench.outbox.state_of(OP_ID) is None


def test_replaying_what_is_not_there_is_said(bench: Bench) -> None:
    with pytest.raises(UnknownOperation):
        bench.outbox.replay(OP_ID)
    waiting = bench.put()
    bench.outbox.replay(waiting)
    assert bench.outbox.counts() == Counts(1, 0, NOON)


# --- time -------------------------------------------------------------------------------------


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


# --- the same act twice -----------------------------------------------------------------------


def test_putting_the_same_act_again_is_harmless(bench: Bench) -> None:
    written: list[int] = []
    first = bench.outbox.put(
        "act", "a", "{}", at=NOON, op_id=OP_ID, also=lambda _: written.append(1)
    )
    again = bench.outbox.put(
        "act", "a", "{}", at=NOON, op_id=OP_ID, also=lambda _: written.append(2)
    )
    assert again == first
    assert written == [1]
    bench.outbox.settle([Done(OP_ID, "new")])
    bench.outbox.put("act", "a", "{}", at=NOON, op_id=OP_ID)
    assert bench.outbox.state_of(OP_ID) is State.DONE
    assert bench.due_ids() == []


@pytest.mark.parametrize("other", [("act", "a", "[]"), ("act", "b", "{}"), ("deed", "a", "{}")])
def test_an_id_names_one_act(bench: Bench, other: tuple[str, str, str]) -> None:
    bench.outbox.put("act", "a", "{}", at=NOON, op_id=OP_ID)
    with pytest.raises(OperationIdReused):
        bench.outbox.put(*other, at=NOON, op_id=OP_ID)
    assert bench.outbox.counts().waiting == 1


@pytest.mark.parametrize(
    "op_id", ["", "x", OP_ID.upper().replace("B", "B"), str(uuid.UUID(int=1, version=4))]
)
def test_an_id_that_is_no_uuid7_is_refused(bench: Bench, op_id: str) -> None:
    with pytest.raises(ValueError):
        bench.outbox.put("act", "a", "{}", at=NOON, op_id=op_id)


def test_a_naive_time_is_refused(bench: Bench) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 (the point of the test)
    with pytest.raises(ValueError, match="offset"):
        bench.outbox.put("act", "a", "{}", at=naive)


# --- the caller's own rows --------------------------------------------------------------------

TICKETS = Migrations("tickets")


@TICKETS()
def m001_tickets(db: Database) -> None:
    db.execute("CREATE TABLE tickets (number TEXT PRIMARY KEY)")


def _tickets(outbox: Outbox) -> list[str]:
    with outbox.transaction() as connection:
        return [number for (number,) in connection.execute("SELECT number FROM tickets")]


def test_the_callers_row_is_written_with_the_operation(bench: Bench) -> None:
    bench.outbox.migrate(TICKETS)
    bench.outbox.migrate(TICKETS)

    def also(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO tickets VALUES ('T1')")

    bench.outbox.put("act", "a", "{}", at=NOON, also=also)
    bench.reopen()
    assert _tickets(bench.outbox) == ["T1"]
    assert bench.outbox.counts().waiting == 1


def test_neither_is_written_when_the_callers_row_fails(bench: Bench) -> None:
    bench.outbox.migrate(TICKETS)

    def twice(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO tickets VALUES ('T1')")
        connection.execute("INSERT INTO tickets VALUES ('T1')")

    with pytest.raises(sqlite3.IntegrityError):
        bench.outbox.put("act", "a", "{}", at=NOON, also=twice)
    assert _tickets(bench.outbox) == []
    assert bench.due_ids() == []
    assert bench.outbox.put("act", "a", "{}", at=NOON).seq == 1


def test_a_transaction_inside_another_is_a_fault_in_code(bench: Bench) -> None:
    with pytest.raises(RuntimeError, match="already"), bench.outbox.transaction():
        bench.put()
    assert bench.outbox.counts().waiting == 0
    bench.put()


# --- limits -----------------------------------------------------------------------------------


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


def test_many_threads_put_at_once(bench: Bench) -> None:
    def put(name: str) -> None:
        for _ in range(25):
            bench.put(key=name)

    threads = [threading.Thread(target=put, args=(f"k{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    entries = bench.outbox.due(1_000, 1 << 20)
    assert [entry.seq for entry in entries] == list(range(1, 101))
    assert bench.outbox.counts().waiting == 100


def test_the_time_of_an_act_keeps_its_offset(bench: Bench) -> None:
    at = datetime(2026, 3, 1, 8, 30, 0, 123_456, tzinfo=BEIJING)
    bench.outbox.put("act", "a", "{}", at=at)
    bench.reopen()
    entry = bench.outbox.due(1, 1)[0]
    assert entry.at.isoformat() == "2026-03-01T08:30:00.123456+08:00"
    assert bench.outbox.counts().oldest_waiting_at == at
