"""Finding out what is true: first what can be seen here, then the central service.

One deadline covers the whole call. When the link is known to be down, or the service turns
most questions away, nobody waits: the request is kept at once.
"""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime

from central.client import CentralClient
from central.contract import TicketAnswer, TicketState
from central.contract_tickets import ApplicationState, ApplicationView
from central.convert import answer_of
from central.failure import NoTime, Overloaded
from einvoice.invoice import InvoiceReference
from einvoice.structure import examine
from einvoice.ticket import Ticket
from einvoice.verdict import Answer, Evidence, Source, Verdict
from kiosk.clock import Clock
from kiosk.daemon.keeping import Keeper, Kept, NotKept
from kiosk.daemon.link import Link
from kiosk.daemon.throttle import Throttle


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody who knows has answered, or the fields themselves refuse."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class PutOff:
    """Cannot be known now: UNAVAILABLE, and what became of the request."""

    answer: Answer
    kept: Kept | NotKept


@dataclass(frozen=True, slots=True)
class TicketAnswered:
    """The answer that the ticket was given for."""

    reference: InvoiceReference
    answer: Answer
    registered_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketOpen:
    """No answer yet; all as in `kiosk.messages.TicketWaiting`."""

    reason: str
    registered_at: datetime | None = None
    watched_until: date | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApplicationAnswered:
    """What became of the application that the ticket was given for."""

    view: ApplicationView
    registered_at: datetime


TicketFound = TicketAnswered | TicketOpen | ApplicationAnswered


class Inquiry:
    """Asks, within one deadline, and keeps what cannot be asked now."""

    def __init__(
        self, client: CentralClient, link: Link, keeper: Keeper, clock: Clock, *, within_s: float
    ) -> None:
        self._client = client
        self._link = link
        self._keeper = keeper
        self._clock = clock
        self._within_s = within_s
        self._throttle = Throttle()

    async def verify(self, reference: InvoiceReference) -> Answered | PutOff:
        """What is true about an invoice."""
        now = self._clock.now()
        structure = examine(reference, now.date())
        if structure.refusal is not None:
            verdict, reason = structure.refusal
            return Answered(
                Answer(verdict, Source.TERMINAL, now, structure.evidence, reason=reason)
            )
        reason = "link_down"
        if not self._link.is_down and self._throttle.lets_through(self._clock.monotonic()):
            answer = await self._client.verify(reference, within_s=self._within_s)
            if not isinstance(answer, Overloaded | NoTime):
                self._throttle.taken(self._clock.monotonic())
            if isinstance(answer, Answer):
                self._link.answered()
                if answer.verdict is not Verdict.UNAVAILABLE:
                    return Answered(_with_structure(answer, structure.evidence))
                reason = answer.reason or "platform_down"
            else:
                self._link.failed(answer)
        kept = await asyncio.to_thread(self._keeper.verify_later, reference)
        unavailable = Answer(
            Verdict.UNAVAILABLE,
            Source.TERMINAL,
            self._clock.now(),
            structure.evidence,
            reason=reason,
        )
        return PutOff(unavailable, kept)

    async def ticket(self, ticket: Ticket) -> TicketFound:
        """The answer that a ticket was given for, if there is one."""
        own = await asyncio.to_thread(self._keeper.own_ticket, ticket.number)
        if self._link.is_down:
            return _open(own_waiting=own is not None and own.waiting, at=own and own.registered_at)
        answer = await self._client.ticket(ticket.number, ticket.secret, within_s=self._within_s)
        if not isinstance(answer, TicketAnswer):
            self._link.failed(answer)
            return _open(own_waiting=own is not None and own.waiting, at=own and own.registered_at)
        self._link.answered()
        told = answer.application
        if told is not None and answer.registered_at is not None:
            if _is_whole(told):
                return ApplicationAnswered(told, answer.registered_at)
            return TicketOpen("pending", answer.registered_at)
        match answer.state:
            case TicketState.ANSWERED if answer.ruling and answer.reference:
                return TicketAnswered(
                    answer.reference.to_invoice(), answer_of(answer.ruling), answer.registered_at
                )
            case TicketState.PENDING if answer.case is not None:
                case = answer.case
                return TicketOpen(
                    "watched", answer.registered_at, case.watched_until, case.asked_at
                )
            case TicketState.PENDING | TicketState.ANSWERED:
                return TicketOpen("pending", answer.registered_at)
            case TicketState.UNKNOWN:
                if own is not None and own.waiting:
                    return TicketOpen("kept_here", own.registered_at)
                return TicketOpen("unknown")


def _is_whole(told: ApplicationView) -> bool:
    """Whether "issued" comes with its number: without one nothing is known to be issued."""
    return told.state is not ApplicationState.ISSUED or bool(told.number)


def _open(*, own_waiting: bool, at: datetime | None) -> TicketOpen:
    return TicketOpen("kept_here" if own_waiting else "unreachable", at)


def _with_structure(answer: Answer, structure: tuple[Evidence, ...]) -> Answer:
    """The service's answer first, then what the terminal saw for itself."""
    seen = {line.check for line in answer.evidence}
    own = tuple(line for line in structure if line.check not in seen)
    return Answer(
        answer.verdict,
        answer.source,
        answer.at,
        (*answer.evidence, *own),
        answer.reason,
        answer.details,
    )
