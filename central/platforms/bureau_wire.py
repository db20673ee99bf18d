"""Our own interface to whoever holds the bureau's direct link (乐企): its messages.

There is no public API for issuing at the Beijing tax bureau; enterprises connect under
contract, and what they may tell of it is theirs. So the link is a small service that its
holder runs beside theirs and that speaks this: see docs/platforms.md. Amounts are decimal
strings, days ISO 8601.
"""

from datetime import date
from decimal import Decimal
from enum import Enum

import msgspec

from central.platforms.issuing import (
    Accepted,
    IssueAnswer,
    IssueApplication,
    Issued,
    Line,
    RedApplication,
    RedReason,
    Refused,
)
from central.platforms.outcome import Outage, PlatformDown
from einvoice.kinds import Kind

PATH_APPLICATIONS = "/v1/applications"
PATH_DOCUMENTS = "/v1/documents"
"""Followed by "/", the 20 digits of an invoice, and "?form=pdf", "ofd" or "xml"."""


class LineMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of an invoice."""

    name: str
    tax_code: str
    amount_without_tax: Decimal
    tax: Decimal
    tax_rate: Decimal
    specification: str = ""
    unit: str = ""
    quantity: Decimal | None = None


class IssueMessage(msgspec.Struct, frozen=True, tag="issue", tag_field="type"):
    """Issue an invoice."""

    application_id: str
    seller_tax_id: str
    kind: Kind
    buyer: str
    buyer_tax_id: str
    lines: tuple[LineMessage, ...]
    applied_on: date
    remark: str


class RedMessage(msgspec.Struct, frozen=True, tag="red", tag_field="type"):
    """Reverse an invoice; without lines, all of it."""

    application_id: str
    seller_tax_id: str
    number: str
    issued_on: date
    reason: RedReason
    lines: tuple[LineMessage, ...]


class ApplicationState(Enum):
    """Where an application stands."""

    ACCEPTED = "accepted"
    """Taken; not issued yet, or issued and its upload not confirmed yet."""
    ISSUED = "issued"
    """Issued, and the upload was accepted in the records."""
    REFUSED = "refused"
    """A final no, of the issuing or of the upload."""


class StateMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Echoes the application's id. `number` and `issued_on` when ISSUED, `code` when REFUSED."""

    application_id: str
    state: ApplicationState
    number: str = ""
    issued_on: date | None = None
    code: str = ""
    words: str = ""


def message_of(application: IssueApplication | RedApplication) -> IssueMessage | RedMessage:
    """The wire form of an application."""
    if isinstance(application, RedApplication):
        return RedMessage(
            application.application_id,
            application.seller_tax_id,
            application.number,
            application.issued_on,
            application.reason,
            tuple(_line(line) for line in application.lines),
        )
    return IssueMessage(
        application.application_id,
        application.seller_tax_id,
        application.kind,
        application.buyer,
        application.buyer_tax_id,
        tuple(_line(line) for line in application.lines),
        application.applied_on,
        application.remark,
    )


def _line(line: Line) -> LineMessage:
    return LineMessage(
        line.name,
        line.tax_code,
        line.amount_without_tax,
        line.tax,
        line.tax_rate,
        line.specification,
        line.unit,
        line.quantity,
    )


def answer_of(message: StateMessage, application_id: str) -> IssueAnswer:
    """What a state says, if it is that of this application."""
    if message.application_id != application_id:
        return PlatformDown("the state of another application", Outage.NONSENSE)
    match message.state:
        case ApplicationState.ACCEPTED:
            return Accepted()
        case ApplicationState.REFUSED:
            return Refused(message.code, message.words)
        case ApplicationState.ISSUED:
            is_number = message.number.isascii() and message.number.isdigit()
            if not is_number or len(message.number) != 20 or message.issued_on is None:
                return PlatformDown("issued without a number or a day", Outage.NONSENSE)
            return Issued(message.number, message.issued_on)
