"""Operations owed to a service: kept durably, sent in order, never dropped.

One process owns the file. An operation is durable when `put` returns. It leaves the
queue only when the service has said that it holds it; whatever the service will not take
is parked where a person sees it. Operations of one `order_key` keep their order; a key
that must wait holds up no other.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from offline_queue import statements as sql
from offline_queue import upkeep
from offline_queue.clock import Clock, SystemClock
from offline_queue.due import read_due
from offline_queue.entry import (
    Entry,
    Limits,
    Parked,
    Settlement,
)
from offline_queue.errors import (
    FullBecause,
    OutboxFull,
    StorageFailed,
    UnknownOperation,
)
from offline_queue.kept import Kept
from offline_queue.op_ids import new_op_id, require_op_id
from offline_queue.sealing import Sealer
from offline_queue.settling import Moved, write_settlements
from offline_queue.store import Store
from offline_queue.taking import entry_put_before, new_row, plain_body

_log: Final = logging.getLogger(__name__)

_DEFAULT_LIMITS: Final = Limits()


class Outbox(Kept):
    """The queue. May be called from any thread; calls follow one another."""

    @classmethod
    def open(
        cls,
        path: Path,
        sealer: Sealer,
        *,
        clock: Clock | None = None,
        limits: Limits = _DEFAULT_LIMITS,
        second_writer: bool = False,
    ) -> "Outbox":
        """Open the queue, making the file where there is none.

        Args:
            path: the database, in a directory that exists.
            sealer: seals and opens the bodies.
            clock: the machine's own unless told.
            limits: how much is taken.
            second_writer: something else writes the file too (see `database.open_writer`).

        Raises:
            OwnedElsewhere: it is open already.
            DatabaseDamaged: the file is not a sound database.
            BackupNotRestored: the file is a backup as it was made.
            SqliteUnsafe: a second writer with a SQLite that cannot bear one.
            KeyMissing: something in it was sealed with a key that the sealer does not hold.
            OutboxFull: the disk is full, and the file had to be made or changed.
            StorageFailed: it cannot be opened.
        """
        store = Store(
            path,
            ballast_bytes=limits.ballast_bytes,
            spare_bytes=limits.free_bytes,
            second_writer=second_writer,
        )
        try:
            return cls(store, sealer, clock or SystemClock(), limits)
        except BaseException:
            store.close()
            raise

    # --- taking ---------------------------------------------------------------------------

    def put(
        self,
        kind: str,
        order_key: str,
        body: str,
        *,
        at: datetime,
        op_id: str | None = None,
        also: Callable[[sqlite3.Connection], None] | None = None,
    ) -> Entry:
        """Keep an operation. It is durable when this returns.

        Putting the same operation under the same id again changes nothing: it returns what
        was put before, and `also` is not called, since it was part of the first put.

        Args:
            kind: what it is; readable on the disk, so nothing personal.
            order_key: operations of one key are sent in order; readable on the disk.
            body: the act; sealed on the disk.
            at: when the person acted, aware.
            op_id: UUIDv7, lower-case with hyphens; made here unless given.
            also: writes the caller's own rows in the same transaction. Must not commit.

        Raises:
            OutboxFull: not taken; the refusal is counted.
            StorageFailed: not taken.
            OperationIdReused: another operation has this id.
            ValueError: `at` is naive, `op_id` is no UUIDv7, or the body is too long.
        """
        plain = plain_body(body, at, self._limits.body_bytes)
        sha256 = hashlib.sha256(plain).digest()
        with self._store.lock:
            if op_id is None:
                op_id = new_op_id(at)
            else:
                require_op_id(op_id)
                known = self._put_before(op_id, kind, order_key, body, sha256)
                if known is not None:
                    return known
            now_s = self._clock.monotonic_s()
            self._refuse_if_full(now_s)
            tally = self._tally
            seq = tally.last_seq + 1
            row, link = new_row(
                *(seq, op_id, kind, order_key, at, now_s, self._clock.boot_id),
                *(plain, sha256, tally.head_hash, self._sealer),
            )
            self._insert(row, also)
            tally.last_seq = tally.head_seq = seq
            tally.head_hash = link
            tally.waiting += 1
            return Entry(seq, op_id, kind, order_key, at, body, sha256.hex(), 0)

    # --- sending --------------------------------------------------------------------------

    def due(self, limit: int, max_bytes: int) -> list[Entry]:
        """What to send now, in the order of `seq`, bodies unsealed.

        Nothing of a key comes before what was put under it earlier. A row that was changed
        on the disk is parked and never returned.

        Args:
            limit: at most so many.
            max_bytes: at most so many bytes of bodies in UTF-8; the first is returned however
                long it is, or it would never be sent.

        Raises:
            OutboxFull, StorageFailed: the file could not be read, or a damaged row not be parked.
            KeyMissing: the sealer gave up a key while the queue was open.
        """
        with self._store.lock:
            while True:
                with self._store.reading() as connection:
                    self._oldest_waiting()
                    entries, damaged = read_due(
                        connection,
                        self._sealer,
                        floor=self._tally.floor,
                        now_s=self._clock.monotonic_s(),
                        limit=limit,
                        max_bytes=max_bytes,
                    )
                if not damaged:
                    return entries
                # Parking one holds back its key, so the batch is read anew.
                _log.error("outbox.rows_damaged count=%d", len(damaged))
                self.settle([Parked(row.op_id, row.reason) for row in damaged])

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Write down what became of operations, in one transaction.

        States only move down: Done beats Parked beats Deferred, and what is done or not known
        stays as it is, so settling the same again does no harm (a Deferred counts once more).

        Raises:
            OutboxFull: the disk is full and there was no ballast left; nothing was changed.
            StorageFailed: nothing was changed.
        """
        done_at = upkeep.sortable(self._clock.wall())
        now_s = self._clock.monotonic_s()

        def write() -> Moved:
            with self._store.transaction() as connection:
                return write_settlements(connection, settlements, done_at=done_at, now_s=now_s)

        with self._store.lock, self._true_after_failure():
            moved = self._store.with_ballast(write)
            self._tally.waiting += moved.waiting
            self._tally.parked += moved.parked
        self._store.lay_ballast()

    def next_due_in_s(self) -> float | None:
        """Seconds until `due` gives something: 0 if it does now, None if never by itself.

        Raises:
            StorageFailed: the file could not be read.
        """
        with self._store.lock:
            now = self._clock.monotonic_s()
            bound = {"floor": self._tally.floor, "now": now}
            if self._store.one(sql.ANY_DUE, bound) is not None:
                return 0.0
            row = self._store.one(sql.NEXT_DUE)
            return None if row is None else max(0.0, row[0] - now)

    # --- acts of staff --------------------------------------------------------------------

    def replay(self, op_id: str) -> None:
        """Send a parked operation again, with its attempts forgotten. Harmless if it waits.

        If its key was released, operations put after it may have gone before it.

        Raises:
            UnknownOperation: it is not kept here.
            StorageFailed: nothing was changed.
        """
        with self._store.lock, self._true_after_failure():
            if self._change_parked(sql.REPLAY, op_id):
                self._tally.waiting += 1
                self._tally.parked -= 1
                self._tally.floor = 0

    def release_key(self, op_id: str) -> None:
        """Let later operations of a parked one's key go on without it. It stays parked.

        Raises:
            UnknownOperation: it is not kept here.
            StorageFailed: nothing was changed.
        """
        self._change_parked(sql.RELEASE_KEY, op_id)

    def hurry(self) -> int:
        """End the waits of whatever waits; how many waited. Parked ones stay parked.

        Raises:
            OutboxFull, StorageFailed: nothing was changed.
        """
        with self._store.lock:
            return self._store.write(sql.HURRY, {})

    # --- inside ---------------------------------------------------------------------------

    def _insert(
        self, row: tuple[object, ...], also: Callable[[sqlite3.Connection], None] | None
    ) -> None:
        try:
            if also is None:
                self._store.insert(sql.PUT, row)
                return
            with self._store.transaction() as connection:
                connection.execute(sql.PUT, row)
                also(connection)
        except (OutboxFull, StorageFailed) as error:
            self._tally = self._read_tally()
            if isinstance(error, OutboxFull):
                self._count_refusal(error.because)
            raise

    def _change_parked(self, statement: str, op_id: str) -> bool:
        with self._store.lock:
            if self._store.write(statement, {"op_id": op_id}):
                return True
            if self.state_of(op_id) is None:
                raise UnknownOperation(op_id)
            return False

    def _put_before(
        self, op_id: str, kind: str, order_key: str, body: str, sha256: bytes
    ) -> Entry | None:
        with self._store.reading() as connection:
            return entry_put_before(
                connection, op_id, kind=kind, order_key=order_key, body=body, sha256=sha256
            )

    def _refuse_if_full(self, now_s: float) -> None:
        if self._tally.waiting + self._tally.parked >= self._limits.kept:
            because = FullBecause.COUNT
        elif self._store.short_of_space(now_s):
            because = FullBecause.FREE_SPACE
        else:
            return
        self._count_refusal(because)
        raise OutboxFull(because)

    def _count_refusal(self, because: FullBecause) -> None:
        """So that staff see how many people were turned away. The refusal stands without it."""
        bound = {"because": because.value, "at": upkeep.sortable(self._clock.wall())}
        try:
            self._store.with_ballast(lambda: self._store.write(sql.COUNT_REFUSAL, bound))
        except (OutboxFull, StorageFailed) as error:
            _log.warning("outbox.refusal_not_counted because=%s error=%s", because.value, error)
