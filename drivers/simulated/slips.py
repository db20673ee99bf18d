"""The slips that came out of the simulated printer: pictures and text in a folder, and a list."""

import re
import threading
from dataclasses import dataclass
from pathlib import Path

from drivers.simulated.model import PrinterModel
from drivers.simulated.paper import Ending, Piece

_KEPT = 1000
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

    Args:
        folder: where slip-0001.png and slip-0001.txt go; numbers go on from what is there.
        model: tells the width of the paper.
    """

    def __init__(self, folder: Path, model: PrinterModel) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._model = model
        self._slips: list[Slip] = []
        self._number = max(
            (int(found[1]) for path in folder.iterdir() if (found := _NAME.match(path.name))),
            default=0,
        )
        self._taken_out = 0
        self._came = threading.Condition()

    @property
    def slips(self) -> tuple[Slip, ...]:
        """All slips of this run, the oldest first; of very many, the newest thousand."""
        with self._came:
            return tuple(self._slips)

    def keep(self, piece: Piece) -> None:
        """Draw a piece, write it to the folder and add it to the list."""
        number = self._number + 1
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
            self._number = number
            self._slips.append(slip)
            if len(self._slips) > _KEPT:
                del self._slips[0]
                self._taken_out += 1
            self._came.notify_all()

    def wait_for(self, count: int, timeout_s: float) -> tuple[Slip, ...]:
        """All slips, as soon as `count` have come out since the start.

        Raises:
            TimeoutError: when fewer came in time.
        """
        with self._came:
            if not self._came.wait_for(
                lambda: len(self._slips) + self._taken_out >= count, timeout_s
            ):
                raise TimeoutError(f"{len(self._slips)} slips came out, not {count}")
            return tuple(self._slips)
