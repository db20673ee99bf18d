"""The scanner's events, carried from its thread into the daemon's loop."""

import asyncio
from collections.abc import Callable
from enum import Enum

from drivers.links.link import Link
from drivers.scanners.events import (
    Connected,
    Disconnected,
    Scanned,
    ScannerEvent,
    StateChanged,
    Unreadable,
)
from drivers.scanners.serial_scanner import ScannerSettings, SerialScanner
from kiosk import applying_messages as a
from kiosk import messages as m

_NO_SCAN_AWAITED = (
    m.Checking,
    a.AskingFor,
    a.EnterPrice,
    a.ChooseItem,
    a.ChooseKind,
    a.ApplicationReview,
    a.ApplicationKept,
    a.NotAccepted,
    m.VerdictShown,
    m.BatchShown,
    m.Printing,
    m.PrintEnded,
    m.KeepFailed,
    m.StaffComing,
    m.OutOfService,
)
"""Situations in which nobody is asked to hold up a code: a light would shine into people's eyes."""


def awaits_scan(situation: m.Situation) -> bool:
    """Whether the person is asked, or may be about, to hold up a code."""
    return not isinstance(situation, _NO_SCAN_AWAITED)


class TrialEnd(Enum):
    """Why a trial of the scanner ended without a scan."""

    NOTHING = "nothing"
    """Nobody held up a code in time."""
    GIVEN_WAY = "given_way"
    """A person came to be served, or another trial was begun."""


STUCK_AFTER_S = 20.0
"""The reader turns twenty times a second, and once a second while there is no scanner."""


class Scanning:
    """Owns the scanner, if there is one."""

    def __init__(
        self,
        link: Link | None,
        speech: ScannerSettings,
        *,
        on_text: Callable[[str], None],
        on_unreadable: Callable[[str], None],
        on_state: Callable[[str], None],
    ) -> None:
        self._on_text = on_text
        self._on_unreadable = on_unreadable
        self._on_state = on_state
        self._loop = asyncio.get_running_loop()
        self._scanner: SerialScanner | None = None
        self._trial: asyncio.Future[Scanned | Unreadable | TrialEnd] | None = None
        self.state = "missing"
        if link is not None:
            self._scanner = SerialScanner(link, speech, self._from_thread)

    def follow(self, situation: m.Situation) -> None:
        """The screen shows this now: the light is on only where a code is asked for.

        A trial gives way to a person who comes.
        """
        if self._scanner is not None:
            self._scanner.await_scan(awaits_scan(situation))
        if not isinstance(situation, m.Home):
            self._end_trial(TrialEnd.GIVEN_WAY)

    async def next_for_trial(self, within_s: float) -> Scanned | Unreadable | TrialEnd:
        """The next scan, which is then nobody's; one trial at a time."""
        self._end_trial(TrialEnd.GIVEN_WAY)
        trial = self._trial = self._loop.create_future()
        try:
            async with asyncio.timeout(within_s):
                return await trial
        except TimeoutError:
            return TrialEnd.NOTHING
        finally:
            self._end_trial(TrialEnd.NOTHING)

    def _end_trial(self, end: Scanned | Unreadable | TrialEnd) -> bool:
        trial, self._trial = self._trial, None
        if trial is None or trial.done():
            return False
        trial.set_result(end)
        return True

    @property
    def stuck(self) -> str:
        """What the reader hangs in; "" when it does not."""
        hangs = self._scanner is not None and self._scanner.silent_s > STUCK_AFTER_S
        return "scanner thread" if hangs else ""

    def start(self) -> None:
        """Begin to listen to the scanner."""
        if self._scanner is not None:
            self._scanner.start()

    async def close(self) -> None:
        """Let go of the scanner."""
        if self._scanner is not None:
            await asyncio.to_thread(self._scanner.stop)

    def _from_thread(self, event: ScannerEvent) -> None:
        self._loop.call_soon_threadsafe(self._take, event)

    def _take(self, event: ScannerEvent) -> None:
        match event:
            case Scanned() | Unreadable() if self._end_trial(event):
                pass
            case Scanned(text=text):
                self._on_text(text)
            case Unreadable(why=why):
                self._on_unreadable(why.value)
            case StateChanged(state=Connected()):
                self._become("connected")
            case StateChanged(state=Disconnected(why=why)):
                self._become(why.value)

    def _become(self, state: str) -> None:
        self.state = state
        self._on_state(state)
