"""The A4 pages of a file from a stick: its pictures, and a line that says what they are.

The pages are made here. Nothing of the file stands in them but pixels, so whatever is in it meets
no print system.
"""

from collections.abc import Sequence
from datetime import datetime

from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont

from kiosk.fonts import fonts_dir
from kiosk.preview.preview import Pixels
from kiosk.text.catalogue import Language, catalogue
from kiosk.text.formats import moment

PX_PER_MM = 10
"""Of a picture on the page: 254 dots per inch."""
MARGIN_MM = 10
"""What office printers cannot print on is smaller."""
LINE_MM = 3.2
"""Height of a line below the picture: 9 points."""

_PAGE_MM = (210, 297)
_LINES_MM = 10
WIDTH_PX = (_PAGE_MM[0] - 2 * MARGIN_MM) * PX_PER_MM
HEIGHT_PX = (_PAGE_MM[1] - 2 * MARGIN_MM - _LINES_MM) * PX_PER_MM
"""Of a picture, at most."""


def stick_page(pages: Sequence[Pixels], at: datetime) -> bytes:
    """A PDF of one A4 page for each picture.

    Args:
        pages: at most `WIDTH_PX` by `HEIGHT_PX`.
        at: when it is printed.
    """
    paper = FPDF(format="A4", unit="mm")
    paper.set_creation_date(at)
    paper.set_auto_page_break(auto=False)
    lines = _lines(at)
    for page in pages:
        paper.add_page()
        width, height = page.width / PX_PER_MM, page.height / PX_PER_MM
        picture = Image.frombytes("RGB", (page.width, page.height), page.rgb)
        left = (_PAGE_MM[0] - width) / 2
        paper.image(picture, x=left, y=MARGIN_MM, w=width, h=height)
        top = _PAGE_MM[1] - MARGIN_MM - lines.height / PX_PER_MM
        paper.image(lines, x=MARGIN_MM, y=top, w=lines.width / PX_PER_MM)
    return bytes(paper.output())


def _lines(at: datetime) -> Image.Image:
    """What it is and when, in both languages. As pixels: the font of a PDF would be megabytes."""
    high = round(LINE_MM * PX_PER_MM)
    font = ImageFont.truetype(str(fonts_dir() / "NotoSansSC-Regular.otf"), high)
    step = round(1.4 * high)
    image = Image.new("L", (WIDTH_PX, 2 * step), 255)
    pen = ImageDraw.Draw(image)
    for number, language in enumerate(Language):
        words = catalogue(language)
        text = words.say("stick_page.source", at=moment(words, at))
        pen.text((0, number * step), text, font=font, fill=0)
    return image
