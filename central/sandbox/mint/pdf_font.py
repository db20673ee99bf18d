"""A small TrueType font with just the characters of one document.

The terminal's Chinese font has cubic outlines in a CID-keyed CFF table. A PDF with such a
font needs an encoding of its own, which common readers do not follow, so that their text
comes out with blanks between the characters; TrueType is embedded with the plain one.
"""

import io
from functools import cache
from pathlib import Path

from fontTools.misc.roundTools import otRound
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

# fontTools carries no complete type information.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportAttributeAccessIssue=false, reportArgumentType=false, reportMissingTypeStubs=false

_MAX_ERROR_EM = 1 / 1000
_MAXP_TRUETYPE = 0x00010000
_POST_WITHOUT_NAMES = 3.0


@cache
def truetype_subset(font: Path, characters: str) -> bytes:
    """A TrueType file with these characters.

    Args:
        font: an OpenType file with CFF outlines, or a TrueType file.
        characters: each once, in any order.

    Raises:
        OSError: the file cannot be read.
    """
    source = TTFont(font, recalcTimestamp=False, lazy=True)
    options = Options()
    options.layout_features = []
    options.glyph_names = True
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(source)
    if "CFF " in source:
        _to_truetype(source)
    file = io.BytesIO()
    source.save(file)
    return file.getvalue()


def _to_truetype(font: TTFont) -> None:
    """Replace cubic outlines by quadratic ones."""
    names = font.getGlyphOrder()
    outlines = font.getGlyphSet()
    max_error = font["head"].unitsPerEm * _MAX_ERROR_EM
    glyphs = {}
    for name in names:
        pen = TTGlyphPen(None)
        outlines[name].draw(Cu2QuPen(pen, max_error, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = names, glyphs
    for name in names:
        glyphs[name].recalcBounds(glyf)
    metrics = font["hmtx"].metrics
    for name in names:
        advance, _ = metrics[name]
        metrics[name] = (otRound(advance), getattr(glyphs[name], "xMin", 0))
    maxp = font["maxp"] = newTable("maxp")
    maxp.tableVersion = _MAXP_TRUETYPE
    for field in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
    ):
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    maxp.numGlyphs = len(names)
    font["post"].formatType = _POST_WITHOUT_NAMES
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\x00\x01\x00\x00"
