"""Scanned text -> what it is.

An invoice's QR is `01,type,code,number,amount,yyyymmdd,check code,tail[,]`. Its
amount is without tax for old kinds and with tax for a 数电票: exactly what
verification asks for, so nothing has to be computed. The tail (called 随机码 or CRC)
follows no published rule; it is kept and not judged.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from einvoice import links, ticket, title_card
from einvoice.fields import Field, KnownFields
from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind
from einvoice.links import BlockchainLink, DeliveryLink, ProviderLink, WebLink
from einvoice.money import in_fen
from einvoice.reasons import Note
from einvoice.tax_ids import is_personal_id
from einvoice.ticket import DamagedTicket, Ticket
from einvoice.title_card import TitleCard

MAX_LENGTH = 4096
"""Characters: more than the largest QR code holds."""

# Type code in the QR -> kind. 10, 20, 31, 32 and 51 were seen on invoices, 01 and 04
# are documented; 02, 03, 11, 14, 15 and 61 are the verification page's own codes, of
# which no QR was seen. 20 is the electronic special invoice, which the page calls 08.
KINDS = {
    "01": Kind.SPECIAL_PAPER,
    "02": Kind.FREIGHT,
    "03": Kind.MOTOR_VEHICLE,
    "04": Kind.ORDINARY_PAPER,
    "10": Kind.ORDINARY_ELECTRONIC,
    "11": Kind.ROLL,
    "14": Kind.TOLL,
    "15": Kind.USED_VEHICLE,
    "20": Kind.SPECIAL_ELECTRONIC,
    "31": Kind.DIGITAL_SPECIAL,
    "32": Kind.DIGITAL_ORDINARY,
    "51": Kind.DIGITAL_RAILWAY,
    "61": Kind.DIGITAL_AIR,
}


@dataclass(frozen=True, slots=True)
class InvoiceCode:
    """An invoice's QR with every field that its verification asks for.

    Attributes:
        reference: what to ask with. `amount` is kept for all kinds, also for those
            that are verified by the check code.
        type_code: field 1 as read.
        tail: field 7 as read; means nothing to us.
        findings: what was unusual in the text.
    """

    reference: InvoiceReference
    type_code: str
    tail: str
    findings: tuple[Note, ...] = ()
    key: ClassVar[str] = "invoice"


@dataclass(frozen=True, slots=True)
class IncompleteInvoice:
    """An invoice's QR, or its bare 20-digit number, without all that verification asks for."""

    missing: tuple[Field, ...]
    known: KnownFields
    type_code: str = ""
    findings: tuple[Note, ...] = ()
    key: ClassVar[str] = "incomplete_invoice"


@dataclass(frozen=True, slots=True)
class UnknownKindInvoice:
    """An old invoice's QR under a type code that we do not know.

    Which amount its amount is depends on the kind, so `known` has none: the person
    is asked.
    """

    type_code: str
    known: KnownFields
    key: ClassVar[str] = "unknown_kind_invoice"


@dataclass(frozen=True, slots=True)
class TicketCode:
    """A ticket of this product."""

    number: str
    secret: str
    key: ClassVar[str] = "ticket"


@dataclass(frozen=True, slots=True)
class OrderCode:
    """Bare digits as shops print them for an order. That they are one is an assumption."""

    text: str
    key: ClassVar[str] = "order_code"


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing but blanks."""

    key: ClassVar[str] = "empty"


@dataclass(frozen=True, slots=True)
class TooLong:
    """More than a QR code can hold, in characters."""

    length: int
    key: ClassVar[str] = "too_long"


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Anything else."""

    key: ClassVar[str] = "garbled"


Scanned = (
    InvoiceCode
    | IncompleteInvoice
    | UnknownKindInvoice
    | TitleCard
    | DeliveryLink
    | ProviderLink
    | BlockchainLink
    | TicketCode
    | DamagedTicket
    | OrderCode
    | WebLink
    | Empty
    | TooLong
    | NotUnderstood
)

SCANNED_KEYS = frozenset(
    shape.key
    for shape in (
        InvoiceCode,
        IncompleteInvoice,
        UnknownKindInvoice,
        TitleCard,
        DeliveryLink,
        ProviderLink,
        BlockchainLink,
        TicketCode,
        DamagedTicket,
        OrderCode,
        WebLink,
        Empty,
        TooLong,
        NotUnderstood,
    )
)
"""Keys of the sentences for all that can be scanned: `Scanned.key`."""

_ORDER = re.compile(r"[0-9]{9,18}")
# What verification takes (`money.fits_verification`): a whole number of fen, eleven digits.
_AMOUNT = re.compile(r"-?[0-9]{1,11}(?:\.[0-9]{1,2}0{0,6})?")
_TAIL = re.compile(r"[0-9A-Fa-f]{0,4}")
# What a scanner in AIM mode puts before the text: ]Q1 for a QR code, ]C0 for Code 128.
_AIM_PREFIX = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_BOM_READ_AS_LATIN = "ï»¿"
# What a Chinese input method makes of a keyboard scanner's . and $ beside full-width forms.
_CHINESE_KEYS = str.maketrans({"。": ".", "¥": "$"})


def parse(text: str) -> Scanned:
    """What a scanned text is. Never raises, whatever the text.

    Takes full-width characters (a keyboard scanner under a Chinese input method), a
    byte order mark, control characters, blanks, and a missing or an extra last comma.
    """
    if len(text) > MAX_LENGTH:
        return TooLong(len(text))
    if not (text.isascii() and text.isprintable() and text[:3] == "01,"):
        text = _plain(text)
        if not text:
            return Empty()
        if text[:3] != "01,":
            return _other(text)
    return _invoice(text)


def _plain(text: str) -> str:
    """The text in half-width characters, without control characters and blanks around it."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", text.removeprefix(_BOM_READ_AS_LATIN))
        # Categories: Cc control, Cf format (BOM, zero width, direction marks), Cs lone
        # surrogates of undecodable bytes.
        text = "".join(
            " " if character in "\t\r\n" else character
            for character in text.translate(_CHINESE_KEYS)
            if character in "\t\r\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
        )
    text = _AIM_PREFIX.sub("", text.strip(), count=1) if text.lstrip()[:1] == "]" else text.strip()
    head, comma, _ = text.partition(",")
    # `01 ,10,...`: blanks around the version must not hide an invoice.
    return "01" + text[len(head) :] if comma and head.strip() == "01" else text


def _other(text: str) -> Scanned:
    read_ticket = ticket.parse(text)
    if isinstance(read_ticket, Ticket):
        return TicketCode(read_ticket.number, read_ticket.secret)
    if read_ticket is not None:
        return read_ticket
    found = title_card.parse(text) or links.parse(text)
    if found is not None:
        return found
    digits = text.replace(" ", "")
    if len(digits) == 20 and digits.isascii() and digits.isdigit():
        return IncompleteInvoice(
            (Field.ISSUED_ON, Field.AMOUNT), KnownFields(Kind.DIGITAL_OTHER, number=digits)
        )
    # An identity card's number is nobody's order: it must not be shown as one.
    if _ORDER.fullmatch(text) and not is_personal_id(text):
        return OrderCode(text)
    return NotUnderstood()


def _invoice(text: str) -> Scanned:
    """An invoice's QR; `text` begins with `01,`."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 6:
        return NotUnderstood()
    type_code, code, number = parts[1], _digits(parts[2]), _digits(parts[3])
    if not number and not code:
        return NotUnderstood()
    findings: list[Note] = []
    issued_on = _date(parts[5])
    amount = _amount(parts[4])
    if amount is None and parts[4]:
        findings.append(Note.AMOUNT_UNREADABLE)
    check_code = _last_six(parts[6]) if len(parts) > 6 else ""
    if not check_code and len(parts) > 6 and parts[6]:
        findings.append(Note.CHECK_CODE_UNREADABLE)
    tail = parts[7] if len(parts) > 7 else ""
    if not _TAIL.fullmatch(tail):
        findings.append(Note.TAIL_UNUSUAL)

    kind = KINDS.get(type_code)
    if len(number) == 20 and not code and (kind is None or not kind.is_digital):
        # The fields themselves say that it is a 数电票, and so which amount this is.
        unknown = kind is None
        findings.append(Note.TYPE_UNKNOWN if unknown else Note.TYPE_DIFFERS_FROM_NUMBER)
        kind = Kind.DIGITAL_OTHER
    elif kind is None or (kind.is_digital and code):
        return UnknownKindInvoice(
            type_code,
            KnownFields(number=number, code=code, issued_on=issued_on, check_code=check_code),
        )

    if number and issued_on is not None and (code or kind.is_digital):
        reference = InvoiceReference(kind, number, issued_on, code, amount, check_code)
        if reference.is_complete:
            return InvoiceCode(reference, type_code, tail, tuple(findings))
    return IncompleteInvoice(
        _missing(kind, number, code, issued_on, amount, check_code),
        KnownFields(kind, number, code, issued_on, amount, check_code),
        type_code,
        tuple(findings),
    )


def _missing(
    kind: Kind,
    number: str,
    code: str,
    issued_on: date | None,
    amount: Decimal | None,
    check_code: str,
) -> tuple[Field, ...]:
    by_check_code = kind.fourth_field is FourthField.CHECK_CODE
    absent = {
        Field.NUMBER: not number,
        Field.CODE: not code and not kind.is_digital,
        Field.ISSUED_ON: issued_on is None,
        Field.AMOUNT: amount is None and not by_check_code,
        Field.CHECK_CODE: not check_code and by_check_code,
    }
    return tuple(field for field, is_absent in absent.items() if is_absent)


def _digits(part: str) -> str:
    digits = part.replace(" ", "")
    return digits if digits.isascii() and digits.isdigit() else ""


def _date(part: str) -> date | None:
    if len(part) != 8 or not (part.isascii() and part.isdigit()):
        return None
    try:
        return date(int(part[:4]), int(part[4:6]), int(part[6:]))
    except ValueError:
        return None


def _amount(part: str) -> Decimal | None:
    return in_fen(Decimal(part)) if _AMOUNT.fullmatch(part) else None


def _last_six(part: str) -> str:
    digits = _digits(part)
    return digits[-6:] if len(digits) in (6, 20) else ""
