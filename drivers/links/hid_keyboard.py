"""A scanner in keyboard mode: its key strokes as bytes.

The device is grabbed, so that a scan types into no field and its Enter presses no button. A
device that cannot be grabbed is not listened to at all.
"""

import errno
import select
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import evdev

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.descriptor import wait_for
from drivers.links.hid_keys import NO_CHARACTER, KeyReader
from drivers.links.link import LinkBusy, LinkLost, LinkMissing

_EV_SYN, _EV_KEY = 0, 1
_SYN_DROPPED = 3  # the kernel's buffer ran over: strokes are missing
_KEYS_PER_S = 100.0
NEEDED_KEYS = frozenset((*range(2, 12), 28))
"""1 to 0 and Enter: what has them is a keyboard, or a scanner that plays one."""


class KeyEvent(Protocol):
    """One input event of the kernel."""

    @property
    def type(self) -> int:
        """EV_KEY, EV_SYN, ..."""
        ...

    @property
    def code(self) -> int:
        """Which key."""
        ...

    @property
    def value(self) -> int:
        """0 = up, 1 = down, 2 = repeated."""
        ...


class KeyDevice(Protocol):
    """The part of `evdev.InputDevice` that is used."""

    def fileno(self) -> int:
        """Its descriptor, non-blocking."""
        ...

    def keys(self) -> Iterable[int]:
        """The keys that it has."""
        ...

    def grab(self) -> None:
        """Take it for this process alone."""
        ...

    def read(self) -> Iterable[KeyEvent]:
        """The events that are there."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


class EvdevDevice:
    """`evdev.InputDevice` as a `KeyDevice`.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self._device: Any = evdev.InputDevice(path)  # not typed throughout
        self.fileno = self._device.fileno
        self.grab = self._device.grab
        self.close = self._device.close

    def keys(self) -> Iterable[int]:
        """See `KeyDevice`."""
        return self._device.capabilities(absinfo=False).get(_EV_KEY, [])

    def read(self) -> Iterable[KeyEvent]:
        """See `KeyDevice`."""
        return self._device.read()


@dataclass(frozen=True, slots=True)
class HidSettings:
    """Which keyboard.

    Attributes:
        path: a stable path (/dev/input/by-id/...-event-kbd, or a udev symlink). event5 is
            another keyboard after the next start.
    """

    path: str


class HidKeyboard:
    """A `Link` that reads what a scanner types, and takes nothing.

    Args:
        settings: which device.
        open_device: opens it; for tests.
    """

    def __init__(
        self, settings: HidSettings, open_device: Callable[[str], KeyDevice] = EvdevDevice
    ) -> None:
        self._settings = settings
        self._open_device = open_device
        self._device: KeyDevice | None = None
        self._keys = KeyReader()

    @property
    def is_open(self) -> bool:
        """See `Link`."""
        return self._device is not None

    @property
    def bytes_per_s(self) -> float:
        """See `Link`: characters that a scanner types in a second."""
        return _KEYS_PER_S

    def open(self) -> None:
        """See `Link`. Grabs the device.

        Raises:
            LinkMissing: there is no such device, it is no keyboard, or it cannot be grabbed.
            LinkBusy: another process has grabbed it.
        """
        if self._device is not None:
            return
        try:
            device = self._open_device(self._settings.path)
        except OSError as error:
            raise LinkMissing(self._settings.path) from error
        try:
            is_keyboard = set(device.keys()) >= NEEDED_KEYS
            if is_keyboard:
                device.grab()
        except OSError as error:
            device.close()
            if error.errno == errno.EBUSY:
                raise LinkBusy(self._settings.path) from error
            raise LinkMissing(f"{self._settings.path} cannot be grabbed") from error
        if not is_keyboard:
            device.close()
            raise LinkMissing(f"{self._settings.path} is no keyboard")
        self._keys.reset()
        self._device = device

    def close(self) -> None:
        """See `Link`. The kernel ends the grab."""
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def write_some(self, data: bytes, deadline: Deadline) -> int:
        """See `Link`. A keyboard takes nothing, so this is always `DeadlinePassed`."""
        self._opened()
        raise DeadlinePassed(f"write {self._settings.path}")

    def discard_output(self) -> int:
        """See `Link`: always 0."""
        self._opened()
        return 0

    def read(self, deadline: Deadline) -> bytes:
        """See `Link`."""
        while True:
            device = self._opened()
            wait_for(device.fileno(), select.POLLIN, deadline, f"read {self._settings.path}")
            try:
                typed = b"".join(self._typed(event) for event in device.read())
            except BlockingIOError:
                continue
            except OSError as error:
                self.close()
                raise LinkLost(self._settings.path) from error
            if typed:
                return typed

    def _typed(self, event: KeyEvent) -> bytes:
        if event.type == _EV_KEY:
            return self._keys.stroke(event.code, event.value)
        if event.type == _EV_SYN and event.code == _SYN_DROPPED:
            self._keys.reset()
            return NO_CHARACTER
        return b""

    def _opened(self) -> KeyDevice:
        if self._device is None:
            raise LinkLost(f"{self._settings.path} is not open")
        return self._device
