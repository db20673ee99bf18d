"""What the service asks of a platform that holds the records, whoever runs it.

A connector speaks its platform's own codes and gives back one of the answers
below. None of them is an exception: a platform that is down is an everyday fact
that the service tells people in words.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import RecordDetails


class RecordState(Enum):
    """What the record says of the invoice as a whole."""

    NORMAL = "normal"
    VOID = "void"
    RED_FULL = "red_full"
    RED_PARTIAL = "red_partial"


@dataclass(frozen=True, slots=True)
class Found:
    """The record is there and every field that was given agrees with it."""

    state: RecordState
    details: RecordDetails


@dataclass(frozen=True, slots=True)
class Differs:
    """不一致: the record is there and at least one field differs. Which one is never told."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """查无此票: no such record now. Says nothing of why (see einvoice-formats, NOT_FOUND)."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """The platform says itself that invoices of today can be asked for tomorrow."""


@dataclass(frozen=True, slots=True)
class TooOld:
    """Beyond the five years that can be asked for."""


@dataclass(frozen=True, slots=True)
class LimitReached:
    """This invoice has been asked for as often as one day allows (five times, as published)."""


@dataclass(frozen=True, slots=True)
class NotSupported:
    """The platform does not verify this kind, or not from this region."""


@dataclass(frozen=True, slots=True)
class BadInput:
    """The platform does not take these fields. `reason` is the key of a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class PlatformDown:
    """No answer about the invoice: down, slow, throttling, or our contract has run out.

    `why` is for technicians; it is never shown to the public.
    """

    why: str


PlatformAnswer = (
    Found
    | Differs
    | NotFound
    | NotYet
    | TooOld
    | LimitReached
    | NotSupported
    | BadInput
    | PlatformDown
)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do.

    Attributes:
        name: how logs and the fleet page call it.
        kinds: the kinds of invoice that it verifies.
        is_sandbox: its records are made up.
    """

    name: str
    kinds: frozenset[Kind]
    is_sandbox: bool = False


class Platform(Protocol):
    """One platform. Used from one event loop; calls may overlap."""

    @property
    def capabilities(self) -> Capabilities:
        """What this platform can do. Does not change while the service runs."""
        ...

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Asks for one invoice. May take long: the caller sets the deadline and may cancel."""
        ...


class NoPlatform:
    """A service that has no contract with a platform yet, and says so to every question."""

    capabilities = Capabilities(name="none", kinds=frozenset(Kind))

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Nothing can be asked."""
        return PlatformDown("no platform is configured")
