"""One person at the terminal, from the first touch or scan to the end.

The visit is a small state machine whose states are the situations of `kiosk.messages`.
Every event (a touch, a scan, an answer, a change of a device, a second that passed) comes
in here and leads to one `Show`. What belongs to one thing that a person can do is a flow
(`kiosk.daemon.flows`); here is what holds for all of them: who may press what when, the
way back, idleness, and the end, at which everything that was known of the person is let
go of.
"""

import logging
import math
from collections.abc import Callable
from pathlib import Path

import msgspec

from drivers.documents.outcome import A4Status
from drivers.printers.status import PrinterStatus, Ready
from einvoice import qr
from einvoice.invoice import InvoiceReference
from einvoice.ticket import Ticket
from kiosk import applying_messages as a
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk.clock import Clock
from kiosk.daemon.applying_desk import ApplyingDesk
from kiosk.daemon.audit import Note, unnoted
from kiosk.daemon.flows.a4_paper import A4Flow
from kiosk.daemon.flows.applying import ApplyFlow
from kiosk.daemon.flows.batching import BatchFlow
from kiosk.daemon.flows.diagnosing import DiagnoseFlow
from kiosk.daemon.flows.flow import Flow
from kiosk.daemon.flows.guides import GuideFlow
from kiosk.daemon.flows.own_invoice import OwnInvoiceFlow
from kiosk.daemon.flows.paper import PaperFlow
from kiosk.daemon.flows.stick import StickFlow
from kiosk.daemon.flows.verifying import VerifyFlow
from kiosk.daemon.flows.watching import WatchFlow
from kiosk.daemon.held_slips import Fate
from kiosk.daemon.own_desk import OwnDesk
from kiosk.daemon.stage import BUSY, Person, Stage, tag_of
from kiosk.daemon.stick_desk import NoSticks, StickDesk
from kiosk.daemon.surroundings import Desk, Limits, Place, Surroundings
from kiosk.daemon.views import what_was_scanned
from kiosk.logs import fact
from kiosk.stick_messages import StickShown

_log = logging.getLogger(__name__)

QUIET_AFTER_S = 60.0
"""After a visit somebody may still be there, or the next one on the way."""
FAILSAFE_S = 15.0
"""How long the failsafe screen stays before the terminal serves again."""

_RESULTS = (
    m.VerdictShown,
    m.BatchShown,
    m.TicketWaiting,
    m.CaseKept,
    m.ApplicationTold,
    a.ApplicationKept,
    a.NotAccepted,
    m.PrintEnded,
    m.KeepFailed,
    m.StaffComing,
    o.OwnInvoice,
    o.MailOrdered,
    o.A4Ended,
    StickShown,
)


class Visit:
    """Receives events, hands them to the flows, and says what the screen should show."""

    def __init__(
        self,
        desk: Desk,
        place: Place,
        clock: Clock,
        *,
        own: OwnDesk,
        limits: Limits,
        applying: ApplyingDesk,
        show: Callable[[m.Show], None],
        note: Note = unnoted,
        sticks: StickDesk | None = None,
        can_type_names: bool = False,
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._limits = limits
        self._around = Surroundings(Ready())
        self._unlock_at_s = 0.0
        self._sign_s = clock.monotonic()
        self._stage = Stage(place, clock, self._around, limits, show=show, note=note)
        self._verifying = VerifyFlow(self._stage, desk)
        self._paper = PaperFlow(self._stage, desk)
        diagnosing = DiagnoseFlow(self._stage, place.region)
        self._own = OwnInvoiceFlow(self._stage, own)
        self._a4 = A4Flow(self._stage, desk, own)
        self._applying = ApplyFlow(
            self._stage, applying, self._paper, can_type_names=can_type_names
        )
        self._takes_sticks = sticks is not None
        self._stick = StickFlow(self._stage, self._verifying, self._a4, sticks or NoSticks())
        self._flows: tuple[Flow, ...] = (
            # Before those that also take a typed number or an address.
            self._own,
            self._a4,
            self._verifying,
            self._paper,
            diagnosing,
            WatchFlow(self._stage, desk, self._paper),
            GuideFlow(self._stage),
            BatchFlow(self._stage),
            self._applying,
            self._stick,
        )

    @property
    def shown(self) -> m.Show:
        """The whole of what the screen should show now."""
        return self._stage.shown

    @property
    def is_quiet(self) -> bool:
        """Whether nobody has been here for a while: a restart now would disturb nobody."""
        stage = self._stage
        return stage.is_fresh and stage.fresh_for_s >= QUIET_AFTER_S

    # --- events --------------------------------------------------------------------------

    def intend(self, intent: m.Intent) -> None:
        """The person touched something on the screen."""
        stage = self._stage
        turn = getattr(intent, "turn", stage.turn)
        if stage.is_locked:
            return
        stage.touched("touch")
        self._sign_s = self._clock.monotonic()
        if turn != stage.turn:
            fact(_log, "press.dropped", intent=intent.__struct_config__.tag)
            return
        match intent:
            case m.Touched() | m.StillHere():
                pass
            case m.GoHome():
                if not isinstance(stage.situation, m.Printing | o.A4Running):
                    self.end()
            case m.GoBack():
                self._go_back()
            case m.SetLanguage(language):
                if language in ("zh", "en"):
                    stage.person.language = language
                    stage.show()
            case m.SetLargeText(on):
                stage.person.large_text = on
                stage.show()
            case m.SetHighContrast(on):
                stage.person.high_contrast = on
                stage.show()
            case m.SetVoice(on, volume):
                volume = min(max(volume, 1), m.LOUDEST)
                stage.person.voice = m.VoiceView(on=on, volume=volume)
                stage.show()
            case m.CallStaff():
                self._call_staff()
            case o.CancelA4():
                self._a4.cancel()
            case _ if stage.is_busy:
                fact(_log, "press.dropped", intent=intent.__struct_config__.tag)
            case m.VerifyAnother():
                self._another()
            case m.OpenHelp(_, topic):
                stage.step_to(m.Help(topic=topic, takes_sticks=self._takes_sticks))
            case _:
                if not any(flow.intend(intent) for flow in self._flows):
                    fact(_log, "press.dropped", intent=intent.__struct_config__.tag)
        self._attend()

    def scanned(self, text: str) -> None:
        """A code was held to the scanner."""
        if self._stage.is_locked:
            return
        self._stage.touched("scan")
        if isinstance(self._stage.situation, (*BUSY, m.OutOfService)):
            fact(_log, "scan.dropped", situation=tag_of(self._stage.situation), length=len(text))
            return
        if self._own.scanned(text):
            fact(_log, "scan.read", what="for_own_invoice", length=len(text))
            return
        read = qr.parse(text)
        fact(_log, "scan.read", what=type(read).__name__, length=len(text))
        if self._applying.scanned(text, read):
            return
        match what_was_scanned(read):
            case InvoiceReference() as reference:
                self._verifying.verify(reference, typed=False)
            case Ticket() as ticket:
                self._verifying.look_up(ticket)
            case m.NotAnInvoice() as other:
                self._stage.step_to(other)

    def unreadable(self, why: str) -> None:
        """The scanner sent something that is no text, or far too much of it."""
        if self._stage.is_locked:
            return
        self._stage.touched("scan")
        if not isinstance(self._stage.situation, (*BUSY, m.OutOfService)):
            self._stage.step_to(m.NotAnInvoice(what=why))

    def stick_changed(self, stick: Path | None) -> None:
        """A stick was plugged in, or pulled out (None)."""
        self._stick.plugged(stick)

    def printer_changed(self, status: PrinterStatus) -> None:
        """The printer is different from what it was."""
        self._around.printer = status
        self._stage.refresh()

    def a4_changed(self, status: A4Status) -> None:
        """The A4 printer is different from what it was."""
        self._around.a4 = status
        self._stage.refresh()

    def slip_held(self, slip: str, copy: int, fate: Fate) -> None:
        """What became of a printed slip that was held out; whoever printed it may have gone."""
        self._paper.slip_held(slip, copy, fate)

    def scanner_changed(self, *, is_there: bool) -> None:
        """The scanner went away or came back."""
        if is_there is self._around.scanner_gone:
            self._around.scanner_gone = not is_there
            self._stage.show()

    def link_changed(self, *, is_down: bool) -> None:
        """The link to the central service went down or came back."""
        if is_down != self._around.link_down:
            self._around.link_down = is_down
            self._stage.show()

    def disk_changed(self, *, is_full: bool) -> None:
        """The disk has no room for what people want kept, or has it again."""
        if is_full != self._around.disk_full:
            self._around.disk_full = is_full
            self._stage.show()

    def service_is_sandbox(self, *, is_sandbox: bool) -> None:
        """Whether the service answers from made-up records: everybody must be told."""
        if is_sandbox != self._around.is_sandbox:
            self._around.is_sandbox = is_sandbox
            self._stage.show()

    def service_sends_mail(self, *, sends_mail: bool) -> None:
        """Whether the service can answer by letter: only then is an address asked for."""
        self._around.sends_mail = sends_mail

    def service_issues(self, *, issues: bool) -> None:
        """Whether businesses may apply for invoices here."""
        if issues != self._around.can_apply:
            self._around.can_apply = issues
            self._stage.refresh()

    def voice_changed(self, *, can_speak: bool) -> None:
        """Whether anything can be heard here."""
        if can_speak != self._around.has_voice:
            self._around.has_voice = can_speak
            self._stage.show()

    def tick(self) -> None:
        """A second has passed."""
        stage, now = self._stage, self._clock.monotonic()
        if stage.is_locked:
            left_s = self._unlock_at_s - now
            stage.lock(m.CleaningLock(seconds_left=math.ceil(left_s)) if left_s > 0 else None)
        for flow in self._flows:
            flow.tick()
        if isinstance(stage.situation, m.OutOfService):
            if now - stage.last_touch_s >= FAILSAFE_S:
                self.end("failsafe")
            return
        self._attract(now)
        if stage.is_fresh or stage.is_busy:
            stage.touched()
            return
        over_s = now - stage.last_touch_s - self._idle_s
        if over_s < 0:
            stage.warn(None)
        elif over_s < self._limits.warning_s:
            stage.warn(m.IdleWarning(seconds_left=round(self._limits.warning_s - over_s)))
        else:
            fact(_log, "visit.timed_out", situation=tag_of(stage.situation))
            self.end("timed_out")

    def lock_for_cleaning(self, seconds: float) -> bool:
        """Ignore touches and scans for so long; false while somebody is here."""
        stage = self._stage
        if not stage.is_fresh:
            return False
        self._unlock_at_s = self._clock.monotonic() + seconds
        stage.lock(m.CleaningLock(seconds_left=round(seconds)))
        return True

    def end(self, why: str = "left") -> None:
        """The visit is over: nothing of it is left here."""
        self._stage.leaves = why
        self._leave(Person(self._stage.place.language))

    def resume(self, shown: m.Printable, slip: str, copy: int, tickets: tuple[Ticket, ...]) -> None:
        """The terminal was stopped while it printed: say so, and offer a reprint."""
        self._paper.resume(shown, slip, copy, tickets)

    async def close(self) -> None:
        """Let running tasks end: a print is proven even when the terminal is being stopped."""
        await self._stage.close()

    # --- steps ---------------------------------------------------------------------------

    @property
    def _idle_s(self) -> float:
        person = self._stage.person
        if person.large_text or person.voice.on:
            return self._limits.idle_large_text_s
        situation = self._stage.situation
        if isinstance(situation, _RESULTS) or (
            isinstance(situation, m.Home) and situation.in_visit
        ):
            return self._limits.idle_result_s
        return self._limits.idle_s

    def _go_back(self) -> None:
        match self._stage.situation:
            case m.Printing() | o.A4Running() | m.OutOfService():
                return
            case m.VerdictShown(details_open=True) as verdict:
                self._stage.go(msgspec.structs.replace(verdict, details_open=False))
            case _:
                if not self._stage.step_back():
                    self.end()

    def _attract(self, now: float) -> None:
        """After long idleness the page turns to whoever is far away."""
        stage = self._stage
        if not stage.is_fresh:
            self._sign_s = now
        elif now - self._sign_s >= self._limits.attract_after_s and not stage.is_locked:
            stage.go(msgspec.structs.replace(stage.home, attract=stage.around.attract))

    def _attend(self) -> None:
        """Somebody chose how the page is to be read: it is for them now."""
        stage = self._stage
        if isinstance(stage.situation, m.Home) and stage.situation.attract and not stage.is_fresh:
            stage.go(stage.home)

    def _another(self) -> None:
        """Back to scanning, by the same person: language and text size stay."""
        self._leave(self._stage.person.another())

    def _leave(self, next_person: Person) -> None:
        self._stage.warn(None)
        self._stage.person = next_person
        self._stage.start(self._desk.visit_ended())
        self._stage.go(self._stage.home)

    def _call_staff(self) -> None:
        situation = self._stage.situation
        if isinstance(situation, (m.StaffComing, *BUSY)):
            return
        calling = m.StaffComing(called_at=self._clock.now())
        self._stage.step_to(calling)
        self._stage.start(self._called(calling, tag_of(situation)))

    async def _called(self, calling: m.StaffComing, situation: str) -> None:
        told = await self._desk.call_staff(situation)
        if self._stage.situation is calling:
            self._stage.go(msgspec.structs.replace(calling, told=told))
