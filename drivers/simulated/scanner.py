"""A barcode scanner that is not there: what it "reads" comes out of a pseudo-terminal."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from drivers.simulated.clock import Clock, monotonic_clock
from drivers.simulated.pty_device import PtyDevice

_TRIGGERS = re.compile(
    # Newland (HR52 guide, p. 35): 7E 01 0000, @ stored or # temporary, the command, 3B 03.
    rb"\x7e\x01(?P<address>0000)(?P<newland>[@#][A-Z0-9]{6}[^\x03;]*);\x03"
    # Honeywell (N86 guide): 16 54 0D starts, 16 55 0D stops.
    rb"|\x16(?P<honeywell>[TU])\r",
    re.DOTALL,
)
_LONGEST_COMMAND = 64
_ACK = b"\x06"
_TRIGGER_ON = b"SCNTRG1"
_TRIGGER_OFF = b"SCNTRG0"


@dataclass(frozen=True, slots=True)
class ScannerState:
    """How the scanner stands: whether it is plugged in, and whether a host told it to read."""

    plugged: bool
    triggered: bool
    scans: int


class SimulatedScanner(PtyDevice):
    """A serial scanner on a pseudo-terminal. All methods can be called from any thread.

    A scan is sent whether or not the host has pulled the trigger: the person does not care.

    Args:
        link: the stable path of the device.
        clock: seconds, for pauses within a scan.
    """

    def __init__(self, link: Path, clock: Clock = monotonic_clock) -> None:
        super().__init__(link, clock)
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._heard = b""
        self._triggered = False
        self._scans = 0

    def scan(
        self,
        data: bytes | str,
        suffix: bytes = b"\r",
        *,
        split: Sequence[int] = (),
        pause_s: float = 0.005,
    ) -> None:
        """A person holds up a code.

        Args:
            data: its content; a str is sent as UTF-8.
            suffix: what the scanner is set to send after it.
            split: places in data + suffix where the bytes come apart, ascending.
            pause_s: silence at each of these places.

        Raises:
            ValueError: when the places of the split do not ascend.
        """
        if sorted(split) != list(split):
            raise ValueError("the places of a split must ascend")
        content = data.encode() if isinstance(data, str) else data
        parts = _parts(content + suffix, split)
        self.ask(lambda: self._queue_scan(parts, pause_s))

    def garbage(self, data: bytes = b"\xff\x00\xfe\x80\x00") -> None:
        """Bytes that are no scan: noise on the line, no suffix."""
        self.ask(lambda: self._queue([data], 0.0))

    def state(self) -> ScannerState:
        """How the scanner stands now."""
        return self.ask(lambda: ScannerState(self.plugged, self._triggered, self._scans))

    def unplug(self) -> None:
        """Pull the plug out, and with it the power: what was not sent yet is lost."""
        self.ask(self._lose_power)

    def _lose_power(self) -> None:
        self._waiting.clear()
        self._heard = b""
        self._triggered = False
        self._unplug()

    def _queue_scan(self, parts: list[bytes], pause_s: float) -> None:
        self._scans += 1
        self._queue(parts, pause_s)

    def _queue(self, parts: list[bytes], pause_s: float) -> None:
        at = self._clock()
        if self._waiting:
            at = max(at, self._waiting[-1][0])
        for place, part in enumerate(parts):
            self._waiting.append((at + place * pause_s, part))

    # The device's own thread

    def received(self, data: bytes, now: float) -> None:
        """The host says something: answer the commands for the trigger."""
        heard = self._heard + data
        end = 0
        for match in _TRIGGERS.finditer(heard):
            end = match.end()
            self._obey(match)
        self._heard = heard[end:][-_LONGEST_COMMAND:]

    def _obey(self, match: re.Match[bytes]) -> None:
        command = match["newland"]
        if command is None:
            self._triggered = match["honeywell"] == b"T"
            return  # Honeywell says nothing to a trigger command
        if command[1:] in (_TRIGGER_ON, _TRIGGER_OFF):
            self._triggered = command[1:] == _TRIGGER_ON
        self._queue([b"\x02\x01" + match["address"] + command + _ACK + b";\x03"], 0.0)

    def work(self, now: float) -> None:
        """Nothing happens by itself but what is queued."""

    def sayings(self, now: float) -> list[bytes]:
        """The parts of scans and answers that are due."""
        due: list[bytes] = []
        while self._waiting and self._waiting[0][0] <= now:
            due.append(self._waiting.popleft()[1])
        return due

    def next_event_at(self) -> float | None:
        """When the next part is due."""
        return self._waiting[0][0] if self._waiting else None

    def room_bytes(self, now: float) -> int:
        """A scanner takes what it is told at once."""
        return _LONGEST_COMMAND


def _parts(content: bytes, split: Sequence[int]) -> list[bytes]:
    edges = [0, *(min(place, len(content)) for place in split), len(content)]
    pieces = [content[a:b] for a, b in pairwise(edges)]
    return [piece for piece in pieces if piece]
