"""Numbers, dates and money as people read them, on screens and on paper."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from kiosk.text.catalogue import BREAK_HINT, Catalogue

CHINA = timezone(timedelta(hours=8), "UTC+8")
"""One time zone without daylight saving: all times that people read are in it."""


def breakable_address(address: str) -> str:
    """An e-mail address that may break where people read it in two."""
    for sign in "@.":
        address = address.replace(sign, f"{BREAK_HINT}{sign}")
    return address


def grouped(number: str) -> str:
    """Digits in groups of four from the left, for reading aloud and comparing.

    Texts with anything but digits in them (ticket numbers) stay as they are.
    """
    if not (number.isascii() and number.isdigit()) or len(number) <= 6:
        return number
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def day(catalogue: Catalogue, value: date) -> str:
    """A date: 2026年11月24日."""
    return catalogue.say("format.date", year=value.year, month=value.month, day=value.day)


def time_of_day(catalogue: Catalogue, value: datetime) -> str:
    """Hours and minutes in China: 10:42. `value` is aware."""
    here = value.astimezone(CHINA)
    return catalogue.say("format.time", hour=here.hour, minute=here.minute)


def moment(catalogue: Catalogue, value: datetime) -> str:
    """Date and time to the second, in China: 2026-11-24 10:42:07. `value` is aware."""
    here = value.astimezone(CHINA)
    return catalogue.say(
        "format.moment",
        year=here.year,
        month=here.month,
        day=here.day,
        hour=here.hour,
        minute=here.minute,
        second=here.second,
    )


def weekday(catalogue: Catalogue, value: datetime) -> str:
    """The day of the week in China. `value` is aware."""
    return catalogue.say(f"weekday.{value.astimezone(CHINA).weekday()}")


def money(catalogue: Catalogue, yuan: Decimal) -> str:
    """An amount: ¥1,280.50."""
    return catalogue.say("format.money", amount=yuan)


_MONEY = frozenset({"amount_without_tax", "tax", "total_with_tax"})


def compared(catalogue: Catalogue, field: str, text: str) -> str:
    """A value of `einvoice.verdict.Compared` as people read it; what it is none of, as it is."""
    try:
        if field == "issued_on" and text:
            return day(catalogue, date.fromisoformat(text))
        if field in _MONEY and text:
            return money(catalogue, Decimal(text))
    except (ValueError, InvalidOperation):
        return text
    return grouped(text)


def percent(rate: Decimal) -> str:
    """A tax rate: 6%."""
    return f"{(rate * 100).normalize():f}%"
