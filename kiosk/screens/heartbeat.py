"""Proof of life: sent only when the screen's own thread runs and frames are really drawn.

Once a second the thread says WATCHDOG=1, and with every fourth beat the frame is drawn anew: then
only what happens after that drawing says it, and until it has happened nothing does. Not with
each: without a graphics card a frame of a still page costs 7 % of a core when drawn each second. A
hung callback sends nothing from the next second on, a stopped X server from the next frame on;
after `STALL_S` the stacks of all threads are written to standard error and the process ends.
"""

import faulthandler
from collections.abc import Callable

from kivy.base import stopTouchApp
from kivy.clock import Clock
from kivy.core.window import Window

from kiosk import notify

BEAT_S = 1.0
FRAME_EVERY = 4
"""Beats. With the supervisor's patience (10 s) a stopped X server is noticed within 14 s."""
STALL_S = 8.0
"""Shorter than the supervisor's patience (10 s), so that the guilty line is written down."""


class Heartbeat:
    """Beats while the window lives.

    Args:
        say: takes the state to tell, as in sd_notify(3); False when the watcher is gone.
        on_beat: called at each beat in the screen's thread.
        dies_when_stalled: end the process when no beat came for `STALL_S`.

    Attributes:
        clock: what calls `beat`.
    """

    def __init__(
        self,
        say: Callable[[str], bool] = notify.notify,
        *,
        on_beat: Callable[[], None],
        dies_when_stalled: bool = True,
    ) -> None:
        self._say = say
        self._on_beat = on_beat
        self._dies_when_stalled = dies_when_stalled
        self._asked = False
        self._ready = False
        self._beats = 0
        self.clock = Clock.schedule_interval(self.beat, BEAT_S)
        Window.bind(on_flip=self._flipping)
        self.beat()

    def stop(self) -> None:
        """Beat no more."""
        self.clock.cancel()
        Window.unbind(on_flip=self._flipping)
        faulthandler.cancel_dump_traceback_later()

    def beat(self, _: float = 0.0) -> None:
        """One beat, with every `FRAME_EVERY`-th a frame."""
        if self._dies_when_stalled:
            faulthandler.dump_traceback_later(STALL_S, exit=True)
        self._on_beat()
        if self._asked:
            return  # that frame has not come yet
        if self._beats % FRAME_EVERY == 0 or not self._ready:
            self._asked = True
            Window.canvas.ask_update()
        else:
            self._alive()
        self._beats += 1

    def _flipping(self, *_: object) -> None:
        # The event comes before the frame is handed over; what runs in the next turn of the
        # loop runs after it.
        if self._asked:
            self._asked = False
            Clock.schedule_once(self._drawn, 0)

    def _drawn(self, _: float) -> None:
        if not self._ready:
            self._ready = True
            self._say(notify.READY)
        self._alive()

    def _alive(self) -> None:
        if not self._say(notify.WATCHDOG):
            # Nobody watches any more: a screen without its supervisor would stay for ever.
            stopTouchApp()
