"""A document and a profile become the bytes of one slip.

The body holds text, pictures and codes; no `ESC @`, no status command and no cut: those
belong to `EscposPrinter`, which must know when they were sent. Every character of the
document is printed: from the printer's font, as a user-defined character, or as a picture
of its line.
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import assert_never

import qrcode
import qrcode.constants
from PIL import Image, ImageChops
from qrcode.util import BIT_LIMIT_TABLE, QRData

from drivers.printers import commands
from drivers.printers.cells import Cell, cells, longest_unit, width, wrap
from drivers.printers.charset import codes_of
from drivers.printers.glyphs import GlyphDrawer
from drivers.printers.paper import Align, Document, Element, Feed, Pair, Qr, Rule, Size, Text
from drivers.printers.profile import CELL_DOTS, CELL_ROWS, Profile
from drivers.printers.raster import Bitmap, as_columns, raster_blocks

_QUIET_MODULES = 4  # ISO/IEC 18004: the empty margin that a reader needs
_MIN_MODULE_DOTS = 2  # 0.25 mm: below that, heat spreads into the neighbouring module
_BYTE_MODE = 4  # qrcode.util.MODE_8BIT_BYTE
_MODE_BITS = 4  # before the count of bytes
_LONG_COUNT_FROM = 10  # the first version whose count has 16 bits
_LARGEST_VERSION = 40
_MAX_MODULE_DOTS = 16  # GS ( k function 167


class QrTooLarge(ValueError):
    """The code does not fit the paper at the smallest module that can be read."""


@dataclass(frozen=True, slots=True)
class Slip:
    """The bytes of one slip, and how much paper they use.

    Attributes:
        body: what the printer gets between its set-up and the cut.
        height_mm: paper that the body uses.
    """

    body: bytes
    height_mm: float


def encode(document: Document, profile: Profile, glyphs: GlyphDrawer) -> Slip:
    """The slip that shows this document on this printer.

    Args:
        document: what is to stand on it.
        profile: the printer.
        glyphs: draws what the printer's font lacks.

    Raises:
        QrTooLarge: a QR code cannot be made small enough for the paper.
    """
    encoder = _Encoder(profile, glyphs)
    for element in document.elements:
        encoder.add(element)
    return encoder.slip()


class _Encoder:
    def __init__(self, profile: Profile, glyphs: GlyphDrawer) -> None:
        self._profile = profile
        self._glyphs = glyphs
        self._codes = codes_of(profile.charset)
        self._kanji: dict[str, int] = {}
        self._definitions = bytearray()
        self._body = bytearray()
        self._modes: dict[bytes, bytes] = {}
        self._height_mm = 0.0

    def slip(self) -> Slip:
        opening = commands.LINE_SPACING + commands.ASCII
        if self._profile.fs_amp:
            opening += commands.DOUBLE_BYTE_ON
        return Slip(opening + bytes(self._definitions) + bytes(self._body), self._height_mm)

    def add(self, element: Element) -> None:
        match element:
            case Text():
                self._text(element)
            case Pair():
                self._pair(element)
            case Rule():
                self._line(cells("-" * self._profile.columns), Text(""))
            case Qr():
                self._qr(element)
            case Feed(lines):
                self._body += commands.feed(lines)
                self._height_mm += lines * self._profile.line_mm
            case _:
                assert_never(element)

    def _text(self, text: Text) -> None:
        style = text
        columns = self._profile.columns // style.size.value[0]
        if style.size is Size.LARGE and longest_unit(text.text) > columns:
            # A long number keeps its digits together in tall characters rather than in two lines.
            style = Text(text.text, Size.TALL, text.align, text.bold)
            columns = self._profile.columns
        for line in wrap(text.text, columns):
            self._line(line, style)

    def _set(self, command: bytes) -> None:
        """Send a mode command if its last value was another. Its first two bytes are its name."""
        if self._modes.get(command[:2]) != command:
            self._modes[command[:2]] = command
            self._body += command

    def _pair(self, pair: Pair) -> None:
        columns = self._profile.columns
        label, value = cells(pair.label), cells(pair.value)
        room = columns - width(label) - width(value)
        one_line = not set("\r\n\u2028\u2029") & set(pair.label + pair.value)
        if room >= 1 and one_line:
            self._line([*label, *(Cell(" ", 1) for _ in range(room)), *value], Text(""))
            return
        self._text(Text(pair.label))
        self._text(Text(pair.value, align=Align.RIGHT))

    def _line(self, line: list[Cell], style: Text) -> None:
        """One line that fits: as text if every cell can be, else as a picture."""
        codes: list[bytes | None] = [self._codes[cell.text] for cell in line]
        if None in codes:
            codes = [self._cell_bytes(cell) for cell in line]
        known = [code for code in codes if code is not None]
        if len(known) == len(line):
            self._set(commands.align(style.align))
            self._set(commands.bold(style.bold))
            self._set(commands.size(style.size))
            self._body += b"".join(known)
            self._body += commands.NEW_LINE
            self._height_mm += self._profile.line_mm * style.size.value[1]
        else:
            drawn = self._drawn_line(line, style)
            self._picture(drawn, style.align)
            self._space_below(drawn)

    def _cell_bytes(self, cell: Cell) -> bytes | None:
        own = self._codes[cell.text]
        if own is not None:
            return own
        if cell.text not in self._kanji:
            if len(self._kanji) >= self._profile.user_kanji:
                return None
            self._kanji[cell.text] = len(self._kanji)
            drawn = self._glyphs.draw(cell.text, 2 * CELL_DOTS, CELL_ROWS)
            columns = as_columns(Bitmap(2 * CELL_DOTS // 8, drawn.tobytes()))
            self._definitions += commands.define_kanji(self._kanji[cell.text], columns)
        return commands.kanji_code(self._kanji[cell.text])

    def _drawn_line(self, line: list[Cell], style: Text) -> Bitmap:
        across, down = style.size.value
        used_dots = width(line) * CELL_DOTS * across
        width_dots = -(-used_dots // 8) * 8
        paper = Image.new("1", (width_dots, CELL_ROWS * down), 0)
        left = 0
        for cell in line:
            cell_dots = cell.columns * CELL_DOTS * across
            paper.paste(self._glyphs.draw(cell.text, cell_dots, CELL_ROWS * down), (left, 0))
            left += cell_dots
        if style.bold:
            # As printers do it: every dot once more, one to the right.
            shifted = Image.new("1", paper.size, 0)
            shifted.paste(paper, (1, 0))
            paper = ImageChops.logical_or(paper, shifted)
        return Bitmap(width_dots // 8, paper.tobytes())

    def _space_below(self, drawn: Bitmap) -> None:
        """The rest of the line's height: a picture is not followed by any, as text is.

        Empty rows one byte wide, because the unit of `ESC J` differs by model.
        """
        line_dots = round(self._profile.line_mm * self._profile.dots_per_mm)
        missing_dots = line_dots - drawn.height_dots
        if missing_dots > 0:
            self._body += raster_blocks(
                Bitmap(1, bytes(missing_dots)), self._profile.max_raster_rows
            )
            self._height_mm += missing_dots / self._profile.dots_per_mm

    def _picture(self, bitmap: Bitmap, align: Align) -> None:
        self._set(commands.align(align))
        self._body += raster_blocks(bitmap, self._profile.max_raster_rows)
        self._height_mm += bitmap.height_dots / self._profile.dots_per_mm

    def _qr(self, qr: Qr) -> None:
        modules = _qr_modules(qr.data)
        size = modules + 2 * _QUIET_MODULES
        module_dots = min(qr.module_dots, _MAX_MODULE_DOTS, self._profile.dots // size)
        if module_dots < _MIN_MODULE_DOTS:
            raise QrTooLarge(f"{size} modules on {self._profile.dots} dots")
        if self._profile.native_qr:
            code = commands.native_qr(qr.data, module_dots)
            if not commands.has_real_time(code):
                self._set(commands.align(Align.CENTRE))
                # The printer leaves no margin; a line above and below is four modules and more.
                self._body += commands.feed(1) + code + commands.feed(1)
                self._height_mm += modules * module_dots / self._profile.dots_per_mm
                self._height_mm += 2 * self._profile.line_mm
                return
        self._picture(_qr_picture(_qr_matrix(qr.data), module_dots), Align.CENTRE)


@cache
def _qr_capacity_bytes() -> tuple[int, ...]:
    """Bytes that versions 1 to 40 hold at level M in byte mode (ISO/IEC 18004 table 7)."""
    bits = BIT_LIMIT_TABLE[qrcode.constants.ERROR_CORRECT_M][1:]
    return tuple(
        (limit - _MODE_BITS - (8 if version < _LONG_COUNT_FROM else 16)) // 8
        for version, limit in enumerate(bits, start=1)
    )


def _qr_version(content: bytes) -> int:
    """The smallest code that holds it.

    In byte mode, as a printer may choose to: no other mode needs more room.
    """
    version = bisect_left(_qr_capacity_bytes(), len(content)) + 1
    if version > _LARGEST_VERSION:
        raise QrTooLarge("more than a QR code can hold")
    return version


def _qr_modules(data: str) -> int:
    """How many modules the code has on each side. Drawing it to count them would take 10 ms."""
    return 17 + 4 * _qr_version(data.encode())  # ISO/IEC 18004 section 6.3.1


def _qr_matrix(data: str) -> list[list[bool]]:
    """The modules of the code."""
    content = data.encode()
    code = qrcode.QRCode(
        _qr_version(content), error_correction=qrcode.constants.ERROR_CORRECT_M, border=0
    )
    code.add_data(QRData(content, mode=_BYTE_MODE), optimize=0)
    code.make(fit=False)
    return [[bool(module) for module in row] for row in code.modules]


def _qr_picture(modules: list[list[bool]], module_dots: int) -> Bitmap:
    """The code with the quiet margin above and below; the margins beside it are empty paper."""
    side_dots = len(modules) * module_dots
    padded_dots = -(-side_dots // 8) * 8
    empty = bytes(padded_dots // 8)
    rows = [empty] * (_QUIET_MODULES * module_dots)
    for row in modules:
        bits = "".join(("1" if dark else "0") * module_dots for dark in row)
        number = int(bits.ljust(padded_dots, "0"), 2)
        rows.extend([number.to_bytes(padded_dots // 8, "big")] * module_dots)
    rows.extend([empty] * (_QUIET_MODULES * module_dots))
    return Bitmap(padded_dots // 8, b"".join(rows))
