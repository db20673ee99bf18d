"""Forgets what was kept long enough: sent operations, tickets, print jobs, the oldest audit.

What is owed or parked is never forgotten, whatever its age.
"""

import asyncio
import logging
from datetime import timedelta

from config.schema import Retention as Periods
from kiosk.clock import Clock
from kiosk.daemon import acts
from kiosk.daemon.audit import Audit
from kiosk.daemon.keeping import Keeper
from kiosk.logs import fact
from offline_queue.errors import OutboxFull, StorageFailed
from offline_queue.outbox import Outbox

EVERY_S = 3600.0

_log = logging.getLogger(__name__)


class Retention:
    """Looks once an hour."""

    def __init__(
        self, periods: Periods, outbox: Outbox, keeper: Keeper, audit: Audit, clock: Clock
    ) -> None:
        self._periods = periods
        self._outbox = outbox
        self._keeper = keeper
        self._audit = audit
        self._clock = clock

    async def run(self) -> None:
        """Forget until cancelled."""
        while True:
            await asyncio.to_thread(self.forget)
            await asyncio.sleep(EVERY_S)

    def forget(self) -> None:
        """Forget what is old enough now; blocking. A disk that refuses is asked again later."""
        now = self._clock.now()
        try:
            operations = self._outbox.prune(now)
            erased = self._keeper.forget_before(now - timedelta(days=self._periods.done_days))
            told = self._audit.prune(now - timedelta(days=self._periods.audit_days))
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "retention.not_done", why=type(error).__name__)
            return
        forgotten = {
            "operations": operations,
            "jobs": erased.jobs,
            "tickets": erased.tickets,
            "audit": told,
        }
        for what, count in forgotten.items():
            if count:
                fact(_log, "retention.forgotten", what=what, count=count)
                self._audit.note(acts.Forgotten(what, count))
