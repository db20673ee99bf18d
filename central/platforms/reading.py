"""Reading what platforms write: amounts and days as text, and whose answer it is."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

import msgspec

from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind
from einvoice.verdict import Compared

T = TypeVar("T")


def amount(text: str | None) -> Decimal | None:
    """Yuan; None where the platform gives nothing or no plain number."""
    if not text:
        return None
    try:
        value = Decimal(text.strip().lstrip("¥￥").replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**13 else None


def day(text: str | None) -> date | None:
    """A day, written 20260305, 2026-03-05, 2026/3/5, 2026年03月05日, or with a time after it."""
    if not text:
        return None
    plain = text.strip()
    for mark in "年月/":
        plain = plain.replace(mark, "-")
    plain = plain.replace("日", "").split(" ")[0].split("T")[0]
    if plain.isascii() and plain.isdigit() and len(plain) == 8:
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    parts = plain.split("-")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) <= 4 for p in parts):
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def invoice_number(text: str | None) -> str:
    """The number of another invoice; "" for what is none (8 or 20 digits)."""
    plain = (text or "").strip()
    is_one = plain.isascii() and plain.isdigit() and len(plain) in {8, 20}
    return plain if is_one else ""


def says_another(
    asked: InvoiceReference,
    *,
    number: str | None,
    code: str | None,
    issued_on: str | None,
    amount_without_tax: Decimal | None,
    total_with_tax: Decimal | None,
) -> str | None:
    """Which field shows that an answer is not about the invoice that was asked for; None if none.

    The number must be there; the others need only not contradict, for platforms leave them out.
    """
    if (number or "").strip() != asked.number:
        return "number"
    if (code or "").strip() not in {"", asked.code}:
        return "code"
    if issued_on and day(issued_on) != asked.issued_on:
        return "date"
    if asked.kind is Kind.USED_VEHICLE:  # asked by 车价合计, which has a field of its own
        return None
    theirs = {
        FourthField.AMOUNT_WITHOUT_TAX: amount_without_tax,
        FourthField.TOTAL_WITH_TAX: total_with_tax,
        FourthField.CHECK_CODE: None,
    }[asked.kind.fourth_field]
    if theirs is not None and asked.amount is not None and theirs != asked.amount:
        return "amount"
    return None


def what_differs(
    asked: InvoiceReference,
    *,
    number: str | None,
    issued_on: date | None,
    amount_without_tax: Decimal | None,
    total_with_tax: Decimal | None,
) -> tuple[Compared, ...]:
    """The day and the amount where a platform sends others along with its "no"; () for none.

    Nothing is taken from an answer that does not repeat the number: its values may be those of
    another invoice. The check code is left out: it is what shows that somebody holds the
    invoice, and whoever has mistyped it must not read it here.
    """
    if (number or "").strip() != asked.number:
        return ()
    differing: list[Compared] = []
    if issued_on is not None and issued_on != asked.issued_on:
        days = asked.issued_on.isoformat(), issued_on.isoformat()
        differing.append(Compared("issued_on", *days))
    field, theirs = {
        FourthField.AMOUNT_WITHOUT_TAX: ("amount_without_tax", amount_without_tax),
        FourthField.TOTAL_WITH_TAX: ("total_with_tax", total_with_tax),
        FourthField.CHECK_CODE: ("check_code", None),
    }[asked.kind.fourth_field]
    is_vehicle = asked.kind is Kind.USED_VEHICLE  # as above
    stated = asked.amount
    if theirs is not None and stated is not None and theirs != stated and not is_vehicle:
        differing.append(Compared(field, f"{stated:.2f}", f"{theirs:.2f}"))
    return tuple(differing)


def decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T | None:
    """What a body holds, or None if it is not the JSON that the decoder takes."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # msgspec raises UnicodeDecodeError, which is none of its own, for broken UTF-8.
        return None
