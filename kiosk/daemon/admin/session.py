"""One member of staff at the screen, from the held corner to the sign-out.

Nothing is shown before somebody is signed in but the sign-in itself. Whoever goes away is
signed out, as is everybody when the screen goes.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

import msgspec

from kiosk import admin_messages as a
from kiosk import guide_messages as g
from kiosk import look_messages as k
from kiosk import messages as m
from kiosk import staff_messages as s
from kiosk.clock import Clock
from kiosk.daemon import acts
from kiosk.daemon.accounts.accounts import Accounts, Bar, Barred, SignedIn
from kiosk.daemon.accounts.roster import StaffRole
from kiosk.daemon.admin.closing import Closing
from kiosk.daemon.admin.pages import PageMaker, View
from kiosk.daemon.admin.screen_desk import ScreenDesk
from kiosk.daemon.admin.settings_at_screen import ScreenChange
from kiosk.daemon.audit import Note
from kiosk.daemon.machine_power import MachinePower
from kiosk.guides import OF_STAFF, STEPS
from kiosk.health.network import Stage
from kiosk.logs import fact
from kiosk.people_pages import NEW_STAFF, PEOPLE_PAGES, ChangeOwnPin
from kiosk.screen_pages import SCREEN, TOUCH, BeginTouchTest, FieldTouched, SetBrightness
from kiosk.settings_pages import SETTING, SETTINGS_PAGES

WARN_S = 30.0
"""The last seconds before a sign-out are counted aloud."""
SIGN_IN_WITHIN_S = 60.0
REFRESH_EVERY_S = 3.0
OVERVIEW = "admin_overview"
PAGES = (
    OVERVIEW,
    "admin_devices",
    "admin_queue",
    "admin_tickets",
    "admin_network",
    "admin_logs",
    "admin_history",
    "admin_upkeep",
    "admin_users",
    SCREEN,
    *SETTINGS_PAGES,
    *PEOPLE_PAGES,
)
FOR_SUPERVISORS = ("admin_users", NEW_STAFF, *SETTINGS_PAGES)
ASKS_OF_SUPERVISORS = (s.AddStaff, s.RemoveStaff, s.ChangeSettings, s.RollBackSettings)
LIVE = (*PAGES[:4], "admin_logs")

StaffSituation = a.AdminSituation | g.GuideShown
"""What staff are shown: their pages, and how a roll is changed."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Powers:
    """What a session can have done.

    Attributes:
        ask: does what can also be asked for on the socket; the second argument says for whom.
        go_the_way: goes the way to the service.
        restart: ends the daemon; the supervisor starts it again.
        change_settings: does that, for the staff number that is given.
        screen: touch test and brightness.
        machine: its power.
    """

    ask: Callable[[s.StaffAsk, str], Awaitable[s.StaffAnswer]]
    go_the_way: Callable[[], Awaitable[Sequence[Stage]]]
    restart: Callable[[], None]
    change_settings: Callable[[ScreenChange, str], Awaitable[a.Said]]
    screen: ScreenDesk
    machine: MachinePower


class Session:
    """Signed in, or about to be.

    Args:
        sign_out_after_s: seconds without a touch, a warning included.
        show: is called at each change.
    """

    def __init__(
        self,
        accounts: Accounts,
        pages: PageMaker,
        closing: Closing,
        powers: Powers,
        clock: Clock,
        *,
        language: str,
        sign_out_after_s: float,
        show: Callable[[], None],
        note: Note,
    ) -> None:
        self._accounts = accounts
        self._pages = pages
        self._closing = closing
        self._powers = powers
        self._clock = clock
        self._first_language = language
        self._sign_out_after_s = sign_out_after_s
        self._show = show
        self._note = note
        self._turn = 0
        self._running: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._of = 0
        self._situation: StaffSituation | None = None
        self._clear()

    def _clear(self) -> None:
        """Nothing of the session before is left; what it began may end, and says so to nobody."""
        self._of += 1
        self._running = None
        self._situation = None
        self._who: SignedIn | None = None
        self._page = OVERVIEW
        self._only = "all"
        self._before: list[tuple[str, str]] = []
        self._asks = ""
        self._guide: g.GuideShown | None = None
        self._said: a.Said | None = None
        self._stages: Sequence[Stage] = ()
        self._probed_at: datetime | None = None
        self._idle: m.IdleWarning | None = None
        self._language, self._large, self._contrast = self._first_language, False, False
        self._touched_at_s = self._made_at_s = self._clock.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether the screen is staff's."""
        return self._situation is not None

    def shown(self, base: m.Show) -> m.Show:
        """What the screen shows; hall and terminal are those of `base`."""
        if self._situation is None:
            return base
        return m.Show(
            turn=self._turn,
            situation=self._situation,
            hall=base.hall,
            terminal=base.terminal,
            language=self._language,
            large_text=self._large,
            high_contrast=self._contrast,
            idle=self._idle,
            cleaning=base.cleaning,
        )

    # --- events ---------------------------------------------------------------------------

    def open(self) -> None:
        """The corner was held: ask who it is."""
        self._clear()
        self._powers.screen.forget()
        self._go(a.SignIn())

    def end(self, why: str) -> None:
        """Sign out."""
        if self._situation is None:
            return
        if self._who is not None:
            self._note(acts.StaffSignedOut(self._who.number, why))
        fact(_log, "staff.signed_out", why=why)
        self._clear()
        self._show()

    def tick(self) -> None:
        """A second has passed."""
        if self._situation is None:
            return
        now_s = self._clock.monotonic()
        if self._who is not None and self._who.number not in [
            one.number for one in self._accounts.all
        ]:
            self.end("removed")
            return
        allowed_s = self._sign_out_after_s if self._who is not None else SIGN_IN_WITHIN_S
        left_s = allowed_s - (now_s - self._touched_at_s)
        if left_s <= 0:
            self.end("timed_out")
            return
        if self._page == TOUCH and self._who is not None and self._powers.screen.is_over:
            self._end_touch_test(self._who)
        self._warn(m.IdleWarning(seconds_left=round(left_s)) if left_s <= WARN_S else None)
        if (
            self._page in LIVE
            and self._who is not None
            and now_s - self._made_at_s >= REFRESH_EVERY_S
        ):
            self._made_at_s = now_s
            self._run(self._refresh())

    def intend(self, intent: m.Intent) -> None:
        """Something was touched."""
        self._touched_at_s = self._clock.monotonic()
        self._warn(None)
        match intent:
            case m.Touched() | m.StillHere():
                pass
            case m.SetLanguage(language) if language in ("zh", "en"):
                self._language = language
                self._show()
            case m.SetLargeText(on):
                self._large = on
                self._show()
            case m.SetHighContrast(on):
                self._contrast = on
                self._show()
            case _ if getattr(intent, "turn", self._turn) != self._turn:
                fact(_log, "press.dropped", intent=intent.__struct_config__.tag)
            case m.GoHome():
                self.end("left")
            case m.GoBack():
                self._go_back()
            case FieldTouched(field) if self._page == TOUCH and self._who is not None:
                self._powers.screen.touched(field)
                if self._powers.screen.is_over:
                    self._end_touch_test(self._who)
            case _ if self._running is not None:
                fact(_log, "press.dropped", intent=intent.__struct_config__.tag)
            case a.HoldCorner() if self._page == TOUCH and self._who is not None:
                self._end_touch_test(self._who)
            case a.TrySignIn(_, number, pin):
                self._sign_in(self._accounts.sign_in(number, pin))
            case a.LostPin(_, number):
                self._start(self._challenge(number, self._of))
            case a.Recover(_, number, code, pin):
                self._sign_in(self._accounts.recover(number, code, pin), number)
            case _ if self._who is not None:
                self._work(intent, self._who)
            case _:
                fact(_log, "press.dropped", intent=intent.__struct_config__.tag)

    async def close(self) -> None:
        """Let what runs end."""
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- signing in -----------------------------------------------------------------------

    def _sign_in(self, trying: Coroutine[Any, Any, SignedIn | Barred], number: str = "") -> None:
        if not isinstance(self._situation, a.SignIn):
            trying.close()
            return
        asked = self._situation
        self._go(msgspec.structs.replace(asked, busy=True, trouble="", wait_s=0))
        self._start(self._finish_sign_in(trying, asked, self._of))

    async def _finish_sign_in(
        self, trying: Coroutine[Any, Any, SignedIn | Barred], asked: a.SignIn, of: int
    ) -> None:
        ended = await trying
        if of != self._of:
            return  # they went away meanwhile: nobody is let in who is not there
        match ended:
            case SignedIn() as who:
                self._who = who
                await self._make()
            case Barred(bar, wait_s):
                self._go(
                    msgspec.structs.replace(
                        asked,
                        trouble=Bar.LOCKED.value if wait_s > 0 else bar.value,
                        wait_s=-int(-wait_s // 1),
                    )
                )

    async def _challenge(self, number: str, of: int) -> None:
        if not isinstance(self._situation, a.SignIn):
            return
        found = await self._accounts.challenge(number)
        if of != self._of:
            return
        match found:
            case str() as challenge:
                self._go(a.SignIn(number=number, challenge=challenge))
            case Barred(bar):
                self._go(a.SignIn(trouble=bar.value))

    # --- working --------------------------------------------------------------------------

    def _work(self, intent: m.Intent, who: SignedIn) -> None:
        match intent:
            case a.OpenPage(_, page, only) if page in PAGES:
                if page in FOR_SUPERVISORS and not _is_supervisor(who):
                    self._say(a.Said("supervisor_only", well=False))
                    return
                if page != self._page:
                    self._before.append((self._page, self._only))
                self._open(page, only)
            case g.OpenGuide(_, guide) if guide in OF_STAFF:
                self._guide, self._said = g.GuideShown(guide), None
                self._start(self._make())
            case g.TurnGuide(_, step) if self._guide and 1 <= step <= STEPS[self._guide.guide]:
                self._guide = g.GuideShown(self._guide.guide, step)
                self._start(self._make())
            case a.AskFirst(_, act):
                self._asks, self._said = act, None
                self._start(self._make())
            case BeginTouchTest():
                self._powers.screen.begin()
                self._before.append((self._page, self._only))
                self._open(TOUCH, "all")
            case ChangeOwnPin(_, old, new):
                self._begin(self._change_own_pin(old, new, who))
            case SetBrightness(_, percent):
                self._begin(self._powers.screen.set_brightness(percent, who.number))
            case a.GoTheWay():
                self._begin(self._go_the_way())
            case a.CloseTerminal(_, reason):
                self._begin(self._close(reason, who))
            case a.RestartTerminal():
                self._note(acts.RestartAsked(who.number))
                self._powers.restart()
            case a.SwitchMachine(_, act) if self._asks == act:
                self._begin(self._powers.machine.switch(act, who.number))
            case a.Do(_, ask) if isinstance(ask, ASKS_OF_SUPERVISORS) and not _is_supervisor(who):
                self._say(a.Said("supervisor_only", well=False))
            case a.Do(_, s.ChangeSettings() | s.RollBackSettings() as ask):
                self._begin(self._change_settings(ask, who))
            case a.Do(_, ask):
                self._begin(self._do(ask, who))
            case _:
                fact(_log, "press.dropped", intent=intent.__struct_config__.tag)

    async def _do(self, ask: a.ScreenAsk, who: SignedIn) -> a.Said:
        answer = await self._powers.ask(ask, who.number)
        match answer:
            case s.Acted() if isinstance(ask, s.AddStaff):
                self._leave_page()
                return a.Said("staff_added")
            case s.Acted(what, key, values):
                return a.Said(key, values=values) if key else a.Said("done", what)
            case s.NotDone(why):
                return a.Said("not_done", why, well=False)
            case s.NotNow(why):
                return a.Said("not_now", why, well=False)
            case s.Tried(_, _, outcome, why):
                return a.Said(f"tried_{outcome}", why, well=outcome in ("proven", "read"))
            case (
                s.QueueShown()
                | s.OperationShown()
                | s.StaffShown()
                | s.SettingsShown()
                | k.TicketsShown()
                | k.LogsShown()
                | k.HistoryShown()
            ):
                return a.Said("done")
            case _:
                assert_never(answer)

    async def _change_settings(self, ask: ScreenChange, who: SignedIn) -> a.Said:
        said = await self._powers.change_settings(ask, who.number)
        if said.well and self._page == SETTING:
            self._leave_page()
        return said

    async def _change_own_pin(self, old: str, new: str, who: SignedIn) -> a.Said:
        barred = await self._accounts.change_pin(who.number, old, new)
        if barred is None:
            self._leave_page()
            return a.Said("pin_changed")
        if barred.bar is Bar.LOCKED or barred.wait_s > 0:
            return a.Said("pin_locked", values={"seconds": -int(-barred.wait_s // 1)}, well=False)
        return a.Said(f"pin_{barred.bar.value}", well=False)

    def _leave_page(self) -> None:
        """What the page was for is done: the one before comes."""
        if self._before:
            self._page, self._only = self._before.pop()

    def _end_touch_test(self, who: SignedIn) -> None:
        if self._running is not None:
            return  # the page is just being made; the next second comes back here
        self._page, self._only = self._before.pop()
        self._say(self._powers.screen.finish(who.number))

    def _open(self, page: str, only: str) -> None:
        self._page, self._only, self._said, self._asks = page, only, None, ""
        self._start(self._make())

    async def _go_the_way(self) -> a.Said | None:
        self._stages = await self._powers.go_the_way()
        self._probed_at = self._clock.now()
        return None if self._stages else a.Said("not_enrolled", well=False)

    async def _close(self, reason: str, who: SignedIn) -> a.Said:
        if not await asyncio.to_thread(self._closing.change, reason):
            return a.Said("not_kept", well=False)
        act = acts.TerminalClosed(reason, who.number) if reason else acts.TerminalOpened(who.number)
        self._note(act)
        return a.Said("closed" if reason else "opened")

    def _begin(self, work: Coroutine[Any, Any, a.Said | None]) -> None:
        """Say that it runs, do it, say how it went."""
        self._asks = ""
        of = self._of

        async def whole() -> None:
            self._said = a.Said("busy")
            await self._make()
            said = await work
            if of == self._of:
                self._said = said
                await self._make()

        self._start(whole())

    def _say(self, said: a.Said) -> None:
        self._said = said
        self._start(self._make())

    def _go_back(self) -> None:
        match self._situation:
            case a.SignIn(challenge=challenge) if challenge:
                self._go(a.SignIn())
            case a.SignIn() | a.Overview() | None:
                self.end("left")
            case g.GuideShown() if self._running is None:
                self._guide = None
                self._start(self._make())
            case _ if self._running is None:
                self._open(*(self._before.pop() if self._before else (OVERVIEW, "all")))
            case _:
                return

    # --- showing --------------------------------------------------------------------------

    async def _make(self) -> None:
        """Show the page anew: its buttons can be pressed again."""
        if self._who is None:
            return
        self._made_at_s = self._clock.monotonic()
        of, page = self._of, await self._page_for(self._who)
        if of == self._of:
            self._go(page)

    async def _refresh(self) -> None:
        """Bring the figures of the page up to date; a press meanwhile goes before."""
        if self._who is None:
            return
        turn, page = self._turn, await self._page_for(self._who)
        is_wanted = turn == self._turn and self._running is None and self._who is not None
        if is_wanted and page != self._situation:
            self._situation = page
            self._show()

    async def _page_for(self, signed_in: SignedIn) -> a.AdminPage | g.GuideShown:
        if self._guide is not None:
            return self._guide
        who = a.Who(signed_in.number, signed_in.name, signed_in.role.value)
        view = View(who, self._said, self._only, self._asks, self._stages, self._probed_at)
        return await self._pages.make(self._page, view)

    def _go(self, situation: StaffSituation) -> None:
        self._turn += 1
        self._situation = situation
        self._show()

    def _warn(self, warning: m.IdleWarning | None) -> None:
        if warning != self._idle:
            self._idle = warning
            self._show()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._running is not None:
            work.close()
            return
        self._running = self._run(work)

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._running is task:
            self._running = None
        if task.cancelled() or task.exception() is None:
            return
        _log.error("staff.task_failed", exc_info=task.exception())
        self.end("failed")


def _is_supervisor(who: SignedIn) -> bool:
    return who.role is StaffRole.SUPERVISOR
