"""How a print ended. Nothing else can be said about it; a byte count proves nothing."""

from dataclasses import dataclass, field
from enum import Enum

from drivers.printers.status import Cause


class Doubt(Enum):
    """Why the outcome is not known."""

    NO_PROOF = "no_proof"
    """The bytes went out and the printer never said that it had printed them."""
    LOST_LINK = "lost_link"
    """The device went away while it held our data."""
    INTERRUPTED = "interrupted"
    """The terminal itself was stopped before the proof came."""


@dataclass(frozen=True, slots=True)
class Proven:
    """The printer confirmed that everything before the cut was printed, and is well after it.

    Attributes:
        near_end: the roll is nearly used up.
        waits: a presenter holds the slip out; nobody had taken it when this was said.
    """

    near_end: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The printer said why it could not print, or could not be given the first byte.

    Attributes:
        cause: why.
        untouched: not one byte of the slip was given to the printer, so another printer may have
            it. Not part of the comparison: it says nothing about the slip that did not come out.
    """

    cause: Cause
    untouched: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something may have come out. Never reprinted without a person asking for it."""

    doubt: Doubt


PrintOutcome = Proven | Failed | Unknown
