"""The pictures of the guides, one a step."""

from dataclasses import replace

from kiosk.guides import Guide
from kiosk.widgets.pictures.parts import (
    DRAWN_ONLY,
    arrow,
    bar,
    code,
    invoice,
    mark,
    old_invoice,
    phone,
    slip,
    sun,
    window,
)
from kiosk.widgets.pictures.refill import REFILL
from kiosk.widgets.pictures.shapes import Box, Frame, Label, Paint, Path, Picture, Turned

_X, _Y, _WIDE = 4.0, 24.0, 112.0
"""Where an invoice stands that fills a picture."""
_LABEL_Y = 14.0
"""Where the name of its marked part stands."""

_CODE = (3, 44.5, 17.5, 17.5)
_NUMBER = (67.5, 54.3, 30, 6.8)
_DATE = (67.5, 48.8, 22, 6.8)
_TOTAL = (63, 4.6, 28, 6.8)
_OLD_CODE = (67.5, 57.0, 24, 5.6)
_OLD_CHECK = (67.5, 44.4, 29.5, 5.6)


def _where(area: tuple[float, float, float, float], key: str, *, old: bool = False) -> Picture:
    """An invoice with one part marked, and what it is called there."""
    u = _WIDE / 100
    middle = _X + (area[0] + area[2] / 2) * u
    low = _Y + area[1] * u
    return (
        *(old_invoice(_X, _Y, _WIDE) if old else invoice(_X, _Y, _WIDE)),
        Path(((middle, _LABEL_Y), (middle, low)), Paint.POINT, 1.0),
        mark(_X, _Y, _WIDE, area),
        Label(key, middle, _LABEL_Y, room=96.0),
        DRAWN_ONLY,
    )


def _slip_comes(low: float) -> Picture:
    """The outlet with a slip that hangs out of it down to `low`."""
    return (
        Box(10, 66, 100, 28, Paint.BODY, round=5, edge=Paint.EDGE),
        *slip(40, low, 40, 78 - low),
        Box(34, 76, 52, 5, Paint.DARK, round=2.5),
        Box(35, 81, 50, 4, Paint.BODY),
    )


PICTURES: dict[Guide, tuple[Picture, ...]] = {
    Guide.SCAN: (
        _where(_CODE, "qr"),
        (
            *window(),
            Turned(56, 66, -6, (*invoice(22, 46, 68), mark(22, 46, 68, _CODE))),
            *arrow(((30, 68), (16, 60), (16, 44), (34, 31))),
            replace(DRAWN_ONLY, y=38.0),
        ),
        (
            *window(),
            *phone(47, 40, 29),
            *code(51.5, 55, 20),
            *arrow(((61.5, 50), (61.5, 31))),
            *sun(96, 76, 5),
        ),
    ),
    Guide.NUMBER: (
        _where(_NUMBER, "number"),
        _where(_DATE, "date"),
        _where(_TOTAL, "total"),
        (
            *_where(_OLD_CHECK, "old_code", old=True),
            mark(_X, _Y, _WIDE, _OLD_CODE),
        ),
    ),
    Guide.SLIP: (
        (*_slip_comes(24), *arrow(((98, 58), (98, 30)))),
        (
            Box(10, 66, 100, 28, Paint.BODY, round=5, edge=Paint.EDGE),
            Box(34, 76, 52, 5, Paint.DARK, round=2.5),
            Turned(62, 30, -7, slip(42, 6, 40, 50)),
            *arrow(((20, 50), (20, 18))),
        ),
    ),
    Guide.PHONE: (
        (
            Box(6, 22, 58, 62, Paint.BODY, round=4, edge=Paint.EDGE),
            Box(11, 28, 48, 50, Paint.SHEET, round=2),
            *code(22, 40, 26),
            bar(24, 33, 22),
            *phone(86, 24, 27),
            Frame(90.5, 38, 18, 18, Paint.POINT, 2.0, 1.2),
            *code(93.5, 41, 12),
            *arrow(((83, 56), (66, 56))),
        ),
        (
            *phone(36, 8, 44),
            *invoice(41, 44, 34),
            *arrow(((58, 38), (58, 22)), 2.6),
            Path(((48, 24), (48, 19), (68, 19), (68, 24)), Paint.POINT, 2.2),
        ),
    ),
    Guide.TICKET: (
        (
            *slip(38, 6, 46, 88),
            Frame(49, 8.6, 24, 24, Paint.POINT, 2.0, 1.4),
            Label("ticket", 61, 88, room=70.0),
        ),
        (
            *window(),
            Turned(60, 62, 5, slip(42, 36, 36, 60)),
            *arrow(((28, 62), (28, 44), (40, 31))),
        ),
    ),
    Guide.REFILL: REFILL,
}
