"""The font in minted PDFs draws what the terminal's font draws."""

import io

from fontTools.ttLib import TTFont
from mint_kit import FONT, needs_font
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from central.sandbox.mint.pdf_font import truetype_subset

pytestmark = needs_font
WORDS = "价税合计（大写）¥1,234.50 票"
SIZE = 192  # pixels; smaller ones are bent to the pixels by hints, which a subset has not


def drawn(font: ImageFont.FreeTypeFont) -> Image.Image:
    picture = Image.new("L", (3600, 320), 255)
    ImageDraw.Draw(picture).text((5, 5), WORDS, font=font, fill=0)
    return picture


def test_it_draws_the_same() -> None:
    subset = io.BytesIO(truetype_subset(FONT, "".join(sorted(set(WORDS)))))
    ours, theirs = drawn(ImageFont.truetype(subset, SIZE)), drawn(ImageFont.truetype(FONT, SIZE))
    ink = 255 - ImageStat.Stat(theirs).mean[0]
    apart = ImageStat.Stat(ImageChops.difference(ours, theirs)).mean[0]
    assert ink > 10
    assert apart < ink / 20


def test_it_has_these_characters_and_no_more() -> None:
    font = TTFont(io.BytesIO(truetype_subset(FONT, "发票")))
    assert set(font.getBestCmap() or {}) == {ord("发"), ord("票")}
    assert "glyf" in font
    assert "CFF " not in font
