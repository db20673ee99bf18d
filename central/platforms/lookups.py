"""Looking up one's own: by an order, a shown code, an authorisation, an application."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from central.platforms.outcome import NotFound, NotSupported, PlatformDown
from einvoice.title_card import TitleCard


@dataclass(frozen=True, slots=True)
class ByOrder:
    """The invoices of one order of a shop. Knowing the order number is the entitlement.

    Attributes:
        order_id: of the shop.
        number: only the one with this number; empty for all of them.
    """

    order_id: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class ByApplication:
    """The invoices of one application, by the id that the applicant gave it.

    Attributes:
        application_id: as in the application.
        number: only the one with this number; empty for all of them.
    """

    application_id: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class ByShownCode:
    """The invoices that a person has chosen in an app and shows as a code."""

    code: str


@dataclass(frozen=True, slots=True)
class ByNumber:
    """One invoice that a shop issued, by its own numbers.

    Attributes:
        number: 8 or 20 digits.
        code: 10 or 12 digits; empty for a 数电票.
    """

    number: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ByHolder:
    """One invoice of a person who has authorised us in an app.

    Attributes:
        number: 8 or 20 digits.
        holder: the app's id of the person (open_id), from that authorisation.
        code: 10 or 12 digits; empty for a 数电票.
    """

    number: str
    holder: str
    code: str = ""


LookUp = ByOrder | ByApplication | ByShownCode | ByNumber | ByHolder


@dataclass(frozen=True, slots=True)
class Declined:
    """The platform says no in its own code, which we do not interpret.

    `code` is for technicians and the platform's support.
    """

    code: str


@dataclass(frozen=True, slots=True)
class ListedInvoice:
    """One invoice as a platform lists it. It is the platform's word, not a verification.

    Attributes:
        number, code: as on the invoice.
        issued_on: day of issue; None where the platform does not tell.
        total_with_tax, amount_without_tax, tax: yuan; None where not told.
        seller, buyer: names; empty where not told.
        is_red: it reverses another one.
        file_url: where the platform keeps its file; for `document` only, never shown.
    """

    number: str
    code: str = ""
    issued_on: date | None = None
    total_with_tax: Decimal | None = None
    amount_without_tax: Decimal | None = None
    tax: Decimal | None = None
    seller: str = ""
    buyer: str = ""
    is_red: bool = False
    file_url: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """The invoices found. `holder` is the app's id of the person, where the platform tells it."""

    invoices: tuple[ListedInvoice, ...]
    holder: str = ""


LookUpAnswer = Listed | NotFound | Declined | NotSupported | PlatformDown


class DocumentForm(Enum):
    """The forms in which a platform keeps an invoice."""

    PDF = "pdf"
    OFD = "ofd"
    XML = "xml"


@dataclass(frozen=True, slots=True)
class Document:
    """The file of an invoice, as the platform keeps it."""

    form: DocumentForm
    content: bytes


DocumentAnswer = Document | NotFound | Declined | NotSupported | PlatformDown


@dataclass(frozen=True, slots=True)
class TitleFound:
    """The buyer's title behind the code."""

    title: TitleCard


TitleAnswer = TitleFound | NotFound | Declined | NotSupported | PlatformDown
