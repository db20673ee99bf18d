"""Black and white pictures, and how they travel without waking the printer."""

import re
from dataclasses import dataclass

from PIL import Image

from drivers.printers import commands

_REAL_TIME = re.compile(b"\x10(?=[" + re.escape(commands.REAL_TIME_SECOND) + b"])")

_BLOCK = re.compile(b"\x1d\x76\x30\x00(..)(..)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Rows from top to bottom, each of `width_bytes` bytes, bit 7 leftmost, 1 = black."""

    width_bytes: int
    rows: bytes

    def __post_init__(self) -> None:
        if self.width_bytes < 1 or len(self.rows) % self.width_bytes:
            raise ValueError("the rows are not whole")

    @property
    def height_dots(self) -> int:
        """Number of rows."""
        return len(self.rows) // self.width_bytes


def without_real_time(data: bytes) -> bytes:
    """The same picture without any 10 04, 10 05 or 10 14 in its bytes.

    A 10 is a line one dot wide; it becomes 18, two dots wide (0.125 mm more ink in one row).
    18 begins no command and no change makes a new 10, so one pass is enough. A QR module is
    at least two dots wide and never meets this.
    """
    return _REAL_TIME.sub(b"\x18", data)


def raster_blocks(bitmap: Bitmap, max_rows: int) -> bytes:
    """`GS v 0` blocks of at most `max_rows` rows each."""
    rows = without_real_time(bitmap.rows)
    step = max_rows * bitmap.width_bytes
    return b"".join(
        commands.raster(bitmap.width_bytes, rows[start : start + step])
        for start in range(0, len(rows), step)
    )


def longest_block(body: bytes) -> int:
    """Bytes of picture in the longest `GS v 0` block of a body from `encode`; 0 without one."""
    return max(
        (
            int.from_bytes(block[1], "little") * int.from_bytes(block[2], "little")
            for block in _BLOCK.finditer(body)
        ),
        default=0,
    )


def as_columns(bitmap: Bitmap) -> bytes:
    """A 24x24 picture as `FS 2` wants it: columns from left to right, 3 bytes each, top first."""
    if bitmap.width_bytes != 3 or bitmap.height_dots != 24:
        raise ValueError("a user-defined character has 24x24 dots")
    # Columns are the rows of the picture that is turned over its diagonal.
    dots = Image.frombytes("1", (24, 24), bitmap.rows)
    return without_real_time(dots.transpose(Image.Transpose.TRANSPOSE).tobytes())
