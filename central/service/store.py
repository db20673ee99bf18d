"""The service's SQLite file: one thread writes, many requests share one commit.

Every commit that returned survives a power cut (WAL, synchronous FULL, both read
back). One thread owns the only writing connection and puts all requests that are
waiting into one transaction: one write to the disk serves them all. Reading goes
through a second connection that cannot write.
"""

import asyncio
import fcntl
import logging
import os
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from central.service.schema import migrate

_log = logging.getLogger(__name__)

T = TypeVar("T")
Act = Callable[[sqlite3.Connection], T]

FILE_NAME = "central.db"
MAX_SHARED = 64
"""Acts in one transaction: bounds the time that the first of them waits for the last."""


class StoreUnavailable(Exception):
    """The file cannot be used: locked by another service, damaged, full, or failing.

    After a write that raised this, nothing of that act is in the file.
    """


@dataclass(frozen=True, slots=True)
class _Job:
    act: Act[Any]
    done: Future[Any]


class Store:
    """The service's durable memory. Open with `Store.open`, close with `close`."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE_NAME
        self._lock = _lock(directory / "central.lock")
        try:
            self._writing = _connect_writing(self._path)
            self._reading = _connect_reading(self._path)
        except sqlite3.Error as error:
            os.close(self._lock)
            raise StoreUnavailable(f"{self._path}: {error}") from error
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-read")
        self._writer = threading.Thread(target=self._write_all, name="store-write")
        self._writer.start()
        self._closing = False

    @classmethod
    async def open(cls, directory: Path) -> "Store":
        """Opens or creates the file in `directory`, which must exist.

        Raises:
            StoreUnavailable: another service holds the directory, or the file is damaged.
        """
        return await asyncio.to_thread(cls, directory)

    async def write(self, act: Act[T]) -> T:
        """Runs `act` inside a transaction and returns its result once that is on the disk.

        An `act` that raises is undone alone; what shared its transaction is not.

        Raises:
            StoreUnavailable: nothing of the act was kept.
        """
        if self._closing:
            raise StoreUnavailable("the store is closing")
        done: Future[T] = Future()
        self._jobs.put(_Job(act, done))
        return await asyncio.wrap_future(done)

    async def read(self, act: Act[T]) -> T:
        """Runs `act` on a connection that cannot write; it sees every commit that returned."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._readers, act, self._reading)
        except sqlite3.Error as error:
            raise StoreUnavailable(str(error)) from error

    async def close(self) -> None:
        """Ends after every write that was accepted is on the disk."""
        self._closing = True
        self._jobs.put(None)
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.join()
        self._readers.shutdown()
        self._reading.close()
        self._writing.close()
        os.close(self._lock)

    def _write_all(self) -> None:
        while (job := self._jobs.get()) is not None:
            jobs = [job]
            last = False
            while len(jobs) < MAX_SHARED and not self._jobs.empty():
                following = self._jobs.get()
                if following is None:
                    last = True
                    break
                jobs.append(following)
            self._commit([j for j in jobs if j.done.set_running_or_notify_cancel()])
            if last:
                return

    def _commit(self, jobs: list[_Job]) -> None:
        """One transaction for all jobs; answers them only after the commit has returned."""
        try:
            self._writing.execute("BEGIN IMMEDIATE")
            results = [(job, *self._run(job)) for job in jobs]
            self._writing.execute("COMMIT")
        except sqlite3.Error as error:
            # Disk full and I/O errors may have ended the transaction already.
            if self._writing.in_transaction:
                self._writing.execute("ROLLBACK")
            _log.error("store.write_failed error=%s", error)
            for job in jobs:
                job.done.set_exception(StoreUnavailable(str(error)))
            return
        for job, result, mistake in results:
            if mistake is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(mistake)

    def _run(self, job: _Job) -> tuple[object, Exception | None]:
        """The job's result, or what it raised after its own changes were undone."""
        self._writing.execute("SAVEPOINT act")
        try:
            result = job.act(self._writing)
        except sqlite3.Error:
            raise
        except Exception as mistake:  # noqa: BLE001  # handed to the one who asked, whole
            self._writing.execute("ROLLBACK TO act")
            self._writing.execute("RELEASE act")
            return None, mistake
        self._writing.execute("RELEASE act")
        return result, None


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
    _require(connection, "journal_mode", "wal")
    _require(connection, "synchronous", 2)
    _require(connection, "quick_check", "ok")
    migrate(connection)
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
