"""Invoices that are in order, to be spoiled one field at a time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from einvoice.capitals import to_capitals
from einvoice.documents import Invoice, Line, Party
from einvoice.kinds import Kind
from einvoice.money import FEN, Rate, RateKind
from einvoice.screening import screen
from einvoice.tax_ids import credit_check_character, organisation_check_character

TODAY = date(2026, 11, 24)


def credit_code(region: str, body: str = "MA0ABCDE") -> str:
    first = f"91{region}{body}{organisation_check_character(body)}"
    return first + credit_check_character(first)


SELLER = Party("北京示例科技有限公司", credit_code("110108"))
BUYER = Party("上海示例商贸有限公司", credit_code("310115", "MA1FGHJK"))


def line(amount: str, rate: str = "0.13", tax: str | None = None) -> Line:
    net, fraction = Decimal(amount), Decimal(rate)
    return Line(
        name="*示例*货物",
        quantity=Decimal(1),
        unit_price=net,
        amount=net,
        rate=Rate(RateKind.PERCENT, fraction),
        tax=(net * fraction).quantize(FEN) if tax is None else Decimal(tax),
    )


def invoice_of(*lines: Line, **changes: object) -> Invoice:
    """An invoice whose sums and capitals follow from its lines; then `changes`."""
    net = sum((item.amount for item in lines if item.amount is not None), Decimal("0.00"))
    tax = sum((item.tax for item in lines if item.tax is not None), Decimal("0.00"))
    plain = Invoice(
        kind=Kind.DIGITAL_SPECIAL,
        number="26112000000012345678",
        issued_on=date(2026, 11, 2),
        amount_without_tax=net,
        tax=tax,
        total_with_tax=net + tax,
        total_in_words=to_capitals(net + tax),
        seller=SELLER,
        buyer=BUYER,
        lines=lines,
        is_red=False,
    )
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType] - checked by replace


def ids(invoice: Invoice, today: date = TODAY) -> list[str]:
    return [finding.rule.id for finding in screen(invoice, today)]


amounts = st.decimals("0.01", "9999999.99", places=2)
usual_rates = st.sampled_from(["0.13", "0.09", "0.06", "0.05", "0.03", "0.015", "0.01", "0"])
lines = st.builds(lambda amount, rate: line(str(amount), rate), amounts, usual_rates)
invoices: st.SearchStrategy[Invoice] = st.lists(lines, min_size=1, max_size=12).map(
    lambda items: invoice_of(*items)
)
