"""Zebra's Simple Serial Interface: codes in packets with a checksum, each to be acknowledged.

A packet is `length opcode source status data.. checksum checksum`. The length counts all but the
checksum; the checksum is the two's complement of the sum of all before it, high byte first.
Sources: Symbol SE923 integration guide p. 6-15, SE955 p. 10-9; Zebra 72E-40451.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.scanners.framer import BadFrame, Code, CommandReply, Flaw, Frame

START_SESSION = 0xE4
STOP_SESSION = 0xE5
ACK = 0xD0
NAK = 0xD1
DECODE_DATA = 0xF3
NAK_RESEND = 0x01

_HOST = 0x04
_RETRANSMITTED = 0x01
_CONTINUED = 0x02
_HEADER_BYTES = 4
_CHECKSUM_BYTES = 2
_ABANDON_S = 0.5
_REPEAT_S = 1.5


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet whose checksum is right."""

    opcode: int
    source: int
    status: int
    data: bytes = b""


def packet_bytes(opcode: int, data: bytes = b"", status: int = 0, source: int = _HOST) -> bytes:
    """A packet as it goes over the line.

    Raises:
        ValueError: more data than a packet holds (251 bytes).
    """
    length = _HEADER_BYTES + len(data)
    if length > 0xFF:
        raise ValueError(f"{len(data)} bytes do not fit a packet")
    head = bytes((length, opcode, source, status)) + data
    return head + _checksum(head)


def _checksum(head: bytes) -> bytes:
    return (-sum(head) & 0xFFFF).to_bytes(_CHECKSUM_BYTES, "big")


class SsiFramer:
    """Cuts a stream of packets into frames, as `Framer` does with lines.

    What the scanner must be answered is collected in `owed`. A packet that it sends again because
    our acknowledgement was lost is acknowledged and not told twice. A code that comes in several
    packets (more than 250 bytes: no invoice code is so long) is reported as too long.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buffer = bytearray()
        self._fed_at = clock()
        self._owed = bytearray()
        self._in_several = False
        self._last_data = b""
        self._last: Code | None = None
        self._last_at = clock()

    def reset(self) -> None:
        """Forget what has begun: the scanner was plugged in anew."""
        self._buffer.clear()
        self._owed.clear()
        self._in_several = False
        self._last_data = b""

    def owed(self) -> bytes:
        """What is to be sent to the scanner now; taken out."""
        owed = bytes(self._owed)
        self._owed.clear()
        return owed

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes, after those that the silence before it ended."""
        frames = self.silence()
        self._buffer += data
        self._fed_at = self._clock()
        while True:
            while self._buffer and self._buffer[0] < _HEADER_BYTES:
                del self._buffer[0]  # no packet begins so
            end = self._buffer[0] + _CHECKSUM_BYTES if self._buffer else 1
            if len(self._buffer) < end:
                return frames
            whole = bytes(self._buffer[:end])
            if _checksum(whole[:-_CHECKSUM_BYTES]) != whole[-_CHECKSUM_BYTES:]:
                # Where the next packet begins is not known; the scanner sends this one again.
                self._buffer.clear()
                self._owed += packet_bytes(NAK, bytes((NAK_RESEND,)))
                return frames
            del self._buffer[:end]
            self._take(Packet(whole[1], whole[2], whole[3], whole[4:-_CHECKSUM_BYTES]), frames)

    def silence(self) -> list[Frame]:
        """The frame that will not be completed any more."""
        if not self._buffer or self._clock() - self._fed_at < _ABANDON_S:
            return []
        frame = BadFrame(Flaw.CUT_OFF, len(self._buffer))
        self._buffer.clear()
        return [frame]

    def _take(self, packet: Packet, frames: list[Frame]) -> None:
        if packet.opcode in (ACK, NAK):
            frames.append(CommandReply(bytes((packet.opcode,)) + packet.data))
            return
        self._owed += packet_bytes(ACK)
        if packet.opcode != DECODE_DATA:
            return  # an event; it only wants to be acknowledged
        if packet.status & _RETRANSMITTED and packet.data == self._last_data:
            return
        self._last_data = packet.data
        continued = bool(packet.status & _CONTINUED)
        if continued and not self._in_several:
            frames.append(BadFrame(Flaw.TOO_LONG, len(packet.data)))
        if not continued and not self._in_several:
            self._tell(Code(packet.data[1:].rstrip(b"\r\n")), frames)
        self._in_several = continued

    def _tell(self, code: Code, frames: list[Frame]) -> None:
        now = self._clock()
        repeated = code == self._last and now - self._last_at < _REPEAT_S
        self._last, self._last_at = code, now
        if code.payload and not repeated:
            frames.append(code)
