"""Frames out of what a scanner sends: one code, or one reply to a command, each.

A code ends with the suffix that the scanner is set to, or with silence if it has none. Before
it may stand STX and an AIM identifier (`]Q1`). A reply to a command arrives on the same line:
it has ACK, NAK or ENQ in it, which no code has, and ends with `.` (Honeywell) or `;`
(Newland: `02 01 30 30 30 30 .. 06 3B 03`).
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

MAX_FRAME_BYTES = 4096
"""A QR code holds at most 2,953 bytes (ISO/IEC 18004, version 40-L)."""


class Suffix(Enum):
    """What the scanner sends after each code."""

    LINE = "line"
    """CR, LF or both: what most scanners are delivered with."""
    TAB = "tab"
    ETX = "etx"
    NONE = "none"
    """Nothing: silence ends the code."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How one scanner frames its codes.

    Attributes:
        suffix: what ends a code.
        silence_s: silence that ends a code without suffix, seconds.
        abandon_s: silence after which a code whose suffix never came is given up, seconds.
        repeat_s: the same code again within this time is the same scan, seconds.
    """

    suffix: Suffix = Suffix.LINE
    silence_s: float = 0.1
    abandon_s: float = 0.5
    repeat_s: float = 1.5


@dataclass(frozen=True, slots=True)
class Code:
    """A scanned code. `symbology` is its AIM identifier ("]Q1"), "" if the scanner sends none."""

    payload: bytes
    symbology: str = ""


@dataclass(frozen=True, slots=True)
class CommandReply:
    """What the scanner said about a command that it was sent."""

    raw: bytes


class Flaw(Enum):
    """Why a frame is not a code."""

    TOO_LONG = "too_long"
    """No suffix within `MAX_FRAME_BYTES`. Said once; the rest is thrown away up to the suffix."""
    CUT_OFF = "cut_off"
    """It began and never ended: the suffix did not come."""


@dataclass(frozen=True, slots=True)
class BadFrame:
    """Bytes that are no code, and how many there were."""

    flaw: Flaw
    length: int


Frame = Code | CommandReply | BadFrame

_STX, _ETX, _TAB, _LF, _CR = 0x02, 0x03, 0x09, 0x0A, 0x0D
_ENQ, _ACK, _NAK = 0x05, 0x06, 0x15
_ENDS = {
    Suffix.LINE: frozenset((_CR, _LF)),
    Suffix.TAB: frozenset((_TAB,)),
    Suffix.ETX: frozenset((_ETX,)),
    Suffix.NONE: frozenset[int](),
}
_NOISE_BEFORE = frozenset((_STX, _ETX, _CR, _LF))
_ANSWERS = frozenset((_ENQ, _ACK, _NAK))
_REPLY_ENDS = frozenset(b".;")
_AIM = re.compile(rb"\][A-Za-z][0-9A-Za-z]")


class Framer:
    """Cuts a stream into frames. Any split and any merge of the stream gives the same frames."""

    def __init__(
        self, framing: Framing | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._framing = framing or Framing()
        self._ends = _ENDS[self._framing.suffix]
        self._clock = clock
        self._frame = bytearray()
        self._answered = False
        self._discarding = False
        self._fed_at = clock()
        self._last: Code | None = None
        self._last_at = clock()

    def reset(self) -> None:
        """Forget what has begun: the scanner was plugged in anew."""
        self._frame.clear()
        self._answered = False
        self._discarding = False

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes, after those that the silence before it ended."""
        frames = self.silence()
        for byte in data:
            self._take(byte, frames)
        self._fed_at = self._clock()
        return frames

    def silence(self) -> list[Frame]:
        """The frames that have ended because nothing has come for long enough by now."""
        quiet_s = self._clock() - self._fed_at
        frames: list[Frame] = []
        if self._framing.suffix is Suffix.NONE and quiet_s >= self._framing.silence_s:
            self._end(frames)
        elif self._frame and quiet_s >= self._framing.abandon_s:
            frames.append(BadFrame(Flaw.CUT_OFF, len(self._frame)))
            self.reset()
            self._discarding = True  # its tail, should it still come, is not a code
        if quiet_s >= 2 * self._framing.abandon_s:
            self._discarding = False
        return frames

    def _take(self, byte: int, frames: list[Frame]) -> None:
        if byte in self._ends and not self._answered:
            self._end(frames)
            return
        if self._discarding or (not self._frame and byte in _NOISE_BEFORE):
            return
        self._frame.append(byte)
        if self._answered and byte in _REPLY_ENDS:
            frames.append(CommandReply(bytes(self._frame)))
            self.reset()
        elif byte in _ANSWERS:
            self._answered = True
        elif len(self._frame) > MAX_FRAME_BYTES:
            frames.append(BadFrame(Flaw.TOO_LONG, len(self._frame)))
            self.reset()
            self._discarding = True

    def _end(self, frames: list[Frame]) -> None:
        whole = bytes(self._frame).rstrip(b"\r\n")
        self.reset()
        if not whole:
            return
        aim = _AIM.match(whole)
        symbology = aim[0].decode("ascii") if aim else ""
        code = Code(whole[len(symbology) :], symbology)
        now = self._clock()
        # A code that is held under the scanner comes again and again: each time counts as seen.
        repeated = code == self._last and now - self._last_at < self._framing.repeat_s
        self._last, self._last_at = code, now
        if code.payload and not repeated:
            frames.append(code)
