"""From an act to the row that keeps it."""

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from offline_queue import statements as sql
from offline_queue.chain import link_hash
from offline_queue.clock import Clock
from offline_queue.entry import Entry, Head
from offline_queue.errors import OperationIdReused
from offline_queue.sealing import Sealer


@dataclass(slots=True)
class Act:
    """What somebody wants kept, before it has a number."""

    kind: str
    order_key: str
    body: str
    plain: bytes
    sha256: bytes
    at: datetime

    @classmethod
    def of(cls, kind: str, order_key: str, body: str, at: datetime, *, max_bytes: int) -> "Act":
        """An act that can be kept.

        Raises:
            ValueError: `at` is naive, or the body is too long or no Unicode text.
        """
        if at.utcoffset() is None:
            raise ValueError("the time of an act has an offset")
        plain = body.encode()
        if len(plain) > max_bytes:
            raise ValueError(f"a body has at most {max_bytes} bytes")
        return cls(kind, order_key, body, plain, hashlib.sha256(plain).digest(), at)


def entry_put_before(connection: sqlite3.Connection, op_id: str, act: Act) -> Entry | None:
    """The operation that was put under this id, None if none was.

    Raises:
        OperationIdReused: it was another act.
    """
    row = connection.execute(sql.KNOWN, {"op_id": op_id}).fetchone()
    if row is None:
        return None
    seq, order_key, kind, sha256, at, attempts = row
    if (order_key, kind, sha256) != (act.order_key, act.kind, act.sha256):
        raise OperationIdReused(op_id)
    its_at = datetime.fromisoformat(at)
    return Entry(seq, op_id, kind, order_key, its_at, act.body, sha256.hex(), attempts)


@dataclass(slots=True)
class NewRow:
    """What is written for an act: the values of `statements.PUT`, and the chain's new head."""

    values: tuple[object, ...]
    head: Head
    entry: Entry

    @classmethod
    def of(
        cls, act: Act, op_id: str, *, seq: int, after: Head, sealer: Sealer, clock: Clock
    ) -> "NewRow":
        """Number `seq`, chained after the newest operation, its body sealed under its id."""
        at = act.at.isoformat()
        at_mono = clock.monotonic_s()
        boot_id = clock.boot_id
        prev_hash = bytes.fromhex(after.hash)
        link = link_hash(
            prev_hash=prev_hash,
            seq=seq,
            op_id=op_id,
            order_key=act.order_key,
            kind=act.kind,
            sha256=act.sha256,
            at=at,
            at_mono=at_mono,
            boot_id=boot_id,
        )
        box = sealer.seal(act.plain, op_id)
        fixed = (seq, op_id, act.order_key, act.kind, box, act.sha256, prev_hash, link)
        entry = Entry(seq, op_id, act.kind, act.order_key, act.at, act.body, act.sha256.hex(), 0)
        return cls((*fixed, at, at_mono, boot_id), Head(seq, link.hex()), entry)
