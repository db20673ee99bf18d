"""A backup made ready to leave the house: packed, cut into parts, each part sealed.

Whoever keeps the parts learns their number, size and time, nothing else. Each part is sealed
under the name of its backup, its place and their number, so that parts cannot be exchanged.
"""

import zlib
from typing import Final

from central.contract import MAX_BACKUP_PART_BYTES, MAX_BACKUP_PARTS
from offline_queue.sealing import HEADER_BYTES, NONCE_BYTES, TAG_BYTES, SealBroken, Sealer

PLAIN_BYTES: Final = MAX_BACKUP_PART_BYTES - HEADER_BYTES - NONCE_BYTES - TAG_BYTES
"""What goes into one part."""
MAX_COPY_BYTES: Final = 512 * 1024 * 1024
"""Of an opened copy: bounds what damaged parts can unpack to."""


class TooLarge(ValueError):
    """The copy does not fit into as many parts as the service takes."""


def seal_copy(content: bytes, backup_id: str, sealer: Sealer) -> list[bytes]:
    """The parts of a copy, ready to be sent.

    Raises:
        TooLarge: it has more parts than the service takes.
    """
    packed = zlib.compress(content, 6)
    pieces = [packed[at : at + PLAIN_BYTES] for at in range(0, len(packed), PLAIN_BYTES)]
    if len(pieces) > MAX_BACKUP_PARTS:
        raise TooLarge(f"{len(packed)} bytes, packed")
    return [
        sealer.seal(piece, _name(backup_id, part, len(pieces)))
        for part, piece in enumerate(pieces, start=1)
    ]


def open_copy(parts: list[bytes], backup_id: str, sealer: Sealer) -> bytes:
    """The copy that was sealed.

    Raises:
        SealBroken: a part is not what was sealed, or parts are missing or out of order.
        KeyMissing: it was sealed with a key that the sealer does not hold.
    """
    packed = b"".join(
        sealer.unseal(sealed, _name(backup_id, part, len(parts)))
        for part, sealed in enumerate(parts, start=1)
    )
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(packed, MAX_COPY_BYTES)
    except zlib.error as error:
        raise SealBroken("cannot be unpacked") from error
    if not unpacking.eof:
        raise SealBroken("cut short, or far too long")
    return content


def _name(backup_id: str, part: int, parts: int) -> str:
    return f"backup {backup_id} {part}/{parts}"
