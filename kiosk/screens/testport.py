"""The widget tree, read-only, for black-box tests: one JSON object for each connection.

Served on a Unix socket of mode 0600, and only when KIOSK_TESTPORT names one. The screen's own
thread builds the answer, so it is also proof that this thread lives.
"""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.screens.frame import Frame
from kiosk.screens.living import living
from kiosk.widgets.look import look
from kiosk.widgets.wrapping import plain

ANSWER_WITHIN_S = 5.0


class WidgetSeen(msgspec.Struct, frozen=True):
    """A widget that can be touched or read.

    Attributes:
        tid: stable name; empty if it has none.
        cls: its class.
        text: what it says, on one line.
        disabled: cannot be pressed.
        box: left, top, width, height in px from the window's top left.
    """

    tid: str
    cls: str
    text: str
    disabled: bool
    box: tuple[int, int, int, int]


class Snapshot(msgspec.Struct, frozen=True):
    """What the screen shows at a moment.

    Attributes:
        screen: name of the situation.
        turn: the turn of what is shown.
        language: "zh" or "en".
        large_text: the 大字 view.
        focused: name of what the tactile keypad stands on; "" while it is not used.
        frames: turns of the loop so far.
        widgets: back to front.
    """

    screen: str
    turn: int
    language: str
    large_text: bool
    focused: str
    frames: int
    widgets: tuple[WidgetSeen, ...]


def snapshot(frame: Frame) -> Snapshot:
    """What a frame shows now. Call it in the screen's thread."""
    return Snapshot(
        screen=frame.tag,
        turn=frame.turn,
        language=look.language.value,
        large_text=look.large,
        focused=frame.focused,
        frames=int(Clock.frames),
        widgets=tuple(
            _seen(widget, look.height)
            for widget in frame.walk(restrict=True)
            if getattr(widget, "tid", "") or getattr(widget, "words", "")
        ),
    )


def _seen(widget: Widget, window_height: int) -> WidgetSeen:
    x, y = widget.to_window(*widget.pos)
    words = plain(getattr(widget, "words", "") or getattr(widget, "value", "") or "")
    return WidgetSeen(
        tid=getattr(widget, "tid", ""),
        cls=type(widget).__name__,
        text=words,
        disabled=bool(widget.disabled),
        box=(
            round(x),
            round(window_height - y - widget.height),
            round(widget.width),
            round(widget.height),
        ),
    )


LIVING_SUFFIX = ".living"
"""The second socket stands beside the first, with this at the end of its name."""


def serve(frame: Frame, path: Path) -> None:
    """Answer for as long as the process lives: the tree on `path`, the counts beside it."""
    _serve(path, lambda: msgspec.json.encode(snapshot(frame)))
    _serve(path.with_name(path.name + LIVING_SUFFIX), lambda: msgspec.json.encode(living()))


def _serve(path: Path, make: Callable[[], bytes]) -> None:
    server = socket.socket(socket.AF_UNIX)
    path.unlink(missing_ok=True)
    umask = os.umask(0o177)
    try:
        server.bind(str(path))
    finally:
        os.umask(umask)
    server.listen(4)
    threading.Thread(target=_answer_all, args=(server, make), name="testport", daemon=True).start()


def _answer_all(server: socket.socket, make: Callable[[], bytes]) -> None:
    while True:
        connection, _ = server.accept()
        with connection:
            try:
                connection.sendall(_answer(make))
            except (BrokenPipeError, ConnectionResetError):
                # Whoever asked did not wait for the answer.
                continue


def _answer(make: Callable[[], bytes]) -> bytes:
    taken: list[bytes] = []
    done = threading.Event()

    def take(_: float) -> None:
        taken.append(make())
        done.set()

    Clock.schedule_once(take, 0)
    if not done.wait(ANSWER_WITHIN_S):
        return b'{"error": "the screen does not answer"}'
    return taken[0]
