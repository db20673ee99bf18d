"""Numbers, codes and check codes."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.kinds import Kind
from einvoice.numbers import (
    CheckCode,
    Reading,
    kind_of_code,
    read_check_code,
    read_digital_number,
    read_old_code,
    read_old_number,
)
from einvoice.reasons import Note, Reason

TODAY = date(2026, 11, 24)


def test_a_20_digit_number_says_year_region_channel_and_serial() -> None:
    number = read_digital_number("24112000000048542163", issued_on=date(2024, 5, 28), today=TODAY)
    assert number.findings == ()
    assert number.value is not None
    assert (number.value.year, number.value.region_name) == (24, "北京")
    assert (number.value.channel, number.value.serial) == ("2", "000000048542163")


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("26937000000000000001", "宁波"),
        ("25942000000000000001", "厦门"),
        ("25957000000000000001", "深圳"),
        ("26339132621000219582", "浙江"),
    ],
)
def test_planned_cities_have_their_own_region(number: str, region: str) -> None:
    reading = read_digital_number(number, today=TODAY)
    assert reading.findings == ()
    assert reading.value is not None
    assert reading.value.region_name == region


def test_an_unlikely_year_is_said_once() -> None:
    reading = read_digital_number("19112000000048542163", issued_on=date(2024, 5, 28), today=TODAY)
    assert reading.findings == (Note.NUMBER_YEAR_UNLIKELY,)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("033002000211", Kind.ORDINARY_ELECTRONIC),
        ("144031539110", Kind.ORDINARY_ELECTRONIC),
        ("131001570151", Kind.ORDINARY_ELECTRONIC),
        ("011001900104", Kind.ORDINARY_PAPER),
        ("011001900105", Kind.ORDINARY_PAPER),
        ("011001900106", Kind.ROLL),
        ("011001900107", Kind.ROLL),
        ("011001900112", Kind.TOLL),
        ("052002100113", Kind.SPECIAL_ELECTRONIC),
        ("011001900117", Kind.USED_VEHICLE),
        ("011001900199", None),
        ("111001920199", Kind.MOTOR_VEHICLE),
        ("111001910199", None),
        ("1100191130", Kind.SPECIAL_PAPER),
        ("1100191530", Kind.SPECIAL_PAPER),
        ("1100191330", Kind.ORDINARY_PAPER),
        ("1100191630", Kind.ORDINARY_PAPER),
        ("1100191230", Kind.FREIGHT),
        ("1100191730", Kind.FREIGHT),
        ("1100191930", None),
        ("", None),
        ("12345678901", None),
    ],
)
def test_the_code_names_the_kind_by_the_rule_of_the_verification_page(
    code: str, kind: Kind | None
) -> None:
    assert kind_of_code(code) is kind


@pytest.mark.parametrize(
    ("code", "region", "name", "year", "batch"),
    [
        ("033002000211", "3300", "浙江", 20, "002"),
        ("044031900111", "4403", "深圳", 19, "001"),
        ("3302191130", "3302", "宁波", 19, "1"),
    ],
)
def test_the_parts_of_a_code(code: str, region: str, name: str, year: int, batch: str) -> None:
    reading = read_old_code(code, today=TODAY)
    assert reading.findings == ()
    assert reading.value is not None
    assert (reading.value.region, reading.value.region_name) == (region, name)
    assert (reading.value.year, reading.value.batch) == (year, batch)


def test_a_code_of_an_earlier_year_than_the_date_is_usual() -> None:
    assert read_old_code("050001700111", issued_on=date(2020, 8, 5), today=TODAY).findings == ()


@pytest.mark.parametrize(
    ("text", "value", "findings"),
    [
        ("16197833567414507415", CheckCode("507415", "16197833567414507415"), ()),
        ("16197 83356 74145 07415", CheckCode("507415", "16197833567414507415"), ()),
        ("507415", CheckCode("507415"), ()),
        ("", None, (Reason.CHECK_CODE_MISSING,)),
        ("50741", None, (Reason.CHECK_CODE_LENGTH,)),
        ("50741x", None, (Reason.CHECK_CODE_DIGITS,)),
    ],
)
def test_check_codes(text: str, value: CheckCode | None, findings: tuple[Reason, ...]) -> None:
    reading = read_check_code(text)
    assert (reading.value, reading.findings) == (value, findings)


@pytest.mark.parametrize(
    "read", [read_digital_number, read_old_number, read_old_code, read_check_code]
)
@given(text=st.text() | st.from_regex(r"\A[0-9]{0,21}\Z"))
def test_a_reader_gives_a_value_or_a_reason(
    read: Callable[[str], Reading[object]], text: str
) -> None:
    reading = read(text)
    has_reason = any(isinstance(finding, Reason) for finding in reading.findings)
    assert (reading.value is None) is has_reason
