"""The file under the queue: one owner, one connection, one lock, and room kept for bad days."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlite_utils import Database, Migrations

from offline_queue import statements as sql
from offline_queue.ballast import Ballast, free_bytes
from offline_queue.database import Ownership, open_writer
from offline_queue.errors import OutboxFull, StorageFailed, raise_typed, typed_errors

_log: Final = logging.getLogger(__name__)

_T = TypeVar("_T")

# statvfs costs a tenth of a put; a queue cannot fill its margin of free space in a second.
_LOOK_EVERY_S: Final = 1.0


class Transaction:
    """BEGIN IMMEDIATE to COMMIT, under the lock.

    A class: as a generator it cost four microseconds more, a tenth of the CPU time of a put.
    """

    def __init__(self, connection: sqlite3.Connection, lock: threading.RLock) -> None:
        self._connection = connection
        self._lock = lock

    def __enter__(self) -> sqlite3.Connection:
        self._lock.acquire()
        if self._connection.in_transaction:
            self._lock.release()
            raise RuntimeError("a transaction is open already")
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self._lock.release()
            raise_typed(error)
            raise
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        try:
            if error is None:
                self._commit()
                return
            self._roll_back()
            if isinstance(error, sqlite3.Error):
                raise_typed(error)
        finally:
            self._lock.release()

    def _commit(self) -> None:
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise_typed(error)
            raise

    def _roll_back(self) -> None:
        # SQLite may have rolled back by itself (sqlite.org/lang_transaction.html).
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


class Store:
    """Serialises everything that touches the database."""

    def __init__(
        self, path: Path, *, ballast_bytes: int, spare_bytes: int, second_writer: bool
    ) -> None:
        """Take and open the file, making it where there is none.

        Args:
            path: the database, in a directory that exists.
            ballast_bytes: size of the ballast file; 0 for none.
            spare_bytes: the ballast is laid only where so much stays free beside it.
            second_writer: see `database.open_writer`.

        Raises:
            OwnedElsewhere: it is open already.
            StorageFailed: it cannot be opened, is damaged, or SQLite is not fit for it.
        """
        self.lock = threading.RLock()
        self._directory = path.parent
        self._spare_bytes = spare_bytes
        self._short = True
        self._looked_at_s = 0.0
        self._ballast = Ballast(path, ballast_bytes)
        self._ownership = Ownership(path)
        try:
            self._connection = open_writer(path, second_writer=second_writer)
        except BaseException:
            self._ownership.give_up()
            raise

    def close(self) -> None:
        """Give the file up."""
        with self.lock:
            self._connection.close()
            self._ownership.give_up()

    def transaction(self) -> "Transaction":
        """One durable transaction, as a context; rolled back if anything is raised in it.

        Raises:
            OutboxFull: the disk is full.
            StorageFailed: the disk or the file refused.
            RuntimeError: a transaction is open already in this thread.
        """
        return Transaction(self._connection, self.lock)

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """The connection for statements that change nothing.

        Raises:
            StorageFailed: the file cannot be read.
        """
        with self.lock, typed_errors():
            yield self._connection

    def insert(self, statement: str, values: tuple[object, ...]) -> None:
        """One statement that is a transaction by itself: SQLite begins and commits around it.

        Two statements fewer than `transaction`, a tenth of a put. The caller holds the lock.

        Raises:
            OutboxFull, StorageFailed: nothing was changed.
            RuntimeError: a transaction is open already in this thread.
        """
        connection = self._connection
        if connection.in_transaction:
            raise RuntimeError("a transaction is open already")
        try:
            connection.execute(statement, values)
        except sqlite3.Error as error:
            raise_typed(error)
            raise

    def write(self, statement: str, bound: Mapping[str, Any]) -> int:
        """One statement in a transaction of its own; how many rows it changed."""
        with self.transaction() as connection:
            return connection.execute(statement, bound).rowcount

    def one(self, statement: str, bound: Mapping[str, Any] | None = None) -> Any:
        """The first row of a question, None if there is none."""
        with self.reading() as connection:
            return connection.execute(statement, bound or {}).fetchone()

    def fact(self, name: str) -> str:
        """A fact about the file."""
        (value,) = self.one(sql.FACT, {"name": name})
        return value

    def migrate(self, migrations: Migrations) -> None:
        """Apply the steps that are missing, each in a transaction of its own."""
        with self.lock, typed_errors():
            migrations.apply(Database(self._connection, execute_plugins=False))

    def with_ballast(self, write: Callable[[], _T]) -> _T:
        """Write; on a full disk give the ballast up and write again.

        Raises:
            OutboxFull: there was no ballast, or it was not enough.
        """
        with self.lock:
            try:
                return write()
            except OutboxFull:
                if not self._ballast.give_up():
                    raise
                _log.warning("outbox.ballast_given_up")
                return write()

    def lay_ballast(self) -> None:
        """Take the room again that was given up, once there is enough."""
        with self.lock:
            if self._ballast.missing:
                self._ballast.lay(self._spare_bytes)

    def short_of_space(self, now_s: float) -> bool:
        """Less is free on the disk than is to stay free. Looked at once a second at most.

        Args:
            now_s: monotonic time.

        Raises:
            StorageFailed: the disk does not even say.
        """
        if self._short or not 0 <= now_s - self._looked_at_s < _LOOK_EVERY_S:
            self._looked_at_s = now_s
            try:
                self._short = free_bytes(self._directory) < self._spare_bytes
            except OSError as error:
                raise StorageFailed(str(error)) from error
        return self._short
