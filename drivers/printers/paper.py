"""A document for a receipt printer, as a list of elements from top to bottom."""

from dataclasses import dataclass
from enum import Enum


class Size(Enum):
    """Size of characters, in multiples of the printer's font (width, height)."""

    NORMAL = (1, 1)
    TALL = (1, 2)
    LARGE = (2, 2)


class Align(Enum):
    """Where a line stands between the margins."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, wrapped at the printer's columns without splitting numbers."""

    text: str
    size: Size = Size.NORMAL
    align: Align = Align.LEFT
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A label at the left and its value at the right; the value goes below when both do not fit."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line over the whole width."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, centred. `module_dots` is the wish; it shrinks until the code fits the paper."""

    data: str
    module_dots: int = 6


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines."""

    lines: int = 1


Element = Text | Pair | Rule | Qr | Feed


@dataclass(frozen=True, slots=True)
class Document:
    """What is to stand on one slip. The cut at its end is the driver's."""

    elements: tuple[Element, ...]
