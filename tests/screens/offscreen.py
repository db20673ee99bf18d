"""One window without X, and a screen in it that is driven step by step."""

import gc
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from PIL import Image

os.environ.update(
    KIVY_NO_ARGS="1",
    KIVY_NO_CONFIG="1",
    KIVY_NO_FILELOG="1",
    KIVY_NO_CONSOLELOG="1",
    KIVY_LOG_MODE="PYTHON",
    KIVY_CLIPBOARD="dummy",
    KIVY_DPI="96",
    KIVY_METRICS_DENSITY="1",
    KIVY_HOME=tempfile.mkdtemp(prefix="kivy-home-"),
    SDL_VIDEODRIVER="offscreen",
)

from kiosk import messages as m
from kiosk.screens import boot
from kiosk.text.formats import CHINA

if TYPE_CHECKING:
    from kivy.uix.widget import Widget

COLLECTED_EVERY = 50
"""Screens shown: one that was left is held by cycles."""
NOW = datetime(2026, 11, 24, 10, 42, 7, tzinfo=CHINA)


class Stage:
    """A frame in an offscreen window. One a process: Kivy has one window."""

    def __init__(self, size_px: tuple[int, int]) -> None:
        boot.configure(size_px, fullscreen=True, max_fps=0)
        # Building screens makes many objects that all stay: to look for cycles at each few
        # hundred of them takes a quarter of the time.
        gc.set_threshold(200_000, 20, 100)
        self._shown = 0
        from kivy.base import EventLoop
        from kivy.core.window import Window
        from kivy.graphics.opengl import glFinish

        from kiosk.screens.frame import Frame
        from kiosk.widgets import pressable
        from kiosk.widgets.fonts import register_fonts

        # A press is over when the finger is away, not some real milliseconds later.
        pressable.SEEN_S = 0.0
        flip = Window.flip

        def flip_and_finish() -> None:
            # Offscreen nothing waits for the picture: commands would pile up.
            flip()
            glFinish()

        Window.flip = flip_and_finish
        register_fonts()
        self.window = Window
        self.loop = EventLoop
        self.size_px = size_px
        self.sent: list[m.Intent] = []
        self.frame = Frame(self.sent.append, size_px, lambda: NOW)
        Window.add_widget(self.frame)
        EventLoop.start()
        self.idle(3)

    def idle(self, frames: int = 2) -> None:
        """Let the loop turn."""
        for _ in range(frames):
            self.loop.idle()

    def settle(self) -> None:
        """Let everything find its place, without drawing it."""
        from kivy.clock import Clock
        from kivy.lang import Builder

        for _ in range(2):
            Clock.tick()
            Builder.sync()
            Clock.tick_draw()
            Builder.sync()

    def show(self, show: m.Show, *, draw: bool = True) -> None:
        """Show something and let it settle."""
        self._shown += 1
        if self._shown % COLLECTED_EVERY == 0:
            gc.collect()
        self.frame.show(show)
        if draw:
            self.idle(2)
        else:
            self.settle()

    def widgets(self) -> "Iterator[Widget]":
        """Every widget, back to front."""
        return self.frame.walk(restrict=True)

    def find(self, tid: str) -> "Widget":
        """The widget with a stable name."""
        for widget in self.widgets():
            if getattr(widget, "tid", "") == tid:
                return widget
        raise LookupError(tid)

    def words(self, tid: str) -> str:
        """What a widget says, or what was typed into it, as one line."""
        found = self.find(tid)
        text = getattr(found, "value", "") or getattr(found, "text", "")
        return text.replace("\n", "").replace("\u200b", "")

    def tap(self, tid: str) -> None:
        """Press and let go in the middle of a widget."""
        widget = self.find(tid)
        self.tap_at(*widget.to_window(*widget.center))

    def tap_at(self, x: float, y: float) -> None:
        """Press and let go somewhere."""
        from kivy.tests.common import UnitTestTouch

        touch = UnitTestTouch(x, y)
        touch.touch_down()
        self.settle()
        touch.touch_up()
        self.settle()

    def drawn(self) -> bytes:
        """What the window shows: red, green, blue of each pixel, the lowest line first."""
        from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

        width, height = self.size_px
        return bytes(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE))

    def pixels(self) -> Image.Image:
        """What the window shows, as a Pillow image."""
        return self.image(self.drawn())

    def image(self, drawn: bytes) -> Image.Image:
        """What `drawn` gave, as a Pillow image."""
        return Image.frombytes("RGB", self.size_px, drawn).transpose(
            Image.Transpose.FLIP_TOP_BOTTOM
        )
