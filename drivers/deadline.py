"""One deadline for one act."""

import time
from collections.abc import Callable


class DeadlinePassed(TimeoutError):
    """The act that was given a deadline did not end in time."""


class Deadline:
    """A moment on the monotonic clock, handed down so that all steps of one act share it."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock() + seconds

    @property
    def left_s(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._at - self._clock())

    def check(self, act: str) -> None:
        """Raise DeadlinePassed, naming the act, when no time is left."""
        if self.left_s == 0.0:
            raise DeadlinePassed(act)
