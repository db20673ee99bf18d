"""What a receipt printer can be, in the words a screen needs."""

from dataclasses import dataclass
from enum import Enum


class Cause(Enum):
    """Why the printer cannot print. The value is the key of the sentence that people read."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER_JAM = "cutter_jam"
    HEAD_HOT = "head_hot"
    HARDWARE = "hardware"
    """An error that only a technician can clear."""
    SLIP_LEFT = "slip_left"
    """The presenter holds an earlier slip that could not be drawn back in: somebody's data."""
    OFFLINE = "offline"
    """The printer says it is off-line and names no cause (feed button, waiting for recovery)."""
    DISCONNECTED = "disconnected"
    """There is no device at the configured path, or it went away."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The printer says that it can print."""

    near_end: bool = False


@dataclass(frozen=True, slots=True)
class NotReady:
    """The printer says that it cannot, or is not there."""

    cause: Cause


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The printer said nothing in time. It may be off, busy or gone: we do not know which."""


PrinterStatus = Ready | NotReady | NoAnswer
