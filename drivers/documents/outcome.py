"""What an A4 printer can be, and how a job on it ends. The same three endings as a slip."""

from dataclasses import dataclass
from enum import Enum

from drivers.printers.outcome import Doubt


class A4Cause(Enum):
    """Why pages do not come out. The value is the key of the sentence that people read."""

    PAPER_OUT = "a4_paper_out"
    PAPER_JAM = "a4_paper_jam"
    COVER_OPEN = "a4_cover_open"
    TRAY_MISSING = "a4_tray_missing"
    OUTPUT_FULL = "a4_output_full"
    TONER_OUT = "a4_toner_out"
    PAUSED = "a4_paused"
    NOT_ACCEPTING = "a4_not_accepting"
    """The printer takes no jobs now, or refused this one."""
    FORMAT_REFUSED = "a4_format_refused"
    """The printer cannot print PDF, or not this one."""
    CANCELLED = "a4_cancelled"
    """Somebody ended the job, here or at the printer. Some of its pages may be out."""
    ABORTED = "a4_aborted"
    """The printer gave the job up and does not say why."""
    FAULT = "a4_fault"
    """The printer names a fault that is none of the above."""
    DISCONNECTED = "a4_disconnected"


@dataclass(frozen=True, slots=True)
class A4Ready:
    """The printer takes jobs; `warnings` are faults that do not stop it (an empty tray)."""

    warnings: tuple[A4Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class A4NotReady:
    """The printer says that it cannot, or cannot be reached."""

    cause: A4Cause


@dataclass(frozen=True, slots=True)
class A4NoAnswer:
    """It said nothing in time, or nothing that could be understood."""


A4Status = A4Ready | A4NotReady | A4NoAnswer


@dataclass(frozen=True, slots=True)
class A4Proven:
    """The printer itself says that the job is completed. `sheets` if it says how many."""

    sheets: int | None = None


@dataclass(frozen=True, slots=True)
class A4Failed:
    """The printer said why the job did not come out, or was never given it."""

    cause: A4Cause


@dataclass(frozen=True, slots=True)
class A4Unknown:
    """Pages may have come out. Never printed again without a person asking for it."""

    doubt: Doubt


A4Outcome = A4Proven | A4Failed | A4Unknown


@dataclass(frozen=True, slots=True)
class A4Printing:
    """The job is under way; `sheets` are out so far, if the printer counts them."""

    sheets: int | None = None


@dataclass(frozen=True, slots=True)
class A4Waiting:
    """The job stands still until somebody sees to the printer."""

    cause: A4Cause


A4Progress = A4Printing | A4Waiting
