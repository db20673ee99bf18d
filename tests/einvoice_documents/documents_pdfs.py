"""PDFs made for tests: level text with a font map, an information dictionary, embedded files."""

import zlib
from collections.abc import Mapping, Sequence

from documents_made import Words

_POINTS = 72 / 25.4
_HEIGHT_MM = 140


def stream(content: bytes, extra: str = "") -> bytes:
    """A compressed stream object."""
    packed = zlib.compress(content, 9)
    head = f"<</Length {len(packed)}/Filter/FlateDecode{extra}>>stream\n".encode()
    return head + packed + b"\nendstream"


def pdf_of(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """A PDF of numbered objects; the first is the catalogue."""
    out, offsets = b"%PDF-1.7\n", list[int]()
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        out
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}"
            f"trailer<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{len(out)}\n%%EOF"
        ).encode()
    )


def _font(size_mm: float) -> str:
    return f"/F1 {size_mm * _POINTS:.3f} Tf "


def make_pdf(
    pages: Sequence[Sequence[Words]],
    info: Mapping[str, str] | None = None,
    files: Mapping[str, bytes] | None = None,
    one_text_object: bool = False,
    in_unicode: bool = False,
) -> bytes:
    """A PDF with these words on its pages.

    Args:
        pages: words of each page.
        info: keys of the information dictionary.
        files: embedded files by name.
        one_text_object: all words of a page in one `BT … ET`, moved to with `Tm`, and the
            font named only where the size changes.
        in_unicode: a font that is not embedded, with the encoding `UniGB-UCS2-H`, no map.
    """
    characters = sorted({c for words in pages for word in words for c in word.text})
    codes = {
        character: ord(character) if in_unicode else number
        for number, character in enumerate(characters, start=1)
    }
    maps = "\n".join(
        f"<{number:04X}> <{character.encode('utf-16-be').hex()}>"
        for character, number in codes.items()
    )
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange "
        f"{len(codes)} beginbfchar\n{maps}\nendbfchar endcmap end end"
    )
    widths = " ".join(f"{n} [{500 if ord(c) < 128 else 1000}]" for c, n in codes.items())
    objects = [
        b"",  # the catalogue, when all numbers are known
        b"",
        (
            b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H"
            b"/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>"
        ),
        (
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)"
            f"/Ordering(Identity)/Supplement 0>>/DW 1000/W[{widths}]>>"
        ).encode(),
        stream(to_unicode.encode()),
    ]
    if in_unicode:
        objects[2] = (
            b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
            b"/DescendantFonts[4 0 R]>>"
        )
    kids: list[int] = []
    for words in pages:
        sizes = [0.0, *(word.size for word in words)]
        shown = [
            (
                ""
                if one_text_object and before == word.size
                else f"/F1 {word.size * _POINTS:.3f} Tf "
            )
            + f"1 0 0 1 {word.left * _POINTS:.3f} "
            f"{(_HEIGHT_MM - word.baseline) * _POINTS:.3f} Tm "
            f"<{''.join(f'{codes[c]:04X}' for c in word.text)}> Tj"
            for before, word in zip(sizes, words, strict=False)
        ]
        joined = " ".join(shown)
        drawn = f"BT {joined} ET" if one_text_object else "\n".join(f"BT {s} ET" for s in shown)
        objects.append(stream(drawn.encode()))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.28 {_HEIGHT_MM * _POINTS:.2f}]"
            f"/Contents {len(objects)} 0 R/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        kids.append(len(objects))
    names = ""
    for name, content in (files or {}).items():
        objects.append(stream(content, "/Type/EmbeddedFile"))
        names += f"({name})<</Type/Filespec/F({name})/EF<</F {len(objects)} 0 R>>>>"
    trailer = ""
    if info:
        told = "".join(
            f"/{key}<feff{value.encode('utf-16-be').hex()}>" for key, value in info.items()
        )
        objects.append(f"<<{told}>>".encode())
        trailer = f"/Info {len(objects)} 0 R"
    embedded = f"/Names<</EmbeddedFiles<</Names[{names}]>>>>" if names else ""
    objects[0] = f"<</Type/Catalog/Pages 2 0 R{embedded}>>".encode()
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<</Type/Pages/Kids[{listed}]/Count {len(kids)}>>".encode()
    return pdf_of(objects, trailer)
