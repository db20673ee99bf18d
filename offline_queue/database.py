"""A SQLite file that keeps what it acknowledged, whatever happens to the power.

WAL with `synchronous=FULL` lost no acknowledged row in any simulated power cut, while
NORMAL loses up to a checkpoint's worth and a rollback journal with FULL the last commit.
So the settings are not only made but read back.
"""

import fcntl
import logging
import os
import sqlite3
from pathlib import Path
from typing import Final

from offline_queue.errors import (
    DatabaseDamaged,
    OwnedElsewhere,
    SettingNotTaken,
    SqliteUnsafe,
    StorageFailed,
    typed_errors,
)

_log: Final = logging.getLogger(__name__)

BUSY_TIMEOUT_MS: Final = 5_000

# Two connections that write or checkpoint at the same moment may corrupt the file before
# this version (sqlite.org/wal.html#walresetbug).
WAL_RESET_FIXED: Final = (3, 51, 3)

_FULL: Final = 2

CHECKPOINT_PAGES: Final = 1_000
_WAL_HEADER_BYTES: Final = 32  # sqlite.org/fileformat2.html, 4.1 WAL file format
_FRAME_BYTES: Final = 24 + 4_096
# The log is folded in at this length and written again from its start; one transaction, at
# most, lies beyond.
_WAL_BYTES: Final = _WAL_HEADER_BYTES + (CHECKPOINT_PAGES + 64) * _FRAME_BYTES
_ROOM_FOR_WAL: Final = 8
"""Laid only where so many times its length is free."""

# (pragma, value set, value to be read back)
_WRITER_SETTINGS: Final = (
    ("busy_timeout", BUSY_TIMEOUT_MS, BUSY_TIMEOUT_MS),
    ("mmap_size", 0, 0),  # a failing disk must give an error, not SIGBUS
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", _FULL),
    ("wal_autocheckpoint", CHECKPOINT_PAGES, CHECKPOINT_PAGES),
    ("journal_size_limit", 16 * 1024 * 1024, 16 * 1024 * 1024),
    ("foreign_keys", "ON", 1),
)
_READER_SETTINGS: Final = (
    ("busy_timeout", BUSY_TIMEOUT_MS, BUSY_TIMEOUT_MS),
    ("mmap_size", 0, 0),
    ("query_only", "ON", 1),
)


def fsync_directory(directory: Path) -> None:
    """Make the names in a directory durable: a new or renamed file is nothing without its name."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_writer(path: Path, *, second_writer: bool = False) -> sqlite3.Connection:
    """The one connection that writes. Creates the file (mode 0600) where there is none.

    Args:
        path: the database; its directory exists.
        second_writer: something else writes the same file too (a replication tool that
            checkpoints, say). Refused on a SQLite with the WAL-reset bug.

    Raises:
        SqliteUnsafe: a second writer, and SQLite is older than 3.51.3.
        SettingNotTaken: a setting did not read back as it was made.
        DatabaseDamaged: the file is not a sound database.
        StorageFailed: the file or its directory cannot be opened.
    """
    if second_writer and sqlite3.sqlite_version_info < WAL_RESET_FIXED:
        raise SqliteUnsafe(f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug")
    if _create(path):
        # SQLite throws the log of an empty file away: give the file its first page.
        _connect(path).close()
        fsync_directory(path.parent)
    lay_wal(path)
    connection = _connect(path)
    try:
        quick_check(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    with typed_errors():
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _set(connection, _WRITER_SETTINGS)
        except BaseException:
            connection.close()
            raise
    return connection


def lay_wal(path: Path) -> None:
    """Give the write-ahead log its whole length at once, as zeros, where there is no log.

    A commit that makes a file longer also waits for the file system's own journal; one that
    writes over what is there waits for its data alone, which is a third faster. SQLite takes
    zeros for the end of the log, as it takes what is left of an older one.

    On a disk with little room it is left out: the log grows as it always did.
    """
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size > 0:
        return
    room = os.statvfs(path.parent)
    if room.f_bavail * room.f_frsize < _ROOM_FOR_WAL * _WAL_BYTES:
        return
    try:
        descriptor = os.open(wal, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageFailed(str(error)) from error
    try:
        # Written, not only allocated: the first write to a block that is merely allocated
        # changes the file system's books again.
        os.write(descriptor, bytes(_WAL_BYTES))
        os.fsync(descriptor)
    except OSError as error:
        _log.warning("outbox.log_not_laid error=%s", error.strerror)
    finally:
        os.close(descriptor)
    fsync_directory(path.parent)


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, for a backup or a look from outside.

    Raises:
        StorageFailed: there is no such file, or it cannot be read.
        SettingNotTaken: a setting did not read back as it was made.
    """
    with typed_errors():
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _set(connection, _READER_SETTINGS)
        except BaseException:
            connection.close()
            raise
    return connection


def quick_check(connection: sqlite3.Connection) -> None:
    """Read every page of the file.

    Raises:
        DatabaseDamaged: with SQLite's first complaint.
    """
    with typed_errors():
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise DatabaseDamaged(str(answer))


class Ownership:
    """A lock beside the database: while it is held, no other owner opens it.

    The kernel gives it up when the process ends, however it ends.
    """

    def __init__(self, path: Path) -> None:
        """Take it.

        Raises:
            OwnedElsewhere: somebody holds it.
            StorageFailed: the lock file cannot be made.
        """
        try:
            descriptor = os.open(
                path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        except OSError as error:
            raise StorageFailed(str(error)) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise OwnedElsewhere(path.name) from error
        self._descriptor: int | None = descriptor

    def give_up(self) -> None:
        """Let another owner open the database. The lock file stays: removing it would race."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _create(path: Path) -> bool:
    """Whether the file had to be made; made here so that it is never readable by others."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return False
    except OSError as error:
        raise StorageFailed(str(error)) from error
    return True


def _set(
    connection: sqlite3.Connection, settings: tuple[tuple[str, str | int, str | int], ...]
) -> None:
    for pragma, value, expected in settings:
        connection.execute(f"PRAGMA {pragma}={value}").fetchall()
        row = connection.execute(f"PRAGMA {pragma}").fetchone()
        # A SQLite built without mmap answers nothing, which is as good as 0.
        actual = row[0] if row is not None else 0
        if actual != expected:
            raise SettingNotTaken(f"{pragma} is {actual!r}, not {expected!r}")
