"""The screen's picture without data: of what is shown, only what every visit would show.

A text leaves as the key of a sentence of the catalogue or not at all; what stands where a
person's data stands (`_values`) is data also when it happens to be such a sentence.
"""

import re
from collections.abc import Iterator
from itertools import islice
from math import ceil, floor

from kivy.graphics import Rectangle
from kivy.uix.image import Image
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from kiosk.picture_messages import MAX_PARTS, NAME, Part, PartKind, ScreenPicture
from kiosk.screens.frame import Frame
from kiosk.widgets.candidates import Candidates
from kiosk.widgets.chart_row import Plot
from kiosk.widgets.compared_row import ComparedRow
from kiosk.widgets.drawing import Drawing
from kiosk.widgets.keypad import KeyButton, ValueBox
from kiosk.widgets.look import look
from kiosk.widgets.qr_code import QrCode
from kiosk.widgets.rows import FieldRow
from kiosk.widgets.scan_picture import ScanPicture
from kiosk.widgets.text import IconMark, Text

ROUNDED_CHARACTERS = 4
_NAME = re.compile(NAME + r"(?=\.|$)")
_PICTURES = (Image, QrCode, ScanPicture, Plot, Drawing)


def picture_of(frame: Frame, number: int) -> ScreenPicture:
    """What a frame shows now. Call it in the screen's thread.

    Args:
        frame: what is in the window.
        number: of the question that this answers.
    """
    parts = (_part(widget, is_value=is_value) for widget, is_value in _seen(frame))
    return ScreenPicture(
        number=number,
        situation=frame.tag,
        language=look.language.value,
        large_text=look.large,
        high_contrast=look.high_contrast,
        width_px=round(look.width),
        height_px=round(look.height),
        parts=tuple(islice((one for one in parts if one is not None), MAX_PARTS)),
    )


def _seen(
    widget: Widget, values: tuple[Widget, ...] = (), *, is_value: bool = False
) -> Iterator[tuple[Widget, bool]]:
    """All that can be seen, back to front, and whether it stands in a value's place."""
    if not widget.opacity or widget.width < 1 or widget.height < 1:
        return
    is_value = is_value or widget in values
    yield widget, is_value
    values += _values(widget)
    for child in reversed(widget.children):
        yield from _seen(child, values, is_value=is_value)


def _values(widget: Widget) -> tuple[Widget, ...]:
    """Those below a widget that hold what somebody typed or what belongs to an invoice."""
    match widget:
        case ValueBox() | Candidates():
            return tuple(widget.children)
        case FieldRow():
            return (widget.ids.value,)
        case ComparedRow():
            return (widget.ids.stated, widget.ids.recorded)
        case _:
            return ()


def _part(widget: Widget, *, is_value: bool) -> Part | None:
    name = _NAME.match(getattr(widget, "tid", "") or "")
    tid = name[0] if name else ""
    cls = type(widget).__name__
    if isinstance(widget, IconMark):
        return None
    if isinstance(widget, Label):
        said = widget.words if isinstance(widget, Text) else widget.text
        key = "" if is_value else look.words.key_of(said)
        if not said or (not key and _is_on_a_key(widget)):
            return None
        kind = PartKind.WORDS if key else PartKind.DATA
        box = _box(widget) if key else _rounded_box(widget)
        is_centred = widget.halign == "center"
        return Part(cls, kind, box, tid, key, round(widget.font_size), centred=is_centred)
    if isinstance(widget, _PICTURES) or _paints_a_picture(widget):
        return Part(cls, PartKind.PICTURE, _box(widget), tid)
    return Part(cls, PartKind.CONTROL, _box(widget), tid) if tid else None


def _box(widget: Widget) -> tuple[int, int, int, int]:
    x, y = widget.to_window(*widget.pos)
    left, top = round(x), round(look.height - y - widget.height)
    return left, top, round(widget.width), round(widget.height)


def _rounded_box(label: Label) -> tuple[int, int, int, int]:
    """Around a text, in steps of so many characters from the left edge of what holds it."""
    left, top, width, height = _box(label)
    edge, _, room, _ = _box(label.parent)
    step = ROUNDED_CHARACTERS * label.font_size
    first = max(0, floor((left - edge) / step) * step)
    last = min(room, ceil((left + width - edge) / step) * step)
    return round(edge + first), top, max(1, round(last - first)), height


def _is_on_a_key(label: Label) -> bool:
    """What stands on a key of a keypad is no data; the key's own name says it."""
    key = label.parent
    return isinstance(key, KeyButton) and key.tid.startswith("key.")


def _paints_a_picture(widget: Widget) -> bool:
    """A plain widget with a texture on it, as the preview of an invoice."""
    if type(widget) is not Widget or widget.canvas is None:
        return False
    drawn = widget.canvas.children
    return any(type(one) is Rectangle and one.texture is not None for one in drawn)
