"""What a person is shown who fetches an invoice of their own, and what they ask for there.

Codes and tokens that open something stay with the daemon; the screen gets lines to choose from.
The file of an invoice never comes here, only a picture of its first page.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import msgspec

ORDER_DIGITS = 20
"""Of an order number; 京东's have twelve or more, none has so many."""
TAX_CHARS = 14
"""Of a 税额 as it is typed."""

OrderNumber = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{6,20}\Z")]


class _Base(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class PrinterMeans(_Base, frozen=True):
    """Whether a printer prints now. `cause` is the key of its sentence when it cannot."""

    can: bool
    cause: str = ""


# --- what the screen shows ---------------------------------------------------------------


class WaysShown(_Base, frozen=True, tag="own_ways"):
    """How a person can show which invoice is theirs: all by scanning, or by a typed number."""


class EnterOrder(_Base, frozen=True, tag="own_order"):
    """The person types an order number. It stays on the screen until it is submitted."""


class Fetching(_Base, frozen=True, tag="own_fetching"):
    """Something is on its way: "list", "file", "link", "mail"; "stick": a file's picture."""

    what: str


class FoundLine(_Base, frozen=True):
    """One of several invoices, as the platform lists it."""

    number: str
    issued_on: date | None = None
    total_with_tax: Decimal | None = None
    seller_masked: str = ""
    is_red: bool = False


class FoundShown(_Base, frozen=True, tag="own_found"):
    """The person's invoices, to choose one."""

    lines: tuple[FoundLine, ...]


class AskTax(_Base, frozen=True, tag="own_tax"):
    """The proof that an invoice is theirs: its 税额, which stands in no QR code.

    Attributes:
        number: of the invoice.
        is_wrong: what was typed before did not show it.
    """

    number: str
    is_wrong: bool = False


class OwnInvoice(_Base, frozen=True, tag="own_invoice"):
    """An invoice of theirs, and what can be done with it.

    Attributes:
        line: what is known of it.
        at: when it was fetched.
        picture: of its first page, PNG; empty where there is none.
        why_no_picture: key of the sentence that says why.
        pages: of the file; 0 if not known.
        has_file: its file is here: it can be printed on A4.
        can_link: it can be handed to a phone.
        can_mail: the service sends letters.
        slip: the slip printer.
        a4: the A4 printer; None where there is none.
    """

    line: FoundLine
    at: datetime
    picture: bytes = b""
    why_no_picture: str = ""
    pages: int = 0
    has_file: bool = False
    can_link: bool = False
    can_mail: bool = False
    slip: PrinterMeans = PrinterMeans(can=False)
    a4: PrinterMeans | None = None


class PhoneLink(_Base, frozen=True, tag="own_phone"):
    """A link for a phone. `url` is "" when its time is over."""

    url: str
    good_until: datetime


class MailOrdered(_Base, frozen=True, tag="own_mailed"):
    """The letter with the file is ordered, durable already. The address is not here."""

    number: str


class FetchFailed(_Base, frozen=True, tag="own_failed"):
    """It could not be had. `why` is the key of the sentence; `what` as in `Fetching`, or "mail"."""

    what: str
    why: str
    may_repeat: bool = False


class A4Running(_Base, frozen=True, tag="a4_running"):
    """An invoice is on its way to the A4 printer, or coming out.

    Attributes:
        number: that it is printed and reported under.
        copy: 0, or n for the n-th reprint.
        sheets: that are out; None where the printer does not count them.
        waits_for: why it stands still; "" while it does not.
        is_cancelling: the person has taken it back; the printer has not said yet how that ended.
    """

    number: str
    copy: int = 0
    sheets: int | None = None
    waits_for: str = ""
    is_cancelling: bool = False


class A4Ended(_Base, frozen=True, tag="a4_ended"):
    """How it ended: `outcome` "proven", "failed" or "unknown"; `why` the cause or doubt."""

    number: str
    outcome: str
    why: str = ""
    copy: int = 0
    can_reprint: bool = False
    a4: PrinterMeans | None = None


OwnSituation = (
    WaysShown
    | EnterOrder
    | Fetching
    | FoundShown
    | AskTax
    | OwnInvoice
    | PhoneLink
    | MailOrdered
    | FetchFailed
    | A4Running
    | A4Ended
)


# --- what the screen asks for --------------------------------------------------------------


class StartOwn(_Base, frozen=True, tag="start_own"):
    """查询并打印我的发票."""

    turn: int


class StartOrder(_Base, frozen=True, tag="start_order"):
    """The person wants to type an order number."""

    turn: int


class SubmitOrder(_Base, frozen=True, tag="submit_order"):
    """The typed order number."""

    turn: int
    number: OrderNumber


class SubmitTax(_Base, frozen=True, tag="submit_tax"):
    """The typed 税额, yuan."""

    turn: int
    tax: Decimal


class ChooseInvoice(_Base, frozen=True, tag="choose_invoice"):
    """One line of those found, from 0."""

    turn: int
    line: int


class FetchAgain(_Base, frozen=True, tag="fetch_again"):
    """The same once more, after it could not be had."""

    turn: int


class PrintA4(_Base, frozen=True, tag="print_a4"):
    """打印A4; a further time it is a reprint."""

    turn: int


class CancelA4(_Base, frozen=True, tag="cancel_a4"):
    """不打了. Names no turn: what is shown changes with every sheet."""


class TakeToPhone(_Base, frozen=True, tag="take_to_phone"):
    """手机带走."""

    turn: int


class StartMail(_Base, frozen=True, tag="start_mail"):
    """发到邮箱."""

    turn: int


OwnIntent = (
    StartOwn
    | StartOrder
    | SubmitOrder
    | SubmitTax
    | ChooseInvoice
    | FetchAgain
    | PrintA4
    | CancelA4
    | TakeToPhone
    | StartMail
)
