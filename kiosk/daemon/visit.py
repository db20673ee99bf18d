"""One person at the terminal, from the first touch or scan to the end.

The visit is a small state machine whose states are the situations of
`kiosk.messages`. Every event (a touch, a scan, an answer, a change of a device, a
second that passed) goes through one method and leads to one `Show`. What takes time
runs as a task; its result is dropped when the person has gone on in the meantime,
except for a print, which always ends as what the printer proved.

When a visit ends, everything that was known of the person is let go of.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import msgspec

from drivers.printers.outcome import Doubt, Unknown
from drivers.printers.status import PrinterStatus, Ready
from einvoice import qr
from einvoice.invoice import InvoiceReference
from einvoice.ticket import Ticket
from einvoice.verdict import Answer, Verdict
from kiosk import messages as m
from kiosk.clock import Clock
from kiosk.daemon.inquiry import Answered, PutOff, TicketAnswered, TicketOpen
from kiosk.daemon.keeping import Kept, NotKept
from kiosk.daemon.printing import outcome_words
from kiosk.daemon.surroundings import Desk, Limits, Place, Surroundings
from kiosk.daemon.views import reference_of, reference_view, verdict_view, what_was_scanned
from kiosk.logs import fact

_log = logging.getLogger(__name__)

ASK_AGAIN_S = 5.0
"""How often a ticket without an answer is looked up while somebody waits before it."""
FAILSAFE_S = 15.0
"""How long the failsafe screen stays before the terminal serves again."""


@dataclass(slots=True)
class _Person:
    """Everything that is known of the person who is here. Ending a visit replaces it whole."""

    language: str
    large_text: bool = False
    verdict: m.VerdictShown | None = None
    ticket: Ticket | None = None
    slip: str = ""
    back: list[m.Situation] = field(default_factory=list[m.Situation])


_RESULTS = (m.VerdictShown, m.TicketWaiting, m.PrintEnded, m.KeepFailed, m.StaffComing)
_BUSY = (m.Checking, m.Printing)


class Visit:
    """Receives events, keeps the situation, and says what the screen should show."""

    def __init__(
        self,
        desk: Desk,
        place: Place,
        clock: Clock,
        *,
        limits: Limits,
        show: Callable[[m.Show], None],
    ) -> None:
        self._desk = desk
        self._place = place
        self._clock = clock
        self._limits = limits
        self._show = show
        self._turn = 0
        self._situation: m.Situation = m.Home()
        self._person = _Person(place.language)
        self._around = Surroundings(Ready())
        self._last_touch = clock.monotonic()
        self._asked_again_at = clock.monotonic()
        self._idle: m.IdleWarning | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # --- what the screen shows -----------------------------------------------------------

    @property
    def shown(self) -> m.Show:
        """The whole of what the screen should show now."""
        return m.Show(
            turn=self._turn,
            situation=self._situation,
            hall=self._place.hall_zh if self._person.language == "zh" else self._place.hall_en,
            terminal=self._place.terminal,
            language=self._person.language,
            large_text=self._person.large_text,
            ribbons=self._around.ribbons,
            idle=self._idle,
        )

    def _go(self, situation: m.Situation) -> None:
        if situation != self._situation:
            self._turn += 1
            if situation.__class__ is not self._situation.__class__:
                fact(_log, "situation", tag=_tag(situation))
        self._situation = situation
        self._show(self.shown)

    # --- events --------------------------------------------------------------------------

    def intend(self, intent: m.Intent) -> None:
        """The person touched something on the screen."""
        turn = getattr(intent, "turn", self._turn)
        self._touched()
        if turn != self._turn:
            fact(_log, "press.dropped", intent=intent.__struct_config__.tag)
            return
        match intent:
            case m.Touched() | m.StillHere():
                pass
            case m.GoHome():
                if not isinstance(self._situation, m.Printing):
                    self.end()
            case m.GoBack():
                self._go_back()
            case m.SetLanguage(language):
                if language in ("zh", "en"):
                    self._person.language = language
                    self._show(self.shown)
            case m.SetLargeText(on):
                self._person.large_text = on
                self._show(self.shown)
            case m.CallStaff():
                self._call_staff()
            case _ if isinstance(self._situation, _BUSY):
                fact(_log, "press.dropped", intent=intent.__struct_config__.tag)
            case m.StartEntry():
                self._step_to(m.EnterNumber(today=self._clock.now().date()))
            case m.SubmitReference(_, view):
                self._verify(reference_of(view))
            case m.VerifyAnother():
                self._another()
            case m.ToggleDetails():
                if isinstance(self._situation, m.VerdictShown):
                    opened = not self._situation.details_open
                    self._go(msgspec.structs.replace(self._situation, details_open=opened))
            case m.OpenHelp(_, topic):
                self._step_to(m.Help(topic=topic))
            case m.TryAgain():
                if isinstance(self._situation, m.TicketWaiting) and self._person.ticket:
                    self._look_up(self._person.ticket)
            case m.PrintSlip():
                if isinstance(self._situation, m.VerdictShown):
                    self._print(self._situation)
            case m.Reprint():
                ended = self._situation
                if isinstance(ended, m.PrintEnded) and ended.can_reprint and self._person.verdict:
                    self._print(self._person.verdict)

    def scanned(self, text: str) -> None:
        """A code was held to the scanner."""
        self._touched()
        if isinstance(self._situation, (*_BUSY, m.OutOfService)):
            fact(_log, "scan.dropped", situation=_tag(self._situation), length=len(text))
            return
        read = qr.parse(text)
        fact(_log, "scan.read", what=type(read).__name__, length=len(text))
        match what_was_scanned(read):
            case InvoiceReference() as reference:
                self._verify(reference)
            case Ticket() as ticket:
                self._look_up(ticket)
            case m.NotAnInvoice() as other:
                self._step_to(other)

    def unreadable(self, why: str) -> None:
        """The scanner sent something that is no text, or far too much of it."""
        self._touched()
        if not isinstance(self._situation, (*_BUSY, m.OutOfService)):
            self._step_to(m.NotAnInvoice(what=why))

    def printer_changed(self, status: PrinterStatus) -> None:
        """The printer is different from what it was."""
        self._around.printer = status
        match self._situation:
            case m.VerdictShown() | m.PrintEnded() as situation:
                self._go(msgspec.structs.replace(situation, cannot_print=self._around.cannot_print))
            case _:
                self._show(self.shown)

    def scanner_changed(self, *, is_there: bool) -> None:
        """The scanner went away or came back."""
        if is_there is self._around.scanner_gone:
            self._around.scanner_gone = not is_there
            self._show(self.shown)

    def link_changed(self, *, is_down: bool) -> None:
        """The link to the central service went down or came back."""
        if is_down != self._around.link_down:
            self._around.link_down = is_down
            self._show(self.shown)

    def service_is_sandbox(self, *, is_sandbox: bool) -> None:
        """Whether the service answers from made-up records: everybody must be told."""
        if is_sandbox != self._around.is_sandbox:
            self._around.is_sandbox = is_sandbox
            self._show(self.shown)

    def tick(self) -> None:
        """A second has passed."""
        self._ask_again()
        if isinstance(self._situation, m.OutOfService):
            if self._clock.monotonic() - self._last_touch >= FAILSAFE_S:
                self.end()
            return
        if self._is_fresh or isinstance(self._situation, _BUSY):
            self._last_touch = self._clock.monotonic()
            self._warn(None)
            return
        over_s = self._clock.monotonic() - self._last_touch - self._idle_s
        if over_s < 0:
            self._warn(None)
        elif over_s < self._limits.warning_s:
            self._warn(m.IdleWarning(seconds_left=round(self._limits.warning_s - over_s)))
        else:
            fact(_log, "visit.timed_out", situation=_tag(self._situation))
            self.end()

    def end(self) -> None:
        """The visit is over: nothing of it is left here."""
        self._person = _Person(self._place.language)
        self._idle = None
        self._start(self._desk.visit_ended())
        self._go(m.Home())

    def resume(self, shown: m.VerdictShown, slip: str, copy: int, ticket: Ticket | None) -> None:
        """The terminal was stopped while it printed: say so, and offer a reprint."""
        self._touched()
        self._person.verdict, self._person.ticket = shown, ticket
        self._person.slip = slip
        self._print_ended(slip, copy, outcome_words(Unknown(Doubt.INTERRUPTED)))

    async def close(self) -> None:
        """Let running tasks end: a print is proven even when the terminal is being stopped."""
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- steps ---------------------------------------------------------------------------

    def _touched(self) -> None:
        self._last_touch = self._clock.monotonic()
        self._warn(None)

    def _warn(self, warning: m.IdleWarning | None) -> None:
        if warning != self._idle:
            self._idle = warning
            self._show(self.shown)

    @property
    def _idle_s(self) -> float:
        if self._person.large_text:
            return self._limits.idle_large_text_s
        if isinstance(self._situation, _RESULTS):
            return self._limits.idle_result_s
        return self._limits.idle_s

    @property
    def _is_fresh(self) -> bool:
        """Whether nobody has left a trace yet: there is nothing to warn of or to wipe."""
        return isinstance(self._situation, m.Home) and self._person == _Person(self._place.language)

    def _step_to(self, situation: m.Situation) -> None:
        if situation.__class__ is not self._situation.__class__ and not isinstance(
            self._situation, _BUSY
        ):
            self._person.back.append(self._situation)
        self._go(situation)

    def _go_back(self) -> None:
        match self._situation:
            case m.Printing() | m.OutOfService():
                return
            case m.VerdictShown(details_open=True) as verdict:
                self._go(msgspec.structs.replace(verdict, details_open=False))
            case _ if self._person.back:
                self._go(self._refreshed(self._person.back.pop()))
            case _:
                self.end()

    def _refreshed(self, situation: m.Situation) -> m.Situation:
        """A situation that was left and is come back to, with the printer as it is now."""
        if isinstance(situation, m.VerdictShown | m.PrintEnded):
            return msgspec.structs.replace(situation, cannot_print=self._around.cannot_print)
        return situation

    def _another(self) -> None:
        """Back to scanning, by the same person: language and text size stay."""
        person = self._person
        self._person = _Person(person.language, person.large_text)
        self._start(self._desk.visit_ended())
        self._go(m.Home())

    def _call_staff(self) -> None:
        if isinstance(self._situation, (m.StaffComing, *_BUSY)):
            return
        self._start(self._desk.call_staff(_tag(self._situation)))
        self._step_to(m.StaffComing(called_at=self._clock.now()))

    def _verify(self, reference: InvoiceReference) -> None:
        self._forget_verdict()
        checking = m.Checking(reference=reference_view(reference))
        self._step_to(checking)
        self._start(self._verified(checking, reference))

    async def _verified(self, checking: m.Checking, reference: InvoiceReference) -> None:
        result = await self._desk.verify(reference)
        if self._situation is not checking:
            return
        match result:
            case Answered(answer):
                self._answer(reference, answer, None)
            case PutOff(answer, Kept(ticket, registered_at)):
                self._person.ticket = ticket
                given = m.TicketView(number=ticket.number, registered_at=registered_at)
                self._answer(reference, answer, given)
            case PutOff(_, NotKept()):
                self._go(m.KeepFailed())

    def _look_up(self, ticket: Ticket) -> None:
        self._forget_verdict()
        self._person.ticket = ticket
        checking = m.Checking()
        self._step_to(checking)
        self._start(self._looked_up(checking, ticket))

    async def _looked_up(self, asking: m.Checking | m.TicketWaiting, ticket: Ticket) -> None:
        result = await self._desk.ticket(ticket)
        if self._situation is not asking:
            return
        match result:
            case TicketAnswered(reference, answer, registered_at):
                answered = m.TicketView(
                    number=ticket.number, registered_at=registered_at or answer.at
                )
                self._answer(reference, answer, answered)
            case TicketOpen(reason, registered_at):
                self._go(
                    m.TicketWaiting(
                        number=ticket.number, reason=reason, registered_at=registered_at
                    )
                )

    def _ask_again(self) -> None:
        """While somebody waits before a ticket without an answer, look for it by ourselves."""
        waiting, now = self._situation, self._clock.monotonic()
        if not isinstance(waiting, m.TicketWaiting) or self._person.ticket is None:
            self._asked_again_at = now
        elif now - self._asked_again_at >= ASK_AGAIN_S:
            self._asked_again_at = now
            self._start(self._looked_up(waiting, self._person.ticket))

    def _answer(
        self, reference: InvoiceReference, answer: Answer, ticket: m.TicketView | None
    ) -> None:
        self._touched()
        verdict = verdict_view(reference, answer, ticket, self._around.cannot_print)
        self._person.verdict = verdict
        self._go(verdict)

    def _forget_verdict(self) -> None:
        person = self._person
        self._person = _Person(person.language, person.large_text, back=person.back)
        person.back[:] = [one for one in person.back if isinstance(one, m.Home | m.EnterNumber)]

    def _print(self, verdict: m.VerdictShown) -> None:
        if not self._around.can_print:
            return
        person = self._person
        person.verdict = verdict
        # At once, so that a second press finds no button any more.
        self._go(m.Printing(slip=person.slip))
        self._start(self._printed(verdict, person))

    async def _printed(self, verdict: m.VerdictShown, person: _Person) -> None:
        known = person.slip or _ticket_slip(verdict)
        numbered = await self._desk.next_print(known)
        if numbered is None:
            self._print_ended(known, 0, ("failed", "storage"))
            return
        slip, copy = numbered
        if copy > self._limits.reprints:
            self._print_ended(slip, copy - 1, ("failed", "reprint_limit"))
            return
        person.slip = slip
        self._go(m.Printing(slip=slip, copy=copy))
        outcome = await self._desk.print(verdict, slip, copy, person.ticket, person.language)
        self._touched()
        words = ("failed", "storage") if outcome is None else outcome_words(outcome)
        self._print_ended(slip, copy, words)

    def _print_ended(self, slip: str, copy: int, outcome: tuple[str, str]) -> None:
        word, why = outcome
        self._person.back = [m.Home()]
        if self._person.verdict is not None:
            self._person.back.append(self._person.verdict)
        self._go(
            m.PrintEnded(
                slip=slip,
                outcome=word,
                why=why,
                copy=copy,
                can_reprint=word != "proven" and copy < self._limits.reprints,
                cannot_print=self._around.cannot_print,
            )
        )

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A task that failed unexpectedly must not leave a person before a screen that waits."""
        self._tasks.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        _log.error("visit.task_failed", exc_info=task.exception())
        self._person = _Person(self._place.language)
        self._touched()
        self._go(m.OutOfService(reason="internal"))


def _tag(situation: m.Situation) -> str:
    return str(situation.__struct_config__.tag)


def _ticket_slip(verdict: m.VerdictShown) -> str:
    """The number of the ticket slip that belongs to a verdict; "" for one that was answered.

    The slip of an answer is another slip than the ticket it was given for, not a copy of it.
    """
    if verdict.ticket is None or verdict.verdict is not Verdict.UNAVAILABLE:
        return ""
    return verdict.ticket.number
