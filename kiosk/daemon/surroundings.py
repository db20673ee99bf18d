"""What is around a visit: who does what it asks for, where it takes place, what is in trouble."""

from dataclasses import dataclass
from typing import Protocol

from drivers.documents.outcome import A4NoAnswer, A4NotReady, A4Ready, A4Status
from drivers.printers.status import PrinterStatus, Ready
from einvoice.invoice import InvoiceReference
from einvoice.ticket import Ticket
from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.daemon.inquiry import Answered, PutOff, TicketFound
from kiosk.daemon.keeping import Kept, NotKept
from kiosk.daemon.printing import status_word
from kiosk.daemon.stations import Printed
from kiosk.own_messages import PrinterMeans


class Desk(Protocol):
    """What a visit needs done by others."""

    async def verify(self, reference: InvoiceReference) -> Answered | PutOff:
        """What is true about an invoice, or a ticket for later."""
        ...

    async def open_case(
        self, reference: InvoiceReference, verdict: Verdict, typed: bool, address: str
    ) -> Kept | NotKept:
        """Have an invoice looked for day by day; `address` for a letter, "" for none."""
        ...

    async def ticket(self, ticket: Ticket) -> TicketFound:
        """The answer that a ticket was given for."""
        ...

    async def next_print(self, slip: str) -> tuple[str, int] | None:
        """The number of a slip (a new one for "") and which copy of it the next print is.

        0 is the first print, n the n-th reprint. None when no number can be made durable.
        """
        ...

    async def print(
        self,
        shown: m.Printable,
        slip: str,
        copy: int,
        tickets: tuple[Ticket, ...],
        language: str,
    ) -> Printed | None:
        """Print the slip of what is shown, with the codes of the tickets that belong on it.

        None when the job could not be put on the disk first: then nothing was printed.
        """
        ...

    async def call_staff(self, situation: str) -> bool:
        """Let the service know that somebody asks for help; whether it took the call in time."""
        ...

    async def visit_ended(self) -> None:
        """Let go of what was kept for this visit."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a visit may stand still, and how often it may print.

    idle_s and warning_s: VVSG 2.0 asks for 2-5 minutes and 20-45 seconds; the large-text
    view gets the longest. idle_result_s: a verdict must not stay for the next person.
    attract_after_s: nobody has touched anything for so long since the last visit ended, which
    is longer than anybody hesitates before the page.
    """

    idle_s: float = 120
    idle_large_text_s: float = 300
    idle_result_s: float = 60
    warning_s: float = 45
    reprints: int = 2
    attract_after_s: float = 600


@dataclass(frozen=True, slots=True)
class Place:
    """What stands in the header and on the slips."""

    hall_zh: str
    hall_en: str
    terminal: str
    language: str
    region: str = "11"
    """Two digits of the province (GB/T 2260); 11 is Beijing."""


@dataclass(slots=True)
class Surroundings:
    """How the printer, the scanner and the service are, as far as it concerns a person."""

    printer: PrinterStatus
    a4: A4Status | None = None
    """None where there is no A4 printer."""
    scanner_gone: bool = False
    link_down: bool = False
    disk_full: bool = False
    is_sandbox: bool = False
    """The service answers from made-up records: everybody must be told."""
    sends_mail: bool = False
    """The service can answer by letter."""
    can_apply: bool = False
    """Businesses may apply for invoices here."""
    has_voice: bool = False
    """Something can be heard here."""

    @property
    def can_print(self) -> bool:
        """Whether the printer said that it can."""
        return isinstance(self.printer, Ready)

    @property
    def cannot_print(self) -> m.CannotPrint | None:
        """Why nothing can be printed now; None when it can."""
        return None if self.can_print else m.CannotPrint(status_word(self.printer))

    @property
    def slip_means(self) -> PrinterMeans:
        """The same for the invoice page."""
        cannot = self.cannot_print
        return PrinterMeans(can=True) if cannot is None else PrinterMeans(False, cannot.cause)

    @property
    def a4_means(self) -> PrinterMeans | None:
        """Whether A4 pages can be printed now, and why not; None where there is no printer."""
        match self.a4:
            case None:
                return None
            case A4Ready():
                return PrinterMeans(can=True)
            case A4NotReady(cause):
                return PrinterMeans(False, cause.value)
            case A4NoAnswer():
                return PrinterMeans(False, "silent")

    @property
    def attract(self) -> m.Attract:
        """What staff who walk by should see."""
        paper = "ready" if self.cannot_print is None else self.cannot_print.cause
        if isinstance(self.printer, Ready) and self.printer.near_end:
            paper = "near_end"
        return m.Attract(paper=paper, link_down=self.link_down)

    @property
    def ribbons(self) -> tuple[str, ...]:
        """Keys of the sentences under the header, the widest trouble first."""
        said = (
            ("sandbox", self.is_sandbox),
            ("link_down", self.link_down),
            ("disk_full", self.disk_full),
            ("scanner_gone", self.scanner_gone),
        )
        keys = [key for key, holds in said if holds]
        if self.cannot_print is not None:
            keys.append(self.cannot_print.cause)
        return tuple(keys)
