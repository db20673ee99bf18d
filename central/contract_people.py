"""Messages for what people want beyond a verdict: their invoices, files, titles, applications.

The same rules as in `central.contract`: an answer echoes the request's id, unknown fields of a
newer peer are ignored, errors are problem documents. What a person knows to be theirs alone
(an order number, a shown code, a tax amount) travels in bodies only, never in addresses, and
is never logged.
"""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum

from central.contract import Message, Moment, Reference
from einvoice.kinds import Kind
from einvoice.verdict import Verdict

PATH_LOOK_UP = "/v1/lookup"
PATH_DOCUMENT = "/v1/document"
PATH_DOCUMENT_LINK = "/v1/document/link"
PATH_TITLE = "/v1/title"
PATH_COMPANY = "/v1/issuing/company"
PATH_FETCH = "/v1/fetch/"
"""Followed by a link's token: the one path that a person's phone opens, without a certificate."""

OP_CASE_OPENED = "case.opened"
OP_ISSUE_REQUESTED = "issue.requested"
OP_DOCUMENT_MAILED = "document.mailed"

MAX_ADDRESS_CHARS = 254
"""Of an e-mail address (RFC 5321, 4.5.3.1.3)."""
CASE_WATCHED_DAYS = 30
"""For so long a case is asked, once a day."""
MAX_NAME_CHARS = 100
"""Of a title or an item's name, as the bureau's own form takes it."""
MAX_ITEMS = 8
"""Items of one application at a terminal."""
MAX_DOCUMENT_BYTES = 700 * 1024
"""Of a file in an answer; larger ones go by link only."""


# Nothing in it can end a header or begin another address.
_ADDRESS = re.compile(r"[0-9A-Za-z.!#$%&'*+/=?^_`{|}~-]{1,64}@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+")


def is_address(text: str) -> bool:
    """Whether a letter can be tried to be sent there: one address, without a name."""
    return len(text) <= MAX_ADDRESS_CHARS and _ADDRESS.fullmatch(text) is not None


class Outcome(StrEnum):
    """What became of a wish."""

    DONE = "done"
    NONE = "none"
    """Nothing there: no such order, code, invoice or company."""
    NOT_ENTITLED = "not_entitled"
    """What was given does not show that it is theirs; the same for what does not exist."""
    TOO_OFTEN = "too_often"
    """Too many tries today."""
    DECLINED = "declined"
    """The platform says no, for reasons of its own."""
    NOT_SUPPORTED = "not_supported"
    UNAVAILABLE = "unavailable"
    """The platform does not answer now: says nothing about what was asked."""


class Form(StrEnum):
    """The forms of an invoice's file."""

    PDF = "pdf"
    OFD = "ofd"
    XML = "xml"


class LookUpBy(StrEnum):
    """How a person shows which invoices are theirs."""

    ORDER = "order"
    """Order number of the shop (京东)."""
    SHOWN_CODE = "shown_code"
    """A code shown in an app (支付宝)."""
    TICKET = "ticket"
    """The ticket of an application made at a terminal."""


class LookUpRequest(Message, frozen=True):
    """A person waits for the list of their invoices. `secret` for TICKET only."""

    request_id: str
    by: LookUpBy
    value: str
    secret: str = ""


class FoundInvoice(Message, frozen=True):
    """One invoice of the person's, as the platform lists it.

    Attributes:
        token: stands for it in `DocumentRequest`; good for this terminal and some minutes.
        seller_masked: as it may be shown.
        forms: files that can be had.
    """

    token: str
    number: str
    code: str = ""
    kind: Kind | None = None
    issued_on: date | None = None
    total_with_tax: Decimal | None = None
    seller_masked: str = ""
    is_red: bool = False
    forms: tuple[Form, ...] = (Form.PDF,)


class LookUpAnswer(Message, frozen=True):
    """Echoes the request's id. Invoices only with DONE."""

    request_id: str
    outcome: Outcome
    invoices: tuple[FoundInvoice, ...] = ()


class DocumentRequest(Message, frozen=True):
    """A person waits for the file of an invoice.

    Attributes:
        token: of a `FoundInvoice`; then `reference` and `proof_tax` are not needed.
        reference: the invoice, whole.
        proof_tax: 税额 in yuan, as printed: it stands in no QR code, so it shows that the
            person holds the invoice.
    """

    request_id: str
    form: Form = Form.PDF
    token: str = ""
    reference: Reference | None = None
    proof_tax: Decimal | None = None


class DocumentAnswer(Message, frozen=True):
    """Echoes the request's id. With DONE: the file, its SHA-256, and a token for a link.

    `content` is base64 in JSON; empty for a file over `MAX_DOCUMENT_BYTES`.
    """

    request_id: str
    outcome: Outcome
    form: Form = Form.PDF
    content: bytes = b""
    sha256: str = ""
    token: str = ""


class DocumentLinkRequest(Message, frozen=True):
    """Asks for a link that a phone can open once or twice within some minutes."""

    request_id: str
    token: str


class DocumentLinkAnswer(Message, frozen=True):
    """Echoes the request's id. `url` is made for a QR code: short."""

    request_id: str
    outcome: Outcome
    url: str = ""
    good_until: Moment | None = None


class TitleRequest(Message, frozen=True):
    """Asks for the buyer's title behind a code that is shown in an app."""

    request_id: str
    code: str


class Title(Message, frozen=True):
    """A buyer's title (开票抬头). A person's own title has no tax id."""

    name: str
    tax_id: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    account: str = ""


class TitleAnswer(Message, frozen=True):
    """Echoes the request's id. `title` only with DONE."""

    request_id: str
    outcome: Outcome
    title: Title | None = None


class CompanyRequest(Message, frozen=True):
    """Asks on what terms a registered business may issue at a terminal."""

    request_id: str
    tax_id: str


class Item(Message, frozen=True):
    """Something that a business sells, as registered for it.

    Attributes:
        id: stands for it in an application.
        name: as on the invoice.
        rate: tax rate, 0.03 and so on.
    """

    id: str
    name: str
    rate: Decimal


class IssuingTerms(Message, frozen=True):
    """What a business may issue at a terminal; set by the office, kept by the terminal.

    Attributes:
        tax_id, name: the business.
        kinds: what it may issue.
        items: what it sells.
        limit: of one invoice, yuan with tax.
        offline_allowance: what may still be accepted without the service, yuan with tax, over
            all applications of this business at this terminal.
        good_until: after this, the terms must be asked for again.
    """

    tax_id: str
    name: str
    kinds: tuple[Kind, ...]
    items: tuple[Item, ...]
    limit: Decimal
    offline_allowance: Decimal
    good_until: Moment


class CompanyAnswer(Message, frozen=True):
    """Echoes the request's id. `terms` only with DONE."""

    request_id: str
    outcome: Outcome
    terms: IssuingTerms | None = None


class CaseOpened(Message, frozen=True):
    """Body of `case.opened`: an invoice was not found; look again, and answer the ticket.

    Attributes:
        ticket, secret_sha256: as in `central.contract.VerifyLater`.
        reference: what was asked.
        verdict: what was said at the terminal: NOT_FOUND or NOT_YET.
        typed: whether the fields were typed.
        address: e-mail address for the answer; empty if the person left none. Sealed by the
            service, and deleted after the answer.
    """

    ticket: str
    secret_sha256: str
    reference: Reference
    verdict: Verdict
    typed: bool = False
    address: str = ""


class ItemSold(Message, frozen=True):
    """One item of an application: which, and for how much, yuan with tax."""

    item: str
    total_with_tax: Decimal


class IssueRequested(Message, frozen=True):
    """Body of `issue.requested`: a business applied for an invoice at a terminal.

    The number comes from the platform, later; the ticket tells it.

    Attributes:
        ticket, secret_sha256: as in `central.contract.VerifyLater`.
        seller_tax_id: the business.
        kind: DIGITAL_ORDINARY or DIGITAL_SPECIAL.
        title: whom it is made out to.
        items: at least one.
        applied_on: the day in China when the person acted.
        offline: it was accepted within the offline allowance, without asking the service.
    """

    ticket: str
    secret_sha256: str
    seller_tax_id: str
    kind: Kind
    title: Title
    items: tuple[ItemSold, ...]
    applied_on: date
    offline: bool = False


class DocumentMailed(Message, frozen=True):
    """Body of `document.mailed`: send the file of an invoice to an address, once.

    `token` is that of a `DocumentAnswer`; `address` is deleted when it was sent.
    """

    token: str
    address: str
