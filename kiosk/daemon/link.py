"""The state of the link to the central service, from its real answers.

    ONLINE --failure--> DEGRADED --second failure--> OFFLINE or CAPTIVE
    any state --an answer of the service--> ONLINE   (503: DEGRADED)

Two failures take the link down and one answer brings it up, and for HOLD_S after
that it does not go down again: a person is not thrown between two kinds of screens
by a link that flickers.
"""

import logging
import random
from collections.abc import Callable
from enum import Enum

from central.failure import (
    BadCertificate,
    Failure,
    NotAdmitted,
    NoTime,
    NotOurs,
    Overloaded,
    Refused,
    Unreachable,
)
from kiosk.clock import Clock
from kiosk.logs import fact

HOLD_S = 10.0
FAILURES_TO_GO_DOWN = 2
PROBE_AFTER_FAILURE_S = 1.0
PROBE_SPREAD = 0.3
"""Share by which waits between probes vary, so that a city of terminals does not probe in step."""

_log = logging.getLogger(__name__)


class LinkState(Enum):
    """How the link stands."""

    ONLINE = "online"
    """The service answers."""
    DEGRADED = "degraded"
    """The service is overloaded, or the last attempt failed: worth trying, no more."""
    CAPTIVE = "captive"
    """Somebody answers who is not the service (a portal, a proxy)."""
    OFFLINE = "offline"
    """Nobody answers, or the answer cannot be trusted."""


class Link:
    """Keeps the state; told of every answer and every failure, whoever met it."""

    def __init__(
        self,
        clock: Clock,
        *,
        probe_up_s: float,
        probe_down_s: float,
        on_change: Callable[[LinkState], None],
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._probe_up_s = probe_up_s
        self._probe_down_s = probe_down_s
        self._on_change = on_change
        self._spread = spread
        self._failures = 0
        self._up_since: float | None = None
        self._next_probe_at = clock.monotonic()
        self.state = LinkState.DEGRADED
        self.why = "not asked yet"
        self.failure: Failure | None = None

    @property
    def is_down(self) -> bool:
        """Whether asking now would only make a person wait."""
        return self.state in (LinkState.OFFLINE, LinkState.CAPTIVE)

    @property
    def probe_in_s(self) -> float:
        """Seconds until the link should be asked again without anybody needing it."""
        return max(0.0, self._next_probe_at - self._clock.monotonic())

    def ask_again(self) -> None:
        """Something changed here: probe now, and believe the first answer."""
        self._next_probe_at = self._clock.monotonic()

    def answered(self) -> None:
        """The service answered, and proved that it was the service."""
        if self.state is not LinkState.ONLINE:
            self._up_since = self._clock.monotonic()
        self._failures = 0
        self.failure = None
        self._schedule(self._probe_up_s)
        self._become(LinkState.ONLINE, "answered")

    def failed(self, failure: Failure) -> None:
        """An attempt failed."""
        self.failure = failure
        match failure:
            case Overloaded(retry_after_s):
                self._failures = 0
                self._schedule(max(self._probe_up_s, retry_after_s))
                self._become(LinkState.DEGRADED, f"overloaded, retry after {retry_after_s:.0f} s")
            case Refused(problem):
                # A refusal is an answer of the service: the link is well.
                self._failures = 0
                self._schedule(self._probe_up_s)
                self._become(LinkState.DEGRADED, f"refused: {problem.code}")
            case NotAdmitted(bar):
                # Nobody gets an answer here until a technician has looked: do not make them wait.
                self._down(LinkState.OFFLINE, f"not admitted: {bar.value}")
            case NotOurs(what):
                self._down(LinkState.CAPTIVE, f"not the service: {what}")
            case Unreachable(why):
                self._down(LinkState.OFFLINE, f"unreachable: {why}")
            case NoTime():
                self._down(LinkState.OFFLINE, "no answer in time")
            case BadCertificate(why, clock_suspected, clock_lead_s):
                self._down(
                    LinkState.OFFLINE,
                    _clock_words(clock_lead_s, why) if clock_suspected else f"certificate: {why}",
                )

    def _down(self, state: LinkState, why: str) -> None:
        self._failures += 1
        held = self._up_since is not None and self._clock.monotonic() - self._up_since < HOLD_S
        if self._failures < FAILURES_TO_GO_DOWN or (held and not self.is_down):
            self._schedule(PROBE_AFTER_FAILURE_S)
            self._become(LinkState.DEGRADED, why)
        else:
            self._schedule(self._probe_down_s)
            self._become(state, why)

    def _schedule(self, wait_s: float) -> None:
        varied = wait_s * (1 + PROBE_SPREAD * (2 * self._spread() - 1))
        self._next_probe_at = self._clock.monotonic() + varied

    def _become(self, state: LinkState, why: str) -> None:
        changed = state is not self.state
        self.state, self.why = state, why
        if changed:
            fact(_log, "link.changed", state=state.value, why=why.replace(" ", "_"))
            self._on_change(state)


def _clock_words(clock_lead_s: float | None, why: str) -> str:
    if clock_lead_s is None:
        return f"certificate: {why}; is the clock right?"
    days = abs(clock_lead_s) / 86400
    side = "behind" if clock_lead_s > 0 else "ahead of"
    return f"clock: this terminal is {days:.1f} days {side} the service"
