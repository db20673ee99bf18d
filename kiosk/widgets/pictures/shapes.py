"""What pictures are made of. A picture stands on a grid of 120 × 100 units, from its low left.

Colours are named by their use and taken from the look in force; words are keys of the
catalogues: a picture follows the high-contrast view and the language by itself.
"""

from dataclasses import dataclass
from enum import Enum

WIDE, HIGH = 120.0, 100.0
"""The grid of a picture, units."""


class Paint(Enum):
    """What a shape is for. The value is the name of the palette's colour."""

    SHEET = "card"
    EDGE = "ink_soft"
    PRINT = "line"
    """What is printed but not what the picture is about."""
    DARK = "ink"
    BODY = "off"
    """A machine's housing."""
    GROUND = "action_soft"
    POINT = "action"
    """What the picture is about."""
    ON_POINT = "on_action"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle with rounded corners, perhaps with an outline inside its edge."""

    x: float
    y: float
    wide: float
    high: float
    paint: Paint = Paint.SHEET
    round: float = 0.0
    edge: Paint | None = None
    thick: float = 0.6


@dataclass(frozen=True, slots=True)
class Frame:
    """An outline with nothing in it."""

    x: float
    y: float
    wide: float
    high: float
    paint: Paint = Paint.POINT
    round: float = 1.5
    thick: float = 1.4


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle about (x, y)."""

    x: float
    y: float
    radius: float
    paint: Paint = Paint.SHEET
    edge: Paint | None = None
    thick: float = 0.6


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points (x, y), with round ends."""

    points: tuple[tuple[float, float], ...]
    paint: Paint = Paint.POINT
    thick: float = 1.4


@dataclass(frozen=True, slots=True)
class Wedge:
    """A filled triangle."""

    points: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    paint: Paint = Paint.POINT


@dataclass(frozen=True, slots=True)
class Turned:
    """Shapes turned about (x, y) by degrees, against the clock."""

    x: float
    y: float
    degrees: float
    shapes: "tuple[Shape, ...]"


@dataclass(frozen=True, slots=True)
class Label:
    """Words on a pill about (x, y): a key under [picture].

    Attributes:
        room: width that they may take, units; they break into lines beyond it.
        plain: without the pill, small.
    """

    key: str
    x: float
    y: float
    room: float = 100.0
    plain: bool = False


Shape = Box | Frame | Disc | Path | Wedge | Turned | Label
Picture = tuple[Shape, ...]
