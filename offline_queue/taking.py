"""From an act to the row that keeps it."""

import sqlite3
from datetime import datetime

from offline_queue import statements as sql
from offline_queue.chain import link_hash
from offline_queue.entry import Entry
from offline_queue.errors import OperationIdReused
from offline_queue.sealing import Sealer


def plain_body(body: str, at: datetime, max_bytes: int) -> bytes:
    """The bytes of an act that can be kept.

    Raises:
        ValueError: `at` is naive, or the body is too long or no Unicode text.
    """
    if at.utcoffset() is None:
        raise ValueError("the time of an act has an offset")
    plain = body.encode()
    if len(plain) > max_bytes:
        raise ValueError(f"a body has at most {max_bytes} bytes")
    return plain


def entry_put_before(
    connection: sqlite3.Connection,
    op_id: str,
    *,
    kind: str,
    order_key: str,
    body: str,
    sha256: bytes,
) -> Entry | None:
    """The operation that was put under this id, None if none was.

    Raises:
        OperationIdReused: it was another act.
    """
    row = connection.execute(sql.KNOWN, {"op_id": op_id}).fetchone()
    if row is None:
        return None
    seq, its_key, its_kind, its_sha256, at, attempts = row
    if (its_key, its_kind, its_sha256) != (order_key, kind, sha256):
        raise OperationIdReused(op_id)
    its_at = datetime.fromisoformat(at)
    return Entry(seq, op_id, kind, order_key, its_at, body, sha256.hex(), attempts)


def new_row(
    seq: int,
    op_id: str,
    kind: str,
    order_key: str,
    at: datetime,
    at_mono: float,
    boot_id: str,
    plain: bytes,
    sha256: bytes,
    prev_hash: bytes,
    sealer: Sealer,
) -> tuple[tuple[object, ...], bytes]:
    """The values of `statements.PUT`, and the hash that the next operation is chained to.

    Plain arguments and tuples: after each wait for the disk the caches are cold, and every
    object and call in a put then costs several times what a loop shows.
    """
    at_text = at.isoformat()
    link = link_hash(
        prev_hash=prev_hash,
        seq=seq,
        op_id=op_id,
        order_key=order_key,
        kind=kind,
        sha256=sha256,
        at=at_text,
        at_mono=at_mono,
        boot_id=boot_id,
    )
    box = sealer.seal(plain, op_id)
    fixed = (seq, op_id, order_key, kind, box, sha256, prev_hash, link)
    return (*fixed, at_text, at_mono, boot_id), link
