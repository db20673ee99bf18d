"""The paper in the simulated printer, and the pieces that leave it.

The paper is a column of bands, one for each line, image or feed. The head prints at its lower
end; the blade stands `cutter_distance_dots` further up, so a cut without a feed before it leaves
the last lines inside the printer, as it does in a real one.
"""

from dataclasses import dataclass, field
from enum import Enum

from PIL import Image, ImageDraw

from drivers.simulated.model import PrinterModel

_PAPER = (253, 251, 246)
_INK = (38, 36, 42)
_EDGE = (176, 172, 166)
_BEHIND = (120, 118, 114)
_TOOTH_DOTS = 8


class Ending(Enum):
    """How a piece of paper came to leave the printer."""

    CUT = "cut"
    RETRACTED = "retracted"
    """Nobody took it, and the presenter drew it back in."""
    PAPER_END = "paper_end"
    TORN_OFF = "torn_off"
    POWER_LOSS = "power_loss"


@dataclass(frozen=True, slots=True)
class Band:
    """A strip across the paper, `height_dots` high.

    `image` is as wide as the print area, mode "1" with set bits black; None is blank paper.
    `text` is what a person reads there; None for a feed between lines.
    """

    height_dots: int
    image: Image.Image | None = None
    text: str | None = None
    codes: tuple[str, ...] = ()
    has_ink: bool = field(init=False)
    """Whether anything black is on it."""

    def __post_init__(self) -> None:
        has_ink = self.image is not None and self.image.getbbox() is not None
        object.__setattr__(self, "has_ink", has_ink)

    def split(self, upper_dots: int) -> tuple["Band", "Band"]:
        """The part above and the part below a cut through it; the text stays with the upper."""
        lower_dots = self.height_dots - upper_dots
        if self.image is None:
            return Band(upper_dots, None, self.text), Band(lower_dots)
        width = self.image.width
        upper = self.image.crop((0, 0, width, upper_dots))
        lower = self.image.crop((0, upper_dots, width, self.height_dots))
        return Band(upper_dots, upper, self.text, self.codes), Band(lower_dots, lower)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of paper in a person's hand.

    `complete` says that it holds one print from its first line to its cut and nothing else.
    """

    bands: tuple[Band, ...]
    complete: bool
    ending: Ending

    @property
    def text(self) -> str:
        """What a person reads, line by line."""
        lines = [band.text for band in self.bands if band.text is not None]
        return "\n".join(lines).strip("\n") + "\n"

    @property
    def codes(self) -> tuple[str, ...]:
        """The data of the native QR codes on it, from top to bottom."""
        return tuple(code for band in self.bands for code in band.codes)

    def render(self, model: PrinterModel) -> Image.Image:
        """The piece as a picture, one pixel for one dot, with the margins of the paper."""
        height = sum(band.height_dots for band in self.bands)
        left = (model.paper_dots - model.print_dots) // 2
        picture = Image.new("RGB", (model.paper_dots, height + 2 * _TOOTH_DOTS), _PAPER)
        y = _TOOTH_DOTS
        for band in self.bands:
            if band.image is not None:
                picture.paste(_INK, (left, y), band.image)
            y += band.height_dots
        _draw_edge(picture, 0, torn=False)
        _draw_edge(
            picture, picture.height - 1, torn=self.ending not in (Ending.CUT, Ending.RETRACTED)
        )
        return picture


def _draw_edge(picture: Image.Image, y: int, *, torn: bool) -> None:
    """A fine broken line for a cut, teeth for paper that was torn or ran out."""
    draw = ImageDraw.Draw(picture)
    if not torn:
        for x in range(0, picture.width, 12):
            draw.line((x, y, x + 7, y), fill=_EDGE)
        return
    for x in range(0, picture.width, 2 * _TOOTH_DOTS):
        tooth = [(x, y), (x + _TOOTH_DOTS, y - _TOOTH_DOTS), (x + 2 * _TOOTH_DOTS, y)]
        draw.polygon(tooth, fill=_BEHIND)


@dataclass(slots=True)
class Paper:
    """The paper between the roll and the blade."""

    model: PrinterModel
    _bands: list[Band] = field(init=False)
    _blemished: bool = field(default=False, init=False)
    _continues: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._bands = [Band(self.model.cutter_distance_dots)]

    @property
    def has_ink(self) -> bool:
        """Whether something printed hangs in the printer."""
        return any(band.has_ink for band in self._bands)

    def add(self, band: Band) -> None:
        """Print a band at the head."""
        self._bands.append(band)

    def give_up(self) -> None:
        """The rest of what is being printed will never come: the buffer was cleared or lost.

        What hangs in the printer stays there, above whatever is printed next.
        """
        self._blemished = self._blemished or self.has_ink
        self._continues = False

    @property
    def hangs_out(self) -> bool:
        """Whether something printed can be seen beyond the blade."""
        above, _ = self._divide()
        return any(band.has_ink for band in above)

    def cut(self) -> Piece | None:
        """Cut at the blade. Blank paper is a piece that nobody keeps: None."""
        above, below = self._divide()
        ink_below = any(band.has_ink for band in below)
        piece = self._piece(above, Ending.CUT, may_be_complete=not ink_below)
        self._bands = below
        self._blemished = False
        self._continues = ink_below
        return piece

    def tear_off(self, *, to_be_continued: bool) -> Piece | None:
        """A hand tears the paper at the blade or tear bar.

        Where there is no cutter, a hand ends every print; elsewhere the piece is not complete.

        Args:
            to_be_continued: whether the printer is still in the same print.
        """
        above, below = self._divide()
        unfinished = to_be_continued or any(band.has_ink for band in below)
        may_be_complete = not (self.model.cutter or unfinished)
        piece = self._piece(above, Ending.TORN_OFF, may_be_complete=may_be_complete)
        if piece is not None:
            self._bands = below
            self._blemished = False
            self._continues = unfinished
        return piece

    def replace(self, ending: Ending, *, to_be_continued: bool) -> Piece | None:
        """All that hangs in the printer leaves it; fresh paper takes its place.

        Args:
            ending: why.
            to_be_continued: whether the printer will go on with the same print on fresh paper.
        """
        piece = self._piece(self._bands, ending, may_be_complete=False)
        self._bands = [Band(self.model.cutter_distance_dots)]
        self._blemished = False
        self._continues = to_be_continued and (piece is not None or self._continues)
        return piece

    def _piece(self, bands: list[Band], ending: Ending, *, may_be_complete: bool) -> Piece | None:
        if not any(band.has_ink for band in bands):
            return None
        complete = may_be_complete and not (self._blemished or self._continues)
        return Piece(tuple(bands), complete, ending)

    def _divide(self) -> tuple[list[Band], list[Band]]:
        """The bands above and below the blade."""
        inside = self.model.cutter_distance_dots
        below: list[Band] = []
        above = list(self._bands)
        while above and inside > 0:
            band = above.pop()
            if band.height_dots <= inside:
                below.insert(0, band)
                inside -= band.height_dots
            else:
                upper, lower = band.split(band.height_dots - inside)
                above.append(upper)
                below.insert(0, lower)
                inside = 0
        return above, below
