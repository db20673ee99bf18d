"""Where a visit takes place: who is here, what is shown, and what runs for them.

The flows (`kiosk.daemon.flows`) share one stage. It knows no flow: it keeps the situation,
counts the turns, and starts tasks whose failure leads to the failsafe screen.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import msgspec

from einvoice.ticket import Ticket
from kiosk import applying_messages as a
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk.clock import Clock
from kiosk.daemon.acts import VisitBegun, VisitEnded
from kiosk.daemon.applying_draft import Draft
from kiosk.daemon.audit import Note, unnoted
from kiosk.daemon.own_desk import Own
from kiosk.daemon.surroundings import Limits, Place, Surroundings
from kiosk.logs import fact
from kiosk.stick_messages import StickReading, StickShown

_log = logging.getLogger(__name__)


Question = Callable[[o.Fetching], Coroutine[Any, Any, None]]
"""Asks, and shows the answer if what it was given is still shown."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was found out about one invoice. `ticket` is the one that was given for later."""

    shown: m.VerdictShown
    ticket: Ticket | None = None


MAX_RESULTS = 50
"""Invoices of one visit on one slip: a metre of paper at most."""


@dataclass(slots=True)
class Person:
    """Everything that is known of the person who is here. Ending a visit replaces it whole.

    Attributes:
        language: "zh" or "en".
        large_text: the 大字 view is on.
        high_contrast: white on black.
        voice: how the screen is read to them.
        typed: the fields of the last question were typed, not read from a code.
        paper: what a slip is of, or could be; None before the first answer.
        ticket: the ticket they were given or held up.
        slip: number of the slip of `paper`; "" before its first print.
        draft: an application for an invoice that is being entered.
        address: that was typed for a letter, until it was given away.
        own: what is held of an invoice of theirs; None before they asked for one.
        again: the last question about it and what it fetches; it knows the code that was shown.
        results: what was found out in this visit, at most `MAX_RESULTS`.
        back: the situations that 返回 leads to, the nearest last.
    """

    language: str
    large_text: bool = False
    high_contrast: bool = False
    voice: m.VoiceView = field(default_factory=m.VoiceView)
    typed: bool = False
    paper: m.Printable | None = None
    ticket: Ticket | None = None
    slip: str = ""
    draft: Draft | None = None
    address: str = ""
    own: Own | None = None
    again: tuple[str, Question] | None = field(default=None, repr=False)
    results: list[Result] = field(default_factory=list[Result])
    back: list[m.Situation] = field(default_factory=list[m.Situation])

    def another(self) -> "Person":
        """The same person with a new question: how they read stays, and what was answered."""
        return Person(
            self.language,
            large_text=self.large_text,
            high_contrast=self.high_contrast,
            voice=self.voice,
            results=self.results,
        )


BUSY = (m.Checking, StickReading, a.AskingFor, m.Printing, o.Fetching, o.A4Running)
"""Situations in which something runs for the person: presses and scans are thrown away."""


_SAYING_WHETHER_IT_PRINTS = (
    m.VerdictShown,
    m.BatchShown,
    m.WatchOffered,
    m.CaseKept,
    m.ApplicationTold,
    a.ApplicationReview,
    a.ApplicationKept,
    m.PrintEnded,
)


class Stage:
    """What flows share.

    Attributes:
        person: who is here.
        around: how devices and service are.
        last_touch_s: monotonic time of the last sign of the person, seconds.
        note: tells the audit.
        visit_id: names the visit there; "" while nobody is here.
        came_by: what the last sign of the person was: touch, scan or resumed.
        leaves: why the visit ends, once nothing of it is left.
    """

    def __init__(
        self,
        place: Place,
        clock: Clock,
        around: Surroundings,
        limits: Limits,
        *,
        show: Callable[[m.Show], None],
        note: Note = unnoted,
    ) -> None:
        self.place = place
        self.clock = clock
        self.around = around
        self.limits = limits
        self.person = Person(place.language)
        self.last_touch_s = clock.monotonic()
        self.note = note
        self.visit_id = ""
        self.came_by = "touch"
        self.leaves = "left"
        self._fresh_since_s = clock.monotonic()
        self._show = show
        self._turn = 0
        self._situation: m.Situation = m.Home()
        self._idle: m.IdleWarning | None = None
        self._cleaning: m.CleaningLock | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def turn(self) -> int:
        """Grows with every change of the situation."""
        return self._turn

    @property
    def situation(self) -> m.Situation:
        """What the person is in."""
        return self._situation

    @property
    def home(self) -> m.Home:
        """The beginning, for who is here."""
        return m.Home(in_visit=len(self.person.results), can_apply=self.around.can_apply)

    @property
    def is_busy(self) -> bool:
        """Whether something runs for the person."""
        return isinstance(self._situation, BUSY)

    @property
    def is_fresh(self) -> bool:
        """Whether nobody has left a trace yet: there is nothing to warn of or to wipe."""
        return isinstance(self._situation, m.Home) and self.person == Person(self.place.language)

    @property
    def fresh_for_s(self) -> float:
        """Seconds since the last visit ended."""
        return self.clock.monotonic() - self._fresh_since_s

    @property
    def shown(self) -> m.Show:
        """The whole of what the screen should show now."""
        person, place = self.person, self.place
        return m.Show(
            turn=self._turn,
            situation=self._situation,
            hall=place.hall_zh if person.language == "zh" else place.hall_en,
            terminal=place.terminal,
            language=person.language,
            large_text=person.large_text,
            high_contrast=person.high_contrast,
            ribbons=self.around.ribbons,
            idle=self._idle,
            voice=person.voice if self.around.has_voice else None,
            cleaning=self._cleaning,
        )

    def show(self) -> None:
        """Send the screen what should be there."""
        self._note_visit()
        self._show(self.shown)

    def go(self, situation: m.Situation) -> None:
        """Show another situation, in place of the one there is."""
        if situation != self._situation:
            self._turn += 1
            if situation.__class__ is not self._situation.__class__:
                fact(_log, "situation", tag=tag_of(situation))
        self._situation = situation
        self.show()

    def step_to(self, situation: m.Situation) -> None:
        """Go one step on: 返回 leads to where the person is now."""
        if situation.__class__ is not self._situation.__class__ and not self.is_busy:
            self.person.back.append(self._situation)
        self.go(situation)

    def step_back(self) -> bool:
        """Go one step back; false when there is none."""
        if not self.person.back:
            return False
        before = self.person.back.pop()
        if isinstance(before, m.Home):
            before = m.Home()
        self.go(self._refreshed(before))
        return True

    def refresh(self) -> None:
        """The printer has changed: what is shown says so."""
        self.go(self._refreshed(self._situation))

    def touched(self, by: str = "") -> None:
        """The person is here; `by` says how, when it is they who give a sign."""
        self.came_by = by or self.came_by
        self.last_touch_s = self.clock.monotonic()
        self.warn(None)

    def warn(self, warning: m.IdleWarning | None) -> None:
        """Show the idle warning, or take it away."""
        if warning != self._idle:
            self._idle = warning
            self.show()

    @property
    def is_locked(self) -> bool:
        """Whether touches and scans count for nothing because the glass is wiped."""
        return self._cleaning is not None

    def lock(self, cleaning: m.CleaningLock | None) -> None:
        """Lock the screen for cleaning, count down, or unlock it."""
        if cleaning != self._cleaning:
            self._cleaning = cleaning
            self.show()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something for the person. If it fails, the failsafe screen comes."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def close(self) -> None:
        """Let running tasks end: a print is proven even when the terminal is being stopped."""
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _note_visit(self) -> None:
        if self.is_fresh and self.visit_id:
            self.note(VisitEnded(self.visit_id, self.leaves))
            self._fresh_since_s = self.clock.monotonic()
            self.visit_id = ""
        elif not self.is_fresh and not self.visit_id:
            self.visit_id = secrets.token_hex(4)
            self.leaves = "left"
            self.note(VisitBegun(self.visit_id, self.came_by))

    def _refreshed(self, situation: m.Situation) -> m.Situation:
        if isinstance(situation, m.Home):
            attract = None if situation.attract is None else self.around.attract
            return msgspec.structs.replace(self.home, attract=attract)
        if isinstance(situation, _SAYING_WHETHER_IT_PRINTS):
            return msgspec.structs.replace(situation, cannot_print=self.around.cannot_print)
        if isinstance(situation, o.OwnInvoice):
            around = self.around
            return msgspec.structs.replace(situation, slip=around.slip_means, a4=around.a4_means)
        if isinstance(situation, o.A4Ended) or (
            isinstance(situation, StickShown) and situation.file is not None
        ):
            return msgspec.structs.replace(situation, a4=self.around.a4_means)
        return situation

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A task that failed unexpectedly must not leave a person before a screen that waits."""
        self._tasks.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        _log.error("visit.task_failed", exc_info=task.exception())
        self.touched()
        self.person = Person(self.place.language)
        self.go(m.OutOfService(reason="internal"))


def tag_of(situation: m.Situation) -> str:
    """The name of a situation, as messages carry it."""
    return str(situation.__struct_config__.tag)
