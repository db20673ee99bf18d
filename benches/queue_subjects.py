"""What is compared in `bench_queue.py`: our queue, the floor under it, and its peers.

Every one is set to survive a power cut (`synchronous=FULL`, or fdatasync), since a queue
that may lose what it took is another product. litequeue ships with NORMAL and is raised.
"""

import importlib
import importlib.util
import os
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from offline_queue import Done, KeyRing, Limits, Outbox, statements
from offline_queue.database import open_writer

OURS = "offline_queue"
BARE = "bare sqlite3"
FLOOR = "append + fdatasync"
SAME_ROW = "bare sqlite3, our row"


@dataclass(frozen=True)
class Takes:
    """How things leave a queue.

    Attributes:
        take: take so many and acknowledge them, in as few steps as the queue offers.
        handle_all: leave it as if everything in it had been handled.
    """

    take: Callable[[int], None]
    handle_all: Callable[[], None]


@dataclass(frozen=True)
class Subject:
    """One queue in one directory.

    Attributes:
        takes: None for a mere file.
        connection: switches the syncing off and on, for filling; None where nothing is filled.
    """

    name: str
    put: Callable[[str], None]
    takes: Takes | None
    close: Callable[[], None]
    connection: Any = None

    def fill(self, bodies: Iterable[str]) -> None:
        """Put without syncing: filling is not what is measured."""
        if self.connection is None:
            return
        self.connection.execute("PRAGMA synchronous=OFF")
        for body in bodies:
            self.put(body)
        self.connection.execute("PRAGMA synchronous=FULL")


def open_ours(directory: Path, ring: KeyRing) -> Outbox:
    limits = Limits(kept=1_000_000, free_bytes=0, ballast_bytes=0)
    return Outbox.open(directory / "outbox.db", ring, limits=limits)


def ours(directory: Path) -> Subject:
    return subject_of(open_ours(directory, KeyRing.new()))


def subject_of(outbox: Outbox) -> Subject:
    numbers = iter(range(1 << 40))

    def put(body: str) -> None:
        outbox.put("act", f"key-{next(numbers) % 50}", body, at=datetime.now(UTC))

    def take(count: int) -> None:
        entries = outbox.due(count, 1 << 30)
        outbox.settle([Done(entry.op_id, "new") for entry in entries])

    def handle_all() -> None:
        while outbox.counts().waiting:
            take(5_000)

    connection = outbox._store._connection  # a real queue never lets go of its settings
    return Subject(OURS, put, Takes(take, handle_all), outbox.close, connection)


def append(directory: Path) -> Subject:
    """The floor: bytes at the end of a file, and fdatasync."""
    descriptor = os.open(directory / "log", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def put(body: str) -> None:
        os.write(descriptor, body.encode() + b"\n")
        os.fdatasync(descriptor)

    return Subject(FLOOR, put, None, lambda: os.close(descriptor))


def bare_sqlite(directory: Path) -> Subject:
    """One table, one statement: no ids, no order, no retry, no proof, nothing sealed."""
    connection = sqlite3.connect(directory / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE q (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")

    def put(body: str) -> None:
        connection.execute("INSERT INTO q (body) VALUES (?)", (body,))

    def take(count: int) -> None:
        rows = connection.execute("SELECT id, body FROM q ORDER BY id LIMIT ?", (count,)).fetchall()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("DELETE FROM q WHERE id = ?", [(row[0],) for row in rows])
        connection.execute("COMMIT")

    def handle_all() -> None:
        connection.execute("DELETE FROM q")

    return Subject(BARE, put, Takes(take, handle_all), connection.close, connection)


def same_row(directory: Path) -> Subject:
    """The floor of a queue that keeps what ours keeps: its table, its row, one statement.

    The row is made before: nothing is hashed, sealed, checked or dated.
    """
    place = directory / "outbox.db"
    open_ours(directory, KeyRing.new()).close()
    connection = open_writer(place)
    numbers = iter(range(1, 1 << 40))
    digest, boot_id, at = bytes(32), str(uuid4()), datetime.now(UTC).isoformat()

    def put(body: str) -> None:
        seq = next(numbers)
        op_id = f"01900000-0000-7000-8000-{seq:012x}"
        box = body.encode() + bytes(33)
        row = (seq, op_id, f"key-{seq % 50}", "act", box, digest, digest, digest, at, 1.5, boot_id)
        connection.execute(statements.PUT, row)

    return Subject(SAME_ROW, put, None, connection.close, connection)


def persist_queue(directory: Path) -> Subject:
    queue: Any = importlib.import_module("persistqueue").SQLiteAckQueue(
        str(directory), multithreading=True
    )

    def take(count: int) -> None:
        for _ in range(count):
            queue.ack(queue.get())

    def handle_all() -> None:
        queue._putter.execute("UPDATE ack_queue_default SET status = 5")
        queue._putter.commit()

    takes = Takes(take, handle_all)
    return Subject("persist-queue", queue.put, takes, queue.close, queue._putter)


def lite_queue(directory: Path) -> Subject:
    queue: Any = importlib.import_module("litequeue").LiteQueue(directory / "lite.db")
    queue.conn.execute("PRAGMA synchronous=FULL")

    def take(count: int) -> None:
        for _ in range(count):
            queue.done(queue.pop().message_id)

    def handle_all() -> None:
        queue.conn.execute("UPDATE Queue SET status = 2, done_time = 1")

    takes = Takes(take, handle_all)
    return Subject("litequeue", queue.put, takes, queue.close, queue.conn)


def huey(directory: Path) -> Subject:
    """Its storage alone. Taking deletes: what is taken and not handled is lost."""
    storage: Any = importlib.import_module("huey.storage").SqliteStorage(
        "bench", filename=str(directory / "huey.db")
    )

    def put(body: str) -> None:
        storage.enqueue(body.encode())

    def take(count: int) -> None:
        for _ in range(count):
            storage.dequeue()

    takes = Takes(take, storage.flush_queue)
    return Subject("huey (no ack)", put, takes, storage.close, storage.conn)


def makers() -> list[Callable[[Path], Subject]]:
    """The floor and ours always; the peers that are installed."""
    peers = {"persistqueue": persist_queue, "litequeue": lite_queue, "huey": huey}
    installed = [make for module, make in peers.items() if importlib.util.find_spec(module)]
    return [append, bare_sqlite, same_row, ours, *installed]
