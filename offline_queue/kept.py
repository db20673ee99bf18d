"""A queue's file as one looks at it and looks after it, apart from the traffic through it."""

import sqlite3
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

from sqlite_utils import Migrations

from offline_queue import looking, upkeep
from offline_queue import statements as sql
from offline_queue.clock import Clock
from offline_queue.entry import Counts, Head, Limits, ParkedEntry, Refusal, Standing, State
from offline_queue.errors import OutboxFull, StorageFailed
from offline_queue.schema import MIGRATIONS
from offline_queue.sealing import Sealer
from offline_queue.store import Store


class Kept:
    """What is kept, and how it stands. `Outbox` puts into it and takes out of it."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock, limits: Limits) -> None:
        """For `Outbox.open` only."""
        self._store = store
        self._sealer = sealer
        self._clock = clock
        self._limits = limits
        store.migrate(MIGRATIONS)
        upkeep.refuse_backups(store)
        upkeep.require_keys(store, sealer)
        upkeep.carry_waits(store, clock, cap_s=limits.wait_after_boot_s)
        self._tally = self._read_tally()
        store.lay_ballast()

    def close(self) -> None:
        """Give the file up. Nothing is lost by not calling it."""
        self._store.close()

    # --- looking --------------------------------------------------------------------------

    def counts(self) -> Counts:
        """How much is owed. Cheap at any length of the queue.

        Raises:
            StorageFailed: the file could not be read.
        """
        with self._store.lock:
            return Counts(self._tally.waiting, self._tally.parked, self._oldest_waiting())

    def state_of(self, op_id: str) -> State | None:
        """Where an operation stands; None if it was never put or its trace is gone.

        Raises:
            StorageFailed: the file could not be read.
        """
        row = self._store.one(sql.STATE, {"op_id": op_id})
        return None if row is None else State(row[0])

    def parked(self) -> list[ParkedEntry]:
        """Everything that a person must look at, oldest first.

        Raises:
            StorageFailed: the file could not be read.
        """
        with self._store.reading() as connection:
            return looking.parked_entries(connection)

    def standings(self, limit: int) -> list[Standing]:
        """What is owed, for people: at most `limit` parked ones, then as many that wait.

        Raises:
            StorageFailed: the file could not be read.
        """
        parked = [
            Standing(
                one.seq,
                one.op_id,
                one.kind,
                one.order_key,
                one.at,
                State.PARKED,
                one.attempts,
                one.reason,
                one.holds_key,
            )
            for one in self.parked()[:limit]
        ]
        with self._store.reading() as connection:
            return parked + looking.waiting(connection, self._tally.floor, limit)

    def standing(self, op_id: str) -> Standing | None:
        """How one operation stands; None if it was never put or its trace is gone.

        Raises:
            StorageFailed: the file could not be read.
        """
        with self._store.reading() as connection:
            return looking.standing(connection, op_id)

    def refusals(self) -> list[Refusal]:
        """What was not taken, counted by cause, since the file was made.

        Raises:
            StorageFailed: the file could not be read.
        """
        with self._store.reading() as connection:
            return looking.refusals(connection)

    @property
    def head(self) -> Head:
        """The newest operation ever put. A service that keeps it sees a queue that was cut."""
        with self._store.lock:
            return Head(self._tally.head_seq, self._tally.head_hash.hex())

    @property
    def generation(self) -> int:
        """1 for the first file, one more after each restore from a backup."""
        return int(self._store.fact("generation"))

    # --- upkeep ---------------------------------------------------------------------------

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """One durable transaction on the same file, for the caller's own tables.

        Other calls wait until it ends, so it should be short. Must not commit by itself.

        Raises:
            OutboxFull: the disk is full; rolled back.
            StorageFailed: rolled back.
            RuntimeError: a transaction is open already in this thread.
        """
        return self._store.transaction()

    def migrate(self, migrations: Migrations) -> None:
        """Bring the caller's tables in the same file up to date, step by step.

        Raises:
            OutboxFull: the disk is full; the steps before are kept.
            StorageFailed: the steps before are kept.
        """
        self._store.migrate(migrations)

    def prune(self, now: datetime) -> int:
        """Forget traces older than the limits say; how many. Other calls get in between steps.

        Raises:
            OutboxFull: the disk is full and there was no ballast left.
            StorageFailed: the file could not be written.
        """
        before = now - timedelta(days=self._limits.done_days)
        removed = 0
        while step := upkeep.prune_step(self._store, before=before, head_seq=self.head.seq):
            removed += step
        return removed

    def reseal(self) -> int:
        """Seal everything kept with the sealer's newest key; how many were sealed anew.

        Afterwards the older keys may be taken out of the key file. Backups made before still
        need them.

        Raises:
            KeyMissing, SealBroken: a row cannot be opened; many before it are done.
            StorageFailed: the file could not be written.
        """
        return upkeep.reseal(self._store, self._sealer)

    # --- inside ---------------------------------------------------------------------------

    def _oldest_waiting(self) -> datetime | None:
        """Its time; the walks over what waits begin there from now on."""
        row = self._store.one(sql.OLDEST_WAITING, {"floor": self._tally.floor})
        if row is None:
            self._tally.floor = self._tally.last_seq + 1
            return None
        self._tally.floor = row[0]
        return datetime.fromisoformat(row[1])

    @contextmanager
    def _true_after_failure(self) -> Generator[None]:
        """After a failed commit only the file knows what it holds: ask it."""
        try:
            yield
        except (OutboxFull, StorageFailed):
            self._tally = self._read_tally()
            raise

    def _read_tally(self) -> looking.Tally:
        with self._store.reading() as connection:
            return looking.tally(connection)
