"""Copies of the queue that can be trusted, and the way back from one.

A copy is made in one step (`VACUUM INTO` on a connection that cannot write, so the writer
goes on), made durable, proven by opening it and checking every row, and only then given its
name. Wherever that stops, the copies that were there before are untouched.

**Coming back never applies anything twice.** A copy still holds operations that the
terminal has sent since. Restored, they are sent again *under the same id with the same
body*, which asks the service rather than tells it: it answers `seen`. That holds as long as
the service remembers ids, so whatever is older than that memory is parked for a person
instead. A copy that somebody puts in place by hand is refused by `Outbox.open`. Numbers
(`seq`) that the lost file may have used are left out, so that they are never used twice and
the service sees the gap; `Outbox.generation` says how often this happened.
"""

import hashlib
import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from offline_queue import statements as sql
from offline_queue.chain import link_hash
from offline_queue.database import Ownership, fsync_directory, open_reader
from offline_queue.errors import BackupRefused, StorageFailed, typed_errors
from offline_queue.looking import tally
from offline_queue.sealing import SealBroken, Sealer
from offline_queue.upkeep import sortable

KEEP: Final = 24
"""Hourly copies of a day."""

SERVICE_MEMORY: Final = timedelta(days=60)
"""Operations older than this are parked by a restore. Well under the 90 days for which the
service is to remember ids, since clocks differ."""

SEQ_GAP: Final = 1_000_000
"""More numbers than a terminal gives out between two copies, at one each millisecond."""

_PREFIX: Final = "outbox-"
_SUFFIX: Final = ".backup"
_UNFINISHED: Final = ".new"


@dataclass(frozen=True, slots=True)
class Checked:
    """A copy in which every row was read and opened.

    Attributes:
        kept: operations waiting or parked.
        traces: operations settled.
        gaps: places where numbers are missing between two rows (pruned, or left out by a restore).
    """

    kept: int
    traces: int
    gaps: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished copy."""

    path: Path
    checked: Checked


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        generation: of the file from now on.
        waiting: operations that will be sent, most of them for the second time.
        parked_as_too_old: operations left to a person.
        aside: where the file that was in place lies now; None if there was none.
    """

    generation: int
    waiting: int
    parked_as_too_old: int
    aside: Path | None


def back_up(source: Path, into: Path, sealer: Sealer, *, now: datetime, keep: int = KEEP) -> Backup:
    """Copy a queue that is in use, prove the copy, and forget the oldest ones.

    Args:
        source: the database.
        into: a directory, better on another disk. Only this function's files are forgotten there.
        sealer: opens every body for the proof.
        now: names the copy.
        keep: so many copies stay.

    Raises:
        BackupRefused: the copy is not what it should be; it was thrown away.
        StorageFailed: it could not be made.
        OutboxFull: the disk is full.
    """
    target = into / f"{_PREFIX}{sortable(now).replace(':', '')}{_SUFFIX}"
    beside = target.with_name(target.name + _UNFINISHED)
    for left_over in into.glob(f"{_PREFIX}*{_SUFFIX}{_UNFINISHED}*"):
        left_over.unlink()
    try:
        _copy(source, beside)
        checked = check(beside, sealer)
        _fsync(beside)
        beside.rename(target)
        fsync_directory(into)
    except OSError as error:
        raise StorageFailed(str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
    for old in backups(into)[keep:]:
        old.unlink()
    return Backup(target, checked)


def backups(directory: Path) -> list[Path]:
    """The finished copies in a directory, newest first."""
    return sorted(directory.glob(f"{_PREFIX}*{_SUFFIX}"), reverse=True)


def check(path: Path, sealer: Sealer) -> Checked:
    """Open a copy and read everything: its pages, the chain, and every body with its digest.

    Raises:
        BackupRefused: something in it is not as it was put.
        KeyMissing: something was sealed with a key that the sealer does not hold.
        StorageFailed: it cannot be read.
    """
    connection = open_reader(path)
    try:
        with typed_errors():
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if answer != "ok":
                raise BackupRefused(str(answer))
            return _check_rows(connection, sealer)
    finally:
        connection.close()


def restore(copy: Path, into: Path, sealer: Sealer, *, now: datetime) -> Restored:
    """Put a copy in the place of a queue that was lost or damaged.

    The file that was there is kept beside it. Stopped at any point, either of the two is in
    place, never none: run it again.

    Args:
        copy: made by `back_up`.
        into: where the queue lives; nobody has it open.
        sealer: opens every body for the proof.
        now: decides what is too old to be sent.

    Raises:
        OwnedElsewhere: the queue is open.
        BackupRefused: the copy is damaged, or not a copy.
        KeyMissing: the sealer lacks a key that the copy needs.
        StorageFailed: the disk refused.
    """
    check(copy, sealer)
    ownership = Ownership(into)
    beside = into.with_name(into.name + ".restoring")
    try:
        beside.unlink(missing_ok=True)
        _copy_file(copy, beside)
        generation, waiting, too_old = _begin_generation(beside, now)
        _fsync(beside)
        aside = _set_aside(into, now)
        beside.rename(into)
        fsync_directory(into.parent)
    except OSError as error:
        raise StorageFailed(str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
        ownership.give_up()
    return Restored(generation, waiting, too_old, aside)


def _copy(source: Path, beside: Path) -> None:
    beside.unlink(missing_ok=True)
    # VACUUM INTO writes into an empty file too; made here so that others never read it.
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    reader = open_reader(source)
    try:
        with typed_errors():
            reader.execute("PRAGMA query_only=OFF")  # it would forbid the copy, not the source
            reader.execute("VACUUM INTO ?", (str(beside),))
    finally:
        reader.close()
    with typed_errors():
        marked = sqlite3.connect(beside, isolation_level=None)
        try:
            marked.execute(sql.SET_FACT, {"name": "is_backup", "value": "1"})
        finally:
            marked.close()


def _copy_file(copy: Path, beside: Path) -> None:
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as target, copy.open("rb") as source:
        while block := source.read(1 << 20):
            target.write(block)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_rows(connection: sqlite3.Connection, sealer: Sealer) -> Checked:
    kept = traces = gaps = 0
    last_seq: int | None = None
    last_hash = b""
    for row in connection.execute(sql.ALL_LINKS):
        seq, op_id, order_key, kind, sha256, prev_hash, link, at, at_mono, boot_id, box = row
        expected = link_hash(
            prev_hash=prev_hash,
            seq=seq,
            op_id=op_id,
            order_key=order_key,
            kind=kind,
            sha256=sha256,
            at=at,
            at_mono=at_mono,
            boot_id=boot_id,
        )
        if expected != link:
            raise BackupRefused(f"operation {seq} is not what was put")
        if last_seq is not None and seq != last_seq + 1:
            gaps += 1
        elif last_seq is not None and prev_hash != last_hash:
            raise BackupRefused(f"operation {seq} does not follow the one before it")
        last_seq, last_hash = seq, link
        if box is None:
            traces += 1
            continue
        kept += 1
        try:
            plain = sealer.unseal(box, op_id)
        except SealBroken as error:
            raise BackupRefused(f"operation {seq}: {error}") from error
        if hashlib.sha256(plain).digest() != sha256:
            raise BackupRefused(f"the body of operation {seq} is not what was put")
    return Checked(kept, traces, gaps)


def _begin_generation(path: Path, now: datetime) -> tuple[int, int, int]:
    """Make an outbox of a copy: generation, operations that wait, operations parked as too old."""
    with typed_errors():
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            # Not WAL: the file must be whole by itself when it is renamed.
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
            connection.execute("BEGIN IMMEDIATE")
            (is_backup,) = connection.execute(sql.FACT, {"name": "is_backup"}).fetchone()
            if is_backup != "1":
                raise BackupRefused("not a copy made by a backup")
            (generation,) = connection.execute(sql.FACT, {"name": "generation"}).fetchone()
            new = int(generation) + 1
            connection.execute(sql.SET_FACT, {"name": "generation", "value": str(new)})
            connection.execute(sql.SET_FACT, {"name": "is_backup", "value": "0"})
            floor = tally(connection).last_seq + SEQ_GAP
            connection.execute(sql.SET_FACT, {"name": "seq_floor", "value": str(floor)})
            too_old = _park_too_old(connection, now - SERVICE_MEMORY)
            waiting = tally(connection).waiting
            connection.execute("COMMIT")
        finally:
            connection.close()
    return new, waiting, too_old


def _park_too_old(connection: sqlite3.Connection, before: datetime) -> int:
    """Times stand in the zone of their act, so they are compared here and not in SQL."""
    old = [
        {"op_id": op_id, "reason": "restored: older than the service remembers, ask before sending"}
        for op_id, at in connection.execute(sql.WAITING_TIMES)
        if datetime.fromisoformat(at) < before
    ]
    connection.executemany(sql.PARK, old)
    return len(old)


def _set_aside(path: Path, now: datetime) -> Path | None:
    """Keep what was in place, with its WAL: a WAL left behind would be played into the copy."""
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.lost-{sortable(now).replace(':', '')}")
    # A second name first: the queue's own name is then taken over in one step.
    aside.hardlink_to(path)
    wal = path.with_name(path.name + "-wal")
    if wal.exists():
        wal.rename(aside.with_name(aside.name + "-wal"))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    fsync_directory(path.parent)
    return aside
