"""What a ticket tells beside a ruling: a case that is watched, an application for an invoice."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from central.message import Message, Moment


class CaseState(StrEnum):
    """Where the case of an invoice that was not found stands."""

    WATCHED = "watched"
    """Asked again once a day."""
    FOUND = "found"
    """The ticket's ruling tells what."""
    CLOSED = "closed"
    """Not found to the end of its time; the ruling says the last answer."""


class CaseView(Message, frozen=True):
    """What the ticket of a case tells.

    Attributes:
        state: where it stands.
        watched_until: the last day in China on which it is asked.
        asked_at: when the platform last answered; None before the first time.
    """

    state: CaseState
    watched_until: date
    asked_at: Moment | None = None


class ApplicationState(StrEnum):
    """Where an application for an invoice stands."""

    TAKEN = "taken"
    """The service has it; the platform has not issued yet."""
    ISSUED = "issued"
    REFUSED = "refused"
    """The platform's final no; its words are in `ApplicationView.words`."""


class ApplicationView(Message, frozen=True):
    """What an application's ticket tells.

    Attributes:
        state: where it stands.
        number, issued_on: of the invoice, when ISSUED.
        total_with_tax: yuan.
        words: why it was refused, as the platform says it to the seller.
    """

    state: ApplicationState
    total_with_tax: Decimal
    number: str = ""
    issued_on: date | None = None
    words: str = ""
