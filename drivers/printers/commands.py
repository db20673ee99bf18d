"""What a receipt printer is told: bytes, with the manual each comes from.

Where python-escpos 3.1 builds the right bytes (native QR) they are taken from it. It is
imported on first use only: the import costs 0.2 s, configures the root logger if nobody
has, and leaves a folder in /tmp, which is removed here.
"""

import os
import shutil
from functools import cache
from typing import Protocol, cast

from drivers.printers.paper import Align, Size
from drivers.printers.profile import Cutter, Presenter, Profile

INITIALISE = b"\x1b\x40"
"""ESC @. Also ends automatic status back: always followed by `STATUS_BACK_ON`."""
STATUS_BACK_ON = b"\x1d\x61\x0f"
"""GS a 0F: drawer, on/off-line, error, roll paper (Epson TM-T88III guide p. 304)."""
ORDERED_STATUS = b"\x1d\x72\x01"
"""GS r 1: one byte about the paper, in order with the data; no answer while off-line."""
ASK_MAKER = b"\x1d\x49\x42"
"""GS I 66: 5F maker 00."""
ASK_MODEL = b"\x1d\x49\x43"
"""GS I 67: 5F model 00."""
CLEAR_BUFFER = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 function 8 (Epson dle_dc4_fn8): answers 37 25 00; send nothing until it comes."""
RECOVER = b"\x10\x05\x02"
"""DLE ENQ 2: recover from a recoverable error, clearing the buffers."""
FULL_STATUS = b"\x10\x04\x14"
"""DLE EOT 20: 10 0F and four bytes about paper, user, recoverable and unrecoverable errors."""
RETRACT = b"\x1d\x65\x02"
"""GS e 2: cut if need be, and draw the slip back in, where that is switched on."""
DOUBLE_BYTE_ON = b"\x1c\x26"
"""FS &."""
ASCII = b"\x1b\x52\x00"
"""ESC R 0: the American set. With the Chinese one (15), 24 prints as a currency sign."""
LINE_SPACING = b"\x1b\x32"
"""ESC 2: default line spacing, 1/6 inch."""
NEW_LINE = b"\n"

REAL_TIME_SECOND = b"\x04\x05\x14"
"""A 10 followed by one of these is a real-time command wherever it stands, even in a raster
(Epson, ZiJiang ZJ-58 p. 26, TM-L90 and TM-T90 manuals)."""


def has_real_time(data: bytes) -> bool:
    """True when a printer would find a real-time command in these bytes."""
    return any(bytes((0x10, second)) in data for second in REAL_TIME_SECOND)


def real_time_status(n: int) -> bytes:
    """DLE EOT n, n = 1 printer, 2 off-line cause, 3 error cause, 4 roll paper."""
    return bytes((0x10, 0x04, n))


def process_id(tag: bytes) -> bytes:
    """GS ( H function 48 (Epson gs_lparen_ch_fn48): 37 22 tag 00 when all before it is printed."""
    return b"\x1d\x28\x48\x06\x00\x30\x30" + tag


def align(where: Align) -> bytes:
    """ESC a n."""
    return bytes((0x1B, 0x61, where.value))


def bold(on: bool) -> bytes:
    """ESC E n."""
    return bytes((0x1B, 0x45, on))


def size(size: Size) -> bytes:
    """GS ! n for all characters, and FS ! n for those models whose Chinese ignores GS !.

    Both say the same thing, and where both count, the last one is effective (Epson gs_exclamation).
    """
    width, height = size.value
    kanji = (0x04 if width > 1 else 0) | (0x08 if height > 1 else 0)
    return bytes((0x1D, 0x21, (width - 1) << 4 | (height - 1), 0x1C, 0x21, kanji))


def feed(lines: int) -> bytes:
    """ESC d n, as often as needed for `lines` lines."""
    return b"".join(bytes((0x1B, 0x64, min(255, lines - done))) for done in range(0, lines, 255))


def define_kanji(index: int, columns: bytes) -> bytes:
    """FS 2 c1 c2 d1..d72: the character FE A1+index, 24 columns of 3 bytes from left to right.

    Sources: BT-T080 programming manual p. 31; Birch BP-002 p. 44.
    """
    return b"\x1c\x32" + kanji_code(index) + columns


def kanji_code(index: int) -> bytes:
    """The two bytes that print the user-defined character `index`."""
    return bytes((0xFE, 0xA1 + index))


def raster(width_bytes: int, rows: bytes) -> bytes:
    """GS v 0: rows of `width_bytes` bytes each, left to right, bit 7 leftmost, 1 = black."""
    height = len(rows) // width_bytes
    return (
        b"\x1d\x76\x30\x00"
        + width_bytes.to_bytes(2, "little")
        + height.to_bytes(2, "little")
        + rows
    )


def native_qr(data: str, module_dots: int) -> bytes:
    """GS ( k: QR model 2, error correction M, UTF-8 data, printed where the alignment says."""
    paper = _library()
    paper.qr(data, ec=_QR_LEVEL_M, size=module_dots, native=True)
    code = paper.output
    paper.clear()
    return code


def present(steps: int) -> bytes:
    """GS e 3 m: hold the slip out by m steps (7 mm on a Reliance; differs by model)."""
    return bytes((0x1D, 0x65, 0x03, steps))


def end_slip(profile: Profile) -> bytes:
    """Cut, and hold the slip out where there is a presenter."""
    if profile.presenter is Presenter.NONE:
        return cut(profile)
    return cut(profile) + present(profile.present_steps)


def end_rest(profile: Profile) -> bytes:
    """Cut off what is left of a slip that failed; a presenter keeps it from the next person."""
    return cut(profile) if profile.presenter is Presenter.NONE else cut(profile) + RETRACT


def cut(profile: Profile) -> bytes:
    """Feed to the cutter and cut (GS V), or only feed to where a person can tear."""
    ending = feed(profile.cut_feed_lines)
    match profile.cutter:
        case Cutter.FULL:
            return ending + b"\x1d\x56\x00"
        case Cutter.PARTIAL:
            return ending + b"\x1d\x56\x01"
        case Cutter.NONE:
            return ending


_QR_LEVEL_M = 1  # escpos.constants.QR_ECLEVEL_M


class _ByteBuilder(Protocol):
    """The part of `escpos.printer.Dummy` that is used; the library has no types of its own."""

    @property
    def output(self) -> bytes: ...
    def qr(self, content: str, *, ec: int, size: int, native: bool) -> None: ...
    def clear(self) -> None: ...


@cache
def _library() -> _ByteBuilder:
    from escpos import capabilities  # pyright: ignore[reportMissingTypeStubs] - has none
    from escpos.printer import Dummy  # pyright: ignore[reportMissingTypeStubs] - has none

    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return cast("_ByteBuilder", Dummy())
