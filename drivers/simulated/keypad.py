"""A tactile keypad that is not there: its key strokes come out of a pseudo-terminal."""

from collections import deque
from dataclasses import dataclass
from pathlib import Path

from drivers.keypads.keys import USUAL_KEYS, KeypadKey
from drivers.keypads.places import stroke
from drivers.simulated.clock import Clock, monotonic_clock
from drivers.simulated.pty_device import PtyDevice

_CODES = {meaning: code for code, meaning in USUAL_KEYS.items()}


@dataclass(frozen=True, slots=True)
class KeypadState:
    """How the keypad stands."""

    plugged: bool
    presses: int


class SimulatedKeypad(PtyDevice):
    """Speaks as the kernel does of a real one. All methods can be called from any thread."""

    def __init__(self, link: Path, clock: Clock = monotonic_clock) -> None:
        super().__init__(link, clock)
        self._strokes: deque[bytes] = deque()
        self._presses = 0

    def press(self, key: str) -> None:
        """A finger presses a key.

        Args:
            key: what it means, as a word of `KeypadKey`.

        Raises:
            ValueError: when there is no such key.
        """
        code = _CODES[KeypadKey(key)]
        self.ask(lambda: self._press(code))

    def state(self) -> KeypadState:
        """How the keypad stands now."""
        return self.ask(lambda: KeypadState(self.plugged, self._presses))

    def _press(self, code: int) -> None:
        self._presses += 1
        self._strokes.append(stroke(code))

    # The device's own thread

    def received(self, data: bytes, now: float) -> None:
        """A keypad takes nothing."""

    def work(self, now: float) -> None:
        """Nothing happens by itself."""

    def sayings(self, now: float) -> list[bytes]:
        """The strokes, at once; without its plug nobody hears them."""
        strokes = list(self._strokes)
        self._strokes.clear()
        return strokes

    def next_event_at(self) -> float | None:
        """Never by itself."""
        return None

    def room_bytes(self, now: float) -> int:
        """A keypad takes nothing."""
        return 0
