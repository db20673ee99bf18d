"""Is it genuine? By scan or by number, and by a ticket that was given for later.

What takes time runs as a task; its result is dropped when the person has gone on in the
meantime.
"""

from collections.abc import Callable

import msgspec

from central.contract_tickets import ApplicationState, ApplicationView
from einvoice.invoice import InvoiceReference
from einvoice.ticket import Ticket
from einvoice.verdict import Answer
from kiosk import messages as m
from kiosk.daemon.acts import (
    ApplicationShown,
    InvoiceAnswered,
    InvoiceAsked,
    RequestNotKept,
    TicketAsked,
    TicketOpenShown,
    stable_word,
)
from kiosk.daemon.flows.batching import remember
from kiosk.daemon.inquiry import (
    ApplicationAnswered,
    PutOff,
    TicketAnswered,
    TicketOpen,
)
from kiosk.daemon.keeping import NotKept
from kiosk.daemon.stage import Stage
from kiosk.daemon.surroundings import Desk
from kiosk.daemon.views import reference_of, reference_view, verdict_view

ASK_AGAIN_S = 5.0
"""How often a ticket without an answer is looked up while somebody waits before it."""


class VerifyFlow:
    """Asks the service about invoices and tickets, and shows what it said."""

    def __init__(self, stage: Stage, desk: Desk) -> None:
        self._stage = stage
        self._desk = desk
        self._asked_again_at = stage.clock.monotonic()

    def intend(self, intent: m.Intent) -> bool:
        """输入号码, 查看明细, and asking again for a ticket."""
        stage = self._stage
        match intent:
            case m.StartEntry():
                stage.step_to(m.EnterNumber(today=stage.clock.now().date()))
            case m.SubmitReference(_, view):
                self.verify(reference_of(view), typed=True)
            case m.ToggleDetails():
                if isinstance(stage.situation, m.VerdictShown):
                    opened = not stage.situation.details_open
                    stage.go(msgspec.structs.replace(stage.situation, details_open=opened))
            case m.TryAgain():
                if _open(stage.situation) and stage.person.ticket:
                    self.look_up(stage.person.ticket)
            case _:
                return False
        return True

    def tick(self) -> None:
        """While somebody waits before a ticket without an answer, look for it by ourselves."""
        waiting, now = _open(self._stage.situation), self._stage.clock.monotonic()
        ticket = self._stage.person.ticket
        if waiting is None or ticket is None:
            self._asked_again_at = now
        elif now - self._asked_again_at >= ASK_AGAIN_S:
            self._asked_again_at = now
            self._stage.start(self._looked_up(waiting, ticket))

    def verify(self, reference: InvoiceReference, *, typed: bool) -> None:
        """Ask whether an invoice is genuine."""
        self._forget_verdict()
        self._stage.person.typed = typed
        checking = m.Checking(reference=reference_view(reference))
        self._stage.step_to(checking)
        self._stage.note(InvoiceAsked(self._stage.visit_id, self._stage.came_by))
        self._stage.start(self._verified(checking, reference))

    def look_up(self, ticket: Ticket) -> None:
        """Ask for the answer that a ticket was given for."""
        self._forget_verdict()
        self._stage.person.ticket = ticket
        checking = m.Checking()
        self._stage.step_to(checking)
        self._stage.note(TicketAsked(self._stage.visit_id, ticket.number))
        self._stage.start(self._looked_up(checking, ticket))

    async def _verified(self, checking: m.Checking, reference: InvoiceReference) -> None:
        shown = await self.ask(checking, reference)
        if shown is not None:
            self._stage.go(shown)

    async def ask(
        self,
        checking: m.Checking,
        reference: InvoiceReference,
        complete: Callable[[m.VerdictShown], m.VerdictShown] = lambda verdict: verdict,
    ) -> m.VerdictShown | None:
        """The verdict on an invoice, remembered; `complete` adds what is known besides.

        None when the person has gone on from `checking`, and when nothing could be kept for later:
        that is shown then.
        """
        stage = self._stage
        result = await self._desk.verify(reference)
        if stage.situation is not checking:
            return None
        stage.person.ticket = given = None
        if isinstance(result, PutOff):
            if isinstance(result.kept, NotKept):
                stage.note(RequestNotKept(stage.visit_id, result.kept.why))
                stage.go(m.KeepFailed())
                return None
            stage.person.ticket = result.kept.ticket
            given = m.TicketView(
                number=result.kept.ticket.number, registered_at=result.kept.registered_at
            )
        return remember(stage.person, complete(self._told(reference, result.answer, given)))

    async def _looked_up(
        self, asking: m.Checking | m.TicketWaiting | m.ApplicationTold, ticket: Ticket
    ) -> None:
        result = await self._desk.ticket(ticket)
        if self._stage.situation is not asking:
            return
        match result:
            case TicketAnswered(reference, answer, registered_at):
                answered = m.TicketView(
                    number=ticket.number, registered_at=registered_at or answer.at
                )
                self._answer(reference, answer, answered)
            case ApplicationAnswered(view, registered_at):
                self._application(m.TicketView(ticket.number, registered_at), view)
            case TicketOpen(reason, registered_at, watched_until, asked_at):
                waiting = m.TicketWaiting(
                    number=ticket.number,
                    reason=reason,
                    registered_at=registered_at,
                    watched_until=watched_until,
                    asked_at=asked_at,
                )
                if waiting != asking:
                    self._stage.note(TicketOpenShown(ticket.number, reason))
                self._stage.go(waiting)

    def _application(self, ticket: m.TicketView, view: ApplicationView) -> None:
        stage = self._stage
        told = m.ApplicationTold(
            ticket=ticket,
            state=view.state.value,
            total_with_tax=view.total_with_tax,
            number=view.number,
            issued_on=view.issued_on,
            words=view.words,
            cannot_print=stage.around.cannot_print,
        )
        if told != stage.situation:
            stage.note(ApplicationShown(ticket.number, told.state))
        stage.go(told)

    def _answer(
        self, reference: InvoiceReference, answer: Answer, ticket: m.TicketView | None
    ) -> None:
        self._stage.go(remember(self._stage.person, self._told(reference, answer, ticket)))

    def _told(
        self, reference: InvoiceReference, answer: Answer, ticket: m.TicketView | None
    ) -> m.VerdictShown:
        """A verdict as it is shown; that it was given stands in the audit."""
        self._stage.touched()
        self._stage.note(
            InvoiceAnswered(
                self._stage.visit_id,
                answer.verdict.value,
                answer.source.value,
                stable_word(answer.reason),
            )
        )
        return verdict_view(reference, answer, ticket, self._stage.around.cannot_print)

    def _forget_verdict(self) -> None:
        person = self._stage.person
        self._stage.person = person.another()
        self._stage.person.back = [
            one for one in person.back if isinstance(one, m.Home | m.EnterNumber)
        ]


def _open(shown: m.Situation) -> m.TicketWaiting | m.ApplicationTold | None:
    """What a ticket tells, if it may be more in a moment."""
    if isinstance(shown, m.ApplicationTold):
        return shown if shown.state == ApplicationState.TAKEN.value else None
    return shown if isinstance(shown, m.TicketWaiting) else None
