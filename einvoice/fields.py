"""The fields of an invoice reference, as a person fills them in one by one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from einvoice.kinds import Kind


class Field(Enum):
    """One thing to be asked for. The value is the key of its label."""

    NUMBER = "number"
    CODE = "code"
    ISSUED_ON = "issued_on"
    CHOICE_OF_FOURTH = "choice_of_fourth"
    """Which of amount and check code stands on the invoice; asked where the code does not say."""
    AMOUNT = "amount"
    CHECK_CODE = "check_code"
    REVIEW = "review"
    """Everything is there; the person looks it over."""


@dataclass(frozen=True, slots=True)
class KnownFields:
    """What is known of a reference so far. Empty texts and None stand for unknown.

    Attributes:
        kind: None where it is not known.
        number: digits as read, of any length.
        code: digits as read, of any length.
        issued_on: the date of issue, in China.
        amount: yuan; only where it is known which amount it is.
        check_code: the last six digits.
    """

    kind: Kind | None = None
    number: str = ""
    code: str = ""
    issued_on: date | None = None
    amount: Decimal | None = None
    check_code: str = ""
