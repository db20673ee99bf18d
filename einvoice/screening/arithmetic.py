"""Whether the amounts of an invoice agree with each other.

Never total x rate: tax is rounded line by line, and on a 100-line invoice the difference
is larger than anything that could be called a tolerance.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from einvoice.capitals import NotCapitals, from_capitals
from einvoice.documents.model import DocumentField, Invoice, Line
from einvoice.money import (
    FEN,
    INVOICE_TAX_REFUSED_BY_ISSUER,
    LINE_TAX_NOTED,
    LINE_TAX_REFUSED_BY_ISSUER,
    Rate,
    RateKind,
    product_tolerance,
)
from einvoice.screening import rules
from einvoice.screening.finding import RuleFinding, as_text
from einvoice.screening.rules import Rule

_ZERO = Decimal(0)
_UNTAXED = frozenset({RateKind.EXEMPT, RateKind.NOT_TAXED})
_BY_DIFFERENCE = "差额"
"""In the remark of an invoice that is taxed on a difference."""


def arithmetic(invoice: Invoice) -> Iterator[RuleFinding]:
    """What does not add up."""
    yield from _total(invoice)
    yield from _sum_of_lines(
        invoice,
        rules.LINES_AMOUNT_SUM,
        DocumentField.AMOUNT_WITHOUT_TAX,
        invoice.amount_without_tax,
        lambda line: line.amount,
    )
    yield from _sum_of_lines(
        invoice, rules.LINES_TAX_SUM, DocumentField.TAX, invoice.tax, _tax_of_line
    )
    for number, line in enumerate(invoice.lines, start=1):
        yield from _product(number, line)
    yield from _rates(invoice)
    yield from _capitals(invoice)


def _total(invoice: Invoice) -> Iterator[RuleFinding]:
    total, net, tax = invoice.total_with_tax, invoice.amount_without_tax, invoice.tax
    if total is None or net is None or tax is None:
        return
    parts = net + tax
    if invoice.air is not None:
        parts += (invoice.air.development_fund or _ZERO) + (invoice.air.other_taxes or _ZERO)
    if total != parts:
        yield RuleFinding(
            rules.TOTAL_SUM, DocumentField.TOTAL_WITH_TAX, as_text(total), as_text(parts)
        )


def _sum_of_lines(
    invoice: Invoice,
    rule: Rule,
    field: DocumentField,
    stated: Decimal | None,
    part: Callable[[Line], Decimal | None],
) -> Iterator[RuleFinding]:
    """The lines against their sum, exactly; nothing where a line keeps its part back."""
    parts = [value for line in invoice.lines if (value := part(line)) is not None]
    if stated is None or not parts or len(parts) != len(invoice.lines):
        return
    total = sum(parts, _ZERO)
    # Lines written with more than two decimals are rounded once more on their way here.
    slack = sum((FEN / 2 for value in parts if value % FEN), _ZERO)
    if abs(total - stated) > slack:
        yield RuleFinding(rule, field, as_text(stated), as_text(total))


def _tax_of_line(line: Line) -> Decimal | None:
    if line.tax is None and line.rate is not None and line.rate.kind in _UNTAXED:
        return _ZERO
    return line.tax


def _product(number: int, line: Line) -> Iterator[RuleFinding]:
    if line.quantity is None or line.unit_price is None or line.amount is None:
        return
    product = line.quantity * line.unit_price
    if abs(product - line.amount) > product_tolerance(line.amount):
        yield RuleFinding(
            rules.LINE_PRODUCT,
            DocumentField.LINES,
            as_text(line.amount),
            as_text(product.quantize(FEN)),
            number,
        )


def _rates(invoice: Invoice) -> Iterator[RuleFinding]:
    """The tax of each line against amount x rate, and of all lines together."""
    if invoice.deduction or _BY_DIFFERENCE in invoice.remark:
        return
    taxes, products = _ZERO, _ZERO
    for number, line in enumerate(invoice.lines, start=1):
        product = _taxed(line.amount, line.rate)
        if product is None or line.tax is None:
            continue
        taxes, products = taxes + line.tax, products + product
        apart = abs(product - line.tax)
        if apart > LINE_TAX_NOTED:
            rule = (
                rules.LINE_TAX_LIMIT
                if apart > LINE_TAX_REFUSED_BY_ISSUER
                else rules.LINE_TAX_ROUNDING
            )
            yield RuleFinding(
                rule, DocumentField.LINES, as_text(line.tax), as_text(product), number
            )
    if abs(taxes - products) > INVOICE_TAX_REFUSED_BY_ISSUER:
        yield RuleFinding(
            rules.LINES_TAX_LIMIT, DocumentField.TAX, as_text(taxes), as_text(products)
        )


def _taxed(amount: Decimal | None, rate: Rate | None) -> Decimal | None:
    """Amount x rate; None where there is no such product."""
    if amount is None or rate is None or rate.value is None:
        return None
    return amount * rate.value


def _capitals(invoice: Invoice) -> Iterator[RuleFinding]:
    words, total = invoice.total_in_words, invoice.total_with_tax
    if not words:
        return
    try:
        said = from_capitals(words)
    except NotCapitals:
        yield RuleFinding(rules.CAPITALS_UNREADABLE, DocumentField.TOTAL_IN_WORDS, words)
        return
    if total is None or said == total:
        return
    rule = rules.CAPITALS_SIGN if said == -total else rules.CAPITALS_DIFFER
    yield RuleFinding(rule, DocumentField.TOTAL_IN_WORDS, as_text(total), as_text(said))
