"""Listens to one keypad in a thread of its own, and finds it again when it was away.

Every input device of the keypad is grabbed: its keys reach nobody else, and one that cannot be
grabbed is not listened to. Keys without a meaning, and keys that are held until they repeat, are
nothing: a hand that trembles or rests must not run through the screen.
"""

import contextlib
import errno
import logging
import select
import socket
import threading
from collections.abc import Callable
from enum import Enum

from drivers.keypads.keys import KeypadKey, KeyTable
from drivers.keypads.places import KeypadPlace
from drivers.links.hid_keyboard import KeyDevice

_log = logging.getLogger(__name__)

RETRY_S = 1.0
"""How often an absent keypad is looked for."""
_LOOK_AGAIN_S = 2.0
"""Its input devices do not appear at the same moment; later ones are taken in this time."""
_EV_KEY = 1
_DOWN = 1


class KeypadState(Enum):
    """How a keypad stands. The value is the word for technicians."""

    CONNECTED = "connected"
    MISSING = "missing"
    """No such device, or it may not be opened."""
    BUSY = "busy"
    """Another process has grabbed it."""
    LOST = "lost"
    """It went away."""


class _Gone(Exception):
    """The keypad cannot be listened to."""

    def __init__(self, state: KeypadState) -> None:
        super().__init__(state.value)
        self.state = state


class TactileKeypad:
    """One keypad.

    `on_key` and `on_state` are called from the reader's thread, one at a time; they must not
    block. No key is ever logged.

    Args:
        place: where it is.
        table: what its keys mean.
        on_key: told of each press.
        on_state: told of each change.
    """

    def __init__(
        self,
        place: KeypadPlace,
        table: KeyTable,
        on_key: Callable[[KeypadKey], None],
        on_state: Callable[[KeypadState], None],
    ) -> None:
        self._place = place
        self._table = table
        self._on_key = on_key
        self._on_state = on_state
        self._open: dict[str, KeyDevice] = {}
        self._state: KeypadState | None = None
        self._thread: threading.Thread | None = None
        self._bell: socket.socket | None = None

    def start(self) -> None:
        """Begin to listen. Returns at once, whether the keypad is there or not."""
        if self._thread is not None:
            return
        bell_end, self._bell = socket.socketpair()
        self._thread = threading.Thread(
            target=self._run, args=(bell_end,), name="keypad", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End listening and give the device back. Nothing is told after this returns."""
        thread, self._thread = self._thread, None
        if thread is None or self._bell is None:
            return
        self._bell.close()
        thread.join()
        self._state = None

    def _run(self, bell_end: socket.socket) -> None:
        with bell_end:
            while True:
                try:
                    if self._listen(bell_end):
                        return
                except _Gone as gone:
                    self._become(gone.state)
                finally:
                    self._close()
                if _ready([bell_end.fileno()], RETRY_S):
                    return

    def _listen(self, bell_end: socket.socket) -> bool:
        """Listen until told to stop (True).

        Raises:
            _Gone: the keypad is not there, or not any more.
        """
        self._take_new()
        if not self._open:
            raise _Gone(KeypadState.MISSING)
        self._become(KeypadState.CONNECTED)
        while True:
            by_fd = {device.fileno(): device for device in self._open.values()}
            ready = _ready([bell_end.fileno(), *by_fd], _LOOK_AGAIN_S)
            if bell_end.fileno() in ready:
                return True
            if not ready:
                self._take_new()
            for fd in ready:
                self._read(by_fd[fd])

    def _take_new(self) -> None:
        for node in self._place.nodes():
            if node not in self._open:
                device = self._taken(node)
                if device is not None:
                    self._open[node] = device

    def _taken(self, node: str) -> KeyDevice | None:
        """An input device, grabbed; None when none of its keys means anything."""
        try:
            device = self._place.open_node(node)
        except OSError as error:
            raise _Gone(KeypadState.MISSING) from error
        try:
            if self._table.keys().isdisjoint(device.keys()):
                device.close()
                return None
            device.grab()
        except OSError as error:
            device.close()
            is_busy = error.errno == errno.EBUSY
            raise _Gone(KeypadState.BUSY if is_busy else KeypadState.MISSING) from error
        return device

    def _read(self, device: KeyDevice) -> None:
        try:
            events = list(device.read())
        except BlockingIOError:
            return
        except OSError as error:
            raise _Gone(KeypadState.LOST) from error
        for event in events:
            if event.type == _EV_KEY and event.value == _DOWN and event.code in self._table:
                self._on_key(self._table[event.code])

    def _close(self) -> None:
        for device in self._open.values():
            with contextlib.suppress(OSError):  # it is gone already
                device.close()
        self._open.clear()

    def _become(self, state: KeypadState) -> None:
        is_same_absence = {state, self._state} <= {KeypadState.MISSING, KeypadState.LOST}
        if state is self._state or is_same_absence:
            return
        self._state = state
        _log.info("keypad.state_changed state=%s", state.value)
        self._on_state(state)


def _ready(fds: list[int], within_s: float) -> list[int]:
    """Which of these have something to read, or were hung up; none when the time is over."""
    poller = select.poll()
    for fd in fds:
        poller.register(fd, select.POLLIN)
    return [fd for fd, _ in poller.poll(within_s * 1000)]
