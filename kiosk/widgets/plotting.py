"""Where the pieces of a chart stand, and the patterns that tell them apart. Pure: no Kivy."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

TILE = 8
"""A pattern repeats after so many px, across and down."""
BAR_SHARE = 0.72
"""Of its place that a bar takes; the rest is air."""
LEAST_PX = 6.0
"""Anything above nothing is at least so high: one failed print of a thousand must be seen."""


class Pattern(Enum):
    """How a piece is filled. Each is another one without its colour."""

    SOLID = "solid"
    HATCH = "hatch"
    LINES = "lines"
    DOTS = "dots"
    HOLLOW = "hollow"


def tile(pattern: Pattern) -> tuple[tuple[bool, ...], ...]:
    """What of a pattern's square is filled: `TILE` rows of `TILE`."""

    def is_filled(x: int, y: int) -> bool:
        match pattern:
            case Pattern.SOLID:
                return True
            case Pattern.HATCH:
                return (x + y) % TILE < 3
            case Pattern.LINES:
                return y % 4 == 0
            case Pattern.DOTS:
                return x % 4 < 2 and y % 4 < 2
            case Pattern.HOLLOW:
                return False

    return tuple(tuple(is_filled(x, y) for x in range(TILE)) for y in range(TILE))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, px from the plot's bottom left. `series` is its index."""

    series: int
    x: float
    y: float
    width: float
    height: float


def pieces(
    bars: Sequence[Sequence[float] | None], width: float, height: float, most: float
) -> list[Piece]:
    """The pieces of stacked bars.

    Args:
        bars: for each place the values, the lowest first; None for no data.
        width: of the plot, px.
        height: of the plot, px.
        most: the value that is as high as the plot; more than that is cut off there.
    """
    found: list[Piece] = []
    if not bars or most <= 0:
        return found
    place = width / len(bars)
    for number, values in enumerate(bars):
        foot = 0.0
        for series, value in enumerate(values or ()):
            if value <= 0:
                continue
            tall = min(max(LEAST_PX, value / most * height), height - foot)
            if tall <= 0:
                break
            at = number * place + place * (1 - BAR_SHARE) / 2
            found.append(Piece(series, at, foot, place * BAR_SHARE, tall))
            foot += tall
    return found


def gaps(bars: Sequence[Sequence[float] | None], width: float) -> list[tuple[float, float]]:
    """Middle and half width, px, of the mark in each place that has no data."""
    place = width / max(1, len(bars))
    half = min(place * BAR_SHARE, 2.0 * TILE) / 2
    return [((at + 0.5) * place, half) for at, values in enumerate(bars) if values is None]
