"""The far ends of the guest's USB cables."""

import os
import select
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

from drivers.links.link import LinkError
from drivers.simulated.engine import PrinterEngine
from drivers.simulated.glyphs import GlyphFont
from drivers.simulated.model import PrinterModel
from drivers.simulated.paper import Piece

T = TypeVar("T")

FONTS = Path(__file__).parents[2] / "build" / "fonts"
INSTANT = PrinterModel(speed_mm_s=None, cut_s=0.0)
_GADGETS = Path("/sys/kernel/config/usb_gadget")
_CONTROLLERS = {"printer": "dummy_udc.0", "scanner": "dummy_udc.1", "keyboard": "dummy_udc.2"}
_PAUSE_S = 0.01


def plug(gadget: str, *, on: bool) -> None:
    """Push a plug in, or pull it out."""
    (_GADGETS / gadget / "UDC").write_text((_CONTROLLERS[gadget] if on else "") + "\n")


def seconds_until(done: Callable[[], T], limit_s: float = 20.0) -> float:
    """How long it took until `done` did not fail any more for want of its device."""
    begin = time.monotonic()
    while True:
        try:
            done()
        except (LinkError, OSError):
            if time.monotonic() - begin > limit_s:
                raise
            time.sleep(_PAUSE_S)
        else:
            return time.monotonic() - begin


class PrinterGadget:
    """The simulated printer's engine behind /dev/g_printer0."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.received_bytes = 0
        self.engine = PrinterEngine(INSTANT, GlyphFont(FONTS), self.pieces.append)
        self._over = threading.Event()
        self._fd = -1
        self._thread = threading.Thread(target=self._live)

    def __enter__(self) -> Self:
        seconds_until(self._open)
        self._thread.start()
        return self

    def _open(self) -> None:
        self._fd = os.open("/dev/g_printer0", os.O_RDWR | os.O_NONBLOCK)

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Let go of the gadget. Linux 6.1 oopses if its plug is pulled while the file is open."""
        if self._over.is_set():
            return
        self._over.set()
        self._thread.join()
        os.close(self._fd)

    def _live(self) -> None:
        while not self._over.is_set():
            readable, _, _ = select.select([self._fd], [], [], _PAUSE_S)
            now = time.monotonic()
            if readable:
                data = os.read(self._fd, 4096)
                self.received_bytes += len(data)
                self.engine.receive(data, now)
            self.engine.work(now)
            for saying in self.engine.answers(now):
                os.write(self._fd, saying)
