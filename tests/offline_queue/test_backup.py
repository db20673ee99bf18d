"""Copies that are proven, and a way back that sends nothing into the service twice."""

import os
import random
import shutil
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from queue_kit import NOON, SMALL, Bench, body_of

from benches.torture.powerloss import Disk, promises, record
from offline_queue import (
    BackupNotRestored,
    BackupRefused,
    DatabaseDamaged,
    Deferred,
    Done,
    KeyMissing,
    KeyRing,
    Outbox,
    OwnedElsewhere,
    Parked,
    State,
    StorageFailed,
)
from offline_queue.backup import SEQ_GAP, SERVICE_MEMORY, Checked, back_up, backups, check, restore


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Where the copies go."""
    made = tmp_path / "shelf"
    made.mkdir()
    return made


def _copy(bench: Bench, shelf: Path) -> Path:
    return back_up(bench.path, shelf, bench.ring, now=bench.clock.wall()).path


def _restore(bench: Bench, copy: Path) -> Outbox:
    bench.outbox.close()
    restore(copy, bench.path, bench.ring, now=bench.clock.wall())
    return bench.reopen()


class Service:
    """The other side: the same id with the same body is applied once."""

    def __init__(self) -> None:
        self.applied: dict[str, str] = {}
        self.times_applied = 0

    def take_all(self, outbox: Outbox) -> list[str]:
        verdicts: list[str] = []
        for entry in outbox.due(1_000, 1 << 20):
            seen = self.applied.get(entry.op_id) == entry.sha256
            if not seen:
                self.applied[entry.op_id] = entry.sha256
                self.times_applied += 1
            verdicts.append("seen" if seen else "new")
            outbox.settle([Done(entry.op_id, verdicts[-1])])
        return verdicts


def test_a_copy_is_made_and_proven_while_the_queue_is_in_use(bench: Bench, shelf: Path) -> None:
    ids = [bench.put(body_of(number)) for number in range(30)]
    bench.outbox.settle([Done(op_id, "new") for op_id in ids[:10]])
    backup = back_up(bench.path, shelf, bench.ring, now=NOON)
    assert backup.checked == Checked(kept=20, traces=10, gaps=0)
    assert backups(shelf) == [backup.path]
    assert backup.path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in shelf.iterdir()] == [backup.path.name]
    bench.put()
    assert bench.outbox.counts().waiting == 21


def test_only_the_newest_copies_stay(bench: Bench, shelf: Path) -> None:
    (shelf / "somebody-elses").touch()
    made: list[Path] = []
    for _ in range(4):
        backup = back_up(bench.path, shelf, bench.ring, now=bench.clock.wall(), keep=2)
        made.append(backup.path)
        bench.clock.pass_s(3_600)
    assert backups(shelf) == [made[3], made[2]]
    assert (shelf / "somebody-elses").exists()


def test_a_restored_queue_sends_again_and_the_service_applies_once(
    bench: Bench, shelf: Path
) -> None:
    service = Service()
    ids = [bench.put(body_of(number)) for number in range(5)]
    copy = _copy(bench, shelf)
    assert service.take_all(bench.outbox) == ["new"] * 5
    outbox = _restore(bench, copy)
    assert bench.due_ids() == ids
    assert service.take_all(outbox) == ["seen"] * 5
    assert service.times_applied == 5


def test_what_is_older_than_the_services_memory_is_left_to_a_person(
    bench: Bench, shelf: Path
) -> None:
    old = bench.put("old", key="a")
    bench.clock.pass_s((SERVICE_MEMORY - timedelta(days=1)).total_seconds())
    young = bench.put("young", key="b")
    copy = _copy(bench, shelf)
    bench.clock.pass_s(2 * 86_400)
    bench.outbox.close()
    restored = restore(copy, bench.path, bench.ring, now=bench.clock.wall())
    assert (restored.waiting, restored.parked_as_too_old) == (1, 1)
    bench.reopen()
    assert bench.due_ids() == [young]
    assert bench.outbox.state_of(old) is State.PARKED
    assert "ask before sending" in bench.outbox.parked()[0].reason


def test_numbers_of_the_lost_file_are_not_used_again(bench: Bench, shelf: Path) -> None:
    bench.put()
    copy = _copy(bench, shelf)
    lost = bench.outbox.put("act", "a", "lost", at=NOON)
    assert bench.outbox.generation == 1
    outbox = _restore(bench, copy)
    assert outbox.generation == 2
    after = outbox.put("act", "a", "after", at=NOON)
    assert after.seq == 1 + SEQ_GAP + 1 > lost.seq
    # The chain goes on over the gap, in this file and in its copies.
    bench.clock.pass_s(1)
    assert back_up(bench.path, shelf, bench.ring, now=bench.clock.wall()).checked.gaps == 1


def test_numbers_are_left_out_even_when_nothing_is_left_in_the_copy(
    bench: Bench, shelf: Path
) -> None:
    bench.outbox.settle([Done(bench.put(), "new")])
    copy = _copy(bench, shelf)
    assert _restore(bench, copy).put("act", "a", "{}", at=NOON).seq == 1 + SEQ_GAP + 1


def test_what_a_killed_backup_left_is_thrown_away(bench: Bench, shelf: Path) -> None:
    (shelf / "outbox-2026-11-23T120000.000000+0000.backup.new").write_bytes(b"half")
    copy = _copy(bench, shelf)
    assert list(shelf.iterdir()) == [copy]


def test_states_and_waits_come_back(bench: Bench, shelf: Path) -> None:
    parked, deferred = bench.put(key="a"), bench.put(key="b")
    bench.outbox.settle([Parked(parked, "final"), Deferred(deferred, 60.0, "later")])
    outbox = _restore(bench, _copy(bench, shelf))
    assert outbox.state_of(parked) is State.PARKED
    assert outbox.next_due_in_s() == 60.0


def test_the_lost_file_is_kept_aside_with_its_wal(bench: Bench, shelf: Path) -> None:
    copy = _copy(bench, shelf)
    bench.put("only in the lost file")
    wal = bench.path.with_name("outbox.db-wal")
    kept_wal = wal.read_bytes()
    bench.outbox.close()
    wal.write_bytes(kept_wal)  # as a crash leaves it
    restored = restore(copy, bench.path, bench.ring, now=bench.clock.wall())
    assert restored.aside is not None
    assert restored.aside.with_name(restored.aside.name + "-wal").read_bytes() == kept_wal
    assert bench.reopen().counts().waiting == 0


def test_a_copy_put_in_place_by_hand_is_refused(bench: Bench, shelf: Path) -> None:
    copy = _copy(bench, shelf)
    bench.outbox.close()
    shutil.copy(copy, bench.path)
    with pytest.raises(BackupNotRestored):
        Outbox.open(bench.path, bench.ring, clock=bench.clock, limits=SMALL)


def test_a_queue_is_no_copy(bench: Bench, tmp_path: Path) -> None:
    bench.put()
    bench.outbox.close()
    with pytest.raises(BackupRefused, match="not a copy"):
        restore(bench.path, tmp_path / "elsewhere.db", bench.ring, now=NOON)
    assert [file.name for file in tmp_path.glob("elsewhere*")] == ["elsewhere.db.lock"]


def test_an_open_queue_is_not_overwritten(bench: Bench, shelf: Path) -> None:
    copy = _copy(bench, shelf)
    with pytest.raises(OwnedElsewhere):
        restore(copy, bench.path, bench.ring, now=NOON)
    bench.put()


def test_a_queue_is_restored_where_none_is(bench: Bench, shelf: Path, tmp_path: Path) -> None:
    op_id = bench.put()
    copy = _copy(bench, shelf)
    place = tmp_path / "new-disk"
    place.mkdir()
    assert restore(copy, place / "outbox.db", bench.ring, now=NOON).aside is None
    outbox = Outbox.open(place / "outbox.db", bench.ring, clock=bench.clock, limits=SMALL)
    assert [entry.op_id for entry in outbox.due(10, 1_000)] == [op_id]
    outbox.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE operations SET sealed = zeroblob(60) WHERE seq = 2",
        "UPDATE operations SET sha256 = zeroblob(32) WHERE seq = 2",
        "UPDATE operations SET kind = 'deed' WHERE seq = 2",
        "UPDATE done SET op_id = 'x' WHERE seq = 1",
    ],
)
def test_a_copy_of_changed_rows_is_refused(bench: Bench, shelf: Path, change: str) -> None:
    bench.outbox.settle([Done(bench.put(), "new")])
    bench.put()
    older = _copy(bench, shelf)
    with bench.outbox.transaction() as connection:
        connection.execute(change)
    bench.clock.pass_s(3_600)
    with pytest.raises(BackupRefused):
        _copy(bench, shelf)
    assert list(shelf.iterdir()) == [older]


def test_a_damaged_copy_is_refused_and_nothing_is_touched(bench: Bench, shelf: Path) -> None:
    op_id = bench.put("x" * 20_000)
    copy = _copy(bench, shelf)
    content = bytearray(copy.read_bytes())
    content[-4_096:] = os.urandom(4_096)
    copy.write_bytes(content)
    with pytest.raises((BackupRefused, DatabaseDamaged)):
        _restore(bench, copy)
    bench.reopen()
    assert bench.due_ids() == [op_id]


def test_a_copy_needs_its_keys(bench: Bench, shelf: Path) -> None:
    bench.put()
    copy = _copy(bench, shelf)
    with pytest.raises(KeyMissing):
        check(copy, KeyRing.new())


def test_a_shelf_that_is_not_there_is_said(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        _copy(bench, tmp_path / "nowhere")


def test_a_copy_holds_no_body_in_clear(bench: Bench, shelf: Path) -> None:
    bench.put("secret-of-a-person")
    assert b"secret-of-a-person" not in _copy(bench, shelf).read_bytes()


COPIER = """
import os, sys
from datetime import datetime
from pathlib import Path
from offline_queue import KeyRing
from offline_queue.backup import back_up, restore
now = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
source, shelf, place, key = map(Path, sys.argv[1:5])
ring = KeyRing.from_file(key)
backup = back_up(source, shelf, ring, now=now)
os.write(1, b"copied\\n")
restore(backup.path, place, ring, now=now)
os.write(1, b"restored\\n")
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace records the writes")
@pytest.mark.parametrize("strict", [False, True])
def test_a_power_cut_in_a_backup_leaves_a_whole_copy_or_none(tmp_path: Path, strict: bool) -> None:
    key_file = tmp_path / "key"
    ring = KeyRing.create_file(key_file)
    bench = Bench(tmp_path)
    bench.outbox.close()
    outbox = Outbox.open(bench.path, ring, limits=SMALL)
    for number in range(40):
        outbox.put("act", "a", body_of(number), at=NOON)
    outbox.close()
    lived = tmp_path / "lived"
    lived.mkdir()
    arguments = [str(bench.path), str(lived), str(lived / "outbox.db"), str(key_file)]
    root = Path(__file__).resolve().parents[2]
    command = ["env", f"PYTHONPATH={root}", sys.executable, "-c", COPIER, *arguments]
    events = record(command, lived, tmp_path / "strace.log")
    assert promises(events) == ["copied", "restored"]
    rnd = random.Random(3)
    for number in range(60):
        moment = rnd.randrange(len(events) + 1)
        disk = Disk(strict=strict)
        for event in events[:moment]:
            disk.replay(event)
        after = tmp_path / f"after-{number}"
        after.mkdir()
        disk.cut(rnd, after)
        said = promises(events[:moment])
        found = backups(after)
        assert found or "copied" not in said
        for copy in found:
            assert check(copy, ring) == Checked(kept=40, traces=0, gaps=0)
        if (after / "outbox.db").exists():
            outbox = Outbox.open(after / "outbox.db", ring, limits=SMALL)
            assert outbox.counts().waiting == 40
            outbox.close()
        else:
            assert "restored" not in said
        shutil.rmtree(after)


def test_the_writer_of_a_copy_is_not_asked_for_the_lock(bench: Bench, shelf: Path) -> None:
    """The copy is made by another connection while the writer is in a transaction."""
    bench.put()
    with bench.outbox.transaction() as connection:
        connection.execute("UPDATE operations SET attempts = 5")
        copy = _copy(bench, shelf)
    reader = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
    assert reader.execute("SELECT attempts FROM operations").fetchone() == (0,)
    reader.close()
