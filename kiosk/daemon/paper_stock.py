"""The paper in the printers: counted slip by slip, kept over restarts, told when it runs low."""

import asyncio
import logging
from collections.abc import Callable, Mapping

from drivers.printers.consumption import (
    Forecast,
    Roll,
    Supply,
    after_print,
    after_status,
    forecast,
)
from drivers.printers.outcome import PrintOutcome
from drivers.printers.status import PrinterStatus
from kiosk.daemon.keeping import Keeper
from kiosk.logs import fact
from offline_queue.errors import OutboxFull, StorageFailed

_log = logging.getLogger(__name__)


class PaperStock:
    """One roll for each printer.

    Args:
        supplies: what each printer is filled with, by its name.
        on_level: is told a printer and how its paper stands ("plenty", "few", "ended"), on change.
    """

    def __init__(
        self,
        keeper: Keeper,
        supplies: Mapping[str, Supply],
        *,
        on_level: Callable[[str, str], None],
    ) -> None:
        self._keeper = keeper
        self._supplies = dict(supplies)
        self._on_level = on_level
        self._rolls = {name: Roll() for name in supplies}
        self._levels = {name: forecast(Roll(), supply).level for name, supply in supplies.items()}

    async def load(self) -> None:
        """Go on with the rolls that are in the printers."""
        kept = await asyncio.to_thread(self._keeper.rolls)
        for name in self._rolls:
            self._count(name, kept.get(name, Roll()))

    def forecast(self, printer: str) -> Forecast:
        """What is probably left in a printer."""
        return forecast(self._rolls[printer], self._supplies[printer])

    def printed(self, printer: str, paper_mm: float, outcome: PrintOutcome) -> Roll | None:
        """A print has ended. Counted here; the roll is for whoever records the end of the job.

        None when there is no such printer: nothing was printed.
        """
        if printer not in self._rolls:
            return None
        return self._count(printer, after_print(self._rolls[printer], paper_mm, outcome))

    async def said(self, printer: str, status: PrinterStatus) -> None:
        """A printer said how it is; kept when that says something about its roll."""
        after = after_status(self._rolls[printer], status)
        if after != self._rolls[printer]:
            self._count(printer, after)
            await self.keep(printer)

    async def changed(self, printer: str) -> bool:
        """Somebody put in a full roll and says so. False: counted, but not kept on the disk."""
        fact(_log, "paper.roll_changed", printer=printer)
        self._count(printer, Roll())
        return await self.keep(printer)

    async def keep(self, printer: str) -> bool:
        """Write down what was counted; a disk that refuses costs the count, not the printing."""
        try:
            await asyncio.to_thread(self._keeper.keep_roll, printer, self._rolls[printer])
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "paper.not_kept", printer=printer, why=type(error).__name__)
            return False
        return True

    def _count(self, printer: str, roll: Roll) -> Roll:
        self._rolls[printer] = roll
        level = self.forecast(printer).level
        if level is not self._levels[printer]:
            self._levels[printer] = level
            fact(_log, "paper.level", printer=printer, level=level.value)
            self._on_level(printer, level.value)
        return roll
