"""The slips that came out of the simulated printer: pictures and text in a folder, and a list."""

import re
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from drivers.simulated.model import PrinterModel
from drivers.simulated.paper import Ending, Piece

_KEPT = 1000
_DRAWN_IN_S = 30.0
_NAME = re.compile(r"slip-(\d+)\.(?:png|txt)$")


@dataclass(frozen=True, slots=True)
class Slip:
    """One piece of paper that came out.

    `complete` is True only for one print from its first line to its cut, with nothing else on
    the same paper. `codes` holds the data of the native QR codes from top to bottom.
    """

    number: int
    complete: bool
    ending: Ending
    text: str
    codes: tuple[str, ...]
    picture: Path
    text_file: Path


class SlipTray:
    """Keeps what comes out, and lets others wait for it. Safe to use from any thread.

    Pictures are drawn on a thread of their own: a printer does not pause to have its paper
    photographed, and who asks it for its status then must not wait either.

    Args:
        folder: where slip-0001.png and slip-0001.txt go; numbers go on from what is there.
        model: tells the width of the paper.
    """

    def __init__(self, folder: Path, model: PrinterModel) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._model = model
        self._slips: list[Slip] = []
        self._handed_over = 0
        self._number = max(
            (int(found[1]) for path in folder.iterdir() if (found := _NAME.match(path.name))),
            default=0,
        )
        self._came = threading.Condition()
        self._artist = ThreadPoolExecutor(1, thread_name_prefix="slips")
        self._being_drawn: deque[Future[None]] = deque()

    @property
    def slips(self) -> tuple[Slip, ...]:
        """All slips of this run, the oldest first; of very many, the newest thousand.

        What has left the printer by now is among them: its picture is waited for.

        Raises:
            OSError: a slip could not be written.
        """
        with self._came:
            being_drawn = tuple(self._being_drawn)
        for picture in being_drawn:
            picture.result(_DRAWN_IN_S)
        with self._came:
            return tuple(self._slips)

    @property
    def count(self) -> int:
        """How many slips came out in this run, those that are still being drawn too."""
        with self._came:
            return self._handed_over

    def keep(self, piece: Piece) -> None:
        """Have a piece drawn and written to the folder, and added to the list."""
        with self._came:
            self._handed_over += 1
            self._number += 1
            while self._being_drawn and _is_well_drawn(self._being_drawn[0]):
                self._being_drawn.popleft()
            self._being_drawn.append(self._artist.submit(self._draw, piece, self._number))
            self._came.notify_all()

    def _draw(self, piece: Piece, number: int) -> None:
        stem = self._folder / f"slip-{number:04d}"
        slip = Slip(
            number=number,
            complete=piece.complete,
            ending=piece.ending,
            text=piece.text,
            codes=piece.codes,
            picture=stem.with_suffix(".png"),
            text_file=stem.with_suffix(".txt"),
        )
        piece.render(self._model).save(slip.picture)
        slip.text_file.write_text(slip.text, encoding="utf-8")
        with self._came:
            self._slips.append(slip)
            if len(self._slips) > _KEPT:
                del self._slips[0]

    def wait_for(self, count: int, timeout_s: float) -> tuple[Slip, ...]:
        """All slips, as soon as `count` have come out since the start.

        Raises:
            TimeoutError: when fewer came in time.
        """
        with self._came:
            if not self._came.wait_for(lambda: self._handed_over >= count, timeout_s):
                raise TimeoutError(f"{self._handed_over} slips came out, not {count}")
        return self.slips


def _is_well_drawn(picture: Future[None]) -> bool:
    return picture.done() and picture.exception() is None
