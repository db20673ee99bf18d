"""The Kivy application: one frame in one window, with every way out of it closed."""

from collections.abc import Callable
from datetime import datetime

from kivy.app import App
from kivy.core.window import Window

from kiosk.messages import Intent
from kiosk.screens.frame import Frame
from kiosk.widgets import theme


class KioskApp(App):
    """Holds the frame."""

    use_kivy_settings = False

    def __init__(
        self,
        send: Callable[[Intent], None],
        size_px: tuple[int, int],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self._send = send
        self._size_px = size_px
        self._now = now

    def load_kv(self, filename: str | None = None) -> bool:
        """Each widget loads its own kv file; the application has none."""
        return False

    def open_settings(self, *_: object) -> bool:
        """F1 opens nothing."""
        return False

    def build(self) -> Frame:
        """The frame."""
        Window.clearcolor = theme.GROUND
        Window.bind(on_request_close=lambda *_: True)
        return Frame(self._send, self._size_px, self._now)
