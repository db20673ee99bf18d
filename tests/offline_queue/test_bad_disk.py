"""A disk that is full, read-only or failing: refusals in words, and nothing dropped."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from queue_kit import NOON, SMALL, Bench, body_of
from test_sudden_end import VICTIM, check_promises

from offline_queue import (
    Done,
    FullBecause,
    KeyRing,
    Limits,
    Outbox,
    OutboxFull,
    StorageFailed,
)

BALLAST = 1024 * 1024


@contextmanager
def files_no_longer_than(size_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def put_until_refused(ids: list[str], put: Callable[[], str]) -> None:
    while len(ids) < 100_000:
        ids.append(put())


def test_a_write_that_the_disk_refuses_is_not_taken_and_the_queue_goes_on(bench: Bench) -> None:
    ids = [bench.put(body_of(number)) for number in range(20)]
    # The log is laid longer than this, but no byte may be written beyond it any more.
    with files_no_longer_than(400_000):
        with pytest.raises(StorageFailed):
            put_until_refused(ids, lambda: bench.put(body_of(20)))
        assert bench.due_ids(1_000) == ids
        assert bench.outbox.counts().waiting == len(ids)
    ids.append(bench.put("after"))
    assert bench.outbox.head.seq == len(ids)
    bench.reopen()
    assert bench.due_ids(1_000) == ids


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Four megabytes, really: a quota of another kind would not give ENOSPC."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield disk
    finally:
        # Lazily: a test that failed may still have the files open.
        subprocess.run(["umount", "--lazy", disk], check=True)


def fill_up(disk: Path) -> None:
    """Somebody else takes every byte that is left."""
    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4_096))


def test_on_a_full_disk_the_refusal_is_counted_and_sending_ends(small_disk: Path) -> None:
    ring = KeyRing.new()
    limits = Limits(free_bytes=0, ballast_bytes=BALLAST)
    path = small_disk / "outbox.db"
    ballast = path.with_name("outbox.db.ballast")
    outbox = Outbox.open(path, ring, limits=limits)
    ids = [outbox.put("act", "a", body_of(number), at=NOON).op_id for number in range(20)]
    assert ballast.stat().st_size == BALLAST
    fill_up(small_disk)
    with pytest.raises(OutboxFull) as full:
        put_until_refused(ids, lambda: outbox.put("act", "a", body_of(1) * 10, at=NOON).op_id)
    assert full.value.because is FullBecause.DISK_FULL
    assert not ballast.exists()
    assert [(r.because, r.count) for r in outbox.refusals()] == [("disk_full", 1)]
    outbox.settle([Done(op_id, "new") for op_id in ids])
    assert outbox.counts().waiting == 0
    outbox.close()


def test_a_queue_that_filled_the_disk_itself_loses_nothing(small_disk: Path) -> None:
    ring = KeyRing.new()
    limits = Limits(free_bytes=0, ballast_bytes=BALLAST)
    outbox = Outbox.open(small_disk / "outbox.db", ring, limits=limits)
    ids: list[str] = []
    with pytest.raises(OutboxFull):
        put_until_refused(ids, lambda: outbox.put("act", "a", body_of(1) * 10, at=NOON).op_id)
    outbox.close()
    outbox = Outbox.open(small_disk / "outbox.db", ring, limits=limits)
    entries = outbox.due(100_000, 1 << 30)
    assert [entry.op_id for entry in entries] == ids
    for start in range(0, len(ids), 50):
        outbox.settle([Done(op_id, "new") for op_id in ids[start : start + 50]])
    assert outbox.counts().waiting == 0
    outbox.put("act", "a", "there is room again", at=NOON)
    outbox.close()


def test_the_ballast_is_laid_again_when_there_is_room(small_disk: Path) -> None:
    ring = KeyRing.new()
    limits = Limits(free_bytes=512 * 1024, ballast_bytes=BALLAST)
    (small_disk / "filler").write_bytes(bytes(3 * 1024 * 1024))
    outbox = Outbox.open(small_disk / "outbox.db", ring, limits=limits)
    ballast = small_disk / "outbox.db.ballast"
    assert not ballast.exists()
    op_id = outbox.put("act", "a", "{}", at=NOON).op_id
    (small_disk / "filler").unlink()
    outbox.settle([Done(op_id, "new")])
    assert ballast.stat().st_size == BALLAST
    outbox.close()


def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        Outbox.open(tmp_path / "nowhere" / "outbox.db", KeyRing.new(), limits=SMALL)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace makes the call fail")
@pytest.mark.parametrize("when", ["20", "20+"])
def test_a_sync_that_fails_is_never_a_promise(tmp_path: Path, when: str) -> None:
    key_file = tmp_path / "key"
    ring = KeyRing.create_file(key_file)
    inject = f"inject=fdatasync:error=EIO:when={when}"
    strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", inject]
    victim = subprocess.run(
        [*strace, sys.executable, str(VICTIM), str(tmp_path), str(key_file), "3", "200"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert victim.returncode == 1
    assert "StorageFailed: SQLITE_IOERR_FSYNC" in victim.stderr
    said = victim.stdout.splitlines()
    assert len(said) > 5
    check_promises(tmp_path / "outbox.db", ring, said)
