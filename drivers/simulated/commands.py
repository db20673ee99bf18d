"""The ESC/POS commands that the simulated printer tells apart, as values."""

from dataclasses import dataclass
from enum import Enum


class Justify(Enum):
    """ESC a."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class Character:
    """One character code: one byte of a code page, or two or four bytes of the Chinese font."""

    code: bytes


@dataclass(frozen=True, slots=True)
class LineFeed:
    """LF: print the line."""


@dataclass(frozen=True, slots=True)
class Tab:
    """HT: on to the next stop of eight columns."""


@dataclass(frozen=True, slots=True)
class Initialise:
    """ESC @: settings back to those of power-on. Ends automatic status back."""


@dataclass(frozen=True, slots=True)
class DoubleByte:
    """FS & and FS . : Chinese characters on or off."""

    on: bool


@dataclass(frozen=True, slots=True)
class SetJustify:
    """ESC a n."""

    justify: Justify


@dataclass(frozen=True, slots=True)
class Emphasis:
    """ESC E n, ESC G n."""

    on: bool


@dataclass(frozen=True, slots=True)
class Underline:
    """ESC - n, FS - n: thickness in dots, 0 to 2."""

    dots: int


@dataclass(frozen=True, slots=True)
class Reverse:
    """GS B n: white on black."""

    on: bool


@dataclass(frozen=True, slots=True)
class PrintMode:
    """ESC ! n: font, emphasis, size and underline in one byte, for half-width characters."""

    bits: int


@dataclass(frozen=True, slots=True)
class ChineseMode:
    """FS ! n: size and underline of Chinese characters."""

    bits: int


@dataclass(frozen=True, slots=True)
class ChineseQuadruple:
    """FS W n: Chinese characters twice as wide and high."""

    on: bool


@dataclass(frozen=True, slots=True)
class CharacterSize:
    """GS ! n: multiples of width and height, 1 to 8, for all characters."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SelectFont:
    """ESC M n: font A (12 x 24) or B (9 x 17)."""

    small: bool


@dataclass(frozen=True, slots=True)
class SelectCodePage:
    """ESC t n."""

    page: int


@dataclass(frozen=True, slots=True)
class LineSpacing:
    """ESC 2 (None: the default) and ESC 3 n, in dots."""

    dots: int | None


@dataclass(frozen=True, slots=True)
class FeedLines:
    """ESC d n: print the line and feed n lines in all."""

    lines: int


@dataclass(frozen=True, slots=True)
class FeedDots:
    """ESC J n: print the line and feed n dots."""

    dots: int


@dataclass(frozen=True, slots=True)
class MoveTo:
    """ESC $: the next character stands this many dots from the left margin."""

    dots: int


@dataclass(frozen=True, slots=True)
class LeftMargin:
    """GS L, in dots."""

    dots: int


@dataclass(frozen=True, slots=True)
class PrintWidth:
    """GS W, in dots."""

    dots: int


@dataclass(frozen=True, slots=True)
class Cut:
    """GS V, ESC i, ESC m. `feed_dots` is None where the paper is cut as it stands."""

    partial: bool
    feed_dots: int | None


@dataclass(frozen=True, slots=True)
class Eject:
    """GS e n: 2 retract, 3 and 32 present, 5 eject, 6 transmit the ejector's status."""

    n: int


@dataclass(frozen=True, slots=True)
class QrModule:
    """GS ( k fn 167: dots of one module."""

    dots: int


@dataclass(frozen=True, slots=True)
class QrLevel:
    """GS ( k fn 169: error correction, one of L M Q H."""

    level: str


@dataclass(frozen=True, slots=True)
class QrStore:
    """GS ( k fn 180: the data of the next symbol."""

    data: bytes


@dataclass(frozen=True, slots=True)
class QrPrint:
    """GS ( k fn 181."""


@dataclass(frozen=True, slots=True)
class Raster:
    """GS v 0 and GS ( L fn 112: rows of bits, the highest bit at the left, 1 = black."""

    width_bytes: int
    rows: int
    bits: bytes
    scale_x: int = 1
    scale_y: int = 1


@dataclass(frozen=True, slots=True)
class StoreGraphics:
    """GS ( L fn 112: a raster kept for fn 50."""

    raster: Raster


@dataclass(frozen=True, slots=True)
class PrintGraphics:
    """GS ( L fn 50 (or 2)."""


@dataclass(frozen=True, slots=True)
class ColumnImage:
    """ESC *: columns of 8 or 24 dots, standing in the line like a character."""

    columns: int
    bytes_per_column: int
    scale_x: int
    scale_y: int
    bits: bytes


@dataclass(frozen=True, slots=True)
class DefineChinese:
    """FS 2: a glyph of 24 x 24 dots, by columns of 3 bytes, for one code."""

    code: bytes
    bits: bytes


@dataclass(frozen=True, slots=True)
class CancelChinese:
    """FS ?: the code has no glyph of the user's any more."""

    code: bytes


@dataclass(frozen=True, slots=True)
class AutomaticStatus:
    """GS a n."""

    mask: int


@dataclass(frozen=True, slots=True)
class TransmitPaper:
    """GS r 1, GS r 49, ESC v: the paper sensor, in order with the data."""


@dataclass(frozen=True, slots=True)
class TransmitDrawer:
    """GS r 2: the drawer, in order with the data."""


@dataclass(frozen=True, slots=True)
class TransmitIdentity:
    """GS I n."""

    n: int


@dataclass(frozen=True, slots=True)
class ProcessId:
    """GS ( H fn 48: say these four characters when everything before is on paper."""

    identity: bytes


@dataclass(frozen=True, slots=True)
class RealTimeInPlace:
    """A real-time command met in the data: it was obeyed when it came in."""


@dataclass(frozen=True, slots=True)
class NoEffect:
    """A command that is known, and does nothing that this simulation shows."""

    name: str
    code: bytes


@dataclass(frozen=True, slots=True)
class Unknown:
    """Bytes that no command begins with. A real printer drops or prints them."""

    code: bytes


Command = (
    Character
    | LineFeed
    | Tab
    | Initialise
    | DoubleByte
    | SetJustify
    | Emphasis
    | Underline
    | Reverse
    | PrintMode
    | ChineseMode
    | ChineseQuadruple
    | CharacterSize
    | SelectFont
    | SelectCodePage
    | LineSpacing
    | FeedLines
    | FeedDots
    | MoveTo
    | LeftMargin
    | PrintWidth
    | Cut
    | Eject
    | QrModule
    | QrLevel
    | QrStore
    | QrPrint
    | Raster
    | StoreGraphics
    | PrintGraphics
    | ColumnImage
    | DefineChinese
    | CancelChinese
    | AutomaticStatus
    | TransmitPaper
    | TransmitDrawer
    | TransmitIdentity
    | ProcessId
    | RealTimeInPlace
    | NoEffect
    | Unknown
)
