"""The fields of an invoice as texts for people, with personal data masked or whole.

Masked are names, tax ids, addresses, accounts, remarks and whoever travelled. Number,
code, date, amounts and goods are what a person needs to recognise an invoice, and stay.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import cast

from einvoice.documents.model import DocumentField, Invoice, Line, Value
from einvoice.kinds import Kind
from einvoice.masked_fields import masked
from einvoice.masking import HIDDEN, mask_name
from einvoice.screening.finding import as_text
from einvoice.screening.rates import percent

_F = DocumentField
# Names of files hold the seller's name (`dzfp_<number>_<seller>_<time>.ofd`) or anybody's;
# names of parts inside are in letters.
_NAME_IN_PATH = re.compile(r"[^_/!.]*[\u3400-\u9fff][^_/!.]*|(?<=dzfp_\d{20}_)[^_/!.]+(?=_)")


@dataclass(frozen=True, slots=True)
class Showing:
    """How values become texts.

    Attributes:
        is_full: whether personal data is shown.
    """

    is_full: bool = False

    def value(self, field: DocumentField, value: Value | None) -> str:
        """A field's value."""
        match value:
            case None:
                return ""
            case Kind():
                return f"{value.value} {value.name.lower()}"
            case tuple() if field is not _F.LINES:
                return self.text(field, " / ".join(map(_whole, value)))
            case str() | tuple():
                return self.text(field, as_text(value))
            case _:
                return self.text(field, as_text(value) or _whole(value))

    def text(self, field: DocumentField, text: str) -> str:
        """A text that stands for a field's value."""
        return text if self.is_full else masked(field, text)

    def name(self, name: str) -> str:
        """The name of whoever signed."""
        return name if self.is_full else mask_name(name)

    def path(self, path: str) -> str:
        """A path inside the file."""
        return path if self.is_full else _NAME_IN_PATH.sub(HIDDEN, path)

    def line(self, line: Line) -> str:
        """One line of the invoice: goods, quantity times price, amount, rate, tax."""
        rate = line.rate
        rated = (
            "" if rate is None else rate.kind.value if rate.value is None else (percent(rate.value))
        )
        times = " x ".join(
            f"{number:f}" for number in (line.quantity, line.unit_price) if number is not None
        )
        pieces = (
            line.name,
            line.specification,
            f"{times} {line.unit}".strip(),
            as_text(line.amount),
            rated,
            as_text(line.tax),
        )
        return "  ".join(piece for piece in pieces if piece)


def texts_of(invoice: Invoice, showing: Showing) -> Iterator[tuple[DocumentField, str]]:
    """Every field that holds something, in the order of `DocumentField`, as a text."""
    for field in DocumentField:
        text = showing.value(field, _VALUE_OF[field](invoice))
        if text:
            yield field, text


def _whole(value: object) -> str:
    """All that a trip, a passage or an itinerary says, in one text."""
    if not is_dataclass(value) or isinstance(value, type):
        return as_text(value) if isinstance(value, date) else str(value)
    parts: list[str] = []
    for one in fields(value):
        held: object = getattr(value, one.name)
        items = cast("tuple[object, ...]", held) if isinstance(held, tuple) else (held,)
        parts.extend(_whole(item) for item in items if item is not None and item != "")
    return " ".join(parts)


_VALUE_OF: Mapping[DocumentField, Callable[[Invoice], Value | None]] = {
    _F.KIND: lambda invoice: invoice.kind,
    _F.NUMBER: lambda invoice: invoice.number,
    _F.CODE: lambda invoice: invoice.code,
    _F.ISSUED_ON: lambda invoice: invoice.issued_on,
    _F.CHECK_CODE: lambda invoice: invoice.check_code,
    _F.MACHINE_NUMBER: lambda invoice: invoice.machine_number,
    _F.AMOUNT_WITHOUT_TAX: lambda invoice: invoice.amount_without_tax,
    _F.TAX: lambda invoice: invoice.tax,
    _F.TOTAL_WITH_TAX: lambda invoice: invoice.total_with_tax,
    _F.TOTAL_IN_WORDS: lambda invoice: invoice.total_in_words,
    _F.DEDUCTION: lambda invoice: invoice.deduction,
    _F.BUYER_NAME: lambda invoice: invoice.buyer.name,
    _F.BUYER_TAX_ID: lambda invoice: invoice.buyer.tax_id,
    _F.BUYER_ADDRESS_PHONE: lambda invoice: invoice.buyer.address_phone,
    _F.BUYER_BANK_ACCOUNT: lambda invoice: invoice.buyer.bank_account,
    _F.SELLER_NAME: lambda invoice: invoice.seller.name,
    _F.SELLER_TAX_ID: lambda invoice: invoice.seller.tax_id,
    _F.SELLER_ADDRESS_PHONE: lambda invoice: invoice.seller.address_phone,
    _F.SELLER_BANK_ACCOUNT: lambda invoice: invoice.seller.bank_account,
    _F.LINES: lambda invoice: invoice.lines or None,
    _F.REMARK: lambda invoice: invoice.remark,
    _F.DRAWER: lambda invoice: invoice.drawer,
    _F.PAYEE: lambda invoice: invoice.payee,
    _F.REVIEWER: lambda invoice: invoice.reviewer,
    _F.IS_RED: lambda invoice: invoice.is_red,
    _F.ORIGINAL_CODE: lambda invoice: invoice.original_code,
    _F.ORIGINAL_NUMBER: lambda invoice: invoice.original_number,
    _F.RAILWAY: lambda invoice: invoice.railway,
    _F.AIR: lambda invoice: invoice.air,
    _F.TOLLS: lambda invoice: invoice.tolls or None,
    _F.JOURNEYS: lambda invoice: invoice.journeys or None,
}
