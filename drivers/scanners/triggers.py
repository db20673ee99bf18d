"""When a scanner is to be told to scan, and when to stop: its light is on only while it is asked.

Knows no line: it says which bytes are due, and its caller sends them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trigger:
    """How one make is told.

    Attributes:
        start: begins a scan; it ends with a code, with `stop`, or by itself.
        stop: ends it.
        renew_s: seconds after which it has ended by itself and must be begun again; None = never.
    """

    start: bytes
    stop: bytes
    renew_s: float | None = None


class Aim:
    """Whether a scan is awaited, and what the scanner must be told for it.

    `await_scan` may be called from any thread; the rest from the one that has the line.
    """

    def __init__(self, trigger: Trigger, clock: Callable[[], float] = time.monotonic) -> None:
        self._trigger = trigger
        self._clock = clock
        self._awaited = False
        self._begun_at: float | None = None
        self._may_be_on = True

    def await_scan(self, awaited: bool) -> None:
        """From now on a scan is awaited, or not."""
        self._awaited = awaited

    def connected(self) -> None:
        """The scanner is new on the line; its light may be on from before."""
        self._begun_at = None
        self._may_be_on = True

    def scanned(self) -> None:
        """It has read a code, which ends the scan on most makes; a needless stop does no harm."""
        self._begun_at = None
        self._may_be_on = True

    def due(self) -> bytes:
        """What it must be told now; empty if it is as it should be."""
        if self._awaited:
            renew_s = self._trigger.renew_s
            running = self._begun_at is not None and (
                renew_s is None or self._clock() - self._begun_at < renew_s
            )
            return b"" if running else self._trigger.start
        return self._trigger.stop if self._begun_at is not None or self._may_be_on else b""

    def told(self, command: bytes) -> None:
        """The bytes of `due` went out."""
        self._may_be_on = False
        self._begun_at = self._clock() if command == self._trigger.start else None
