"""Two receipt printers: the second prints what the first could not even begin.

A slip is never given to both, with one exception that is none: when the first said that it could
not begin, and not one byte of the slip went to it (`Failed.untouched`). Whatever happens after
the first byte stays with that printer, FAILED and UNKNOWN too: half of the slip may hang in it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from drivers.deadline import Deadline
from drivers.printers.encode import Slip
from drivers.printers.outcome import Failed, PrintOutcome
from drivers.printers.profile import Profile
from drivers.printers.status import PrinterStatus, Ready

_log = logging.getLogger(__name__)


class Which(Enum):
    """One of the two."""

    FIRST = "first"
    SECOND = "second"


class SlipPrinter(Protocol):
    """What is needed of a printer here; `EscposPrinter` has it."""

    def status(self, deadline: Deadline) -> PrinterStatus:
        """How it is."""
        ...

    def deadline_for(self, slip: Slip) -> Deadline:
        """How long this slip may take."""
        ...

    def print(self, tag: bytes, body: bytes, deadline: Deadline | None = None) -> PrintOutcome:
        """Print one slip and find out what became of it."""
        ...


@dataclass(frozen=True, slots=True)
class Station:
    """One printer and what it can do."""

    printer: SlipPrinter
    profile: Profile


@dataclass(frozen=True, slots=True)
class PairOutcome:
    """How a print ended, and at which printer a person finds the slip or the fault."""

    outcome: PrintOutcome
    printer: Which


@dataclass(frozen=True, slots=True)
class PairStatus:
    """How both are."""

    first: PrinterStatus
    second: PrinterStatus

    @property
    def can_print(self) -> Which | None:
        """The one that would print now; None if neither says that it can."""
        if isinstance(self.first, Ready):
            return Which.FIRST
        return Which.SECOND if isinstance(self.second, Ready) else None


class PrinterPair:
    """Prints on the first, and on the second what the first could not begin."""

    def __init__(self, first: Station, second: Station) -> None:
        self._first = first
        self._second = second

    def status(self, deadline: Deadline) -> PairStatus:
        """Ask both, within one deadline."""
        return PairStatus(
            self._first.printer.status(deadline), self._second.printer.status(deadline)
        )

    def print(self, tag: bytes, slip_for: Callable[[Profile], Slip]) -> PairOutcome:
        """Print one slip.

        Args:
            tag: stands for the job (`job_tag`).
            slip_for: encodes the document for a printer; the two may be different models.

        Returns:
            The outcome of the printer that was given the slip. If neither could begin, the
            first's: that is the one to be seen to.
        """
        first = _printed(self._first, tag, slip_for)
        if not (isinstance(first, Failed) and first.untouched):
            return PairOutcome(first, Which.FIRST)
        _log.warning("printer.second_takes_over cause=%s", first.cause.value)
        second = _printed(self._second, tag, slip_for)
        if isinstance(second, Failed) and second.untouched:
            return PairOutcome(first, Which.FIRST)
        return PairOutcome(second, Which.SECOND)


def _printed(station: Station, tag: bytes, slip_for: Callable[[Profile], Slip]) -> PrintOutcome:
    slip = slip_for(station.profile)
    return station.printer.print(tag, slip.body, station.printer.deadline_for(slip))
