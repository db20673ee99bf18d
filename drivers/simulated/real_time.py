"""Finds the real-time commands in what comes in, wherever they stand.

Printers obey `DLE EOT`, `DLE ENQ` and `DLE DC4` on reception, also inside the data of an image
(Epson TM-L90 guide; ZiJiang ZJ-58: "status also sent when the bytes occur in data").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PATTERN = re.compile(
    rb"\x10\x04(?P<eot>[\x01-\x04\x14])"
    rb"|\x10\x05(?P<enq>[\x01\x02])"
    rb"|(?P<clear>\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08)",
    re.DOTALL,
)
_LONGEST = 10


@dataclass(frozen=True, slots=True)
class AskStatus:
    """DLE EOT n."""

    n: int


@dataclass(frozen=True, slots=True)
class Recover:
    """DLE ENQ 1, and DLE ENQ 2 which also clears the buffers."""

    clear: bool


@dataclass(frozen=True, slots=True)
class ClearBuffers:
    """DLE DC4 fn 8."""


RealTime = AskStatus | Recover | ClearBuffers


class RealTimeListener:
    """Watches a stream of bytes for real-time commands, over any split."""

    def __init__(self) -> None:
        self._tail = b""

    def reset(self) -> None:
        """Forget a command of which only the beginning came."""
        self._tail = b""

    def hear(self, data: bytes) -> Iterator[tuple[int, RealTime]]:
        """Each command that is completed by this data, and the index in it where it ends."""
        known = len(self._tail)
        heard = self._tail + data
        self._tail = heard[-(_LONGEST - 1) :]
        for match in _PATTERN.finditer(heard):
            if match.end() > known:
                yield match.end() - known, _meaning(match)


def _meaning(match: re.Match[bytes]) -> RealTime:
    if match["eot"]:
        return AskStatus(match["eot"][0])
    if match["enq"]:
        return Recover(clear=match["enq"] == b"\x02")
    return ClearBuffers()
