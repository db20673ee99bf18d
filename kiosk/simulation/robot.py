"""A person who looks at the window and touches it: real clicks, real pictures.

Reads the screen's widget tree (served only when its variable is set) to know where
things are, and clicks there through the X server, as a finger would.
"""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from PIL import Image, ImageGrab

from kiosk.simulation.closing import ask_to_close

POLL_S = 0.05
ANSWER_WITHIN_S = 5.0


class NotSeen(AssertionError):
    """What should have come onto the screen did not, in time."""


class SeenWidget(msgspec.Struct, frozen=True):
    """A widget on the screen. `box` is x, y, width, height in pixels from the top left."""

    tid: str
    cls: str
    text: str
    disabled: bool
    box: tuple[float, float, float, float]


class Seen(msgspec.Struct, frozen=True):
    """What is on the screen. `focused` is what the tactile keypad stands on, "" while unused."""

    screen: str
    turn: int
    language: str
    focused: str
    frames: int
    widgets: tuple[SeenWidget, ...]

    def find(self, tid: str) -> SeenWidget | None:
        """The widget with this id, if it is there."""
        return next((widget for widget in self.widgets if widget.tid == tid), None)

    def text(self, tid: str) -> str:
        """The text of a widget, or nothing."""
        widget = self.find(tid)
        return "" if widget is None else widget.text


class Robot:
    """Looks and touches, on one X display."""

    def __init__(self, display: str, testport: Path, look_every_s: float = POLL_S) -> None:
        self._display = display
        self._testport = testport
        self._look_every_s = look_every_s
        self._pause = threading.Event()

    def look(self) -> Seen:
        """The widget tree as it is now; raises OSError while there is no screen."""
        with socket.socket(socket.AF_UNIX) as channel:
            channel.settimeout(ANSWER_WITHIN_S)
            channel.connect(str(self._testport))
            chunks = iter(lambda: channel.recv(65536), b"")
            return msgspec.json.decode(b"".join(chunks), type=Seen)

    def wait(self, what: str, seen: Callable[[Seen], bool], within_s: float = 15.0) -> Seen:
        """Look until something is seen.

        Raises:
            NotSeen: it did not come in time; says what was there instead.
        """
        end = time.monotonic() + within_s
        last: Seen | None = None
        while time.monotonic() < end:
            try:
                last = self.look()
            except (OSError, msgspec.DecodeError):
                last = None
            if last is not None and seen(last):
                return last
            self._pause.wait(self._look_every_s)
        there = "no screen" if last is None else f"{last.screen}: {_texts(last)}"
        raise NotSeen(f"{what} did not come within {within_s:.0f} s; there is {there}")

    def wait_for(self, screen: str, within_s: float = 15.0) -> Seen:
        """Look until a situation is on the screen and drawn."""
        return self.wait(f"screen {screen}", lambda seen: seen.screen == screen, within_s)

    def tap(self, tid: str, within_s: float = 15.0) -> None:
        """Touch the middle of a widget as soon as it stands still and can be touched."""
        before: SeenWidget | None = None

        def touchable(seen: Seen) -> bool:
            nonlocal before
            widget, stood_there = seen.find(tid), before
            before = widget
            # A widget that has just come is not where it will be: layout takes a frame or two.
            return widget is not None and not widget.disabled and widget == stood_there

        widget = self.wait(f"{tid} to touch", touchable, within_s).find(tid)
        if widget is None:
            raise NotSeen(tid)
        x, y, width, height = widget.box
        self.click(1, round(x + width / 2), round(y + height / 2))

    def type_on(self, tids: Iterable[str]) -> None:
        """Touch keys of a pad, one after the other."""
        for tid in tids:
            self.tap(tid)

    def keys(self, *names: str) -> None:
        """Press keys of a keyboard that somebody has plugged in, by their X names ("alt+F4")."""
        self._xdotool("windowfocus", "--sync", str(self._window()), "key", *names)

    def ask_to_close(self) -> None:
        """What a window manager sends when somebody presses the cross of a window."""
        ask_to_close(self._display, self._window())

    def _window(self) -> int:
        """The X window under the finger."""
        said = self._xdotool("getmouselocation", "--shell")
        return int(next(line for line in said.split() if line.startswith("WINDOW=")).split("=")[1])

    def click(self, button: int, x: int, y: int) -> None:
        """A button of a mouse at a place, px: 2 is the middle, 3 the right, 4 and 5 the wheel."""
        self._xdotool("mousemove", str(x), str(y), "click", str(button))

    def drag(self, points: Sequence[tuple[int, int]], button: int = 1) -> None:
        """Move a pressed finger from place to place, px."""
        (x, y), *others = points
        moves = [part for to in others for part in ("mousemove", str(to[0]), str(to[1]))]
        press = ("mousemove", str(x), str(y), "mousedown", str(button))
        self._xdotool(*press, *moves, "mouseup", str(button))

    @contextmanager
    def held(self, x: int, y: int) -> Generator[None]:
        """Keep a finger at a place of the window, px from its top left, while the block runs."""
        self._xdotool("mousemove", str(x), str(y), "mousedown", "1")
        try:
            yield
        finally:
            self._xdotool("mouseup", "1")

    def picture(self, file: Path) -> Image.Image:
        """A picture of the whole display, taken when a frame has been drawn; written to `file`."""
        before = self.look().frames
        try:
            self.wait("a new frame", lambda seen: seen.frames > before, within_s=0.4)
        except NotSeen:
            # A screen that stands still draws nothing: what is there is what was drawn.
            before = 0
        image = ImageGrab.grab(xdisplay=self._display)
        file.parent.mkdir(parents=True, exist_ok=True)
        image.save(file)
        return image

    def _xdotool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env={**os.environ, "DISPLAY": self._display},
            check=True,
            timeout=10,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout


def _texts(seen: Seen) -> str:
    return " | ".join(widget.text for widget in seen.widgets if widget.text)[:300]
