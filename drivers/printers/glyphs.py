"""Drawing the characters that the printer's own font lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol, cast

from fontTools.ttLib import (  # pyright: ignore[reportMissingTypeStubs] - has none
    TTCollection,
    TTFont,
)
from PIL import Image, ImageDraw, ImageFont

_BLACK = 1
_WHITE = 0
_KEPT_DRAWINGS = 512  # 72 bytes and Pillow's own 400 each


class GlyphDrawer(Protocol):
    """Draws one cell."""

    def draw(self, text: str, width_dots: int, height_dots: int) -> Image.Image:
        """A picture of mode "1" of that size, 1 = black, showing `text` as large as it fits."""
        ...


@dataclass(frozen=True)
class FontFile:
    """A font on disk; `face` counts the fonts of a collection (.ttc) from 0."""

    path: Path
    face: int = 0

    @cached_property
    def characters(self) -> frozenset[int]:
        """Code points that the font has a glyph for. Reads the file (0.1 s for 20 MB)."""
        if self.path.suffix.lower() in (".ttc", ".otc"):
            with TTCollection(str(self.path), lazy=True) as collection:
                return _code_points(cast("list[TTFont]", collection.fonts)[self.face])  # pyright: ignore[reportUnknownMemberType]
        with TTFont(str(self.path), lazy=True) as font:
            return _code_points(font)

    def at(self, size_dots: int) -> ImageFont.FreeTypeFont:
        """The font at that height."""
        return _loaded(self.path, self.face, size_dots)


@lru_cache(maxsize=8)
def _loaded(path: Path, face: int, size_dots: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size_dots, index=face)


def _code_points(font: TTFont) -> frozenset[int]:
    # fontTools is not typed: the best cmap maps code points to glyph names.
    return frozenset(cast("dict[int, str]", font.getBestCmap()))  # pyright: ignore[reportUnknownMemberType]


class FontGlyphs:
    """Draws from the first font that has the character.

    A character that no font has is drawn as a box with its code point in it: it can be looked
    up, and nobody takes it for another character.
    """

    def __init__(self, fonts: Sequence[FontFile]) -> None:
        self._fonts = tuple(fonts)
        self._drawn = lru_cache(maxsize=_KEPT_DRAWINGS)(self._draw)

    def draw(self, text: str, width_dots: int, height_dots: int) -> Image.Image:
        """See `GlyphDrawer`. The picture is kept and given again: do not draw into it."""
        return self._drawn(text, width_dots, height_dots)

    def _draw(self, text: str, width_dots: int, height_dots: int) -> Image.Image:
        for font in self._fonts:
            if ord(text[0]) in font.characters:
                return _draw_centred(text, font, width_dots, height_dots)
        return _draw_code(text, width_dots, height_dots)


def _draw_centred(text: str, font: FontFile, width_dots: int, height_dots: int) -> Image.Image:
    # Drawn without antialiasing on the font's own baseline, so that commas stay low.
    size_dots = min(height_dots, width_dots * 2)
    paper = Image.new("1", (width_dots, height_dots), _WHITE)
    pen = ImageDraw.Draw(paper)
    pen.fontmode = "1"
    face = font.at(size_dots * 23 // 24)
    while size_dots > 8 and face.getlength(text) > width_dots:
        size_dots -= 1
        face = font.at(size_dots)
    left = (width_dots - face.getlength(text)) / 2
    baseline = round(height_dots * 0.86)
    pen.text((round(left), baseline), text, fill=_BLACK, font=face, anchor="ls")
    return paper


def _draw_code(text: str, width_dots: int, height_dots: int) -> Image.Image:
    code = f"{ord(text[0]):04X}"
    half = (len(code) + 1) // 2
    paper = Image.new("1", (24, 24), _WHITE)
    pen = ImageDraw.Draw(paper)
    pen.fontmode = "1"
    pen.rectangle((0, 0, 23, 23), outline=_BLACK)
    face = ImageFont.load_default(9)
    for row, digits in enumerate((code[:half], code[half:])):
        pen.text((12, 7 + 10 * row), digits, fill=_BLACK, font=face, anchor="mm")
    return paper.resize((width_dots, height_dots))  # pyright: ignore[reportUnknownMemberType]
