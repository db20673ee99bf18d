"""Values as invoices write them."""

from datetime import date
from decimal import Decimal

from einvoice.documents.model import Invoice, Line
from einvoice.kinds import FourthField, Kind
from einvoice.money import Rate, RateKind
from einvoice.qr import KINDS

_TYPE_CODES = {kind: type_code for type_code, kind in KINDS.items()}
_WORDS = {RateKind.EXEMPT: "免税", RateKind.NOT_TAXED: "不征税", RateKind.HIDDEN: "***"}


def plain(value: Decimal | None) -> str:
    """A number without a currency; empty for none."""
    return "" if value is None else f"{value:f}"


def six_places(value: Decimal | None) -> str:
    """As the first version of the XML writes rates and taxes: `0.060000`."""
    return "" if value is None else f"{value:.6f}"


def chinese(day: date | None) -> str:
    """`2026年11月02日`."""
    return "" if day is None else f"{day:%Y}年{day:%m}月{day:%d}日"


def iso(day: date | None) -> str:
    """`2026-11-02`."""
    return "" if day is None else day.isoformat()


def percent(rate: Rate | None) -> str:
    """`13%`, `1.5%`, 免税."""
    if rate is None:
        return ""
    if rate.value is None:
        return _WORDS[rate.kind]
    return f"{(rate.value * 100).normalize():f}%"


def with_tax(line: Line) -> Decimal | None:
    """What a line costs."""
    return None if line.amount is None or line.tax is None else line.amount + line.tax


def qr_text(invoice: Invoice, tail: str) -> str:
    """The QR of an invoice: for an old one with the whole check code and a last comma."""
    kind = invoice.kind or Kind.DIGITAL_OTHER
    by_total = kind.fourth_field is FourthField.TOTAL_WITH_TAX
    amount = invoice.total_with_tax if by_total else invoice.amount_without_tax
    day = "" if invoice.issued_on is None else f"{invoice.issued_on:%Y%m%d}"
    fields = (
        "01",
        _TYPE_CODES[kind],
        invoice.code,
        invoice.number,
        plain(amount),
        day,
        invoice.check_code,
        tail,
    )
    return ",".join(fields) + ("" if kind.is_digital else ",")
