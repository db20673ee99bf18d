"""An invoice that is in order -> one that is wrong in one respect."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from central.sandbox.mint.breakage import Breakage, DoesNotApply
from einvoice.capitals import from_capitals, to_capitals
from einvoice.documents.model import Invoice, Line, Party

_YUAN = Decimal("1.00")


def spoil(invoice: Invoice, breakage: Breakage) -> Invoice:
    """The invoice with this wrong; unchanged by what is wrong with a file only.

    Raises:
        DoesNotApply: the invoice has no such field (a railway ticket has no capitals).
    """
    change = _CHANGES.get(breakage)
    if change is None:
        return invoice
    spoiled = change(invoice)
    if spoiled == invoice:
        raise DoesNotApply(f"{breakage.value}: this kind has no such field")
    return spoiled


def _wrong_total(invoice: Invoice) -> Invoice:
    total = invoice.total_with_tax
    return replace(invoice, total_with_tax=None if total is None else total + Decimal("54.00"))


def _wrong_capitals(invoice: Invoice) -> Invoice:
    if not invoice.total_in_words:
        return invoice
    said = from_capitals(invoice.total_in_words)
    return replace(invoice, total_in_words=to_capitals(said + _YUAN))


def _wrong_line_tax(invoice: Invoice) -> Invoice:
    total, tax = invoice.total_with_tax, invoice.tax
    if total is None or tax is None or not invoice.lines or invoice.lines[0].tax is None:
        return invoice
    first = replace(invoice.lines[0], tax=invoice.lines[0].tax + _YUAN)
    return replace(
        invoice,
        lines=(first, *invoice.lines[1:]),
        tax=tax + _YUAN,
        total_with_tax=total + _YUAN,
        total_in_words=to_capitals(total + _YUAN),
    )


def _wrong_tax_id(invoice: Invoice) -> Invoice:
    seller = invoice.seller
    if not seller.tax_id:
        return invoice
    last = "0" if seller.tax_id[-1] != "0" else "1"
    return replace(invoice, seller=replace(seller, tax_id=seller.tax_id[:-1] + last))


def _wrong_year(invoice: Invoice) -> Invoice:
    day = invoice.issued_on
    # The 28th exists in every February.
    later = None if day is None else day.replace(year=day.year + 1, day=min(day.day, 28))
    return replace(invoice, issued_on=later)


def reversed_invoice(invoice: Invoice) -> Invoice:
    """All amounts and quantities negative, and red."""
    total = invoice.total_with_tax
    return replace(
        invoice,
        is_red=True,
        amount_without_tax=_minus(invoice.amount_without_tax),
        tax=_minus(invoice.tax),
        total_with_tax=_minus(total),
        total_in_words="" if total is None else to_capitals(-total),
        lines=tuple(_reversed_line(line) for line in invoice.lines),
    )


def _reversed_line(line: Line) -> Line:
    return replace(
        line, amount=_minus(line.amount), tax=_minus(line.tax), quantity=_minus(line.quantity)
    )


def _minus(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


_CHANGES: Mapping[Breakage, Callable[[Invoice], Invoice]] = {
    Breakage.WRONG_TOTAL: _wrong_total,
    Breakage.WRONG_CAPITALS: _wrong_capitals,
    Breakage.WRONG_LINE_TAX: _wrong_line_tax,
    Breakage.WRONG_TAX_ID: _wrong_tax_id,
    Breakage.WRONG_YEAR: _wrong_year,
    Breakage.RED_WITHOUT_ORIGINAL: reversed_invoice,
}


def qr_of_another(invoice: Invoice) -> Invoice:
    """An invoice that is this one but for its number and amounts."""
    number = invoice.number[:-1] + str((int(invoice.number[-1]) + 1) % 10)
    return replace(
        invoice,
        number=number,
        seller=Party(),
        amount_without_tax=_plus_ten(invoice.amount_without_tax),
        total_with_tax=_plus_ten(invoice.total_with_tax),
    )


def _plus_ten(value: Decimal | None) -> Decimal | None:
    return None if value is None else value + 10
