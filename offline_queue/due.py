"""Reading what is to be sent, and not trusting the disk with it."""

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from offline_queue import statements as sql
from offline_queue.chain import link_hash
from offline_queue.entry import Entry
from offline_queue.sealing import SealBroken, Sealer


@dataclass(frozen=True, slots=True)
class Damaged:
    """A row that must not be sent, and why."""

    op_id: str
    reason: str


def read_due(
    connection: sqlite3.Connection,
    sealer: Sealer,
    *,
    floor: int,
    now_s: float,
    limit: int,
    max_bytes: int,
) -> tuple[list[Entry], list[Damaged]]:
    """Rows that are due, each proven to be what was put, and those that are not.

    Args:
        connection: the database.
        sealer: opens the bodies.
        floor: nothing with a lower number waits.
        now_s: monotonic time of this boot.
        limit: rows at most.
        max_bytes: bytes of bodies at most, but always one row.

    Raises:
        KeyMissing: a body was sealed with a key that the sealer does not hold.
    """
    entries: list[Entry] = []
    damaged: list[Damaged] = []
    room = max_bytes
    for row in connection.execute(sql.DUE, {"floor": floor, "now": now_s, "limit": limit}):
        seq, op_id, key, kind, box, digest, prev_hash, link, attempts, at, at_mono, boot_id = row
        expected = link_hash(
            prev_hash=prev_hash,
            seq=seq,
            op_id=op_id,
            order_key=key,
            kind=kind,
            sha256=digest,
            at=at,
            at_mono=at_mono,
            boot_id=boot_id,
        )
        if expected != link:
            damaged.append(Damaged(op_id, "damaged: the row is not what was put"))
            continue
        try:
            plain = sealer.unseal(box, op_id)
        except SealBroken as error:
            damaged.append(Damaged(op_id, f"damaged: {error}"))
            continue
        if hashlib.sha256(plain).digest() != digest:
            damaged.append(Damaged(op_id, "damaged: the body is not what was put"))
            continue
        room -= len(plain)
        if room < 0 and entries:
            break
        when = datetime.fromisoformat(at)
        entries.append(Entry(seq, op_id, kind, key, when, plain.decode(), digest.hex(), attempts))
    return entries, damaged
