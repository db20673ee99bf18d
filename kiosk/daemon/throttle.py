"""Fewer questions to a service that turns them away, decided here, before anybody waits.

The client-side adaptive throttle of "Handling Overload" in Site Reliability Engineering
(Google, 2016): of the questions of the last two minutes, more than K times those that were
taken are refused here with the probability max(0, (asked - SPARE - K * taken) / (asked + 1)).
Each question is counted before it is sent, or a slow service would look like an idle one.
"""

import random
from collections import deque

K = 2.0
"""Up to every second question may be turned away before any is refused here."""
SPARE = 2
"""Not in the book: a terminal asks once or twice a minute, and one bad moment is no overload."""
WINDOW_S = 120.0
"""Longer than any question's deadline by far."""


class Throttle:
    """The recent questions, and whether one more is sent. Times are monotonic seconds."""

    def __init__(self, draw: random.Random | None = None) -> None:
        self._draw = draw or random.SystemRandom()
        self._asked: deque[float] = deque()
        self._taken: deque[float] = deque()

    def lets_through(self, now_s: float) -> bool:
        """Whether a question is sent now; it counts as asked either way."""
        chance = self.refuses_with(now_s)
        self._asked.append(now_s)
        return self._draw.random() >= chance

    def taken(self, now_s: float) -> None:
        """A question was taken: whatever the answer, the service had time for it."""
        self._taken.append(now_s)

    def refuses_with(self, now_s: float) -> float:
        """The probability with which the next question is refused here, 0 to below 1."""
        for times in (self._asked, self._taken):
            while times and times[0] <= now_s - WINDOW_S:
                times.popleft()
        asked = len(self._asked)
        return max(0.0, (asked - SPARE - K * len(self._taken)) / (asked + 1))
