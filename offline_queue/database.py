"""A SQLite file that keeps what it acknowledged, whatever happens to the power.

WAL with `synchronous=FULL` lost no acknowledged row in any simulated power cut, while
NORMAL loses up to a checkpoint's worth and a rollback journal with FULL the last commit.
So the settings are not only made but read back.
"""

import fcntl
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

BUSY_TIMEOUT_MS: Final = 5_000

# Two connections that write or checkpoint at the same moment may corrupt the file before
# this version (sqlite.org/wal.html#walresetbug).
WAL_RESET_FIXED: Final = (3, 51, 3)

_FULL: Final = 2

# (pragma, value set, value to be read back)
_WRITER_SETTINGS: Final = (
    ("busy_timeout", BUSY_TIMEOUT_MS, BUSY_TIMEOUT_MS),
    ("mmap_size", 0, 0),  # a failing disk must give an error, not SIGBUS
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", _FULL),
    ("wal_autocheckpoint", 1_000, 1_000),
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
    created = _create(path)
    with typed_errors():
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _set(connection, _WRITER_SETTINGS)
            quick_check(connection)
        except BaseException:
            connection.close()
            raise
    if created:
        fsync_directory(path.parent)
    return connection


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
