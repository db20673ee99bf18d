"""What happened at the terminal, so that nobody can change the story afterwards.

Each record carries the hash of the one before it. Every so often the newest hash is signed
with Ed25519 (a checkpoint). A record that is changed, put in or taken out breaks the chain
or no longer fits a signature; cutting off the newest records leaves a sound but shorter
chain, so the service keeps each terminal's newest head and `verify` is given it.

What can happen is a catalogue of the caller's: an id, and a sentence with named places.
Nothing else can be recorded. The fields are kept in clear: ids and causes, nothing personal.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Formatter
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlite_utils import Database, Migrations

from offline_queue.chain import NO_HASH
from offline_queue.clock import Clock, SystemClock
from offline_queue.errors import OutboxError
from offline_queue.outbox import Outbox
from offline_queue.upkeep import sortable

RECORDS_PER_CHECKPOINT: Final = 100
CHECKPOINT_EVERY: Final = timedelta(minutes=1)

# Signed together with the head, so that the key's signatures mean nothing elsewhere.
_PURPOSE: Final = b"offline_queue audit checkpoint 1\n"

MIGRATIONS: Final = Migrations("offline_queue_audit")


@MIGRATIONS()
def m001_audit(db: Database) -> None:
    """Records, and signatures over the chain's head at some of them."""
    db.conn.execute("""
        CREATE TABLE audit (
            n         INTEGER PRIMARY KEY,
            at        TEXT NOT NULL,
            event     TEXT NOT NULL,
            fields    TEXT NOT NULL,
            prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
            hash      BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT
    """)
    db.conn.execute("""
        CREATE TABLE audit_checkpoints (
            n         INTEGER PRIMARY KEY,
            at        TEXT NOT NULL,
            hash      BLOB NOT NULL,
            key       BLOB NOT NULL,
            signature BLOB NOT NULL
        ) STRICT
    """)


class AuditError(OutboxError):
    """Base of the audit's errors."""


class NotInCatalogue(AuditError):
    """The event, or a field of it, is not in the catalogue."""


class AuditBroken(AuditError):
    """The story was changed, or cut. `n` is the first record that shows it."""

    def __init__(self, n: int, why: str) -> None:
        super().__init__(f"record {n}: {why}")
        self.n = n
        self.why = why


class Catalogue:
    """What can happen: ids and their sentences ("Operation {op_id} was parked: {reason}.")."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = dict(sentences)
        self._fields = {
            event: frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)
            for event, sentence in sentences.items()
        }

    def require(self, event: str, names: Iterable[str]) -> None:
        """Check that an event is known and has exactly these fields.

        Raises:
            NotInCatalogue: it is not, or has others.
        """
        fields = self._fields.get(event)
        if fields is None:
            raise NotInCatalogue(event)
        if fields != frozenset(names):
            raise NotInCatalogue(f"{event} has the fields {sorted(fields)}")

    def sentence(self, event: str, fields: Mapping[str, str]) -> str:
        """What happened, to be read; the id itself for an event that is no longer listed."""
        sentence = self._sentences.get(event)
        return event if sentence is None else sentence.format(**fields)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One thing that happened."""

    n: int
    at: datetime
    event: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The newest record and its hash, hexadecimal. 0 and zeros: nothing happened yet."""

    n: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The story is whole up to `head`; up to record `signed_n` nobody without the key wrote it."""

    head: AuditHead
    signed_n: int


class AuditLog:
    """The story of one terminal, in the same file as its outbox."""

    def __init__(
        self,
        outbox: Outbox,
        catalogue: Catalogue,
        key: Ed25519PrivateKey,
        *,
        clock: Clock | None = None,
    ) -> None:
        """Open it, making its tables where there are none.

        Raises:
            OutboxFull, StorageFailed: the tables could not be made.
        """
        self._outbox = outbox
        self._catalogue = catalogue
        self._key = key
        self._clock = clock or SystemClock()
        outbox.migrate(MIGRATIONS)

    def record(self, event: str, **fields: str) -> AuditRecord:
        """Record that something happened, durably; signs a checkpoint when one is due.

        Raises:
            NotInCatalogue: no such event, or other fields than its sentence has.
            OutboxFull, StorageFailed: not recorded.
        """
        with self._outbox.transaction() as connection:
            return self.record_in(connection, event, **fields)

    def record_in(self, connection: sqlite3.Connection, event: str, **fields: str) -> AuditRecord:
        """The same inside a transaction of the outbox, together with what it tells of.

        Raises:
            NotInCatalogue: no such event, or other fields than its sentence has.
        """
        self._catalogue.require(event, fields)
        before = _head(connection)
        at = self._clock.wall()
        n = before.n + 1
        written_at = at.isoformat()
        text = msgspec.json.encode(fields, order="sorted").decode()
        prev_hash = bytes.fromhex(before.hash)
        link = _link(prev_hash, n, written_at, event, text)
        connection.execute(
            "INSERT INTO audit (n, at, event, fields, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?)",
            (n, written_at, event, text, prev_hash, link),
        )
        if self._checkpoint_due(connection, n, at):
            self._sign(connection, AuditHead(n, link.hex()), at)
        return AuditRecord(n, at, event, fields)

    def checkpoint(self) -> AuditHead:
        """Sign the newest record now: before a batch is sent, say, or at a clean stop.

        Raises:
            OutboxFull, StorageFailed: not signed.
        """
        with self._outbox.transaction() as connection:
            head = _head(connection)
            if head.n > 0:
                self._sign(connection, head, self._clock.wall())
            return head

    @property
    def head(self) -> AuditHead:
        """The newest record. The service that keeps it sees a story that was cut or rolled back."""
        with self._outbox.transaction() as connection:
            return _head(connection)

    def head_at(self, n: int) -> AuditHead | None:
        """The head as it was when `n` was the newest record; None if there is no such record.

        With it a terminal shows somebody who kept head `n` that its story goes on from there.
        """
        with self._outbox.transaction() as connection:
            row = connection.execute("SELECT hash FROM audit WHERE n = ?", (n,)).fetchone()
        return None if row is None else AuditHead(n, row[0].hex())

    def last(self, count: int) -> list[tuple[AuditRecord, str]]:
        """The newest records, newest first, each with its sentence."""
        with self._outbox.transaction() as connection:
            records = last_records(connection, count)
        return [
            (record, self._catalogue.sentence(record.event, record.fields)) for record in records
        ]

    def verify(self, *, expected: AuditHead | None = None) -> Verified:
        """Check the whole story with this terminal's own key (see `verify_audit`)."""
        with self._outbox.transaction() as connection:
            return verify_audit(connection, [self._key.public_key()], expected=expected)

    def prune(self, before: datetime) -> int:
        """Forget records older than a moment, up to a checkpoint, which then begins the story.

        Raises:
            OutboxFull, StorageFailed: nothing was forgotten.
        """
        with self._outbox.transaction() as connection:
            (n,) = connection.execute(
                "SELECT max(n) FROM audit_checkpoints WHERE at < ?", (sortable(before),)
            ).fetchone()
            if n is None:
                return 0
            connection.execute("DELETE FROM audit_checkpoints WHERE n < ?", (n,))
            # The signed record itself stays: the signature is over its hash.
            return connection.execute("DELETE FROM audit WHERE n < ?", (n,)).rowcount

    def _checkpoint_due(self, connection: sqlite3.Connection, n: int, at: datetime) -> bool:
        row = connection.execute(
            "SELECT n, at FROM audit_checkpoints ORDER BY n DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return True
        # A wall clock that was set back must not stop the signing.
        age = abs(at - datetime.fromisoformat(row[1]))
        return n - row[0] >= RECORDS_PER_CHECKPOINT or age >= CHECKPOINT_EVERY

    def _sign(self, connection: sqlite3.Connection, head: AuditHead, at: datetime) -> None:
        written_at = sortable(at)
        signature = self._key.sign(_signed_text(head, written_at))
        connection.execute(
            "INSERT OR REPLACE INTO audit_checkpoints (n, at, hash, key, signature)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                head.n,
                written_at,
                bytes.fromhex(head.hash),
                self._key.public_key().public_bytes_raw(),
                signature,
            ),
        )


def last_records(connection: sqlite3.Connection, count: int) -> list[AuditRecord]:
    """The newest records, newest first. Needs no key and no `AuditLog`."""
    rows = connection.execute(
        "SELECT n, at, event, fields FROM audit ORDER BY n DESC LIMIT ?", (count,)
    ).fetchall()
    return [
        AuditRecord(n, datetime.fromisoformat(at), event, _decode_fields(text))
        for n, at, event, text in rows
    ]


def verify_audit(
    connection: sqlite3.Connection,
    keys: Iterable[Ed25519PublicKey],
    *,
    expected: AuditHead | None = None,
) -> Verified:
    """Read the whole story and check it. Needs no private key and no `AuditLog`.

    Args:
        connection: the database, or a copy of it.
        keys: the public keys that the terminal signed with.
        expected: a head that the terminal told somebody earlier.

    Raises:
        AuditBroken: a record was changed, put in or taken out; a signature does not fit; or the
            expected head is not in the story, which was cut or rolled back.
    """
    known = {key.public_bytes_raw(): key for key in keys}
    checkpoints = {
        n: (at, link, key, signature)
        for n, at, link, key, signature in connection.execute(
            "SELECT n, at, hash, key, signature FROM audit_checkpoints"
        )
    }
    head = AuditHead(0, NO_HASH.hex())
    signed_n = 0
    first = True
    for n, at, event, text, prev_hash, link in connection.execute(
        "SELECT n, at, event, fields, prev_hash, hash FROM audit ORDER BY n"
    ):
        if first and n > 1:
            # A story that was pruned begins with a signed record.
            if n not in checkpoints:
                raise AuditBroken(n, "the records before it are gone, and it is not signed")
        elif n != head.n + 1:
            raise AuditBroken(head.n + 1, "is gone")
        elif prev_hash.hex() != head.hash:
            raise AuditBroken(n, "does not follow the one before it")
        first = False
        if _link(prev_hash, n, at, event, text) != link:
            raise AuditBroken(n, "was changed")
        head = AuditHead(n, link.hex())
        if n in checkpoints:
            _check_signature(head, checkpoints.pop(n), known)
            signed_n = n
        if expected is not None and expected.n == n and expected != head:
            raise AuditBroken(n, "is not the one that was told earlier")
    if checkpoints:
        raise AuditBroken(min(checkpoints), "is signed and gone")
    if expected is not None and expected.n > head.n:
        raise AuditBroken(head.n + 1, "was told earlier and is gone")
    return Verified(head, signed_n)


def _check_signature(
    head: AuditHead,
    checkpoint: tuple[str, bytes, bytes, bytes],
    known: Mapping[bytes, Ed25519PublicKey],
) -> None:
    at, link, key, signature = checkpoint
    if link.hex() != head.hash:
        raise AuditBroken(head.n, "is not the one that was signed")
    if key not in known:
        raise AuditBroken(head.n, "is signed with a key that is not known")
    try:
        known[key].verify(signature, _signed_text(head, at))
    except InvalidSignature as error:
        raise AuditBroken(head.n, "has a signature that does not fit") from error


def _head(connection: sqlite3.Connection) -> AuditHead:
    row = connection.execute("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1").fetchone()
    return AuditHead(0, NO_HASH.hex()) if row is None else AuditHead(row[0], row[1].hex())


def _link(prev_hash: bytes, n: int, at: str, event: str, fields: str) -> bytes:
    return hashlib.sha256(prev_hash + f"{n}\n{at}\n{len(event)}\n{event}{fields}".encode()).digest()


def _signed_text(head: AuditHead, at: str) -> bytes:
    return _PURPOSE + f"{head.n} {head.hash} {at}".encode()


def _decode_fields(text: str) -> Mapping[str, str]:
    return msgspec.json.decode(text, type=dict[str, str])
