"""The Kivy application: one frame in one window, with every way out of it closed."""

from collections.abc import Callable
from datetime import datetime

from kivy.app import App
from kivy.core.window import Window

from kiosk.messages import Intent
from kiosk.screens.corner import Corner
from kiosk.screens.frame import Frame
from kiosk.screens.heartbeat import Heartbeat
from kiosk.widgets import theme


class KioskApp(App):
    """Holds the frame and its heartbeat.

    Args:
        send: takes an intent on its way to the daemon.
        size_px: width and height of the window.
        now: the wall clock, aware.
        on_started: called when the frame stands.
        corner: where staff hold the screen to sign in.
        training: whether this is a training.
    """

    use_kivy_settings = False

    def __init__(
        self,
        send: Callable[[Intent], None],
        size_px: tuple[int, int],
        now: Callable[[], datetime],
        on_started: Callable[[Frame], None],
        corner: Corner,
        *,
        training: bool,
    ) -> None:
        super().__init__()
        self.frame = Frame(send, size_px, now, corner, training=training)
        self._on_started = on_started
        self._heartbeat: Heartbeat | None = None

    def load_kv(self, filename: str | None = None) -> bool:
        """Each widget loads its own kv file; the application has none."""
        return False

    def open_settings(self, *_: object) -> bool:
        """F1 opens nothing."""
        return False

    def build(self) -> Frame:
        """The frame."""
        Window.clearcolor = theme.LIGHT.ground
        Window.bind(on_request_close=lambda *_: True)
        return self.frame

    def on_start(self) -> None:
        """The window stands."""
        self._heartbeat = Heartbeat(on_beat=self.frame.tick)
        self._on_started(self.frame)

    def on_stop(self) -> None:
        """The window goes. Kivy says so twice."""
        if self._heartbeat is not None:
            self._heartbeat.stop()
            self._heartbeat = None
