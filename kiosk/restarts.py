"""When a child may be started again, and when somebody must be told that it keeps failing."""

from collections import deque
from dataclasses import dataclass
from enum import Enum

FIRST_WAIT_S = 0.5
_DOUBLINGS = 16
STEADY_S = 60.0
"""A child that ran this long is well again: its next restart is quick."""


class Because(Enum):
    """Why a child is started."""

    FIRST = "first"
    ENDED = "ended"  # the one before ended by itself or was killed by somebody
    HUNG = "hung"  # it was silent for too long
    MEMORY = "memory"  # it had grown too large
    PLANNED = "planned"  # once a day, while nobody is there
    ASKED = "asked"  # it asked for it itself, for new settings

    @property
    def is_failure(self) -> bool:
        """Whether something went wrong; only that uses up the budget."""
        return self in (Because.ENDED, Because.HUNG)


@dataclass(frozen=True, slots=True)
class Budget:
    """How often a child may fail before people are sent elsewhere.

    Attributes:
        failures: so many within `window_s` spend it.
        spent_wait_s: between two attempts once it is spent; they never stop, for a terminal in
            a hall has nobody who would start it by hand.
    """

    failures: int = 5
    window_s: float = 600.0
    spent_wait_s: float = 60.0


class Restarts:
    """The history of one child's restarts. Times are monotonic seconds."""

    def __init__(self, budget: Budget, cap_s: float) -> None:
        self._budget = budget
        self._cap_s = cap_s
        self._failed_at: deque[float] = deque()
        self._in_a_row = 0
        self._wait_s = 0.0
        self.count = 0

    def ended(self, because: Because, now_s: float, ran_s: float) -> None:
        """A child ended after it ran for so long."""
        self.count += 1
        if not because.is_failure:
            self._wait_s = 0.0
            return
        self._in_a_row = 1 if ran_s > STEADY_S else self._in_a_row + 1
        # Bounded: one that fails all night would pass the range of a float.
        doublings = min(self._in_a_row - 1, _DOUBLINGS)
        self._wait_s = min(self._cap_s, FIRST_WAIT_S * 2.0**doublings)
        self._failed_at.append(now_s)
        while self._failed_at[0] <= now_s - self._budget.window_s:
            self._failed_at.popleft()

    @property
    def is_spent(self) -> bool:
        """Whether the last failures came so often that the terminal cannot serve."""
        return len(self._failed_at) >= self._budget.failures

    @property
    def wait_s(self) -> float:
        """Seconds to wait before the next start."""
        if self._wait_s and self.is_spent:
            return max(self._wait_s, self._budget.spent_wait_s)
        return self._wait_s
