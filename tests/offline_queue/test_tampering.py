"""A row that somebody changed is parked, shown and never sent; the others go on."""

import sqlite3

import pytest
from queue_kit import NOON, Bench

from offline_queue import DatabaseDamaged, KeyRing, Outbox, SealBroken, State

CHANGES = {
    "body": "UPDATE operations SET sealed = (SELECT sealed FROM operations WHERE seq = 3)",
    "bit of the box": "UPDATE operations SET sealed = CAST(substr(sealed, 1, 20) || x'00'"
    " || substr(sealed, 22) AS BLOB)",
    "header of the box": "UPDATE operations SET sealed = CAST(x'ff' || substr(sealed, 2) AS BLOB)",
    "cut box": "UPDATE operations SET sealed = substr(sealed, 1, 9)",
    "digest": "UPDATE operations SET sha256 = zeroblob(32)",
    "key": "UPDATE operations SET order_key = 'elsewhere'",
    "kind": "UPDATE operations SET kind = 'deed'",
    "time": "UPDATE operations SET at = '2020-01-01T00:00:00+08:00'",
    "monotonic": "UPDATE operations SET at_mono = 0.5",
    "boot": "UPDATE operations SET boot_id = 'another'",
    "link": "UPDATE operations SET prev_hash = CAST(zeroblob(31) || x'01' AS BLOB)",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("reopened", [False, True])
def test_a_changed_row_is_parked(bench: Bench, change: str, reopened: bool) -> None:
    a1, a2, b1 = bench.put("1", key="a"), bench.put("2", key="a"), bench.put("3", key="b")
    with bench.outbox.transaction() as connection:
        connection.execute(change + " WHERE seq = 1")
    if reopened:
        bench.reopen()
    sent = bench.due_ids()
    assert a1 not in sent
    assert b1 in sent
    assert bench.outbox.state_of(a1) is State.PARKED
    assert bench.outbox.parked()[0].reason.startswith("damaged")
    # Its key waits for it, unless it was the key that was changed.
    assert (a2 in sent) == ("order_key" in change)
    assert bench.outbox.counts().parked == 1


def test_another_body_sealed_with_the_right_key_is_parked(bench: Bench) -> None:
    op_id = bench.put("one yuan")
    with bench.outbox.transaction() as connection:
        connection.execute("UPDATE operations SET sealed = ?", (bench.ring.seal(b"two", op_id),))
    assert bench.due_ids() == []
    assert bench.outbox.parked()[0].reason == "damaged: the body is not what was put"


def test_a_damaged_file_is_said_at_the_door(bench: Bench) -> None:
    for _ in range(50):
        bench.put("x" * 1_000)
    bench.outbox.close()
    content = bytearray(bench.path.read_bytes())
    content[4_096:8_192] = b"\xaa" * 4_096
    bench.path.write_bytes(content)
    with pytest.raises(DatabaseDamaged):
        Outbox.open(bench.path, bench.ring)


def test_a_box_opens_only_under_its_own_name() -> None:
    ring = KeyRing.new()
    box = ring.seal(b"body", "one")
    assert ring.unseal(box, "one") == b"body"
    with pytest.raises(SealBroken):
        ring.unseal(box, "two")


def test_the_database_itself_refuses_a_hash_cut_short(bench: Bench) -> None:
    bench.put()
    with pytest.raises(sqlite3.IntegrityError), bench.outbox.transaction() as connection:
        connection.execute("UPDATE operations SET hash = zeroblob(3)")
    bench.outbox.put("act", "a", "{}", at=NOON)
