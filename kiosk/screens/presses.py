"""What the screen asks of the daemon: one intent for each thing that was shown.

A finger that trembles presses twice; the second press must not ask twice. The daemon
throws away presses on what is no longer there (`turn`), and here the second press on the
same turn is not even sent.
"""

import time
from collections.abc import Callable

from kiosk.messages import Intent, Touched

REOPEN_S = 4.0
"""A press that led to nothing new for this long may be repeated: longer than any answer takes
(the central call has 3 s), so that no button stays dead."""

TOUCHED_EVERY_S = 1.0
"""`Touched` is sent at most once in this time."""


class Presses:
    """Sends intents, each with the turn of what it was pressed on.

    Args:
        send: takes an intent on its way; never blocks.
        monotonic: seconds, only growing.
    """

    def __init__(
        self, send: Callable[[Intent], None], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._send = send
        self._monotonic = monotonic
        self._turn = 0
        self._asked_at: float | None = None
        self._touched_at: float | None = None

    @property
    def turn(self) -> int:
        """The turn of what is shown."""
        return self._turn

    def shown(self, turn: int) -> None:
        """Something is shown: another turn opens the buttons again."""
        if turn != self._turn:
            self._turn = turn
            self._asked_at = None

    def nothing_shown(self) -> None:
        """The daemon is gone. Another one counts its turns anew, maybe over the same numbers."""
        self._turn = 0
        self._asked_at = None

    def ask(self, make: Callable[[int], Intent]) -> bool:
        """Send what `make` makes of the turn, unless this turn has been answered already.

        Returns:
            Whether it was sent.
        """
        now = self._monotonic()
        if self._asked_at is not None and now - self._asked_at < REOPEN_S:
            return False
        self._asked_at = now
        self._send(make(self._turn))
        return True

    def tell(self, intent: Intent) -> None:
        """Send an intent that changes nothing when it comes twice."""
        self._send(intent)

    def touched(self) -> None:
        """Somebody touched the screen."""
        now = self._monotonic()
        if self._touched_at is None or now - self._touched_at >= TOUCHED_EVERY_S:
            self._touched_at = now
            self._send(Touched())
