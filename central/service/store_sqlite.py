"""SQLite: the whole service in one folder, for a hall or a pilot.

Every commit that returned survives a power cut (WAL, synchronous FULL, both read
back). One thread owns the only writing connection; reading goes through a second
connection that cannot write.
"""

import fcntl
import os
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from central.service.schema import INBOX_KEPT, SchemaTooNew, migrate_sqlite
from central.service.store import (
    Act,
    Connection,
    ConstraintBroken,
    Job,
    Rows,
    Store,
    StoreUnavailable,
    Value,
    run_jobs,
)

T = TypeVar("T")

FILE_NAME = "central.db"


class SqliteConnection:
    """See `Connection`."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw

    def execute(self, sql: str, parameters: Sequence[Value] = (), /) -> Rows:
        """See `Connection`."""
        try:
            return self.raw.execute(sql, parameters)
        except sqlite3.IntegrityError as error:
            raise ConstraintBroken(str(error)) from error

    def insert(self, table: str, rows: Sequence[Mapping[str, str | int | float | None]]) -> int:
        """See `Connection`."""
        if not rows:
            return 0
        columns = tuple(rows[0])
        sql = (
            f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608  # names are ours
            f" VALUES ({', '.join('?' * len(columns))}) ON CONFLICT DO NOTHING"
        )
        try:
            return self.raw.executemany(sql, (tuple(row.values()) for row in rows)).rowcount
        except sqlite3.IntegrityError as error:
            raise ConstraintBroken(str(error)) from error

    def insert_new(
        self, table: str, rows: Sequence[Mapping[str, str | int | float | None]]
    ) -> bool:
        """See `Connection`."""
        return self.insert(table, rows) == len(rows)

    def among(self, column: str, values: Sequence[str]) -> tuple[str, Value]:
        """See `Connection`."""
        return (
            f"{column} IN (SELECT value FROM json_each(?))",  # noqa: S608  # a name of ours
            msgspec.json.encode(values).decode(),
        )


class SqliteStore(Store):
    """A file in a directory, held by this process alone."""

    def __init__(self, directory: Path) -> None:
        """Opens or creates the file.

        Raises:
            StoreUnavailable: another service holds the directory, or the file is damaged.
        """
        super().__init__(readers=1)
        self._path = directory / FILE_NAME
        self._lock = _lock(directory / "central.lock")
        try:
            self.writing = SqliteConnection(_connect_writing(self._path))
            self._reading = SqliteConnection(_connect_reading(self._path))
        except (sqlite3.Error, SchemaTooNew) as error:
            os.close(self._lock)
            raise StoreUnavailable(f"{self._path}: {error}") from error
        self._writer.start()

    def _commit(self, jobs: list[Job]) -> list[object]:
        raw = self.writing.raw
        try:
            raw.execute("BEGIN IMMEDIATE")
            results = run_jobs(self.writing, jobs, (sqlite3.Error,))
            raw.execute("COMMIT")
        except sqlite3.Error as error:
            # Disk full and I/O errors may have ended the transaction already.
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise StoreUnavailable(str(error)) from error
        return results

    def _read(self, act: Act[T]) -> T:
        try:
            return act(self._reading)
        except sqlite3.Error as error:
            raise StoreUnavailable(str(error)) from error

    def _scrub(self) -> bool:
        try:
            # The log holds earlier states of pages: copied into the file and cut to nothing.
            (busy, _, _) = self.writing.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise StoreUnavailable(str(error)) from error
        return busy == 0

    def _tend_inbox(self, connection: Connection, now: datetime) -> None:
        connection.execute(
            "DELETE FROM inbox WHERE received_at < ?", ((now - INBOX_KEPT).isoformat(),)
        )

    def _give_up(self) -> None:
        self.writing.raw.interrupt()

    def _close_connections(self) -> None:
        self._reading.raw.close()
        self.writing.raw.close()
        os.close(self._lock)


def _lock(path: Path) -> int:
    """A lock that dies with the process: two services on one file would corrupt it.

    SQLite before 3.51.3 can damage a WAL file when two connections write and
    checkpoint at once (sqlite.org/wal.html#walresetbug), so there is never a second.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise StoreUnavailable(f"{path}: another service is running here") from error
    return descriptor


def _connect_writing(path: Path) -> sqlite3.Connection:
    is_new = not path.exists()
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    # Made here and then used by the writer's thread alone.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA mmap_size = 0")
    # What is deleted is overwritten: a person's address must not stay in a free page.
    connection.execute("PRAGMA secure_delete = ON")
    _require(connection, "journal_mode", "wal")
    _require(connection, "synchronous", 2)
    _require(connection, "secure_delete", 1)
    _require(connection, "quick_check", "ok")
    migrate_sqlite(connection)
    if is_new:
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    return connection


def _connect_reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


def _require(connection: sqlite3.Connection, pragma: str, value: object) -> None:
    (found,) = connection.execute(f"PRAGMA {pragma}").fetchone()
    if found != value:
        raise StoreUnavailable(f"PRAGMA {pragma} is {found!r}, not {value!r}")
