"""What a receipt printer says, out of a stream of bytes that may be cut and mixed anywhere.

How the kinds are told apart (Epson TM-T88III guide, appendix G; Citizen CBM-1000 5.3), by masks:

    XON 11, XOFF 13                anywhere, even inside another reply
    DLE EOT reply                  0xx1xx10
    automatic status, first byte   0xx1xx00, then exactly three of 0xx0xxxx
    GS r, GS I (one byte)          0xx0xxxx
    DLE EOT 20 reply               10 0F, then four of any
    block data                     37 35 3B 3D 5F, then anything up to NUL

The reply to DLE EOT 20 looks like the beginning of an automatic status: a parser must be told
that the printer sends the one and not the other.

Bit 7 is set by some clones and is not looked at.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RealTime:
    """A reply to DLE EOT; which n it answers only the one who asked can know."""

    byte: int


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """Four bytes that the printer sends by itself after `GS a`."""

    four: bytes


@dataclass(frozen=True, slots=True)
class FullStatus:
    """The four bytes of a reply to DLE EOT 20, without 10 0F."""

    four: bytes


@dataclass(frozen=True, slots=True)
class Ordered:
    """A reply to GS r or a one-byte GS I."""

    byte: int


@dataclass(frozen=True, slots=True)
class Block:
    """A header and what stood between it and NUL."""

    header: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Flow:
    """XOFF (stop) or XON (go on)."""

    stop: bool


@dataclass(frozen=True, slots=True)
class Stray:
    """Bytes that belong to nothing known: noise, or a reply that lost some of its bytes."""

    raw: bytes


Reply = RealTime | AutoStatus | FullStatus | Ordered | Block | Flow | Stray

XON = 0x11
XOFF = 0x13
BLOCK_HEADERS = frozenset((0x35, 0x37, 0x3B, 0x3D, 0x5F))
BLOCK_LIMIT = 128
"""Longest block taken, bytes. The longest known, a printer name, has 80."""

_AUTO_BYTES = 4
_FULL_MARK = b"\x10\x0f"
_FULL_BYTES = 6
_PRINTABLE = 0x20


class ReplyParser:
    """Cuts a stream into replies. Any split and any merge of the stream gives the same replies.

    Args:
        full_status: 10 0F begins a reply to DLE EOT 20, not an automatic status.
    """

    def __init__(self, *, full_status: bool = False) -> None:
        self._has_full_status = full_status
        self._auto = bytearray()
        self._block = bytearray()

    def reset(self) -> None:
        """Forget what has begun: the printer was turned off, or the port opened anew."""
        self._auto.clear()
        self._block.clear()

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that `data` completes, in the order of their last bytes."""
        replies: list[Reply] = []
        for byte in data:
            if byte in (XON, XOFF):
                replies.append(Flow(stop=byte == XOFF))
            else:
                self._take(byte, replies)
        return replies

    def _take(self, byte: int, replies: list[Reply]) -> None:
        if self._has_full_status and self._auto and self._is_full_status(byte):
            self._auto.append(byte)
            if len(self._auto) == _FULL_BYTES:
                replies.append(FullStatus(bytes(self._auto[len(_FULL_MARK) :])))
                self._auto.clear()
            return
        if self._auto:
            if not byte & 0x10:
                self._auto.append(byte)
                if len(self._auto) == _AUTO_BYTES:
                    replies.append(AutoStatus(bytes(self._auto)))
                    self._auto.clear()
                return
            if _is_real_time(byte):
                replies.append(RealTime(byte))
                return
            # Not one of the three that must follow: the rest of that status was lost.
            replies.append(Stray(bytes(self._auto)))
            self._auto.clear()
        if self._block:
            self._in_block(byte, replies)
        else:
            self._first(byte, replies)

    def _is_full_status(self, byte: int) -> bool:
        """Whether this byte belongs to a reply to DLE EOT 20 that has begun."""
        return (bytes(self._auto) + bytes((byte,))).startswith(_FULL_MARK)

    def _first(self, byte: int, replies: list[Reply]) -> None:
        if byte in BLOCK_HEADERS:
            self._block.append(byte)
        elif _is_real_time(byte):
            replies.append(RealTime(byte))
        elif _begins_auto(byte):
            self._auto.append(byte)
        elif not byte & 0x10:
            replies.append(Ordered(byte))
        else:
            replies.append(Stray(bytes((byte,))))

    def _in_block(self, byte: int, replies: list[Reply]) -> None:
        # Other replies should pause until NUL. Where a clone mixes them in, they can be told
        # from the block's own characters only below 20.
        if byte == 0:
            replies.append(Block(self._block[0], bytes(self._block[1:])))
            self._block.clear()
        elif byte < _PRINTABLE and _begins_auto(byte):
            self._auto.append(byte)
        elif byte < _PRINTABLE and _is_real_time(byte):
            replies.append(RealTime(byte))
        elif len(self._block) > BLOCK_LIMIT:
            replies.append(Stray(bytes(self._block)))
            self._block.clear()
            self._first(byte, replies)
        else:
            self._block.append(byte)


def _is_real_time(byte: int) -> bool:
    return byte & 0x13 == 0x12


def _begins_auto(byte: int) -> bool:
    return byte & 0x13 == 0x10
