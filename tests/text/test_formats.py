"""Numbers, dates and money as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.text import catalogue, formats

ZH, EN = catalogue("zh"), catalogue("en")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("26112000000100000018", "2611 2000 0001 0000 0018"),
        ("12345678", "1234 5678"),
        ("0110023001", "0110 0230 01"),
        ("123456", "123456"),
        ("SF-03-1124-0042", "SF-03-1124-0042"),
        ("", ""),
    ],
)
def test_numbers_stand_in_groups_of_four(number: str, shown: str) -> None:
    assert formats.grouped(number) == shown


@given(st.text("0123456789", max_size=40))
def test_grouping_changes_no_digit(number: str) -> None:
    assert formats.grouped(number).replace(" ", "") == number


def test_dates_are_written_as_the_language_writes_them() -> None:
    assert formats.day(ZH, date(2026, 3, 5)) == "2026年3月5日"
    assert formats.day(EN, date(2026, 3, 5)) == "2026-03-05"


def test_times_are_those_of_china_wherever_they_come_from() -> None:
    late = datetime(2026, 11, 23, 18, 5, 9, tzinfo=UTC)
    assert formats.time_of_day(ZH, late) == "02:05"
    assert formats.moment(ZH, late) == "2026-11-24 02:05:09"
    assert formats.weekday(ZH, late) == "星期二"


def test_money_has_two_places_and_thousands() -> None:
    assert formats.money(ZH, Decimal("1280.5")) == "¥1,280.50"
    assert formats.money(ZH, Decimal(-106)) == "¥-106.00"
