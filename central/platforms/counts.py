"""How often was asked: per invoice and day, and per platform and day.

The five questions that an invoice has a day are counted at the tax bureau, whichever
platform carries them; so they are counted here over all platforms. Days are those of
China. Counts are on the disk before the question is sent: a restart forgets none.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol

from einvoice.invoice import InvoiceReference


class Taken(Enum):
    """Whether a question may be sent."""

    TAKEN = "taken"
    """It has been counted."""
    INVOICE_USED_UP = "invoice_used_up"
    BUDGET_USED_UP = "budget_used_up"


@dataclass(frozen=True, slots=True)
class Question:
    """One question to be counted.

    Attributes:
        day: in China.
        platform: who is asked.
        invoice: `invoice_mark` of what is asked for.
    """

    day: date
    platform: str
    invoice: str


def invoice_mark(reference: InvoiceReference) -> str:
    """Names an invoice whatever else was entered: the limit counts its number, not its amount.

    A digest, so that the table of counts is not a list of invoices to read; it is no secret
    to one who tries all numbers, and is deleted when its day is over.
    """
    return hashlib.sha256(f"{reference.code}|{reference.number}".encode()).hexdigest()


class CountsUnavailable(Exception):
    """A question could not be counted, so it may not be sent."""


class Counts(Protocol):
    """Where questions are counted."""

    async def take(self, question: Question, per_invoice: int, per_day: int | None) -> Taken:
        """Counts a question if both limits allow it.

        Args:
            question: what is about to be asked.
            per_invoice: of this invoice on this day, over all platforms.
            per_day: of this platform on this day; None for no limit.

        Raises:
            CountsUnavailable: it is not known to be counted.
        """
        ...

    async def asked(self, day: date, platform: str) -> int:
        """How many questions a platform was asked on a day.

        Raises:
            CountsUnavailable: it cannot be told.
        """
        ...

    async def give_back(self, question: Question) -> None:
        """The question was certainly not taken by the platform: it does not count."""
        ...


class CountsInMemory:
    """Counts that a restart forgets: for tests and for trying things out."""

    def __init__(self) -> None:
        self._day = date.min
        self._invoices: Counter[str] = Counter()
        self._platforms: Counter[str] = Counter()

    async def take(self, question: Question, per_invoice: int, per_day: int | None) -> Taken:
        """See `Counts`."""
        if question.day != self._day:
            self._day = question.day
            self._invoices.clear()
            self._platforms.clear()
        if self._invoices[question.invoice] >= per_invoice:
            return Taken.INVOICE_USED_UP
        if per_day is not None and self._platforms[question.platform] >= per_day:
            return Taken.BUDGET_USED_UP
        self._invoices[question.invoice] += 1
        self._platforms[question.platform] += 1
        return Taken.TAKEN

    async def asked(self, day: date, platform: str) -> int:
        """See `Counts`."""
        return self._platforms[platform] if day == self._day else 0

    async def give_back(self, question: Question) -> None:
        """See `Counts`."""
        if question.day == self._day:
            self._invoices[question.invoice] -= 1
            self._platforms[question.platform] -= 1
