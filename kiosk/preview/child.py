"""The child: a PDF comes in, the pixels of one of its pages go out. Run as a program of its own.

Arguments: file of a font for text whose font the PDF does not carry; width and height that the
picture may have at most; which page, from 0. Input: the PDF, whole. Output: `HEAD` of pages, width
and height, and then width * height * 3 bytes of red, green and blue. An exit code says what else
there is to say.

The PDF is read after the doors are shut; by then Python, PDFium and the font are in memory.
"""

import ctypes
import os
import struct
import sys
from pathlib import Path

from kiosk.preview.sandbox import NoSandbox, lock_up

HEAD = struct.Struct("!III")
MAX_PDF_BYTES = 20 << 20

EXIT_NO_SANDBOX = 3
EXIT_NOT_A_PDF = 4
EXIT_LOCKED = 5
"""It asks for a password."""
EXIT_EMPTY = 6
"""It has no such page, or one without size."""
EXIT_TOO_LARGE = 7


def main(font: Path, max_width: int, max_height: int, number: int) -> int:
    """Draws; gives the exit code."""
    # Imported here: whoever wants the numbers above does not load PDFium.
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    fonts = _OneFont(raw, font.read_bytes())
    raw.FPDF_SetSystemFontInfo(ctypes.byref(fonts.info))
    try:
        lock_up()
    except NoSandbox:
        return EXIT_NO_SANDBOX
    pdf = sys.stdin.buffer.read(MAX_PDF_BYTES + 1)
    if len(pdf) > MAX_PDF_BYTES:
        return EXIT_TOO_LARGE
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as error:
        is_locked = error.err_code == raw.FPDF_ERR_PASSWORD
        return EXIT_LOCKED if is_locked else EXIT_NOT_A_PDF
    if number >= len(document):
        return EXIT_EMPTY
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return EXIT_EMPTY
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        return EXIT_EMPTY
    scale = min(max_width / width, max_height / height)
    picture = page.render(scale=scale, force_bitmap_format=raw.FPDFBitmap_BGR, rev_byteorder=True)
    # Rounded up to whole pixels, so perhaps one more than may be.
    wide, high = min(picture.width, max_width), min(picture.height, max_height)
    rows = memoryview(picture.buffer)
    sys.stdout.buffer.write(HEAD.pack(len(document), wide, high))
    for row in range(high):
        start = row * picture.stride
        sys.stdout.buffer.write(rows[start : start + wide * 3])
    sys.stdout.buffer.flush()
    return 0


class _OneFont:
    """Answers PDFium's questions for fonts (fpdf_sysfontinfo.h) from memory, always the same one.

    Text in a font of the standard fourteen is drawn with PDFium's own; what an invoice leaves
    out besides these is Chinese.
    """

    def __init__(self, raw: object, font: bytes) -> None:
        kind = raw.FPDF_SYSFONTINFO  # type: ignore[attr-defined]
        self._font = font
        self.info = kind()
        self.info.version = 1
        offered = {
            "Release": lambda _: None,
            "EnumFonts": lambda _, mapper: None,
            "MapFont": lambda *_: 1,
            "GetFont": lambda _, face: 1,
            "GetFontData": self._data,
            "GetFaceName": lambda _, font, buffer, size: 0,
            "GetFontCharset": lambda _, font: raw.FXFONT_GB2312_CHARSET,  # type: ignore[attr-defined]
            "DeleteFont": lambda _, font: None,
        }
        types = dict(kind._fields_)
        self._kept = {name: types[name](call) for name, call in offered.items()}
        for name, call in self._kept.items():
            setattr(self.info, name, call)

    def _data(self, _: object, font: object, table: int, buffer: object, size: int) -> int:
        if table != 0:  # one table, or the head of a collection, which this is not
            return 0
        if buffer and size >= len(self._font):
            ctypes.memmove(buffer, self._font, len(self._font))  # type: ignore[arg-type]
        return len(self._font)


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    # Without tidying up: the memory goes with the process.
    os._exit(code)
