"""A scanner on a serial line (USB-CDC or RS-232), read by a thread of its own."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.link import Link, LinkBusy, LinkLost, LinkMissing, write_all
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
from drivers.scanners.profile import Protocol, ScannerProfile
from drivers.scanners.ssi import SsiFramer
from drivers.scanners.triggers import Aim, Trigger

_log = logging.getLogger(__name__)

RETRY_S = 1.0
"""How often an absent scanner is looked for."""
_LISTEN_S = 0.05  # half of the shortest silence that ends a code
_TELL_S = 0.2  # a command has 16 bytes: 17 ms at 9600 baud

_WHY_UNREADABLE = {Flaw.TOO_LONG: WhyUnreadable.TOO_LONG, Flaw.CUT_OFF: WhyUnreadable.CUT_OFF}


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """How one scanner speaks.

    Attributes:
        framing: how it frames a code.
        encoding: what it always sends; None = find out from each code.
        protocol: whether codes come as lines (`framing`) or in Zebra's packets.
        trigger: how it is told to scan; None if it scans always.
    """

    framing: Framing = field(default_factory=Framing)
    encoding: Encoding | None = None
    protocol: Protocol = Protocol.LINES
    trigger: Trigger | None = None


def settings_of(profile: ScannerProfile) -> ScannerSettings:
    """How a scanner of this make speaks as it is delivered."""
    return ScannerSettings(
        framing=Framing(suffix=profile.suffix),
        protocol=profile.protocol,
        trigger=profile.trigger,
    )


_SAME_ABSENCE = Disconnected(WhyDisconnected.MISSING), Disconnected(WhyDisconnected.LOST)
"""Missing after lost is no news. Held by another process is: staff must look elsewhere."""


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
        self._packets = SsiFramer(clock) if settings.protocol is Protocol.SSI else None
        self._framer = self._packets or Framer(settings.framing, clock)
        self._aim = None if settings.trigger is None else Aim(settings.trigger, clock)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._state: ScannerState | None = None
        self._turned_at_s = clock()

    @property
    def silent_s(self) -> float:
        """Seconds since the reader's thread last went round; 0 while none runs.

        It waits nowhere longer than a second: one that is silent for many hangs in the kernel.
        """
        return 0.0 if self._thread is None else self._clock() - self._turned_at_s

    @property
    def state(self) -> ScannerState | None:
        """How it stands; None before the first attempt and after `stop`."""
        return self._state

    def await_scan(self, awaited: bool) -> None:
        """Say whether a scan is awaited: the light of a scanner with a trigger is on only then.

        Returns at once; may be called from any thread. Nothing happens to a scanner without
        trigger, and codes are told of either way.
        """
        if self._aim is not None:
            self._aim.await_scan(awaited)

    def start(self) -> None:
        """Begin to listen. Returns at once, whether the scanner is there or not."""
        if self._thread is not None:
            return
        self._stopping.clear()
        self._turned_at_s = self._clock()
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
                self._turned_at_s = self._clock()
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
            if self._aim is not None:
                self._aim.connected()
            self._set_state(Connected())
            while not self._stopping.is_set():
                self._turned_at_s = self._clock()
                self._steer()
                try:
                    data = self._link.read(Deadline(_LISTEN_S, self._clock))
                except DeadlinePassed:
                    frames = self._framer.silence()
                else:
                    frames = self._framer.feed(data)
                if self._packets is not None:
                    self._send(self._packets.owed())
                for frame in frames:
                    self._tell(frame)
            self._put_out_light()
        except LinkMissing:
            return WhyDisconnected.MISSING
        except LinkBusy:
            return WhyDisconnected.BUSY
        except LinkLost:
            return WhyDisconnected.LOST
        return None

    def _steer(self) -> bool:
        """Tell the scanner what it must be told; True if that was anything."""
        if self._aim is not None and (command := self._aim.due()) and self._send(command):
            self._aim.told(command)
            return True
        return False

    def _put_out_light(self) -> None:
        if self._aim is None:
            return
        self._aim.await_scan(False)
        if self._steer():
            # Closing throws away what has not left for the scanner yet: 16 bytes need 17 ms.
            with contextlib.suppress(DeadlinePassed):
                self._link.read(Deadline(_TELL_S, self._clock))

    def _send(self, data: bytes) -> bool:
        """Tell the scanner something; False if it takes nothing."""
        try:
            write_all(self._link, data, Deadline(_TELL_S, self._clock))
        except DeadlinePassed:
            return False
        return True

    def _tell(self, frame: Frame) -> None:
        match frame:
            case Code(payload, symbology):
                if self._aim is not None:
                    self._aim.scanned()
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
        if state == self._state or (state, self._state) == _SAME_ABSENCE:
            return
        self._state = state
        _log.info("scanner.state_changed state=%s", state)
        self._on_event(StateChanged(state))
