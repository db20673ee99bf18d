"""Takes one ESC/POS command after the other off the front of a receive buffer.

The parser looks at the front of the buffer only and keeps one bit of state (whether Chinese
characters are on), so it gives the same commands however the bytes were split on their way.
Formats: Epson ESC/POS reference; FS commands as in the SNBC BTP-M300 and Gprinter manuals.
"""

from collections.abc import Callable

from drivers.simulated import commands as c
from drivers.simulated.escpos_blocks import block_command, graphics_command
from drivers.simulated.escpos_tables import FIXED, NAMES_ONLY
from drivers.simulated.model import Charset

Parsed = tuple[c.Command, int]
"""A command, and how many bytes of the buffer it took."""

_DLE, _ESC, _FS, _GS = 0x10, 0x1B, 0x1C, 0x1D
_REAL_TIME_LENGTH = {0x04: 3, 0x05: 3}
_REAL_TIME_DC4_LENGTH = {0x01: 5, 0x02: 5, 0x08: 10}
_EJECT_LENGTH = {3: 4, 32: 5}
_LAST_TABLE_BARCODE = 6
_FIRST_COUNTED_BARCODE = 65


class EscPosParser:
    """Reads commands from the front of a buffer."""

    def __init__(self, charset: Charset, *, double_byte: bool) -> None:
        self._charset = charset
        self._double_byte_at_start = double_byte
        self._double_byte = double_byte

    def reset(self) -> None:
        """Back to the character mode of power-on, as ESC @ does."""
        self._double_byte = self._double_byte_at_start

    def next_command(self, buffer: bytearray) -> Parsed | None:
        """The first command in the buffer, or None where more bytes must come first.

        Never raises, whatever the bytes are.
        """
        if not buffer:
            return None
        first = buffer[0]
        if first >= 0x80:
            return self._high_byte(buffer)
        if first >= 0x20:
            return c.Character(bytes((first,))), 1
        match first:
            case 0x0A:
                return c.LineFeed(), 1
            case 0x09:
                return c.Tab(), 1
            case 0x00 | 0x0C | 0x0D | 0x18:
                return c.NoEffect("control", bytes((first,))), 1
            case 0x10:
                return _real_time(buffer)
            case 0x1B | 0x1C | 0x1D:
                return self._escape(buffer)
            case _:
                return c.Unknown(bytes((first,))), 1

    def _high_byte(self, buffer: bytearray) -> Parsed | None:
        lead = buffer[0]
        leads = range(0xA1, 0xF8) if self._charset is Charset.GB2312 else range(0x81, 0xFF)
        # FE is no lead byte of GB2312, but user-defined characters live at FE A1 and up.
        if not self._double_byte or (lead not in leads and lead != 0xFE):
            return c.Character(bytes((lead,))), 1
        if len(buffer) < 2:
            return None
        trail = buffer[1]
        if self._charset is Charset.GB18030 and 0x30 <= trail <= 0x39:
            return (c.Character(bytes(buffer[:4])), 4) if len(buffer) >= 4 else None
        first_trail = 0xA1 if self._charset is Charset.GB2312 else 0x40
        if first_trail <= trail <= 0xFE and trail != 0x7F:
            return c.Character(bytes(buffer[:2])), 2
        return c.Character(bytes((lead,))), 1

    def _escape(self, buffer: bytearray) -> Parsed | None:
        if len(buffer) < 2:
            return None
        start = bytes(buffer[:2])
        if start in FIXED:
            length, make = FIXED[start]
            if len(buffer) < length:
                return None
            command = make(bytes(buffer[2:length]))
            self._note(command)
            return command, length
        if start in NAMES_ONLY:
            name, length = NAMES_ONLY[start]
            return _named(buffer, name, length)
        if start in _VARIABLE:
            return _VARIABLE[start](buffer)
        return c.Unknown(start), 2

    def _note(self, command: c.Command) -> None:
        match command:
            case c.DoubleByte(on):
                self._double_byte = on
            case c.Initialise():
                self.reset()
            case _:
                pass


def _named(buffer: bytearray, name: str, length: int) -> Parsed | None:
    if len(buffer) < length:
        return None
    return c.NoEffect(name, bytes(buffer[: min(length, 16)])), length


def _real_time(buffer: bytearray) -> Parsed | None:
    if len(buffer) < 2:
        return None
    if buffer[1] == 0x14:
        if len(buffer) < 3:
            return None
        length = _REAL_TIME_DC4_LENGTH.get(buffer[2], 3)
    else:
        length = _REAL_TIME_LENGTH.get(buffer[1], 1)
    if length == 1:
        return c.Unknown(bytes((_DLE,))), 1
    return (c.RealTimeInPlace(), length) if len(buffer) >= length else None


def _cut(buffer: bytearray) -> Parsed | None:
    """GS V m, or GS V m n where m asks for a feed."""
    if len(buffer) < 3:
        return None
    mode = buffer[2]
    if mode in (0, 1, 48, 49):
        return c.Cut(partial=bool(mode & 1), feed_dots=None), 3
    if mode not in (65, 66, 97, 98, 103, 104):
        return c.Unknown(bytes(buffer[:3])), 3
    if len(buffer) < 4:
        return None
    return c.Cut(partial=mode in (66, 98, 104), feed_dots=buffer[3]), 4


def _eject(buffer: bytearray) -> Parsed | None:
    """GS e n, with a length for n = 3, with a length and a time for n = 32."""
    if len(buffer) < 3:
        return None
    length = _EJECT_LENGTH.get(buffer[2], 3)
    return (c.Eject(buffer[2]), length) if len(buffer) >= length else None


def _raster(buffer: bytearray) -> Parsed | None:
    """GS v 0 m xL xH yL yH data."""
    if len(buffer) < 8:
        return None
    mode = buffer[3]
    width_bytes = buffer[4] | buffer[5] << 8
    rows = buffer[6] | buffer[7] << 8
    length = 8 + width_bytes * rows
    if len(buffer) < length:
        return None
    bits = bytes(buffer[8:length])
    return c.Raster(width_bytes, rows, bits, 1 + (mode & 1), 1 + (mode >> 1 & 1)), length


def _column_image(buffer: bytearray) -> Parsed | None:
    """ESC * m nL nH data: m 0, 1 = 8 dots high, 32, 33 = 24 dots; even m is of half density."""
    if len(buffer) < 5:
        return None
    mode = buffer[2]
    columns = buffer[3] | buffer[4] << 8
    bytes_per_column = 3 if mode >= 32 else 1
    length = 5 + columns * bytes_per_column
    if len(buffer) < length:
        return None
    image = c.ColumnImage(
        columns=columns,
        bytes_per_column=bytes_per_column,
        scale_x=1 if mode & 1 else 2,
        scale_y=1 if bytes_per_column == 3 else 3,
        bits=bytes(buffer[5:length]),
    )
    return image, length


def _tab_stops(buffer: bytearray) -> Parsed | None:
    """ESC D n1 .. nk NUL, k up to 32."""
    end = buffer.find(0, 2, 2 + 33)
    if end >= 0:
        return _named(buffer, "tab stops", end + 1)
    return _named(buffer, "tab stops", 2 + 32) if len(buffer) > 2 + 32 else None


def _define_characters(buffer: bytearray) -> Parsed | None:
    """ESC & y c1 c2 [x d1 .. d(x*y)] for each code from c1 to c2."""
    if len(buffer) < 5:
        return None
    height_bytes, first, last = buffer[2], buffer[3], buffer[4]
    at = 5
    for _ in range(first, last + 1):
        if len(buffer) <= at:
            return None
        at += 1 + buffer[at] * height_bytes
    return _named(buffer, "user-defined characters", at)


def _barcode(buffer: bytearray) -> Parsed | None:
    """GS k m data NUL, or GS k m n data."""
    if len(buffer) < 4:
        return None
    if buffer[2] >= _FIRST_COUNTED_BARCODE:
        return _named(buffer, "barcode", 4 + buffer[3])
    if buffer[2] > _LAST_TABLE_BARCODE:
        return c.Unknown(bytes(buffer[:3])), 3
    end = buffer.find(0, 3)
    return _named(buffer, "barcode", end + 1) if end >= 0 else None


def _downloaded_image(buffer: bytearray) -> Parsed | None:
    """GS * x y data of x * y * 8 bytes."""
    if len(buffer) < 4:
        return None
    return _named(buffer, "downloaded image", 4 + buffer[2] * buffer[3] * 8)


def _stored_images(buffer: bytearray) -> Parsed | None:
    """FS q n [xL xH yL yH data of x * y * 8 bytes] n times."""
    if len(buffer) < 3:
        return None
    at = 3
    for _ in range(buffer[2]):
        if len(buffer) < at + 4:
            return None
        width_bytes = buffer[at] | buffer[at + 1] << 8
        height_bytes = buffer[at + 2] | buffer[at + 3] << 8
        at += 4 + width_bytes * height_bytes * 8
    return _named(buffer, "stored images", at)


def _block(buffer: bytearray) -> Parsed | None:
    """GS ( x pL pH data, and FS ( x pL pH data."""
    if len(buffer) < 5:
        return None
    length = 5 + (buffer[3] | buffer[4] << 8)
    if len(buffer) < length:
        return None
    body = bytes(buffer[5:length])
    if buffer[0] == _FS:
        return c.NoEffect("FS block", bytes(buffer[:5])), length
    return block_command(buffer[2], body), length


def _large_block(buffer: bytearray) -> Parsed | None:
    """GS 8 L p1 p2 p3 p4 data."""
    if len(buffer) < 7:
        return None
    if buffer[2] != ord("L"):
        return c.Unknown(bytes(buffer[:3])), 3
    length = 7 + int.from_bytes(buffer[3:7], "little")
    if len(buffer) < length:
        return None
    return graphics_command(bytes(buffer[7:length])), length


_VARIABLE: dict[bytes, Callable[[bytearray], Parsed | None]] = {
    b"\x1dV": _cut,
    b"\x1de": _eject,
    b"\x1dv": _raster,
    b"\x1b*": _column_image,
    b"\x1bD": _tab_stops,
    b"\x1b&": _define_characters,
    b"\x1dk": _barcode,
    b"\x1d*": _downloaded_image,
    b"\x1cq": _stored_images,
    b"\x1d(": _block,
    b"\x1c(": _block,
    b"\x1d8": _large_block,
}
