"""Reading what platforms write: amounts and days as text, and whose answer it is."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

import msgspec

from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind

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


def decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T | None:
    """What a body holds, or None if it is not the JSON that the decoder takes."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # msgspec raises UnicodeDecodeError, which is none of its own, for broken UTF-8.
        return None
