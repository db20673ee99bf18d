"""Each operation carries the hash of the one before it, so that a changed row shows."""

import hashlib
from typing import Final

NO_HASH: Final = bytes(32)
"""What the first operation follows."""


def link_hash(
    *,
    prev_hash: bytes,
    seq: int,
    op_id: str,
    order_key: str,
    kind: str,
    sha256: bytes,
    at: str,
    at_mono: float,
    boot_id: str,
) -> bytes:
    """SHA-256 over everything about an operation that never changes.

    Lengths stand before the two free texts, so that no two operations read the same.
    """
    facts = (
        f"{seq}\n{op_id}\n{at}\n{at_mono!r}\n{boot_id}\n"
        f"{len(order_key)}\n{order_key}\n{len(kind)}\n{kind}"
    )
    return hashlib.sha256(prev_hash + sha256 + facts.encode()).digest()
