"""What a platform can answer to "what is true about this invoice". A closed set."""

from dataclasses import dataclass
from enum import Enum

from einvoice.verdict import Compared, RecordDetails


class RecordState(Enum):
    """What the record says of the invoice as a whole."""

    NORMAL = "normal"
    VOID = "void"
    RED_FULL = "red_full"
    RED_PARTIAL = "red_partial"


@dataclass(frozen=True, slots=True)
class Found:
    """The record is there and every field that was given agrees with it.

    Attributes:
        state: what the record says of the whole.
        details: what else it says.
        extent_is_told: for a reversed invoice, whether the platform says that all of it is
            (some platforms say only "红冲"; `state` is then RED_FULL, the graver of the two).
    """

    state: RecordState
    details: RecordDetails
    extent_is_told: bool = True


@dataclass(frozen=True, slots=True)
class Differs:
    """不一致: the record is there and at least one field differs.

    `compared` are those that are known to, where the platform sends its own values along. The
    published ones do not: then it is empty.
    """

    compared: tuple[Compared, ...] = ()


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
    """The platform does not do this, or not for this kind or region."""


@dataclass(frozen=True, slots=True)
class BadInput:
    """The platform does not take these fields. `reason` is the key of a sentence."""

    reason: str


class Outage(Enum):
    """Why there is no answer about the invoice."""

    UNREACHABLE = "unreachable"
    """Nothing was sent."""
    UNCERTAIN = "uncertain"
    """It was sent, and no whole answer came: it may have been done."""
    THROTTLED = "throttled"
    """Too many calls in a moment; not done."""
    UPSTREAM = "upstream"
    """The platform could not get an answer from the tax bureau; it may have been counted."""
    CONTRACT = "contract"
    """Keys, rights, money or the day's package: a person must act. Not done."""
    NONSENSE = "nonsense"
    """What came cannot be relied on: malformed, unsigned, of another invoice, an unknown code."""
    HELD_BACK = "held_back"
    """Our own guard did not let it through: circuit open, or the day's budget used up."""


_MAY_HAVE_COUNTED = frozenset({Outage.UNCERTAIN, Outage.UPSTREAM, Outage.NONSENSE})


@dataclass(frozen=True, slots=True)
class PlatformDown:
    """No answer about the invoice.

    Attributes:
        why: for technicians, without a field of the invoice; never shown to the public.
        outage: the sort of trouble.
    """

    why: str
    outage: Outage = Outage.UNREACHABLE

    @property
    def may_have_counted(self) -> bool:
        """Whether the platform may have taken the question, and counted and billed it."""
        return self.outage in _MAY_HAVE_COUNTED


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
