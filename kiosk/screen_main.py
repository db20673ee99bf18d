"""Starts the screen: the one module that starts Kivy.

Exceptions end the process: the supervisor starts it again, and the daemon tells the new one
what to show. A screen that goes on half-known would be worse.
"""

import faulthandler
import logging
import os
import signal
import threading
from datetime import datetime
from pathlib import Path
from types import FrameType

from kiosk.keypad_messages import KeypadKey
from kiosk.messages import Show
from kiosk.picture_messages import DescribeScreen
from kiosk.screens import boot
from kiosk.screens.corner import Corner
from kiosk.text.formats import CHINA
from kiosk.training import is_training

_log = logging.getLogger(__name__)

DEFAULT_SIZE_PX = (1080, 1920)


def main(
    socket_path: Path,
    size: tuple[int, int] = DEFAULT_SIZE_PX,
    fullscreen: bool = True,
    *,
    testport: Path | None = None,
    corner: Corner = Corner(),  # noqa: B008 # frozen
) -> int:
    """Run the screen until SIGTERM.

    Args:
        socket_path: the daemon's Unix socket; need not be there yet.
        size: width and height, px: the screen's own, when there is no window manager.
        fullscreen: borderless and without a pointer.
        corner: where staff hold the screen to sign in.
        testport: where to serve the widget tree; None in production.

    Returns:
        The exit code: 0 after SIGTERM.
    """
    boot.prepare_environment()
    faulthandler.enable()
    threading.excepthook = _end_process
    boot.configure(size, fullscreen=fullscreen)

    # Kivy opens its window when these are imported: not before the settings above.
    from kivy.clock import Clock

    from kiosk.screens import testport as port
    from kiosk.screens.app import KioskApp
    from kiosk.screens.daemon_line import DaemonLine
    from kiosk.screens.frame import Frame
    from kiosk.screens.without_data import picture_of
    from kiosk.widgets.fonts import register_fonts

    register_fonts()

    def on_show(show: Show) -> None:
        Clock.schedule_once(lambda _: app.frame.show(show), 0)

    def on_key(key: KeypadKey) -> None:
        Clock.schedule_once(lambda _: app.frame.key_pressed(key), 0)

    def on_describe(asked: DescribeScreen) -> None:
        def describe(_: float) -> None:
            line.send(picture_of(app.frame, asked.number))

        # One frame later than a `Show` that came before it: by then all has found its place.
        Clock.schedule_once(lambda _: Clock.schedule_once(describe, 0), 0)

    def on_lost() -> None:
        Clock.schedule_once(lambda _: app.frame.disconnected(), 0)

    def on_started(frame: Frame) -> None:
        line.start()
        if testport is not None:
            port.serve(frame, testport)

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        # Kivy's own handling asks the window to close, which is refused.
        Clock.schedule_once(lambda _: app.stop(), 0)

    line = DaemonLine(
        socket_path, on_show=on_show, on_lost=on_lost, on_key=on_key, on_describe=on_describe
    )
    app = KioskApp(
        line.send,
        size,
        lambda: datetime.now(CHINA),
        on_started,
        corner,
        training=is_training(os.environ),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    app.run()
    line.close()
    return 0


def _end_process(args: threading.ExceptHookArgs) -> None:
    """A thread that failed ends the process as a failed callback does."""
    logging.getLogger(__name__).error(
        "thread.failed",
        exc_info=(args.exc_type, args.exc_value, args.exc_traceback),  # pyright: ignore[reportArgumentType] # never None outside interpreter shutdown
    )
    os._exit(1)
