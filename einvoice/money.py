"""Money: Decimal yuan only, rates with their kind, and how far numbers may lie apart."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from einvoice.capitals import NotCapitals, from_capitals, to_capitals

__all__ = [
    "NotARate",
    "NotAnAmount",
    "NotCapitals",
    "Rate",
    "RateKind",
    "fits_verification",
    "from_capitals",
    "in_fen",
    "parse_amount",
    "parse_decimal",
    "parse_rate",
    "product_tolerance",
    "to_capitals",
]

FEN = Decimal("0.01")

VERIFIED_DIGITS = 11
"""Digits before the point that verification takes (rule of the verification page)."""

AMOUNT_DIGITS = 16
"""Digits before the point of any amount: what capitals can say."""

# The issuing software refuses a line whose |amount x rate - tax| exceeds 0.06 yuan and
# an invoice whose lines' sum of differences exceeds 1.27; a stricter platform works
# with 0.01 a line. Never test total x rate: lines are rounded one by one.
LINE_TAX_NOTED = Decimal("0.01")
LINE_TAX_REFUSED_BY_ISSUER = Decimal("0.06")
INVOICE_TAX_REFUSED_BY_ISSUER = Decimal("1.27")

# Unit prices are printed rounded, so quantity x price misses the amount by a little
# that grows with the amount.
PRODUCT_ABSOLUTE = Decimal("0.01")
PRODUCT_RELATIVE = Decimal("0.000001")

USUAL_RATES = frozenset(
    Decimal(rate) for rate in ("0.13", "0.09", "0.06", "0.05", "0.03", "0.015", "0.01", "0")
)
"""Rates in use. No public list confirms that it is complete: another rate is only unusual."""

# What most invoices write: the rest of the reading changes nothing in it.
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20})(?:\.[0-9]{1,20})?")
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-"})


class NotAnAmount(ValueError):
    """A text that is no amount of money."""


class NotARate(ValueError):
    """A text that is no tax rate."""


def parse_decimal(text: str) -> Decimal:
    """A number as invoices write it: `1,234.56`, `¥57`, `-0.96`, full-width forms too.

    Raises:
        NotAnAmount: if it is none; also for `***`.
    """
    if _PLAIN_NUMBER.fullmatch(text):
        return Decimal(text)
    if any(unicodedata.category(character) == "No" for character in text):
        # NFKC would turn 10² into 102.
        raise NotAnAmount("a raised, circled or fraction digit")
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS).strip()
    sign = ""
    if plain.startswith("-"):
        sign, plain = "-", plain[1:].lstrip()
    plain = plain.removeprefix("¥").removesuffix("元").strip()
    if sign and plain[:1] in ("+", "-"):
        raise NotAnAmount("two signs")
    if not _NUMBER.fullmatch(plain):
        raise NotAnAmount("not a number")
    return Decimal(sign + plain.replace(",", ""))


def parse_amount(text: str) -> Decimal:
    """An amount of yuan with exactly two decimals.

    Raises:
        NotAnAmount: if it is no number, or not a whole number of fen.
    """
    value = parse_decimal(text)
    if abs(value) >= 10**AMOUNT_DIGITS or value * 100 % 1:
        raise NotAnAmount("too large, or not a whole number of fen")
    return in_fen(value)


def in_fen(amount: Decimal) -> Decimal:
    """A whole number of fen with its two decimals, and zero without a sign.

    References are compared by their text, so there is one text for each amount.
    """
    return amount.quantize(FEN) if amount else Decimal("0.00")


def fits_verification(amount: Decimal) -> bool:
    """Whether verification takes this: at most eleven digits before the point, two behind."""
    return (
        amount.is_finite() and abs(amount) < 10**VERIFIED_DIGITS and amount == amount.quantize(FEN)
    )


class RateKind(Enum):
    """What a rate on an invoice is."""

    PERCENT = "percent"
    EXEMPT = "exempt"
    """免税."""
    NOT_TAXED = "not_taxed"
    """不征税, also written `*`."""
    HIDDEN = "hidden"
    """`***`: taxed on a difference (差额征税), or rates that are not shown."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax rate. `value` is a fraction (0.13) for PERCENT and None for all others."""

    kind: RateKind
    value: Decimal | None = None


_RATES_IN_WORDS = {
    "免税": Rate(RateKind.EXEMPT),
    "不征税": Rate(RateKind.NOT_TAXED),
    "*": Rate(RateKind.NOT_TAXED),
    "***": Rate(RateKind.HIDDEN),
    "零税率": Rate(RateKind.PERCENT, Decimal(0)),
}
_RATE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,10})?)\s*(%?)")


def parse_rate(text: str) -> Rate:
    """A rate as invoices write it: `13%`, `13.00%`, `0.06`, `0.060000`, 免税, 不征税, `*`, `***`.

    A number without a percent sign is a fraction and at most 1.

    Raises:
        NotARate: if it is none.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    named = _RATES_IN_WORDS.get(plain)
    if named is not None:
        return named
    match = _RATE.fullmatch(plain)
    if match is None:
        raise NotARate("not a rate")
    value = Decimal(match[1]) / 100 if match[2] else Decimal(match[1])
    if value > 1:
        raise NotARate("more than the whole amount")
    return Rate(RateKind.PERCENT, value)


def product_tolerance(amount: Decimal) -> Decimal:
    """How far quantity x price may lie from this amount, yuan."""
    return PRODUCT_ABSOLUTE + abs(amount) * PRODUCT_RELATIVE
