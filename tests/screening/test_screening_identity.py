"""Number, code, date, tax ids, region, colour, rates."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screening_invoices import SELLER, TODAY, credit_code, ids, invoice_of, line

from einvoice.documents import Invoice, Party
from einvoice.kinds import Kind
from einvoice.screening import screen

ORDERLY = invoice_of(line("100.00", "0.06"))


def test_today_is_not_the_future() -> None:
    assert ids(replace(ORDERLY, issued_on=TODAY)) == []
    assert ids(replace(ORDERLY, issued_on=TODAY + timedelta(days=1))) == ["date_in_future"]


def test_the_finding_has_both_values() -> None:
    (found,) = screen(replace(ORDERLY, number="25" + ORDERLY.number[2:]), TODAY)
    assert (found.rule.id, found.stated, found.expected) == ("number_year", "2025", "2026")
    assert found.sentence == ("The number begins with the year 2025, the date of issue is in 2026")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("011002600111", []),
        ("011002500111", []),  # given out a year ahead
        ("011002700111", ["code_year"]),
        ("099002600111", ["code_region"]),
        ("011002600104", ["code_kind"]),
        ("011002600199", []),  # names no kind
    ],
)
def test_old_codes(code: str, found: list[str]) -> None:
    old = replace(ORDERLY, kind=Kind.ORDINARY_ELECTRONIC, number="12345678", code=code)
    assert ids(old) == found


@pytest.mark.parametrize(
    ("number", "tax_id", "found"),
    [
        ("26112000000012345678", credit_code("110108"), []),
        ("26112000000012345678", credit_code("310115"), ["seller_region"]),
        ("26112000000012345678", credit_code("100000"), []),  # national registry
        ("26952000000012345678", credit_code("440305"), []),  # Shenzhen
        ("26932000000012345678", credit_code("330203"), []),  # Ningbo
        ("26952000000012345678", credit_code("330203"), ["seller_region"]),
        ("26992000000012345678", credit_code("110108"), ["number_region"]),
        ("26112000000012345678", "", []),
        ("26112000000012345678", "11010819900307123", []),  # 17: no region is known in it
    ],
)
def test_the_region_of_number_and_seller(number: str, tax_id: str, found: list[str]) -> None:
    assert ids(replace(ORDERLY, number=number, seller=Party("某", tax_id))) == found


def test_a_sole_trader_s_place_of_birth_is_no_region() -> None:
    trader = replace(ORDERLY, seller=Party("某", "44052418800101001400"))
    assert "seller_region" not in ids(trader)


@pytest.mark.parametrize(
    ("tax_id", "found"),
    [
        ("91110108MA0ABCDE0", []),
        ("9111010", ["tax_id_length"]),
        ("911101**********0X", []),
        ("***", []),
        ("91-110108-1234567X", ["tax_id_characters"]),
        ("110108MA0ABCDE9", ["tax_id_organisation_digit"]),
        ("110105199013011230" + "01", ["tax_id_check_digit", "tax_id_birth_date"]),
        (SELLER.tax_id[:-1] + ("0" if SELLER.tax_id[-1] != "0" else "1"), ["tax_id_check_digit"]),
    ],
)
def test_tax_ids(tax_id: str, found: list[str]) -> None:
    assert ids(replace(ORDERLY, buyer=Party("某", tax_id))) == found


@given(st.text(max_size=24))
def test_any_tax_id_gets_only_notes_and_warnings(tax_id: str) -> None:
    found = screen(replace(ORDERLY, buyer=Party("某", tax_id)), TODAY)
    assert all(finding.rule.id.startswith("tax_id_") for finding in found)
    assert all(finding.rule.severity.value != "differs" for finding in found)


RED = invoice_of(line("-100.00", "0.06"), is_red=True, original_number="26112000000012345670")


def test_a_red_invoice_names_its_original() -> None:
    assert ids(RED) == []
    assert ids(replace(RED, original_number="")) == ["red_without_original"]
    assert ids(replace(RED, original_number="", original_code="011002600111")) == []


def test_a_red_special_invoice_names_its_notice_instead() -> None:
    unnamed = replace(RED, original_number="")
    notice = "开具红字增值税专用发票信息表编号1101082609100261"
    assert ids(replace(unnamed, remark=notice)) == []
    assert ids(replace(unnamed, remark="信息表")) == ["red_without_original"]


def test_an_extract_without_lines_or_remark_has_no_place_to_name_it() -> None:
    extract = Invoice(is_red=True, total_with_tax=Decimal("-106.00"))
    assert ids(extract) == []


def test_the_colour_fits_the_sign() -> None:
    assert ids(replace(RED, is_red=False)) == ["blue_negative"]
    assert ids(replace(ORDERLY, is_red=True, original_number=RED.original_number)) == [
        "red_not_negative"
    ]
    assert ids(replace(RED, is_red=None)) == []


@pytest.mark.parametrize(
    ("rate", "day", "found"),
    [
        ("0.17", date(2018, 4, 30), []),
        ("0.17", date(2018, 5, 1), ["rate_after_its_time"]),
        ("0.16", date(2018, 4, 30), ["rate_before_its_time"]),
        ("0.16", date(2018, 5, 1), []),
        ("0.16", date(2019, 3, 31), []),
        ("0.16", date(2019, 4, 1), ["rate_after_its_time"]),
        ("0.1", date(2019, 4, 1), ["rate_after_its_time"]),
        ("0.09", date(2019, 3, 31), ["rate_before_its_time"]),
        ("0.09", date(2019, 4, 1), []),
        ("0.13", date(2019, 4, 1), []),
        ("0.13", date(2018, 6, 1), ["rate_date_unconfirmed"]),
        ("0.13", date(2017, 6, 30), []),
        ("0.01", date(2020, 2, 29), ["rate_date_unconfirmed"]),
        ("0.06", date(2016, 1, 1), []),
        ("0.07", date(2024, 1, 1), ["rate_unusual"]),
    ],
)
def test_rates_have_their_time(rate: str, day: date, found: list[str]) -> None:
    old = invoice_of(
        line("100.00", rate),
        kind=Kind.ORDINARY_ELECTRONIC,
        number="12345678",
        code=f"01100{day:%y}00111",
        issued_on=day,
    )
    assert ids(old) == found


def test_a_red_invoice_keeps_the_old_rate() -> None:
    assert ids(invoice_of(line("-100.00", "0.17"), is_red=True, original_number="1")) == []


def test_a_line_is_named_by_its_number() -> None:
    (found,) = screen(invoice_of(line("1.00"), line("100.00", "0.07")), TODAY)
    assert (found.line, found.stated) == (2, "7%")


@given(st.decimals("0", "1", places=3), st.dates(date(2015, 1, 1), date(2030, 1, 1)))
def test_no_rate_on_any_date_is_a_contradiction(rate: Decimal, day: date) -> None:
    invoice = Invoice(issued_on=day, lines=(line("100.00", str(rate)),))
    found = screen(invoice, date(2030, 1, 1))
    assert all(finding.rule.severity.value != "differs" for finding in found)
    assert sum(finding.rule.id.startswith("rate_") for finding in found) <= 1
