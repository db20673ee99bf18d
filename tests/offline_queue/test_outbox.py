"""What an operation lives through, from the act to its trace."""

import hashlib
import threading
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from queue_kit import BEIJING, NOON, Bench, body_of

from offline_queue import (
    Counts,
    Deferred,
    Done,
    OperationIdReused,
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
