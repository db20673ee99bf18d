"""The records of the sandbox platform (`invoices.toml`), with their days filled in."""

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from importlib import resources

import msgspec

from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind
from einvoice.verdict import RecordDetails


class Says(Enum):
    """What the platform says of a record when all fields agree."""

    NORMAL = "normal"
    VOID = "void"
    RED_FULL = "red_full"
    RED_PARTIAL = "red_partial"
    LIMIT_REACHED = "limit_reached"
    DOWN = "down"


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One invoice as the file has it. Days are fixed, or count back from today."""

    kind: Kind
    number: str
    code: str = ""
    issued: date | None = None
    issued_days_ago: int = 0
    check_code: str = ""
    amount_without_tax: Decimal | None = None
    total_with_tax: Decimal | None = None
    seller: str = ""
    buyer: str = ""
    answer: Says = Says.NORMAL
    void_days_ago: int | None = None
    red_days_ago: int | None = None
    red_balance: Decimal | None = None
    red_number: str = ""
    """Of the red invoice that reversed it."""
    original_number: str = ""
    """Of the invoice that it reverses, being a red one."""
    order: str = ""
    """Number of the shop's order that it was issued for."""
    shown_code: str = ""
    """What its holder shows in an app to let it be fetched."""

    def reference(self, today: date) -> InvoiceReference:
        """What its QR says: the amount is the one that verification asks for."""
        issued_on = self.issued or today - timedelta(days=self.issued_days_ago)
        yy = f"{issued_on:%y}"
        is_with_tax = self.kind.fourth_field is FourthField.TOTAL_WITH_TAX
        return InvoiceReference(
            kind=self.kind,
            number=self.number.replace("{yy}", yy),
            issued_on=issued_on,
            code=self.code.replace("{yy}", yy),
            amount=self.total_with_tax if is_with_tax else self.amount_without_tax,
            check_code=self.check_code,
        )

    def details(self, today: date) -> RecordDetails:
        """What the platform tells of it beside its state."""
        total, net = self.total_with_tax, self.amount_without_tax
        return RecordDetails(
            seller=self.seller,
            buyer=self.buyer,
            total_with_tax=total,
            amount_without_tax=net,
            tax=None if total is None or net is None else total - net,
            red_on=_days_before(today, self.red_days_ago),
            red_balance=self.red_balance,
            void_on=_days_before(today, self.void_days_ago),
            red_number=self.red_number.replace("{yy}", f"{today:%y}"),
            original_number=self.original_number.replace("{yy}", f"{today:%y}"),
        )


def _days_before(today: date, days: int | None) -> date | None:
    return None if days is None else today - timedelta(days=days)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    invoice: tuple[Record, ...]


def read_records() -> tuple[Record, ...]:
    """The records that come with the sandbox."""
    text = resources.files("central.sandbox").joinpath("invoices.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=_File).invoice
