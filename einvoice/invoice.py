"""The values that name and describe an invoice."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from einvoice.kinds import FourthField, Kind


@dataclass(frozen=True, slots=True)
class InvoiceReference:
    """The fields that name one invoice and let it be verified.

    Attributes:
        kind: decides which of `amount` and `check_code` verification needs.
        number: 8 digits, or 20 for a 数电票.
        issued_on: the date of issue, in China.
        code: 10 or 12 digits; empty for a 数电票.
        amount: yuan; without tax for old kinds, with tax (价税合计) for a 数电票.
            None where it is not known.
        check_code: the last six digits of the check code; empty where there is none.
    """

    kind: Kind
    number: str
    issued_on: date
    code: str = ""
    amount: Decimal | None = None
    check_code: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether the field that this kind's verification asks for is there."""
        if self.kind.fourth_field is FourthField.CHECK_CODE:
            return len(self.check_code) == 6
        return self.amount is not None

    @property
    def key(self) -> str:
        """One canonical text for all fields: equal references have equal keys."""
        amount = "" if self.amount is None else f"{self.amount:.2f}"
        return "|".join(
            (
                self.kind.value,
                self.code,
                self.number,
                self.issued_on.isoformat(),
                amount,
                self.check_code,
            )
        )

    @property
    def digest(self) -> str:
        """SHA-256 of `key`, in hexadecimal: names the reference without saying it."""
        return hashlib.sha256(self.key.encode()).hexdigest()
