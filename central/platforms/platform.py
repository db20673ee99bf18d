"""What the service asks of a platform, whoever runs it.

A connector speaks its platform's own codes and gives back one of the answers below.
None of them is an exception: a platform that is down is an everyday fact that the
service tells people in words. What a platform cannot do it answers with NotSupported.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum

from central.platforms.issuing import Application, IssueAnswer
from central.platforms.lookups import (
    DocumentAnswer,
    DocumentForm,
    LookUp,
    LookUpAnswer,
    TitleAnswer,
)
from central.platforms.outcome import (
    BadInput,
    Differs,
    Found,
    LimitReached,
    NotFound,
    NotSupported,
    NotYet,
    Outage,
    PlatformAnswer,
    PlatformDown,
    RecordState,
    TooOld,
)
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind

__all__ = [
    "Act",
    "BadInput",
    "Capabilities",
    "Differs",
    "Found",
    "LimitReached",
    "Limits",
    "NoPlatform",
    "NotFound",
    "NotSupported",
    "NotYet",
    "Outage",
    "Platform",
    "PlatformAnswer",
    "PlatformDown",
    "RecordState",
    "TooOld",
]


class Act(Enum):
    """What a platform can be asked to do."""

    VERIFY = "verify"
    LOOK_UP = "look_up"
    DOCUMENT = "document"
    TITLE = "title"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do.

    Attributes:
        name: how logs and the fleet page call it.
        kinds: the kinds of invoice that it verifies.
        is_sandbox: its records are made up.
        acts: what it can be asked to do at all.
    """

    name: str
    kinds: frozenset[Kind]
    is_sandbox: bool = False
    acts: frozenset[Act] = frozenset({Act.VERIFY})


@dataclass(frozen=True, slots=True)
class Limits:
    """How a platform may be used.

    Attributes:
        call_within_s: one call ends within this, whatever the network does.
        queries_per_invoice_and_day: how often one invoice may be verified in a day in China;
            five, as published, and failed ones are taken to count (einvoice-formats §0, 7).
        queries_per_day: what a day may cost at most; None for no bound of our own.
    """

    call_within_s: float = 8.0
    queries_per_invoice_and_day: int = 5
    queries_per_day: int | None = None


class Platform(ABC):
    """One platform. Used from one event loop; calls may overlap.

    Every call ends by itself within `limits.call_within_s`, and sooner when its caller
    cancels it.

    Attributes:
        capabilities: what it can do. Does not change while the service runs.
        limits: how it may be used.
    """

    capabilities: Capabilities
    limits: Limits = Limits()

    @abstractmethod
    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Asks for one invoice."""

    async def spares_a_question(self, reference: InvoiceReference) -> bool:
        """Whether a question that no person waits for may be asked: it takes nobody's turn."""
        return True

    async def look_up(self, what: LookUp) -> LookUpAnswer:
        """Lists invoices of somebody who has shown that they are theirs."""
        return NotSupported()

    async def document(self, what: LookUp, form: DocumentForm) -> DocumentAnswer:
        """Fetches the file of one invoice for somebody who has shown that it is theirs."""
        return NotSupported()

    async def title(self, shown_code: str) -> TitleAnswer:
        """The buyer's title behind a code that a person shows."""
        return NotSupported()

    async def issue(self, application: Application) -> IssueAnswer:
        """Applies for an invoice, or for the reversal of one.

        The same application id twice is one application: after an outage it is safe to ask
        `application_state`, and then to apply again.
        """
        return NotSupported()

    async def application_state(self, application_id: str) -> IssueAnswer:
        """What became of an application."""
        return NotSupported()

    async def close(self) -> None:  # noqa: B027 - most have nothing to give back
        """Gives back connections. Nothing is asked after this."""


class NoPlatform(Platform):
    """A service that has no contract with a platform yet, and says so to every question."""

    capabilities = Capabilities(name="none", kinds=frozenset(Kind))

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Nothing can be asked."""
        return PlatformDown("no platform is configured")
