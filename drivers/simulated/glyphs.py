"""The printer's fonts, drawn dot by dot from a Chinese outline font.

A receipt printer has a Chinese font of 24 x 24 dots and half-width fonts of 12 x 24 (A) and
9 x 17 (B). Every glyph here is such a matrix: mode "1", a set bit is a black dot.
"""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from drivers.simulated.dots import black_above, squeezed

CHINESE_DOTS = 24
FONT_A_DOTS = (12, 24)
FONT_B_DOTS = (9, 17)

_REGULAR = "NotoSansSC-Regular.otf"
_BOLD = "NotoSansSC-Bold.otf"
_CHINESE_BASELINE = 0.87
_HALF_WIDTH_BASELINE = 0.83
"""Where the baseline stands in the cell, in parts of its height; descenders need some room."""
_HALF_WIDTH_SHARE = 0.875
"""Size of half-width outlines in parts of the cell height: digits are then 12 dots wide."""
_INK_THRESHOLD = 112
_CACHED_GLYPHS = 4096


class FontMissing(FileNotFoundError):
    """There is no usable Chinese font in the folder that was given."""


class GlyphFont:
    """Draws characters into the printer's cells.

    Args:
        folder: holds NotoSansSC-Regular.otf and NotoSansSC-Bold.otf.

    Raises:
        FontMissing: when one of the two is not there.
    """

    def __init__(self, folder: Path) -> None:
        for name in (_REGULAR, _BOLD):
            if not (folder / name).is_file():
                raise FontMissing(f"{name} is not in {folder}")
        self._folder = folder
        self._outlines = lru_cache(maxsize=16)(self._load)
        self.glyph = lru_cache(maxsize=_CACHED_GLYPHS)(self._draw)
        """`glyph(character, cell_dots, bold)`: the dots of one character."""

    def _load(self, name: str, size: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(
            str(self._folder / name), size, layout_engine=ImageFont.Layout.BASIC
        )

    def _draw(self, character: str, cell_dots: tuple[int, int], bold: bool) -> Image.Image:
        width, height = cell_dots
        full_width = width >= height
        size = height if full_width else round(height * _HALF_WIDTH_SHARE)
        outline = self._outlines(_BOLD if bold else _REGULAR, size)
        baseline = _CHINESE_BASELINE if full_width else _HALF_WIDTH_BASELINE
        advance = max(1, round(outline.getlength(character)))
        grey = Image.new("L", (max(advance, width), height), 0)
        left = (grey.width - advance) // 2
        ImageDraw.Draw(grey).text(
            (left, round(height * baseline)), character, fill=255, font=outline, anchor="ls"
        )
        if grey.width > width:
            # The printer's own font is drawn narrow; a wide outline (M, W, @) is pressed together.
            grey = squeezed(grey, width)
        return black_above(grey, _INK_THRESHOLD)
