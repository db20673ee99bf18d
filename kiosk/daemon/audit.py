"""Writes the terminal's story: acts of people and events of the machine, in their order.

What is a promise (a ticket, the end of a print) is recorded in the very transaction that makes
it (`note_in`). Everything else is noted from the event loop without waiting and written a
moment later, many at a time: nobody waits for the audit. What cannot be written (a full disk)
waits in memory, bounded, and what had to be given up is counted and told.
"""

import asyncio
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from central.contract import AuditReport
from kiosk.daemon.acts import (
    Act,
    AuditMissed,
    ServiceRolledBack,
    act_id,
    catalogue,
    fields_of,
)
from kiosk.logs import fact
from offline_queue.audit import AuditLog
from offline_queue.errors import OutboxFull, StorageFailed
from offline_queue.outbox import Outbox
from offline_queue.signing_key import create_signing_key, read_signing_key

KEY_FILE = "audit.key"
"""The signing key, in the state folder."""
MAX_WAITING = 5_000
MAX_AT_ONCE = 200
RETRY_S = 10.0

Note = Callable[[Act], None]
"""Takes an act from the event loop, without waiting."""

_log = logging.getLogger(__name__)


NoteIn = Callable[[sqlite3.Connection, Act], None]
"""Records an act in an open transaction of the outbox."""


def unnoted(_: Act) -> None:
    """A `Note` for parts that run without an audit."""


def unnoted_in(_connection: sqlite3.Connection, _: Act) -> None:
    """A `NoteIn` for parts that run without an audit."""


class Audit:
    """The story of this terminal."""

    def __init__(self, outbox: Outbox, log: AuditLog) -> None:
        self._outbox = outbox
        self._audit_log = log
        self._waiting: deque[Act] = deque()
        self._missed = 0
        self._asked_n = 0
        self._wake = asyncio.Event()
        self._one_writes = threading.Lock()

    @classmethod
    def open(cls, outbox: Outbox, state_dir: Path) -> "Audit":
        """The story in the queue's file, with the key in the state folder (made if missing).

        Raises:
            KeyFileRefused: the key file is readable by others, or no key.
            OutboxFull, StorageFailed: its tables could not be made.
        """
        path = state_dir / KEY_FILE
        key = read_signing_key(path) if path.exists() else create_signing_key(path)
        return cls(outbox, AuditLog(outbox, catalogue(), key))

    @property
    def waiting(self) -> int:
        """Acts that are noted and not yet written."""
        return len(self._waiting)

    def noted(self) -> list[Act]:
        """Those acts, oldest first."""
        return list(self._waiting)

    def note(self, act: Act) -> None:
        """Record an act soon; from the event loop."""
        if len(self._waiting) >= MAX_WAITING:
            self._missed += 1
            return
        self._waiting.append(act)
        self._wake.set()

    def note_in(self, connection: sqlite3.Connection, act: Act) -> None:
        """Record an act in a transaction of the outbox, together with what it tells of."""
        self._audit_log.record_in(connection, act_id(act), **fields_of(act))

    def prune(self, before: datetime) -> int:
        """Forget records from before a moment; how many. Blocking.

        Raises:
            OutboxFull, StorageFailed: nothing was forgotten.
        """
        return self._audit_log.prune(before)

    async def run(self) -> None:
        """Write what is noted, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                if not await self._write_some():
                    await asyncio.sleep(RETRY_S)

    async def flush(self) -> None:
        """Write what is still waiting and sign it: the last thing before the file is closed."""
        while self._waiting and await self._write_some():
            pass
        try:
            await asyncio.to_thread(self._audit_log.checkpoint)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "audit.not_signed", why=type(error).__name__)

    def report(self) -> AuditReport | None:
        """How far the story goes, signed now, for the service; blocking.

        None when the file cannot be written: what is owed is sent all the same.
        """
        try:
            head = self._audit_log.checkpoint()
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "audit.not_signed", why=type(error).__name__)
            return None
        proof = self._audit_log.head_at(self._asked_n) if self._asked_n else None
        return AuditReport(
            n=head.n,
            hash=head.hash,
            generation=self._outbox.generation,
            proof_n=proof.n if proof else 0,
            proof_hash=proof.hash if proof else "",
        )

    def confirmed(self, n: int) -> None:
        """The service said up to which record it holds the story as proven.

        A number below the one before is a service that was put back to an older copy: what it
        had taken since then, it does not know any more.
        """
        if n < self._asked_n:
            fact(_log, "service.rolled_back", was=self._asked_n, now=n)
            self.note(ServiceRolledBack(self._asked_n, n))
        self._asked_n = n

    async def _write_some(self) -> bool:
        try:
            await asyncio.to_thread(self._write)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "audit.not_written", waiting=len(self._waiting), why=type(error).__name__)
            return False
        return True

    def _write(self) -> None:
        """Write the oldest that wait. In a thread that nobody can cancel: all of it or nothing."""
        with self._one_writes:
            acts = [self._waiting.popleft() for _ in range(min(MAX_AT_ONCE, len(self._waiting)))]
            missed = self._missed
            try:
                with self._outbox.transaction() as connection:
                    for act in acts:
                        self.note_in(connection, act)
                    if missed:
                        self.note_in(connection, AuditMissed(missed))
            except (OutboxFull, StorageFailed):
                self._waiting.extendleft(reversed(acts))
                raise
            self._missed -= missed
