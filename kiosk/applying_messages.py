"""What a person who applies for an invoice is shown, and what they ask for there.

Values are words and numbers; the screen finds the sentences (`kiosk.text`). Amounts are yuan
with tax.
"""

from datetime import date
from decimal import Decimal

from kiosk.message_parts import CannotPrint, Part, TicketView


class ApplicationTold(Part, frozen=True, tag="application_told"):
    """What became of an application, told by its ticket.

    Attributes:
        ticket: that it was asked with.
        state: "taken" (the platform has not answered), "issued" or "refused".
        total_with_tax: that was applied for.
        number, issued_on: of the invoice, when issued; the number is the platform's.
        words: why it was refused, as the platform says it to the seller: in Chinese.
    """

    ticket: TicketView
    state: str
    total_with_tax: Decimal
    number: str = ""
    issued_on: date | None = None
    words: str = ""
    cannot_print: CannotPrint | None = None


ApplyingSituation = ApplicationTold
