"""What an invoice file says: the invoice, where each field stood, and what disagreed.

They hold names and numbers of people: never log them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from einvoice.documents.travel import (
    AirItinerary,
    PassengerJourney,
    RailwayTrip,
    TollPassage,
)
from einvoice.documents.travel import (
    Flight as Flight,  # part of the model, though only itineraries hold it
)
from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind
from einvoice.money import Rate


@dataclass(frozen=True, slots=True)
class Party:
    """Buyer or seller, as written. Empty texts where the file has none.

    Attributes:
        name: registered name.
        tax_id: unified social credit code, or another tax id.
        address_phone: address and telephone in one text.
        bank_account: bank and account number in one text.
    """

    name: str = ""
    tax_id: str = ""
    address_phone: str = ""
    bank_account: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice. Discounts and refunds are lines with a negative amount.

    Attributes:
        name: goods or service, with its short category between stars.
        specification: model.
        unit: of measure.
        quantity, unit_price: as written; None where the line has none.
        amount: yuan without tax.
        rate: None where the file has none or one that cannot be read.
        tax: yuan; None where it is hidden (`*`, `***`).
        classification: the 19-digit code of goods and services; empty where not given.
    """

    name: str
    specification: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    rate: Rate | None = None
    tax: Decimal | None = None
    classification: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice, as its file states it. Nothing here is verified.

    Attributes:
        kind: None where nothing in the file tells.
        number: 20 digits for a 数电票, else 8.
        code: 10 or 12 digits; empty for a 数电票.
        issued_on: date of issue, in China.
        check_code: all 20 digits, the last six where only the QR has it; empty for a 数电票.
        machine_number: of the issuing device, old invoices only.
        amount_without_tax, tax, total_with_tax: yuan; None where missing or hidden (`***`).
        total_in_words: in capitals, as written.
        deduction: 扣除额 of an invoice taxed on a difference, yuan.
        drawer, payee, reviewer: 开票人, 收款人, 复核.
        is_red: True for a red invoice, False for a blue one, None where nothing tells.
        original_code, original_number: of the blue invoice that a red one reverses.
    """

    kind: Kind | None = None
    number: str = ""
    code: str = ""
    issued_on: date | None = None
    check_code: str = ""
    machine_number: str = ""
    amount_without_tax: Decimal | None = None
    tax: Decimal | None = None
    total_with_tax: Decimal | None = None
    total_in_words: str = ""
    deduction: Decimal | None = None
    buyer: Party = field(default_factory=Party)
    seller: Party = field(default_factory=Party)
    lines: tuple[Line, ...] = ()
    remark: str = ""
    drawer: str = ""
    payee: str = ""
    reviewer: str = ""
    is_red: bool | None = None
    original_code: str = ""
    original_number: str = ""
    railway: RailwayTrip | None = None
    air: AirItinerary | None = None
    tolls: tuple[TollPassage, ...] = ()
    journeys: tuple[PassengerJourney, ...] = ()

    @property
    def reference(self) -> InvoiceReference | None:
        """The fields that name the invoice; None without kind, number or date."""
        if self.kind is None or not self.number or self.issued_on is None:
            return None
        by_total = self.kind.fourth_field is FourthField.TOTAL_WITH_TAX
        return InvoiceReference(
            kind=self.kind,
            number=self.number,
            issued_on=self.issued_on,
            code=self.code,
            amount=self.total_with_tax if by_total else self.amount_without_tax,
            check_code=self.check_code[-6:],
        )


class DocumentField(Enum):
    """A field of an invoice file, for saying where it stood and what disagreed."""

    # Members are compared by identity; Enum's own hash is of the name, and by far slower.
    __hash__ = object.__hash__

    KIND = "kind"
    NUMBER = "number"
    CODE = "code"
    ISSUED_ON = "issued_on"
    CHECK_CODE = "check_code"
    MACHINE_NUMBER = "machine_number"
    AMOUNT_WITHOUT_TAX = "amount_without_tax"
    TAX = "tax"
    TOTAL_WITH_TAX = "total_with_tax"
    TOTAL_IN_WORDS = "total_in_words"
    DEDUCTION = "deduction"
    BUYER_NAME = "buyer_name"
    BUYER_TAX_ID = "buyer_tax_id"
    BUYER_ADDRESS_PHONE = "buyer_address_phone"
    BUYER_BANK_ACCOUNT = "buyer_bank_account"
    SELLER_NAME = "seller_name"
    SELLER_TAX_ID = "seller_tax_id"
    SELLER_ADDRESS_PHONE = "seller_address_phone"
    SELLER_BANK_ACCOUNT = "seller_bank_account"
    LINES = "lines"
    REMARK = "remark"
    DRAWER = "drawer"
    PAYEE = "payee"
    REVIEWER = "reviewer"
    IS_RED = "is_red"
    ORIGINAL_CODE = "original_code"
    ORIGINAL_NUMBER = "original_number"
    RAILWAY = "railway"
    AIR = "air"
    TOLLS = "tolls"
    JOURNEYS = "journeys"


class Medium(Enum):
    """The kind of place where a field stood."""

    INVOICE_XML = "invoice_xml"
    """The XML of a 数电票, as its own file or inside another."""
    ATTACHMENT = "attachment"
    """`original_invoice.xml` of an old OFD invoice."""
    XBRL = "xbrl"
    CUSTOM_DATA = "custom_data"
    """`CustomDatas` in the entry file of an OFD."""
    TAG = "tag"
    """The tag file of an OFD, which points at text objects of the page."""
    PAGE_TEXT = "page_text"
    """Text on the page, found by its position."""
    QR = "qr"
    PDF_INFO = "pdf_info"
    """The information dictionary of a PDF."""
    DERIVED = "derived"
    """Worked out from other fields."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, millimetres from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stood.

    Attributes:
        medium: the kind of place.
        part: path of the file inside the file; nested ones joined with `!`; empty for the
            file itself.
        detail: element, key, object numbers or label there.
        page: counted from 1; 0 where the field is on no page.
        box: where on the page, if it was found by position.
    """

    medium: Medium
    part: str = ""
    detail: str = ""
    page: int = 0
    box: Box | None = None


Value = (
    str
    | Decimal
    | date
    | bool
    | Kind
    | RailwayTrip
    | AirItinerary
    | tuple[Line, ...]
    | tuple[TollPassage, ...]
    | tuple[PassengerJourney, ...]
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value and where it stood."""

    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two places of one file that state different things about one field.

    Attributes:
        field: which.
        taken: the value that the invoice has, from the more trusted place.
        other: what stands elsewhere.
    """

    field: DocumentField
    taken: Found
    other: Found


class Trouble(Enum):
    """What hindered the reading of a part. The rest was read all the same."""

    PART_MISSING = "part_missing"
    """The file names a part that it does not hold."""
    PART_DAMAGED = "part_damaged"
    PART_TOO_LARGE = "part_too_large"
    PART_REPEATED = "part_repeated"
    """Two entries bear this name; none was read."""
    PART_REFUSED = "part_refused"
    """It declares a document type or entities, or is packed in an unusual way."""
    NAME_REPAIRED = "name_repaired"
    """The part was found only by ignoring upper and lower case, or a wrong folder."""
    XML_REPAIRED = "xml_repaired"
    """The part is no XML until its name prefixes are removed, or is not in its encoding."""
    UNDECLARED = "undeclared"
    """Invoice data lies in the file though nothing in it points there."""
    VALUE_UNREADABLE = "value_unreadable"
    LINES_UNCLEAR = "lines_unclear"
    """The lines on the page do not add up, so they were compared with nothing."""
    PAGES_LEFT_OUT = "pages_left_out"
    NO_PAGE_TEXT = "no_page_text"
    SEVERAL_DOCUMENTS = "several_documents"
    """An OFD with more than one document; each was read."""
    FILES_LEFT_OUT = "files_left_out"
    """More files lie in the ZIP than are read at once."""
    FILE_UNREADABLE = "file_unreadable"
    """A file in the ZIP holds no invoice."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that hindered the reading, and where."""

    trouble: Trouble
    part: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read.

    Attributes:
        invoice: what it says, each field from its most trusted place.
        places: where each field of the invoice stood.
        disagreements: every field that is stated differently elsewhere in the file.
        problems: what could not be read.
    """

    invoice: Invoice
    places: Mapping[DocumentField, Place]
    disagreements: tuple[Disagreement, ...] = ()
    problems: tuple[Problem, ...] = ()


class Cause(Enum):
    """Why nothing could be read."""

    UNKNOWN_FORMAT = "unknown_format"
    """Neither OFD, PDF, XML nor ZIP."""
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"
    UNSAFE = "unsafe"
    """Paths that escape, or declarations that no invoice has."""
    NOT_AN_INVOICE = "not_an_invoice"
    """A sound file in which no invoice number stands."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file gave no invoice. Says nothing about whether an invoice is genuine."""

    cause: Cause
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SeveralInvoices:
    """A ZIP with more than one invoice: one reading each, in the ZIP's order."""

    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...] = ()


Outcome = Reading | SeveralInvoices | Unreadable
