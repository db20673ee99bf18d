"""Text as invoice files write it -> values, and when two values are the same."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from einvoice.kinds import Kind
from einvoice.money import FEN, NotAnAmount, NotARate, Rate, parse_decimal, parse_rate

_DATE = re.compile(
    r"(20\d{2})(?:\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})|(\d{2})(\d{2})(?=\d*(?:\D|$)))"
)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
# Radicals that stand for whole characters in the text of some PDF fonts and that the
# compatibility forms of Unicode leave alone (EquivalentUnifiedIdeograph.txt).
_RADICALS = dict(
    zip(
        "⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻥⻦⻧⻨⻩⻬⻮⻰",
        "民虎西见角贝车長长门青韦页风飞食马鱼鸟卤麦黄齐齿龙",
        strict=True,
    )
)
_KANGXI_AND_COMPATIBILITY = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_YUAN_DIGITS = 15
_HIDDEN = frozenset({"", "*", "**", "***", "-", "--", "—", "——", "¥", "￥"})

# Titles as printed and as XBRL and CustomDatas write them, most telling first: a toll
# invoice says 电子普通发票 in its title and is told by its code.
_TITLES = (
    (re.compile("铁路电子客票"), Kind.DIGITAL_RAILWAY),
    (re.compile("航空运输电子客票行程单"), Kind.DIGITAL_AIR),
    (re.compile(r"电子发票\(增值税专用发票\)|数电.*专"), Kind.DIGITAL_SPECIAL),
    (re.compile(r"电子发票\(普通发票\)|数电.*普"), Kind.DIGITAL_ORDINARY),
    (re.compile("通行费.*电子普通发票"), Kind.TOLL),
    (re.compile("增值税电子普通发票"), Kind.ORDINARY_ELECTRONIC),
    (re.compile("增值税电子专用发票"), Kind.SPECIAL_ELECTRONIC),
    (re.compile(r"增值税普通发票\(卷"), Kind.ROLL),
    (re.compile("增值税普通发票"), Kind.ORDINARY_PAPER),
    (re.compile("增值税专用发票"), Kind.SPECIAL_PAPER),
    (re.compile("机动车销售统一发票"), Kind.MOTOR_VEHICLE),
    (re.compile("二手车销售统一发票"), Kind.USED_VEHICLE),
)


def plain(text: str) -> str:
    """The text with compatibility forms resolved and all blanks removed.

    Kangxi radicals, full-width digits and brackets, as PDF text holds them, become the
    ordinary characters. Used to compare and to search, never to show.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _whole_characters(text))
    return "".join(text.split())


def tidy(text: str) -> str:
    """The text for showing: control characters gone, runs of blanks made one."""
    if not text.isascii():
        text = _whole_characters(text)
    if not text.isprintable():
        text = _CONTROLS.sub(" ", text)
    return " ".join(text.split())


def _whole_characters(text: str) -> str:
    return _KANGXI_AND_COMPATIBILITY.sub(_whole_character, text)


def _whole_character(match: re.Match[str]) -> str:
    return _RADICALS.get(match[0]) or unicodedata.normalize("NFKC", match[0])


def is_hidden(text: str) -> bool:
    """Whether this stands where an amount is kept back (`***`) or absent."""
    return plain(text) in _HIDDEN


def number_from(text: str) -> Decimal | None:
    """A number of any precision; None if it is none."""
    if not text:
        return None
    try:
        return parse_decimal(text)
    except NotAnAmount:
        return None


def amount_from(text: str) -> Decimal | None:
    """An amount of yuan, to the fen where it is whole in fen; None if it is none."""
    value = number_from(text)
    if value is None or value.adjusted() >= _YUAN_DIGITS:
        return None
    cents = value.quantize(FEN)
    return cents if cents == value else value


def rate_from(text: str) -> Rate | None:
    """A tax rate; None if it is none."""
    try:
        return parse_rate(text)
    except NotARate:
        return None


def date_from(text: str) -> date | None:
    """The first date in a text: `2024年05月28日`, `2024-05-28 10:08:05`, `20240528…`."""
    match = _DATE.search(unicodedata.normalize("NFKC", text[:100]))
    if match is None:
        return None
    month, day = (match[2], match[3]) if match[2] else (match[4], match[5])
    try:
        return date(int(match[1]), int(month), int(day))
    except ValueError:
        return None


def digits_of(text: str) -> str:
    """The text without blanks if it then is digits only, else empty."""
    joined = plain(text)
    return joined if joined.isascii() and joined.isdigit() else ""


def kind_from_title(text: str) -> Kind | None:
    """The kind that a printed title names; None if it names none."""
    title = plain(text[:200])
    for pattern, kind in _TITLES:
        if pattern.search(title):
            return kind
    return None
