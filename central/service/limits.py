"""How much one terminal may ask, and how much of it in vain."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

REMEMBERED = 256
"""Different things that one terminal asked for in vain: asking again for one costs nothing."""

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many more per second."""

    burst: float
    per_s: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What one terminal may ask.

    A person asks once in several seconds, a terminal that comes back after an outage sends one
    batch after another: both are far below these.

    Attributes:
        questions: of people who wait, and pings.
        batches: of operations.
        certificates: asked for by an enrolled terminal; one in two months is usual.
        not_found: different invoices and tickets that do not exist or do not agree.
        wrong_codes: enrolment codes that are none, from one address.
    """

    questions: Rate = Rate(burst=60, per_s=5)
    batches: Rate = Rate(burst=200, per_s=20)
    certificates: Rate = Rate(burst=10, per_s=10 / 86400)
    not_found: Rate = Rate(burst=40, per_s=40 / 3600)
    wrong_codes: Rate = Rate(burst=20, per_s=20 / 600)


class TokenBucket:
    """Gives out tokens: `burst` at once, then as they come in."""

    def __init__(self, rate: Rate, clock: Clock = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._tokens = rate.burst
        self._at = clock()

    @property
    def wait_s(self) -> float:
        """Seconds until there is a token; 0 when there is one."""
        self._refill()
        return max(0.0, (1.0 - self._tokens) / self._rate.per_s)

    def take(self) -> float:
        """Takes a token if there is one; else the seconds until there will be."""
        wait_s = self.wait_s
        if wait_s == 0.0:
            self._tokens -= 1.0
        return wait_s

    def _refill(self) -> None:
        now = self._clock()
        gained = (now - self._at) * self._rate.per_s
        self._at = now
        self._tokens = min(self._rate.burst, self._tokens + gained)


class NotFoundGuard:
    """Slows a terminal down that tries invoices out: each new one that is not there costs."""

    def __init__(self, rate: Rate, clock: Clock = time.monotonic) -> None:
        self._bucket = TokenBucket(rate, clock)
        self._asked: OrderedDict[str, None] = OrderedDict()

    @property
    def wait_s(self) -> float:
        """Seconds until the terminal may ask again; 0 when it may."""
        return self._bucket.wait_s

    def note(self, asked: str) -> None:
        """The terminal asked for this, named by a digest, and it is not there."""
        if asked in self._asked:
            self._asked.move_to_end(asked)
            return
        self._asked[asked] = None
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        self._bucket.take()
