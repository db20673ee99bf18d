"""Amounts, lines and capitals."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screening_invoices import TODAY, amounts, ids, invoice_of, invoices, line

from einvoice.capitals import to_capitals
from einvoice.documents import AirItinerary, Invoice, Line
from einvoice.kinds import Kind
from einvoice.money import Rate, RateKind
from einvoice.screening import screen

some_fen = st.decimals("0.01", "100000", places=2)


@given(invoices)
def test_an_invoice_that_adds_up_has_no_finding(invoice: Invoice) -> None:
    assert ids(invoice) == []


@given(invoices, some_fen)
def test_a_wrong_total_names_both_values(invoice: Invoice, off: Decimal) -> None:
    total = invoice.total_with_tax
    assert total is not None
    spoiled = replace(invoice, total_with_tax=total + off)
    by_id = {finding.rule.id: finding for finding in screen(spoiled, TODAY)}
    assert set(by_id) == {"total_sum", "capitals_differ"}
    assert (by_id["total_sum"].stated, by_id["total_sum"].expected) == (
        f"{total + off:.2f}",
        f"{total:.2f}",
    )


@given(invoices, some_fen)
def test_a_wrong_line_shows_in_the_sum(invoice: Invoice, off: Decimal) -> None:
    first = invoice.lines[0]
    assert first.amount is not None
    spoiled = replace(first, amount=first.amount + off, quantity=None)
    assert "lines_amount_sum" in ids(replace(invoice, lines=(spoiled, *invoice.lines[1:])))


@given(invoices, some_fen)
def test_a_wrong_tax_shows_in_both_sums(invoice: Invoice, off: Decimal) -> None:
    assert invoice.tax is not None
    assert set(ids(replace(invoice, tax=invoice.tax + off))) == {"total_sum", "lines_tax_sum"}


@given(amounts, amounts)
def test_capitals_of_another_amount_differ(one: Decimal, other: Decimal) -> None:
    invoice = Invoice(total_with_tax=one, total_in_words=to_capitals(other))
    assert ids(invoice) == ([] if one == other else ["capitals_differ"])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("叁拾玖元伍角肆分", []),
        ("叁拾玖圆伍角肆分整", []),
        ("人民币叁拾玖圆伍角肆分", []),
        ("叁拾玖圆伍角", ["capitals_differ"]),
        ("叁拾玖拾圆", ["capitals_unreadable"]),
        ("thirty-nine", ["capitals_unreadable"]),
        ("", []),
    ],
)
def test_capitals_are_read_as_a_number(words: str, found: list[str]) -> None:
    assert ids(Invoice(total_with_tax=Decimal("39.54"), total_in_words=words)) == found


def test_capitals_of_a_red_invoice_may_leave_out_the_minus() -> None:
    red = Invoice(total_with_tax=Decimal("-39.54"), total_in_words="叁拾玖圆伍角肆分")
    assert ids(red) == ["capitals_sign"]
    assert ids(replace(red, total_in_words="（负数）叁拾玖圆伍角肆分")) == []


@pytest.mark.parametrize(
    ("tax", "found"),
    [
        ("6.00", []),
        ("6.01", []),
        ("5.99", []),
        ("6.02", ["line_tax_rounding"]),
        ("6.06", ["line_tax_rounding"]),
        ("6.07", ["line_tax_limit"]),
        ("5.93", ["line_tax_limit"]),
    ],
)
def test_the_limits_of_a_line_s_tax(tax: str, found: list[str]) -> None:
    assert ids(invoice_of(line("100.00", "0.06", tax))) == found


def test_the_total_is_never_multiplied_by_a_rate() -> None:
    # 100 lines, each rounded down by almost half a fen: 0.27 apart in all (a public
    # test invoice of the tax administration is like that).
    hundred = [line("97.09", "0.03") for _ in range(100)]
    invoice = invoice_of(*hundred)
    assert invoice.tax == Decimal("291.00")
    assert ids(invoice) == []


def test_differences_of_many_lines_add_up_to_a_warning() -> None:
    lines = [line("100.00", "0.06", "6.01") for _ in range(128)]
    assert ids(invoice_of(*lines)) == ["lines_tax_limit"]
    assert ids(invoice_of(*lines[:127])) == []


@pytest.mark.parametrize("kind", [RateKind.EXEMPT, RateKind.NOT_TAXED])
def test_untaxed_lines_have_no_tax_to_compare(kind: RateKind) -> None:
    untaxed = Line("*示例*货物", amount=Decimal("100.00"), rate=Rate(kind))
    assert ids(invoice_of(untaxed)) == []


def test_a_hidden_rate_is_not_guessed() -> None:
    hidden = Line("*示例*服务", amount=Decimal("100.00"), rate=Rate(RateKind.HIDDEN))
    assert ids(invoice_of(hidden, line("1.00"))) == []


def test_tax_on_a_difference_is_not_multiplied() -> None:
    taxed = invoice_of(line("20.00", "0.06", "0.12"))
    assert ids(taxed) == ["line_tax_limit"]
    assert ids(replace(taxed, deduction=Decimal("18.00"))) == []
    assert ids(replace(taxed, remark="差额征税：18.00。")) == []


@pytest.mark.parametrize(
    ("quantity", "price", "found"),
    [
        ("3", "33.333333", []),
        ("3", "33.33", []),
        ("3", "33.32", ["line_product"]),
        ("3", "34", ["line_product"]),
    ],
)
def test_quantity_times_price(quantity: str, price: str, found: list[str]) -> None:
    item = replace(line("100.00"), quantity=Decimal(quantity), unit_price=Decimal(price))
    assert ids(invoice_of(item)) == found


def test_discounts_are_lines_with_a_minus() -> None:
    assert ids(invoice_of(line("39.35", "0.03"), line("-0.96", "0.03"))) == []


def test_lines_with_more_than_two_decimals_are_rounded_once_more() -> None:
    fine = replace(line("2.00", "0.06"), tax=Decimal("0.123000"))
    assert ids(replace(invoice_of(line("2.00", "0.06")), lines=(fine,))) == []
    assert ids(replace(invoice_of(line("2.00", "0.06", "0.13")), lines=(fine,))) == [
        "lines_tax_sum"
    ]


def test_an_air_itinerary_has_more_parts() -> None:
    flight = Invoice(
        kind=Kind.DIGITAL_AIR,
        amount_without_tax=Decimal("522.93"),
        tax=Decimal("47.07"),
        total_with_tax=Decimal("620.00"),
        air=AirItinerary(
            fare=Decimal("477.06"),
            fuel_surcharge=Decimal("45.87"),
            development_fund=Decimal("50.00"),
        ),
    )
    assert ids(flight) == []
    assert ids(replace(flight, air=AirItinerary())) == ["total_sum"]


def test_what_is_missing_is_not_looked_at() -> None:
    assert ids(Invoice()) == []
