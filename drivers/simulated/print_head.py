"""Turns print commands into bands of paper: one line at a time, as a receipt printer does."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PIL import Image, ImageChops, ImageDraw

from drivers.simulated import commands as c
from drivers.simulated.dots import enlarged, from_columns, from_rows
from drivers.simulated.glyphs import CHINESE_DOTS, FONT_A_DOTS, FONT_B_DOTS, GlyphFont
from drivers.simulated.model import PrinterModel
from drivers.simulated.paper import Band
from drivers.simulated.symbols import SymbolTooLarge, qr_image

DEFAULT_LINE_DOTS = 30
_NOTED = 200
_TAB_COLUMNS = 8
_CODE_PAGES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
}
_DRAWN_GLYPH = "〓"
"""Stands in the text for a glyph that the host drew itself (the old mark for a missing sort)."""
_NO_GLYPH = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Style:
    """The settings that ESC @ brings back."""

    justify: c.Justify = c.Justify.LEFT
    bold: bool = False
    reverse: bool = False
    underline_dots: int = 0
    small_font: bool = False
    size: tuple[int, int] = (1, 1)
    chinese_size: tuple[int, int] = (1, 1)
    line_dots: int = DEFAULT_LINE_DOTS
    code_page: int = 0
    left_margin_dots: int = 0
    width_dots: int | None = None
    qr_module_dots: int = 3
    qr_level: str = "L"


@dataclass(frozen=True, slots=True)
class _Cell:
    x: int
    image: Image.Image
    text: str
    after_jump: bool


@dataclass(slots=True)
class PrintHead:
    """The print buffer of one line, the settings, and what the host defined.

    Bands are handed to `emit` when a line is printed.
    """

    model: PrinterModel
    font: GlyphFont
    emit: Callable[[Band], None]
    unprintable: deque[str] = field(default_factory=lambda: deque(maxlen=_NOTED), init=False)
    """What the host asked for and this printer has no way to print, in hexadecimal or words."""
    style: Style = field(default_factory=Style, init=False)
    _cells: list[_Cell] = field(default_factory=list[_Cell], init=False)
    _x: int = field(default=0, init=False)
    _jumped: bool = field(default=False, init=False)
    _drawn: dict[bytes, Image.Image] = field(default_factory=dict[bytes, Image.Image], init=False)
    _qr_data: bytes = field(default=b"", init=False)
    _graphics: c.Raster | None = field(default=None, init=False)

    @property
    def line_begun(self) -> bool:
        """Whether characters wait in the line buffer."""
        return bool(self._cells)

    def reset(self) -> None:
        """ESC @ and power-on: settings, line buffer and user-defined glyphs are gone."""
        self.style = Style()
        self._drawn.clear()
        self._qr_data = b""
        self._graphics = None
        self.drop_line()

    def drop_line(self) -> None:
        """Forget the characters of the line that was not printed yet."""
        self._cells.clear()
        self._x = 0
        self._jumped = False

    def obey(self, command: c.Command) -> bool:
        """Carry out a command that concerns printing; False when it is none of these."""
        match command:
            case c.Character(code):
                self._character(code)
            case c.LineFeed():
                self._print_line(self.style.line_dots)
            case c.Tab():
                column = self._x // FONT_A_DOTS[0]
                self._move_to((column // _TAB_COLUMNS + 1) * _TAB_COLUMNS * FONT_A_DOTS[0])
            case c.MoveTo(dots):
                self._move_to(dots)
            case c.FeedLines(lines):
                self._feed_lines(lines)
            case c.FeedDots(dots):
                self._feed_dots(dots)
            case c.Raster():
                self._image(command)
            case c.PrintGraphics():
                if self._graphics is not None:
                    self._image(self._graphics)
                    self._graphics = None
            case c.QrPrint():
                self._qr()
            case c.ColumnImage():
                self._column_image(command)
            case _:
                return self._define(command) or self._restyle(command)
        return True

    def _define(self, command: c.Command) -> bool:
        match command:
            case c.DefineChinese(code, bits):
                self._drawn[code] = from_columns(bits, CHINESE_DOTS, 3)
            case c.CancelChinese(code):
                self._drawn.pop(code, None)
            case c.QrStore(data):
                self._qr_data = data
            case c.StoreGraphics(raster):
                self._graphics = raster
            case _:
                return False
        return True

    def _restyle(self, command: c.Command) -> bool:
        style = self.style
        match command:
            case c.SetJustify(justify):
                if self._cells:
                    return True  # obeyed at the beginning of a line only
                style = replace(style, justify=justify)
            case c.Emphasis(on):
                style = replace(style, bold=on)
            case c.Underline(dots):
                style = replace(style, underline_dots=dots)
            case c.Reverse(on):
                style = replace(style, reverse=on)
            case c.PrintMode(bits):
                style = replace(
                    style,
                    small_font=bool(bits & 0x01),
                    bold=bool(bits & 0x08),
                    size=(1 + (bits >> 5 & 1), 1 + (bits >> 4 & 1)),
                    underline_dots=bits >> 7,
                )
            case c.ChineseMode(bits):
                size = (1 + (bits >> 2 & 1), 1 + (bits >> 3 & 1))
                style = replace(style, chinese_size=size, underline_dots=bits >> 7)
            case c.ChineseQuadruple(on):
                style = replace(style, chinese_size=(2, 2) if on else (1, 1))
            case c.CharacterSize(width, height):
                style = replace(style, size=(width, height), chinese_size=(width, height))
            case c.SelectFont(small):
                style = replace(style, small_font=small)
            case c.SelectCodePage(page):
                style = replace(style, code_page=page)
            case c.LineSpacing(dots):
                style = replace(style, line_dots=DEFAULT_LINE_DOTS if dots is None else dots)
            case c.LeftMargin(dots):
                style = replace(style, left_margin_dots=min(dots, self.model.print_dots - 24))
            case c.PrintWidth(dots):
                style = replace(style, width_dots=max(dots, 24))
            case c.QrModule(dots):
                style = replace(style, qr_module_dots=dots)
            case c.QrLevel(level):
                style = replace(style, qr_level=level)
            case _:
                return False
        self.style = style
        return True

    @property
    def _width(self) -> int:
        """Dots between the left margin and the end of the print area."""
        room = self.model.print_dots - self.style.left_margin_dots
        return room if self.style.width_dots is None else min(room, self.style.width_dots)

    def _character(self, code: bytes) -> None:
        style = self.style
        if len(code) > 1:
            cell, scale = (CHINESE_DOTS, CHINESE_DOTS), style.chinese_size
        else:
            cell, scale = (FONT_B_DOTS if style.small_font else FONT_A_DOTS), style.size
        text, glyph = self._glyph(code, cell)
        image = enlarged(glyph, *scale)
        if style.underline_dots:
            top = image.height - style.underline_dots
            ImageDraw.Draw(image).rectangle((0, top, image.width, image.height), fill=1)
        if style.reverse:
            image = ImageChops.invert(image)
        self._place(image, text)

    def _glyph(self, code: bytes, cell: tuple[int, int]) -> tuple[str, Image.Image]:
        if code in self._drawn:
            return _DRAWN_GLYPH, self._drawn[code]
        if len(code) == 1:
            codec = _CODE_PAGES.get(self.style.code_page, "cp437")
        else:
            codec = self.model.charset.value
        character = code.decode(codec, errors="replace")
        if len(character) != 1 or character == _NO_GLYPH:
            self.unprintable.append(code.hex(" "))
            box = Image.new("1", cell, 0)
            ImageDraw.Draw(box).rectangle((2, 4, cell[0] - 3, cell[1] - 5), outline=1)
            return _NO_GLYPH, box
        return character, self.font.glyph(character, cell, self.style.bold)

    def _place(self, image: Image.Image, text: str) -> None:
        if self._cells and self._x + image.width > self._width:
            self._print_line(self.style.line_dots)
        self._cells.append(_Cell(self._x, image, text, self._jumped))
        self._x += image.width
        self._jumped = False

    def _move_to(self, dots: int) -> None:
        if dots < self._width:
            self._x = dots
            self._jumped = True

    def _print_line(self, advance_dots: int) -> None:
        """Print what is in the line buffer and advance by so much, or by the line's height."""
        if not self._cells:
            self.emit(Band(advance_dots, None, ""))
            self.drop_line()
            return
        height = max(cell.image.height for cell in self._cells)
        shift = self._shift(max(cell.x + cell.image.width for cell in self._cells))
        strip = Image.new("1", (self.model.print_dots, max(height, advance_dots)), 0)
        for cell in self._cells:
            # Characters of different heights stand on the same base.
            strip.paste(cell.image, (shift + cell.x, height - cell.image.height))
        text = _read_line(self._cells, shift)
        self.drop_line()
        self.emit(Band(strip.height, strip, text))

    def _feed_lines(self, lines: int) -> None:
        if self._cells:
            self._print_line(self.style.line_dots)
            lines -= 1
        for _ in range(lines):
            self.emit(Band(self.style.line_dots, None, ""))

    def _feed_dots(self, dots: int) -> None:
        if self._cells:
            self._print_line(dots)
        elif dots:
            self.emit(Band(dots))

    def feed(self, dots: int) -> None:
        """Print what is in the line buffer, then feed."""
        if self._cells:
            self._print_line(self.style.line_dots)
        if dots:
            self.emit(Band(dots))

    def _shift(self, width: int) -> int:
        """Where something of this width begins, counted from the left of the print area."""
        free = max(0, self._width - width)
        match self.style.justify:
            case c.Justify.LEFT:
                inset = 0
            case c.Justify.CENTRE:
                inset = free // 2
            case c.Justify.RIGHT:
                inset = free
        return self.style.left_margin_dots + inset

    def _image(self, raster: c.Raster) -> None:
        if self._cells:
            self._print_line(self.style.line_dots)
        image = from_rows(raster.bits, raster.width_bytes, raster.rows)
        image = enlarged(image, raster.scale_x, raster.scale_y)
        strip = Image.new("1", (self.model.print_dots, image.height), 0)
        strip.paste(image, (self._shift(image.width), 0))
        self.emit(Band(strip.height, strip, f"[image {image.width} x {image.height}]"))

    def _column_image(self, command: c.ColumnImage) -> None:
        image = from_columns(command.bits, command.columns, command.bytes_per_column)
        self._place(enlarged(image, command.scale_x, command.scale_y), "")

    def _qr(self) -> None:
        if self._cells:
            self._print_line(self.style.line_dots)
        if not self._qr_data:
            return
        readable = self._qr_data.decode("utf-8", errors="backslashreplace")
        try:
            code = qr_image(self._qr_data, self.style.qr_level, self.style.qr_module_dots)
        except SymbolTooLarge:
            self.unprintable.append("QR code with too much data")
            return
        if code.width > self._width:
            # Real printers print nothing where the symbol is wider than the print area.
            self.unprintable.append(f"QR code of {code.width} dots on {self._width}")
            return
        strip = Image.new("1", (self.model.print_dots, code.height), 0)
        strip.paste(code, (self._shift(code.width), 0))
        self.emit(Band(strip.height, strip, f"[QR {readable}]", (readable,)))


def _read_line(cells: list[_Cell], shift: int) -> str:
    """The line as text; what stands further right begins at its own column."""
    line = " " * (shift // FONT_A_DOTS[0])
    columns = len(line)
    for cell in cells:
        column = (shift + cell.x) // FONT_A_DOTS[0]
        if cell.after_jump and column > columns:
            line += " " * (column - columns)
        line += cell.text
        columns = column + cell.image.width // FONT_A_DOTS[0]
    return line.rstrip()
