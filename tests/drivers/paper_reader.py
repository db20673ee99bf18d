"""Reads a slip's bytes back, command by command: a second opinion on the encoder.

Only the commands that the encoder may use are known; anything else fails the test.
"""

from dataclasses import dataclass, field


@dataclass
class Line:
    """One printed line: its text, and where and how it stands."""

    text: str
    columns: int
    align: int
    bold: bool
    wide: int
    tall: int


@dataclass
class Picture:
    """One raster block."""

    width_bytes: int
    rows: bytes
    align: int


@dataclass
class Paper:
    """What a printer would make of the bytes."""

    lines: list[Line] = field(default_factory=list[Line])
    pictures: list[Picture] = field(default_factory=list[Picture])
    codes: list[bytes] = field(default_factory=list[bytes])
    glyphs: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    payloads: list[bytes] = field(default_factory=list[bytes])
    """Everything in which a real-time command may not stand."""
    fed: int = 0


class _Reader:
    def __init__(self, body: bytes) -> None:
        self.paper = Paper()
        self._rest = body
        self._align = 0
        self._bold = False
        self._wide = self._tall = 1
        self._text = ""
        self._columns = 0

    def _take(self, count: int) -> bytes:
        taken, self._rest = self._rest[:count], self._rest[count:]
        assert len(taken) == count, "a command is cut off"
        return taken

    def read(self) -> Paper:
        while self._rest:
            first = self._take(1)[0]
            if first in (0x1B, 0x1C, 0x1D):
                self._command(bytes((first,)) + self._take(1))
            elif first == 0x0A:
                self._end_line()
            elif first < 0x80:
                assert 0x20 <= first < 0x7F, f"control character {first:02x}"
                self._text += chr(first)
                self._columns += self._wide
            else:
                self._double_byte(first)
        assert not self._text, "a line has no end"
        return self.paper

    def _double_byte(self, first: int) -> None:
        raw = bytes((first,)) + self._take(1)
        if raw[1] < 0x40:
            raw += self._take(2)
        if raw in self.paper.glyphs:
            self._text += "\N{GETA MARK}"
        else:
            self._text += raw.decode("gb18030")
        self._columns += 2 * self._wide

    def _end_line(self) -> None:
        self.paper.lines.append(
            Line(self._text, self._columns, self._align, self._bold, self._wide, self._tall)
        )
        self._text, self._columns = "", 0

    def _command(self, name: bytes) -> None:
        assert not self._text or name not in (b"\x1d\x76", b"\x1b\x61"), "in mid-line"
        match name:
            case b"\x1b\x32" | b"\x1c\x26":
                pass
            case b"\x1b\x52":
                assert self._take(1) == b"\x00"
            case b"\x1b\x61":
                self._align = self._take(1)[0]
            case b"\x1b\x45":
                self._bold = bool(self._take(1)[0])
            case b"\x1b\x64":
                self.paper.fed += self._take(1)[0]
            case b"\x1d\x21":
                n = self._take(1)[0]
                self._wide, self._tall = (n >> 4) + 1, (n & 7) + 1
            case b"\x1c\x21":
                n = self._take(1)[0]
                assert bool(n & 4) == (self._wide == 2)
                assert bool(n & 8) == (self._tall == 2)
            case b"\x1c\x32":
                code = self._take(2)
                assert code not in self.paper.glyphs
                self.paper.glyphs[code] = self._take(72)
                self.paper.payloads.append(self.paper.glyphs[code])
            case b"\x1d\x76":
                assert self._take(2) == b"0\x00"
                across = int.from_bytes(self._take(2), "little")
                down = int.from_bytes(self._take(2), "little")
                rows = self._take(across * down)
                self.paper.pictures.append(Picture(across, rows, self._align))
                self.paper.payloads.append(rows)
            case b"\x1d\x28":
                assert self._take(1) == b"k"
                data = self._take(int.from_bytes(self._take(2), "little"))
                self.paper.payloads.append(data)
                if data.startswith(b"1P0"):
                    self.paper.codes.append(data[3:])
            case _:
                raise AssertionError(f"command {name.hex(' ')} does not belong into a body")


def read_slip(body: bytes) -> Paper:
    """What these bytes put on paper."""
    return _Reader(body).read()
