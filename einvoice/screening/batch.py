"""What shows only when several invoices lie side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from einvoice.documents.model import DocumentField, Invoice, Value
from einvoice.screening import rules
from einvoice.screening.finding import RuleFinding, as_text


@dataclass(frozen=True, slots=True)
class BatchFinding:
    """A finding about two invoices of a batch.

    Attributes:
        finding: `stated` is the first one's value, `expected` the second one's.
        first, second: their positions in the batch, counted from 0.
    """

    finding: RuleFinding
    first: int
    second: int


def screen_batch(invoices: Sequence[Invoice]) -> tuple[BatchFinding, ...]:
    """Invoices that bear one code and number: the same one twice, or two that differ.

    Each is compared with the first of its number. Invoices without a number are left out.
    """
    first_of: dict[tuple[str, str], int] = {}
    found: list[BatchFinding] = []
    for position, invoice in enumerate(invoices):
        if not invoice.number:
            continue
        first = first_of.setdefault((invoice.code, invoice.number), position)
        if first != position:
            found.append(
                BatchFinding(_compare(invoices[first], invoice), first, position),
            )
    return tuple(found)


def _compare(one: Invoice, other: Invoice) -> RuleFinding:
    """The first field that both state and state differently, else that it is the same."""
    pairs: tuple[tuple[DocumentField, Value | None, Value | None], ...] = (
        (DocumentField.ISSUED_ON, one.issued_on, other.issued_on),
        (DocumentField.TOTAL_WITH_TAX, one.total_with_tax, other.total_with_tax),
        (DocumentField.AMOUNT_WITHOUT_TAX, one.amount_without_tax, other.amount_without_tax),
        (DocumentField.SELLER_TAX_ID, one.seller.tax_id, other.seller.tax_id),
        (DocumentField.BUYER_TAX_ID, one.buyer.tax_id, other.buyer.tax_id),
    )
    for field, first, second in pairs:
        if first not in (None, "") and second not in (None, "") and first != second:
            return RuleFinding(rules.TWICE_AND_DIFFERENT, field, as_text(first), as_text(second))
    return RuleFinding(rules.TWICE_IN_BATCH, DocumentField.NUMBER, one.number)
