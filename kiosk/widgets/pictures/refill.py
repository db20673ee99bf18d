"""How a roll of paper is changed, in a printer whose cover opens upwards.

Which way the roll turns differs from model to model and is drawn inside its cover; the side that
prints is the coated one, which a fingernail darkens on every thermal paper.
"""

from kiosk.widgets.pictures.parts import arrow, bar
from kiosk.widgets.pictures.shapes import (
    Box,
    Disc,
    Frame,
    Label,
    Paint,
    Path,
    Picture,
    Turned,
    Wedge,
)

_HINGE = (92.0, 40.0)
_OPEN = 52.0
"""How far the open cover stands up, degrees."""


def _housing() -> Picture:
    """The printer from its side, without its cover."""
    return (
        Box(30, 4, 66, 36, Paint.BODY, round=5, edge=Paint.EDGE),
        Box(41, 13, 42, 27.5, Paint.DARK, round=3),
        Box(43, 15, 38, 27, Paint.GROUND, round=2),
        Box(33, 32, 6, 5, Paint.EDGE, round=1),
    )


def _cover(degrees: float) -> Picture:
    """The cover, turned about its hinge at the back."""
    lid = Box(30, 40, 66, 11, Paint.BODY, round=5, edge=Paint.EDGE)
    return (
        Turned(*_HINGE, -degrees, (lid, Box(33, 40.6, 7, 4, Paint.EDGE, round=1))),
        Disc(*_HINGE, 2.2, Paint.EDGE),
    )


def _roll(x: float, y: float, radius: float) -> Picture:
    """A roll from its side."""
    rings = tuple(
        Disc(x, y, radius * share, Paint.SHEET, Paint.PRINT, 0.5) for share in (0.84, 0.68, 0.52)
    )
    return (
        Disc(x, y, radius, Paint.SHEET, Paint.EDGE, 0.8),
        *rings,
        Disc(x, y, radius * 0.32, Paint.GROUND, Paint.EDGE, 0.8),
    )


REFILL: tuple[Picture, ...] = (
    (
        *_housing(),
        *_roll(62, 21, 5.5),
        *_cover(_OPEN),
        *arrow(((20, 46), (24, 62), (36, 76))),
    ),
    (
        *_housing(),
        *_cover(_OPEN),
        Disc(36, 66, 6.5, Paint.SHEET, Paint.EDGE, 0.8),
        Disc(36, 66, 3.5, Paint.GROUND, Paint.EDGE, 0.8),
        *arrow(((60, 22), (60, 40), (45, 59))),
    ),
    (
        *_housing(),
        *_cover(_OPEN),
        *_roll(62, 28, 12.5),
        Path(((62, 40.5), (46, 41.5), (33, 46), (20, 55)), Paint.EDGE, 1.6),
        *arrow(((64, 62), (63, 44))),
        Wedge(((28, 52), (32, 59), (24, 59)), Paint.POINT),
        Label("roll_dark", 30, 63.5, room=50),
    ),
    (
        *_housing(),
        *_roll(62, 28, 12.5),
        *_cover(0),
        Path(((37, 40), (24, 40), (18, 36), (15, 27)), Paint.EDGE, 1.8),
        *arrow(((52, 80), (52, 56))),
    ),
    (
        Box(14, 16, 92, 72, Paint.BODY, round=4, edge=Paint.EDGE),
        Box(19, 21, 82, 62, Paint.SHEET, round=2),
        bar(25, 72, 34, 4, Paint.EDGE),
        bar(25, 64, 46),
        bar(25, 58, 38),
        bar(25, 28, 46),
        Frame(52, 36, 46, 16, Paint.POINT, 3.0, 1.4),
        Label("roll_button", 75, 44, room=44),
        *arrow(((75, 10), (75, 33))),
    ),
)
