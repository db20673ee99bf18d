"""Whether the terminal's clock is right, from the service's time in each answer to a ping.

Times of acts stand on tickets and in the audit, and a clock that is far off makes certificates
seem invalid. The terminal never sets its clock: that is NTP's. It says that it is wrong.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk.daemon.acts import Act, ClockRight, ClockWrong
from kiosk.logs import fact

WRONG_BEYOND = timedelta(seconds=30)
"""Far more than a slow line can feign: a ping is answered within five seconds or not at all."""

_log = logging.getLogger(__name__)


class ClockCheck:
    """Compares; tells on change."""

    def __init__(self, note: Callable[[Act], None]) -> None:
        self._note = note
        self._is_wrong = False
        self._ahead: timedelta | None = None

    def compare(self, asked_at: datetime, answered_at: datetime, service_time: datetime) -> None:
        """A ping was asked and answered at these times of our clock, with that time of theirs."""
        ahead = asked_at + (answered_at - asked_at) / 2 - service_time
        self._ahead = ahead
        is_wrong = abs(ahead) > WRONG_BEYOND
        if is_wrong == self._is_wrong:
            return
        self._is_wrong = is_wrong
        seconds = round(ahead.total_seconds())
        fact(_log, "clock.wrong" if is_wrong else "clock.right", ahead_s=seconds)
        self._note(ClockWrong(seconds) if is_wrong else ClockRight())

    @property
    def wrong_by(self) -> timedelta | None:
        """How far the clock is ahead, if that is too far; None if not, or not known."""
        return self._ahead if self._is_wrong else None

    @property
    def agrees(self) -> bool | None:
        """Whether the clocks agreed when last compared; None before the first time."""
        return None if self._ahead is None else not self._is_wrong

    @property
    def word(self) -> str:
        """How the clock is, in a technician's words."""
        if self._ahead is None:
            return "not compared yet"
        seconds = round(self._ahead.total_seconds())
        if not self._is_wrong:
            return "right"
        return f"WRONG: {abs(seconds)} s {'ahead' if seconds > 0 else 'behind'}"
