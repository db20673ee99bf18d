"""Counts by the hour what the charts of staff show: prints, verdicts, link, queue.

Kept in memory and put to the disk every few minutes, so that it costs nothing; a power cut
takes the last minutes of it. An hour in which the terminal did not run has no row: that is
"no data". Time is measured by the clock that never steps, and only laid to hours by the one
on the wall: a clock that is set makes no time and loses none.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

from einvoice.verdict import Verdict
from kiosk.clock import BEIJING, Clock
from kiosk.daemon import hour_journal
from kiosk.daemon.hour_journal import COLUMNS, Counted, copied
from kiosk.history_messages import PRINTS, AskHistory, Bucket, HistoryShown
from kiosk.logs import fact
from offline_queue.errors import OutboxFull, StorageFailed
from offline_queue.outbox import Outbox

LOOK_EVERY_S = 60.0
WRITE_EVERY_S = 600.0
HOUR_S = 3600
HOURS = 24
DAYS = 30

_VERDICTS = {
    Verdict.NORMAL: "normal",
    Verdict.VOID: "other",
    Verdict.RED_FULL: "other",
    Verdict.RED_PARTIAL: "other",
    Verdict.MISMATCH: "other",
    Verdict.NOT_FOUND: "not_found",
    Verdict.NOT_YET: "not_found",
    Verdict.TOO_OLD: "cannot_say",
    Verdict.LIMIT_REACHED: "cannot_say",
    Verdict.UNSUPPORTED: "cannot_say",
    Verdict.INVALID_INPUT: "cannot_say",
    Verdict.UNAVAILABLE: "unavailable",
}
_log = logging.getLogger(__name__)


class History:
    """The counts. What counts may be called from any thread.

    Args:
        is_up: whether the service answers now.
    """

    def __init__(self, outbox: Outbox, clock: Clock, *, is_up: Callable[[], bool]) -> None:
        self._outbox = outbox
        self._clock = clock
        self._is_up = is_up
        self._lock = threading.Lock()
        self._pending: dict[int, Counted] = {}
        self._marked_at = clock.monotonic()
        self._hour = _hour_of(clock.now().timestamp())
        self._was_up = is_up()
        self._written_at = clock.monotonic()

    # --- what happens -----------------------------------------------------------------------

    def printed(self, outcome: str) -> None:
        """A print ended: "proven", "failed" or "unknown"."""
        if outcome in PRINTS:
            self._count(outcome)

    def told(self, verdict: Verdict) -> None:
        """A person was told a verdict."""
        self._count(_VERDICTS[verdict])

    def link_changed(self) -> None:
        """The link has another state: the time until now was in the one before."""
        with self._lock:
            self._pass()

    async def run(self) -> None:
        """Look once a minute and write now and then, until cancelled."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK_EVERY_S)

    def look(self) -> None:
        """Lay the time that passed to its hour, see how much is owed, write if it is time."""
        counts = self._outbox.counts()
        with self._lock:
            self._pass()
            here = self._here()
            here.queue_max = max(here.queue_max, counts.waiting + counts.parked)
            is_due = self._clock.monotonic() - self._written_at >= WRITE_EVERY_S
        if is_due:
            self.write()

    def write(self) -> None:
        """Put what is counted to the disk; what cannot be put is tried again later. Blocking."""
        with self._lock:
            self._pass()
            self._written_at = self._clock.monotonic()
            pending, self._pending = self._pending, {}
        try:
            with self._outbox.transaction() as connection:
                for hour, counted in pending.items():
                    hour_journal.add(connection, hour, counted)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "history.not_written", why=type(error).__name__)
            with self._lock:
                _merge(self._pending, pending)

    # --- what is shown ----------------------------------------------------------------------

    def shown(self, asked: AskHistory) -> HistoryShown:
        """The counts of a day or a month, those that are not on the disk yet included. Blocking."""
        now = self._clock.now()
        last = _hour_of(now.timestamp())
        with self._lock:
            self._pass()
            found = {hour: copied(one) for hour, one in self._pending.items()}
        with self._outbox.transaction() as connection:
            _merge(found, hour_journal.between(connection, last - (DAYS + 1) * 24, last))
        if asked.span == "24h":
            hours = range(last - HOURS + 1, last + 1)
            return HistoryShown("24h", tuple(_bucket(_begin(one), found.get(one)) for one in hours))
        by_day: dict[date, Counted] = {}
        for hour, counted in found.items():
            by_day.setdefault(_begin(hour).date(), Counted()).add(counted)
        today = now.astimezone(BEIJING).date()
        days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
        return HistoryShown("30d", tuple(_bucket(_midnight(day), by_day.get(day)) for day in days))

    # --- counting ---------------------------------------------------------------------------

    def _count(self, name: str) -> None:
        with self._lock:
            self._pass()
            here = self._here()
            setattr(here, name, getattr(here, name) + 1)

    def _here(self) -> Counted:
        return self._pending.setdefault(self._hour, Counted())

    def _pass(self) -> None:
        """Lay the time since the last call to the hours that it was in; lock held.

        Counted back from now: when the wall clock was set meanwhile, it was set right.
        """
        now, at = self._clock.now(), self._clock.monotonic()
        left_s, end_s = at - self._marked_at, now.timestamp()
        while left_s > 0:
            hour = _hour_of(end_s - 1e-6)
            seconds = min(left_s, max(1e-6, end_s - hour * HOUR_S))
            counted = self._pending.setdefault(hour, Counted())
            counted.watched_s += seconds
            counted.up_s += seconds if self._was_up else 0.0
            left_s, end_s = left_s - seconds, end_s - seconds
        self._marked_at, self._hour, self._was_up = at, _hour_of(now.timestamp()), self._is_up()


def _merge(into: dict[int, Counted], more: dict[int, Counted]) -> None:
    for hour, counted in more.items():
        into.setdefault(hour, Counted()).add(counted)


def _hour_of(seconds: float) -> int:
    return int(seconds // HOUR_S)


def _begin(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * HOUR_S, BEIJING)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)


def _bucket(at: datetime, counted: Counted | None) -> Bucket:
    if counted is None:
        return Bucket(at)
    return Bucket(at, **{name: getattr(counted, name) for name in COLUMNS})
