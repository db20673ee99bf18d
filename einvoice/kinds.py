"""Each kind of invoice, and the fields its verification asks for.

Codes 01-15 are those of the national verification page; 31, 32, 51 and 61 are
the codes in the QR of fully digitalised invoices (数电票). In a QR the code 20
means the electronic special invoice, which the page calls 08.
"""

from enum import Enum


class FourthField(Enum):
    """What verification asks for beside code, number and date."""

    AMOUNT_WITHOUT_TAX = "amount_without_tax"
    TOTAL_WITH_TAX = "total_with_tax"
    CHECK_CODE = "check_code"
    """The last six digits of the 20-digit check code."""


class Kind(Enum):
    """A kind of invoice. The value is the code that this project stores and sends."""

    SPECIAL_PAPER = "01"
    FREIGHT = "02"
    MOTOR_VEHICLE = "03"
    ORDINARY_PAPER = "04"
    SPECIAL_ELECTRONIC = "08"
    ORDINARY_ELECTRONIC = "10"
    ROLL = "11"
    TOLL = "14"
    USED_VEHICLE = "15"
    DIGITAL_SPECIAL = "31"
    DIGITAL_ORDINARY = "32"
    DIGITAL_RAILWAY = "51"
    DIGITAL_AIR = "61"
    DIGITAL_OTHER = "digital"
    """A 20-digit number and no code, under a type code that we do not know."""

    OLD_BY_AMOUNT = "old-by-amount"
    """An old invoice whose code names no kind; the person says that it shows no check code."""
    OLD_BY_CHECK_CODE = "old-by-check-code"
    """An old invoice whose code names no kind; the person says that it shows a check code."""

    @property
    def is_open(self) -> bool:
        """Whether only the fourth field is known of this kind, not which kind it is."""
        return self in _OPEN

    @property
    def is_digital(self) -> bool:
        """Whether this is a 数电票: one 20-digit number, no code, no check code."""
        return self in _DIGITAL

    @property
    def qr_amount_has_tax(self) -> bool:
        """Whether the amount in the QR is the total with tax, and not the amount without."""
        return self in _DIGITAL

    @property
    def fourth_field(self) -> FourthField:
        """What verification asks for beside code, number and date."""
        if self in _DIGITAL:
            return FourthField.TOTAL_WITH_TAX
        if self in _BY_AMOUNT:
            return FourthField.AMOUNT_WITHOUT_TAX
        return FourthField.CHECK_CODE


_DIGITAL = frozenset(
    {
        Kind.DIGITAL_SPECIAL,
        Kind.DIGITAL_ORDINARY,
        Kind.DIGITAL_RAILWAY,
        Kind.DIGITAL_AIR,
        Kind.DIGITAL_OTHER,
    }
)
_OPEN = frozenset({Kind.DIGITAL_OTHER, Kind.OLD_BY_AMOUNT, Kind.OLD_BY_CHECK_CODE})
_BY_AMOUNT = frozenset(
    {
        Kind.SPECIAL_PAPER,
        Kind.FREIGHT,
        Kind.MOTOR_VEHICLE,
        Kind.SPECIAL_ELECTRONIC,
        Kind.USED_VEHICLE,
        Kind.OLD_BY_AMOUNT,
    }
)
