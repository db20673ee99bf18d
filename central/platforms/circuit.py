"""A circuit breaker: a platform that fails is left alone, and tried again by one question.

A question costs money and one of an invoice's five a day, so there are no made-up probes:
the first real question after the pause is the probe, and until it is answered all others
are held back.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from central.platforms.outcome import Outage

_DRAW = random.SystemRandom()


class CircuitState(Enum):
    """Where a circuit stands."""

    CLOSED = "closed"
    """Questions pass."""
    OPEN = "open"
    """Questions are held back until the pause is over."""
    HALF_OPEN = "half_open"
    """One question is on its way; its end decides."""


@dataclass(frozen=True, slots=True)
class CircuitRules:
    """When a circuit opens, and for how long.

    Attributes:
        failures: outages in a row that open it. One is enough for an outage of the contract:
            keys and money do not come back by asking.
        first_pause_s, longest_pause_s: the pause doubles with each probe that fails.
    """

    failures: int = 5
    first_pause_s: float = 15.0
    longest_pause_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Passage:
    """Leave for one question. `is_probe`: its end decides whether the circuit closes."""

    is_probe: bool


class Circuit:
    """One platform's circuit. Every passage is followed by one `note` or `give_up`.

    Args:
        rules: when it opens.
        clock: seconds that only go forward.
        draw: between 0 and 1, to spread the probes of many services.
    """

    def __init__(
        self,
        rules: CircuitRules | None = None,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = _DRAW.random,
    ) -> None:
        self._rules = rules or CircuitRules()
        self._clock = clock
        self._draw = draw
        self._state = CircuitState.CLOSED
        self._failures = 0
        self._pauses = 0
        self._opens_at = 0.0

    @property
    def state(self) -> CircuitState:
        """Where it stands; OPEN also when the pause is over and nobody has asked since."""
        return self._state

    @property
    def is_shut(self) -> bool:
        """Whether a question would be held back now."""
        return self._state is CircuitState.HALF_OPEN or (
            self._state is CircuitState.OPEN and self._clock() < self._opens_at
        )

    def admit(self) -> Passage | None:
        """Leave for one question to pass; None when it is held back."""
        if self.is_shut:
            return None
        is_probe = self._state is CircuitState.OPEN
        if is_probe:
            self._state = CircuitState.HALF_OPEN
        return Passage(is_probe)

    def note(self, passage: Passage, outage: Outage | None) -> None:
        """What came of a question; an outage of None stands for any answer of the platform."""
        if outage is None:
            self._state = CircuitState.CLOSED
            self._failures = self._pauses = 0
            return
        self._failures += 1
        is_enough = self._failures >= self._rules.failures or outage is Outage.CONTRACT
        if passage.is_probe or (self._state is CircuitState.CLOSED and is_enough):
            self._open()

    def give_up(self, passage: Passage) -> None:
        """A question was cancelled: nothing is known of the platform."""
        if passage.is_probe:
            self._state = CircuitState.OPEN  # its pause is over: the next question probes

    def _open(self) -> None:
        whole = min(
            self._rules.longest_pause_s, self._rules.first_pause_s * 2 ** min(self._pauses, 16)
        )
        self._pauses += 1
        self._state = CircuitState.OPEN
        self._opens_at = self._clock() + whole * (0.5 + self._draw() / 2)
