"""A scanner on a serial line (USB-CDC or RS-232), read by a thread of its own."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.link import Link, LinkBusy, LinkLost, LinkMissing
from drivers.scanners.decode import Encoding, decode
from drivers.scanners.events import (
    Connected,
    Disconnected,
    Scanned,
    ScannerEvent,
    ScannerState,
    StateChanged,
    Unreadable,
    WhyDisconnected,
    WhyUnreadable,
)
from drivers.scanners.framer import BadFrame, Code, CommandReply, Flaw, Frame, Framer, Framing

_log = logging.getLogger(__name__)

RETRY_S = 1.0
"""How often an absent scanner is looked for."""
_LISTEN_S = 0.05  # half of the shortest silence that ends a code

_WHY_UNREADABLE = {Flaw.TOO_LONG: WhyUnreadable.TOO_LONG, Flaw.CUT_OFF: WhyUnreadable.CUT_OFF}


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """How one scanner speaks.

    Attributes:
        framing: how it frames a code.
        encoding: what it always sends; None = find out from each code.
    """

    framing: Framing = field(default_factory=Framing)
    encoding: Encoding | None = None


class SerialScanner:
    """Listens to one scanner, and finds it again when it was away.

    `on_event` is called from the reader's thread, with one event at a time; it must not block.
    Nothing that is scanned is ever logged.
    """

    def __init__(
        self,
        link: Link,
        settings: ScannerSettings,
        on_event: Callable[[ScannerEvent], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._link = link
        self._settings = settings
        self._on_event = on_event
        self._clock = clock
        self._framer = Framer(settings.framing, clock)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._state: ScannerState | None = None

    @property
    def state(self) -> ScannerState | None:
        """How it stands; None before the first attempt and after `stop`."""
        return self._state

    def start(self) -> None:
        """Begin to listen. Returns at once, whether the scanner is there or not."""
        if self._thread is not None:
            return
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End listening and close the device. No event comes after this returns."""
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        self._state = None

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                why = self._listen_while_there()
                if why is None:
                    return
                self._set_state(Disconnected(why))
                self._stopping.wait(RETRY_S)
        finally:
            self._link.close()

    def _listen_while_there(self) -> WhyDisconnected | None:
        """Listen until the scanner is gone; None when listening was ended from outside."""
        try:
            self._link.open()
            self._framer.reset()
            self._set_state(Connected())
            while not self._stopping.is_set():
                try:
                    data = self._link.read(Deadline(_LISTEN_S, self._clock))
                except DeadlinePassed:
                    frames = self._framer.silence()
                else:
                    frames = self._framer.feed(data)
                for frame in frames:
                    self._tell(frame)
        except LinkMissing:
            return WhyDisconnected.MISSING
        except LinkBusy:
            return WhyDisconnected.BUSY
        except LinkLost:
            return WhyDisconnected.LOST
        return None

    def _tell(self, frame: Frame) -> None:
        match frame:
            case Code(payload, symbology):
                decoded = decode(payload, symbology, self._settings.encoding)
                if decoded is None:
                    self._on_event(Unreadable(WhyUnreadable.GARBLED, len(payload)))
                else:
                    self._on_event(Scanned(decoded.text, len(payload), decoded.encoding, symbology))
            case BadFrame(flaw, length):
                self._on_event(Unreadable(_WHY_UNREADABLE[flaw], length))
            case CommandReply(raw):
                _log.debug("scanner.command_reply length=%d", len(raw))
            case _:
                assert_never(frame)

    def _set_state(self, state: ScannerState) -> None:
        # Missing after lost is the same absence: said once.
        if isinstance(state, Disconnected) and isinstance(self._state, Disconnected):
            return
        self._state = state
        _log.info("scanner.state_changed state=%s", state)
        self._on_event(StateChanged(state))
