"""Things that several pictures show: an invoice, a phone, a slip, the terminal's windows.

The invoice is a scheme of the uniform digital invoice's face: code at the top left, number and
date at the top right, amounts in the last line of the table. Nothing in it can be read.
"""

from math import atan2, cos, pi, sin

from kiosk.widgets.pictures.shapes import (
    Box,
    Disc,
    Frame,
    Label,
    Paint,
    Path,
    Picture,
    Shape,
    Wedge,
)

_MODULES = ((3, 0), (3, 1), (4, 3), (6, 3), (3, 4), (5, 5), (6, 4), (3, 6), (5, 0), (6, 6), (0, 3))
"""Dark modules of the drawn code, in a grid of 7 × 7, that are not its three eyes."""

DRAWN_ONLY = Label("drawn_only", 105.0, 4.5, room=26.0, plain=True)
"""Says that this is no real invoice."""


def bar(x: float, y: float, wide: float, high: float = 1.8, paint: Paint = Paint.PRINT) -> Box:
    """A line of print that is not to be read."""
    return Box(x, y, wide, high, paint, round=high / 2)


def code(x: float, y: float, side: float) -> Picture:
    """A drawn QR code: no reader takes it for one."""
    unit = side / 7
    shapes: list[Shape] = []
    for column, row in ((0, 5), (5, 5), (0, 0)):
        left, low = x + column * unit, y + row * unit
        shapes += [
            Box(left, low, 2 * unit, 2 * unit, Paint.DARK),
            Box(left + unit * 0.5, low + unit * 0.5, unit, unit, Paint.SHEET),
        ]
    shapes += [
        Box(x + column * unit, y + row * unit, unit, unit, Paint.DARK) for column, row in _MODULES
    ]
    return tuple(shapes)


def arrow(points: tuple[tuple[float, float], ...], thick: float = 2.2) -> Picture:
    """A line with a head at its last point."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    way = atan2(y1 - y0, x1 - x0)
    size = thick * 2.2
    base = (x1 - cos(way) * size, y1 - sin(way) * size)
    sides = (
        (base[0] + cos(way + turn) * size * 0.8, base[1] + sin(way + turn) * size * 0.8)
        for turn in (pi / 2, -pi / 2)
    )
    return (
        Path((*points[:-1], base), Paint.POINT, thick),
        Wedge(((x1, y1), next(sides), next(sides)), Paint.POINT),
    )


def invoice(x: float, y: float, wide: float) -> Picture:
    """The face of an invoice; it is 0.64 of its width high."""
    u = wide / 100

    def at(left: float, low: float, width: float, high: float = 2.4) -> Box:
        return bar(x + left * u, y + low * u, width * u, high * u)

    def ruled(left: float, low: float, width: float, high: float) -> Frame:
        return Frame(x + left * u, y + low * u, width * u, high * u, Paint.EDGE, 0.0, 0.4)

    return (
        Box(x, y, wide, 64 * u, Paint.SHEET, round=1.2, edge=Paint.EDGE),
        *code(x + 5 * u, y + 46.5 * u, 13.5 * u),
        at(33, 56, 32, 3.6),
        at(39, 51, 20, 1.4),
        at(70, 56.5, 25),
        at(70, 51, 17),
        ruled(4, 31, 92, 12),
        ruled(4, 12, 92, 19),
        ruled(4, 4, 92, 8),
        at(7, 38.5, 34),
        at(7, 34, 26),
        at(54, 38.5, 34),
        at(54, 34, 26),
        at(7, 25.5, 22),
        at(44, 25.5, 12),
        at(76, 25.5, 14),
        at(7, 20.5, 17),
        at(44, 20.5, 12),
        at(76, 20.5, 14),
        at(7, 6.8, 24),
        at(66, 6.8, 22),
    )


def old_invoice(x: float, y: float, wide: float) -> Picture:
    """The face of an invoice with a code of its own: four lines at the top right."""
    u = wide / 100
    return (
        *invoice(x, y, wide),
        Box(x + 68 * u, y + 44.5 * u, 29 * u, 18 * u, Paint.SHEET),
        *(bar(x + 70 * u, y + low * u, width * u, 2.2 * u) for low, width in _OLD_LINES),
    )


_OLD_LINES = ((58.8, 18), (54.6, 15), (50.4, 17), (46.2, 25))
"""Code, number, date, check code: heights and widths in hundredths of the invoice's width."""


def mark(x: float, y: float, wide: float, area: tuple[float, float, float, float]) -> Frame:
    """A frame about part of an invoice: left, low, width, height in hundredths of its width."""
    u = wide / 100
    left, low, width, high = area
    return Frame(x + left * u, y + low * u, width * u, high * u, Paint.POINT, 2.0, 1.4)


def window(low: float = 4.0) -> Picture:
    """The terminal's scan window, lit, at the foot of a picture."""
    return (
        Box(12, low, 96, 26, Paint.BODY, round=5, edge=Paint.EDGE),
        Box(36, low + 7, 48, 12, Paint.DARK, round=3),
        bar(41, low + 12, 38, 2, Paint.POINT),
    )


def phone(x: float, y: float, wide: float) -> Picture:
    """A phone with an empty screen; it is 1.9 times as high as wide."""
    high = wide * 1.9
    return (
        Box(x, y, wide, high, Paint.DARK, round=wide * 0.13),
        Box(
            x + wide * 0.07,
            y + wide * 0.16,
            wide * 0.86,
            high - wide * 0.32,
            Paint.SHEET,
            round=wide * 0.04,
        ),
    )


def sun(x: float, y: float, radius: float) -> Picture:
    """The sign for brightness."""
    rays = (
        Path(
            tuple(
                (x + cos(way) * radius * far, y + sin(way) * radius * far) for far in (1.55, 2.1)
            ),
            Paint.POINT,
            radius * 0.28,
        )
        for way in (turn * pi / 4 for turn in range(8))
    )
    return (Disc(x, y, radius, Paint.POINT), *rays)


def slip(x: float, y: float, wide: float, high: float) -> Picture:
    """A printed slip with its code at the foot."""
    side = wide * 0.4
    lines = int((high - side - wide * 0.34) / (wide * 0.13))
    return (
        Box(x, y, wide, high, Paint.SHEET, edge=Paint.EDGE),
        bar(x + wide * 0.18, y + high - wide * 0.18, wide * 0.64, wide * 0.08, Paint.EDGE),
        *(
            bar(x + wide * 0.12, y + high - wide * (0.34 + 0.13 * line), wide * 0.7, wide * 0.05)
            for line in range(lines)
        ),
        *code(x + (wide - side) / 2, y + wide * 0.1, side),
    )
