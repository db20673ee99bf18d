"""Tries devices for a technician, and knows how each was when it was last tried.

The daemon owns the devices, so a trial goes through it: it gives way to a person who is
being served, and its result is kept for whoever asks later.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import assert_never

from drivers.scanners.events import Scanned, Unreadable
from kiosk import messages as m
from kiosk import staff_messages as s
from kiosk.clock import Clock
from kiosk.daemon import acts
from kiosk.daemon.a4 import A4Printing, a4_outcome_words
from kiosk.daemon.audit import Note
from kiosk.daemon.device_journal import DeviceTest
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.printing import Printing, TrialRefused, outcome_words, status_word
from kiosk.daemon.scanning import Scanning, TrialEnd
from kiosk.daemon.surroundings import Place
from kiosk.logs import fact
from kiosk.receipts.trial_page import trial_page
from kiosk.receipts.trial_slip import trial_slip
from kiosk.text.catalogue import catalogue
from offline_queue.errors import OutboxFull, StorageFailed

LONGEST_SCAN_S = 120.0

_log = logging.getLogger(__name__)


class DeviceDesk:
    """Does what technicians ask of the devices.

    Attributes:
        trials: the last trial of each device.
    """

    def __init__(
        self,
        printing: Printing,
        scanning: Scanning,
        a4: A4Printing,
        keeper: Keeper,
        clock: Clock,
        place: Place,
        *,
        situation: Callable[[], m.Situation],
        note: Note,
    ) -> None:
        self._printing = printing
        self._scanning = scanning
        self._a4 = a4
        self._keeper = keeper
        self._clock = clock
        self._place = place
        self._situation = situation
        self._note = note
        self._trials: dict[str, s.Tried] = {}

    async def start(self) -> None:
        """Remember the trials of earlier days."""
        for test in await asyncio.to_thread(self._keeper.device_tests):
            self._trials[test.device] = s.Tried(test.device, test.at, test.outcome, test.why)

    @property
    def trials(self) -> tuple[s.Tried, ...]:
        """The last trial of each device, by device."""
        return tuple(self._trials[device] for device in sorted(self._trials))

    def printers(self) -> tuple[m.PrinterView, ...]:
        """Each printer and its paper."""
        return tuple(
            self._view(name, status_word(status))
            for name, status in self._printing.statuses.items()
        )

    async def answer(self, asked: s.DeviceAsk) -> s.Tried | s.Acted | s.NotNow | s.NotDone:
        """Do it, and say how that went."""
        match asked:
            case s.TryPrinter("a4"):
                return await self._try_a4()
            case s.TryPrinter(printer):
                return await self._try_printer(printer)
            case s.TryScanner(within_s):
                return await self._try_scanner(min(max(within_s, 0.0), LONGEST_SCAN_S))
            case s.RollChanged(printer):
                return await self._roll_changed(printer)
            case _:
                assert_never(asked)

    async def _try_a4(self) -> s.Tried | s.NotNow | s.NotDone:
        if self._a4.status is None:
            return s.NotDone("no a4 is set up")
        page = trial_page(terminal=self._place.terminal, at=self._clock.now())
        try:
            outcome = await self._a4.print_trial(page)
        except TrialRefused as error:
            return s.NotNow(str(error))
        return await self._tried("a4", *a4_outcome_words(outcome))

    async def _try_printer(self, printer: str) -> s.Tried | s.NotNow | s.NotDone:
        model = self._printing.model(printer)
        if model is None:
            return s.NotDone(f"no {printer} is set up")
        if isinstance(self._situation(), m.Printing):
            return s.NotNow("a slip is being printed")
        document = trial_slip(
            catalogue(self._place.language),
            hall=self._place.hall_zh if self._place.language == "zh" else self._place.hall_en,
            terminal=self._place.terminal,
            printer=printer,
            model=model,
            at=self._clock.now(),
        )
        try:
            outcome = await self._printing.print_trial(printer, document)
        except TrialRefused as error:
            return s.NotNow(str(error))
        return await self._tried(printer, *outcome_words(outcome))

    async def _try_scanner(self, within_s: float) -> s.Tried | s.NotNow:
        if not isinstance(self._situation(), m.Home):
            return s.NotNow("somebody is being served")
        if self._scanning.state != "connected":
            return await self._tried("scanner", "missing", self._scanning.state)
        event = await self._scanning.next_for_trial(within_s)
        match event:
            case Scanned():
                parts = [f"{event.raw_len} bytes", event.encoding.value, event.symbology]
                return await self._tried("scanner", "read", ", ".join(filter(None, parts)))
            case Unreadable(why=why):
                return await self._tried("scanner", "unreadable", why.value)
            case TrialEnd.NOTHING:
                return await self._tried("scanner", "nothing", "")
            case TrialEnd.GIVEN_WAY:
                return s.NotNow("somebody came to be served")
            case _:
                assert_never(event)

    async def _roll_changed(self, printer: str) -> s.Acted | s.NotDone:
        if printer not in self._printing.statuses:
            return s.NotDone(f"no {printer} is set up")
        kept = await self._printing.paper.changed(printer)
        self._note(acts.RollChanged(printer))
        await self._printing.refresh()
        left = self._printing.paper.forecast(printer)
        slips = f"about {left.left_slips} slips"
        values: dict[str, str | int] = {"slips": left.left_slips}
        if not kept:
            return s.Acted(f"{slips}; not kept on the disk", "roll_not_kept", values)
        return s.Acted(slips, "roll_changed", values)

    async def _tried(self, device: str, outcome: str, why: str) -> s.Tried:
        tried = s.Tried(device, self._clock.now(), outcome, why)
        self._trials[device] = tried
        fact(_log, "device.tried", device=device, outcome=outcome, why=why)
        self._note(acts.DeviceTried(device, outcome, acts.stable_word(why)))
        test = DeviceTest(device, tried.at, outcome, why)
        try:
            await asyncio.to_thread(self._keeper.keep_device_test, test)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "device.trial_not_kept", device=device, why=type(error).__name__)
        return tried

    def _view(self, name: str, status: str) -> m.PrinterView:
        left = self._printing.paper.forecast(name)
        return m.PrinterView(
            name=name,
            status=status,
            paper=left.level.value,
            left_m=round(left.left_mm / 1000, 1),
            left_slips=left.left_slips,
        )
