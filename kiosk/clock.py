"""The two clocks: the one on the wall, in China, and the one that never steps."""

import time
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
"""Dates on invoices, slips and screens are dates in China, wherever the machine thinks it is."""


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The wall clock, aware, in China. May step when it is set."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow; their zero means nothing."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """The wall clock, aware, in China."""
        return datetime.now(BEIJING)

    def monotonic(self) -> float:
        """Seconds since some moment before this process began."""
        return time.monotonic()


class AheadClock(SystemClock):
    """The machine's clocks, ahead by what stands in a file: in a simulation nobody waits minutes.

    Only whoever starts the daemon can name such a file (`KIOSK_CLOCK_AHEAD`); the wall clock stays.

    Args:
        file: seconds, a number that only grows; without the file there are none.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def monotonic(self) -> float:
        """Seconds since some moment, and those that were skipped."""
        try:
            return super().monotonic() + float(self._file.read_text("ascii"))
        except FileNotFoundError:
            return super().monotonic()
