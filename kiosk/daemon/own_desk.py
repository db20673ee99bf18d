"""What fetching an invoice of one's own needs done by others, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from central.contract_people import FoundInvoice, LookUpBy
from drivers.documents.outcome import A4Outcome, A4Progress
from einvoice.invoice import InvoiceReference
from kiosk.daemon.a4 import A4Document
from kiosk.preview.preview import NoPicture, Picture


@dataclass(frozen=True, slots=True)
class NotHad:
    """It could not be had. `why` is the key of the sentence that people read."""

    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The invoices of who showed something, at least one."""

    invoices: tuple[FoundInvoice, ...]


@dataclass(frozen=True, slots=True)
class File:
    """The file of an invoice; `pdf` is empty when it is too long to come here.

    `token` opens it at the service for a link or a letter.
    """

    pdf: bytes
    token: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A link for a phone, and for how long it is good."""

    url: str
    good_for: timedelta


@dataclass(slots=True)
class Own:
    """What is held of an invoice for the person who is here; it goes with the visit.

    Attributes:
        found: what was listed.
        reference: what is to be shown to be theirs.
        pdf: its file; empty where there is none.
        token: opens it at the service.
        a4_number: that it is printed on A4 under; "" before the first time.
        drawn_of: SHA-256 of the file on a stick whose picture `pdf` is; "" for what was fetched.
    """

    found: tuple[FoundInvoice, ...] = ()
    reference: InvoiceReference | None = None
    pdf: bytes = field(default=b"", repr=False)
    token: str = field(default="", repr=False)
    a4_number: str = ""
    drawn_of: str = ""


class OwnDesk(Protocol):
    """Fetches invoices for people."""

    async def look_up(self, by: LookUpBy, value: str, secret: str = "") -> Listed | NotHad:
        """The invoices of who shows this."""
        ...

    async def file_of_found(self, token: str) -> File | NotHad:
        """The file of an invoice that was listed."""
        ...

    async def file_of_reference(self, reference: InvoiceReference, tax: Decimal) -> File | NotHad:
        """The file of an invoice whose holder knows its 税额, yuan."""
        ...

    async def link(self, token: str) -> Linked | NotHad:
        """A link to a file, for a phone."""
        ...

    async def mail(self, token: str, address: str) -> bool:
        """Have a file sent; whether the order was kept."""
        ...

    async def picture(self, pdf: bytes) -> Picture | NoPicture:
        """What the first page looks like."""
        ...

    async def print_a4(
        self, document: A4Document, on_progress: Callable[[A4Progress], None]
    ) -> A4Outcome | None:
        """Print a file to its end; None when it could not be kept first: nothing came out."""
        ...

    def cancel_a4(self) -> None:
        """Take back what is being printed."""
        ...
