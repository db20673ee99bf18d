"""What a scanner has to say."""

from dataclasses import dataclass
from enum import Enum

from drivers.scanners.decode import Encoding


@dataclass(frozen=True, slots=True)
class Scanned:
    """Somebody held a code under the scanner.

    Attributes:
        text: what it says. Personal data may stand in it: never log it.
        raw_len: bytes it had on the wire, without frame.
        encoding: how it was written.
        symbology: AIM identifier ("]Q1"), "" if the scanner sends none.
    """

    text: str
    raw_len: int
    encoding: Encoding
    symbology: str = ""


class WhyUnreadable(Enum):
    """Why a scan is no text. The value is the key of the sentence that people read."""

    TOO_LONG = "too_long"
    CUT_OFF = "cut_off"
    GARBLED = "garbled"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something was scanned that cannot be read; `length` is its bytes."""

    why: WhyUnreadable
    length: int


class WhyDisconnected(Enum):
    """Why there is no scanner."""

    MISSING = "missing"
    """Nothing at the configured path."""
    BUSY = "busy"
    """Another process holds it."""
    LOST = "lost"
    """It went away."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The scanner is there and listened to."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The scanner is not there; the driver keeps looking for it."""

    why: WhyDisconnected


ScannerState = Connected | Disconnected


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The scanner came or went."""

    state: ScannerState


ScannerEvent = Scanned | Unreadable | StateChanged
