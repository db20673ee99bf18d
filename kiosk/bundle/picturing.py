"""Draws the screen's picture without data: the terminal's own sentences, grey for all the rest."""

import re
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kiosk.picture_messages import Part, PartKind, ScreenPicture
from kiosk.text.catalogue import catalogue
from kiosk.widgets.wrapping import wrap

_TYPE = "NotoSansSC-Regular.otf"
_KEY = re.compile(r"key\.\w")
"""The name of a key of a keypad ends with what stands on it."""
_PAPER, _INK = "#ffffff", "#1a1a1a"
_LINE, _DATA, _PICTURE = "#8c8c8c", "#b8b8b8", "#dcdcdc"


def words_of(picture: ScreenPicture) -> list[str]:
    """Every text that is drawn.

    Raises:
        UnknownKey: made by another version, which had more sentences.
    """
    return [_sentence(picture, one) for one in picture.parts if one.kind is PartKind.WORDS]


def draw(picture: ScreenPicture, fonts: Path) -> Image.Image:
    """The picture, as large as the screen is.

    Args:
        picture: what stands where.
        fonts: the folder of the terminal's fonts.

    Raises:
        OSError: the font is not there.
        UnknownKey: made by another version, which had more sentences.
    """
    paper, ink = (_INK, _PAPER) if picture.high_contrast else (_PAPER, _INK)
    image = Image.new("RGB", (picture.width_px, picture.height_px), paper)
    pen = ImageDraw.Draw(image)
    for one in [*picture.parts, *_uncovered_words(picture)]:
        left, top, width, height = one.box
        if width < 1 or height < 1:
            continue
        edges = (left, top, left + width - 1, top + height - 1)
        match one.kind:
            case PartKind.CONTROL:
                pen.rectangle(edges, fill=paper, outline=_LINE, width=2)
                if _KEY.fullmatch(one.tid):
                    _write(pen, one, one.tid[-1], fonts / _TYPE, ink)
            case PartKind.PICTURE:
                pen.rectangle(edges, fill=_PICTURE, outline=_LINE)
                pen.line(edges, fill=_LINE)
                pen.line((edges[0], edges[3], edges[2], edges[1]), fill=_LINE)
            case PartKind.DATA:
                pen.rectangle(edges, fill=_DATA)
            case PartKind.WORDS:
                _write(pen, one, _sentence(picture, one), fonts / _TYPE, ink)
    return image


def _uncovered_words(picture: ScreenPicture) -> list[Part]:
    """The words once more, above the grey that rounding put over their ends."""
    return [
        one
        for place, one in enumerate(picture.parts)
        if one.kind is PartKind.WORDS
        and not any(
            later.kind is PartKind.CONTROL and _holds(later.box, one.box)
            for later in picture.parts[place + 1 :]
        )
    ]


def _holds(outer: tuple[int, int, int, int], inner: tuple[int, int, int, int]) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[0] + inner[2] <= outer[0] + outer[2]
        and inner[1] + inner[3] <= outer[1] + outer[3]
    )


def _sentence(picture: ScreenPicture, one: Part) -> str:
    return catalogue(picture.language).template(one.key)


def _write(pen: ImageDraw.ImageDraw, one: Part, text: str, font_file: Path, ink: str) -> None:
    left, top, width, height = one.box
    font = ImageFont.truetype(font_file, max(8, one.type_px or height // 3))
    lines = wrap(text, width + 2, font.getlength)
    is_centred = one.centred or one.kind is PartKind.CONTROL
    for number, line in enumerate(lines):
        x = left + (width - font.getlength(line)) / 2 if is_centred else left
        pen.text((x, top + (number + 0.5) * height / len(lines)), line, ink, font, anchor="lm")
