"""Whose the screen is: a person's, or staff's, and neither sees the other's."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from visit_kit import (
    INVOICE_TEXT,
    LIMITS,
    HandApplyingDesk,
    HandClock,
    HandDesk,
    HandOwnDesk,
    answered,
)

from drivers.backlight import Backlight
from kiosk import admin_messages as a
from kiosk import guide_messages as g
from kiosk import messages as m
from kiosk import people_pages as pp
from kiosk import screen_pages as sp
from kiosk import staff_messages as s
from kiosk.daemon import acts
from kiosk.daemon.accounts.accounts import Accounts, SignedIn
from kiosk.daemon.accounts.pins import Cost
from kiosk.daemon.accounts.roster import StaffRole
from kiosk.daemon.admin.closing import Closing
from kiosk.daemon.admin.front import Front
from kiosk.daemon.admin.pages import View
from kiosk.daemon.admin.screen_desk import QUIET_S, ScreenDesk
from kiosk.daemon.admin.session import Powers, Session
from kiosk.daemon.machine_power import MachinePower
from kiosk.daemon.surroundings import Place
from kiosk.daemon.visit import Visit
from kiosk.guides import Guide
from kiosk.health.network import Stage
from kiosk.settings_pages import SETTINGS_PAGES

PIN = "280614"


class FewPages:
    """Pages with nothing on them."""

    glass: ScreenDesk

    def __init__(self) -> None:
        self.waiting = 0
        self.asked: list[tuple[str, str]] = []

    async def make(self, page: str, view: View) -> a.AdminPage:
        self.asked.append((page, view.only))
        match page:
            case "admin_upkeep":
                return a.Upkeep(who=view.who, said=view.said, asks=view.asks)
            case sp.SCREEN | sp.TOUCH:
                return await self.glass.page(page, view.who, view.said)
            case "admin_users":
                return a.Users(who=view.who, said=view.said, asks=view.asks)
            case _:
                return a.Queue(
                    who=view.who, said=view.said, waiting=self.waiting, parked=0, only=view.only
                )


class Hall:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock, self.desk, self.pages = HandClock(), HandDesk(), FewPages()
        self.noted: list[acts.Act] = []
        self.asked: list[tuple[s.StaffAsk, str]] = []
        self.ended = asyncio.Event()
        self.restarts = 0
        self.is_printing = False
        self.sent: list[m.Show] = []
        place = Place("示范办税服务厅", "Demo Hall", "03", "zh")
        self.visit = Visit(
            self.desk,
            place,
            self.clock,
            own=HandOwnDesk(),
            limits=LIMITS,
            applying=HandApplyingDesk(),
            show=self._shown,
            note=self.noted.append,
        )
        self.accounts = Accounts(
            folder,
            self.clock,
            self.noted.append,
            terminal="03",
            unlock_key=lambda: None,
            cost=Cost(memory_kib=8, iterations=1),
        )
        self.closing = Closing(folder)
        self.glass = ScreenDesk(
            Backlight(folder / "backlight"), self.clock, self.noted.append, portrait=True
        )
        self.pages.glass = self.glass
        self.session = Session(
            self.accounts,
            self.pages,  # type: ignore[arg-type] # pages of the same kinds
            self.closing,
            Powers(
                ask=self._ask,
                go_the_way=self._way,
                restart=self._restart,
                change_settings=self._set,
                screen=self.glass,
                machine=MachinePower(
                    self.noted.append,
                    barred="",
                    is_printing=lambda: self.is_printing,
                    busctl=str(folder / "busctl"),
                ),
            ),
            self.clock,
            language="zh",
            sign_out_after_s=180,
            show=self._shown,
            note=self.noted.append,
        )
        self.front = Front(self.visit, self.session, self.closing)

    def _shown(self, *_: object) -> None:
        if hasattr(self, "front"):
            self.sent.append(self.front.shown)

    async def _ask(self, ask: s.StaffAsk, by: str) -> s.StaffAnswer:
        self.asked.append((ask, by))
        await self.ended.wait()
        return s.Acted("3 slips")

    async def _set(self, ask: s.SettingsAsk, by: str) -> a.Said:
        self.asked.append((ask, by))
        return a.Said("settings_kept", "1")

    async def _way(self) -> Sequence[Stage]:
        return ()

    def _restart(self) -> None:
        self.restarts += 1

    @property
    def situation(self) -> m.Situation:
        return self.front.shown.situation

    def press(self, intent: m.Intent) -> None:
        self.front.intend(msgspec.structs.replace(intent, turn=self.front.shown.turn))

    async def until(self, kind: type, said: str | None = None) -> None:
        async with asyncio.timeout(10):
            while True:
                shown = self.situation
                has = getattr(getattr(shown, "said", None), "key", None)
                if isinstance(shown, kind) and (said is None or has == said):
                    break
                await asyncio.sleep(0)
        await self.settled()

    async def settled(self) -> None:
        """Nothing runs for staff but what waits for the test."""
        for _ in range(3):
            await asyncio.sleep(0)

    async def sign_in(self, number: str = "1001") -> None:
        self.front.intend(a.HoldCorner())
        self.press(a.TrySignIn(0, number, PIN))
        await self.until(a.Queue)

    def tick(self, seconds: float) -> None:
        self.clock.at_s += seconds
        self.front.tick()


@pytest.fixture
async def hall(tmp_path: Path) -> Hall:
    hall = Hall(tmp_path)
    for number, role in (("1001", StaffRole.TECHNICIAN), ("2001", StaffRole.SUPERVISOR)):
        assert await hall.accounts.add(number, "Li", role, PIN, "test") == ""
    return hall


async def test_the_corner_wipes_a_visit_and_shows_nothing_but_the_sign_in(hall: Hall) -> None:
    hall.front.scanned(INVOICE_TEXT)
    await asyncio.sleep(0)
    hall.desk.verifications[0][1].set_result(answered())
    await hall.until(m.VerdictShown)
    hall.front.intend(a.HoldCorner())
    assert hall.situation == a.SignIn()
    assert b"26112000" not in msgspec.json.encode(hall.front.shown)
    hall.press(m.GoHome(0))
    assert hall.situation == m.Home()
    ends = [act for act in hall.noted if isinstance(act, acts.VisitEnded)]
    assert [act.why for act in ends] == ["staff"]


async def test_a_cloth_on_the_corner_does_not_open_the_door_for_staff(hall: Hall) -> None:
    assert hall.visit.lock_for_cleaning(20)
    hall.front.intend(a.HoldCorner())
    assert hall.situation == m.Home()
    assert hall.front.shown.cleaning == m.CleaningLock(seconds_left=20)
    hall.tick(20)
    hall.front.intend(a.HoldCorner())
    assert hall.situation == a.SignIn()


async def test_a_question_that_runs_is_not_cut_off_by_the_corner(hall: Hall) -> None:
    hall.front.scanned(INVOICE_TEXT)
    hall.front.intend(a.HoldCorner())
    assert isinstance(hall.situation, m.Checking)


@pytest.mark.parametrize(
    "intent",
    [
        a.OpenPage(0, "admin_queue"),
        a.Do(0, s.Drain()),
        a.CloseTerminal(0, "maintenance"),
        a.RestartTerminal(0),
        a.SwitchMachine(0, "power_off"),
        a.GoTheWay(0),
        a.AskFirst(0, "restart"),
    ],
)
async def test_nothing_is_done_or_shown_for_whoever_is_not_signed_in(
    hall: Hall, intent: m.Intent
) -> None:
    hall.press(intent)
    assert hall.situation == m.Home()
    hall.front.intend(a.HoldCorner())
    hall.press(intent)
    hall.tick(1)
    await asyncio.sleep(0)
    assert hall.situation == a.SignIn()
    assert (hall.asked, hall.restarts, hall.closing.reason) == ([], 0, "")
    assert not any(isinstance(show.situation, a.AdminPage) for show in hall.sent)


async def test_a_wrong_pin_says_so_and_is_in_no_message(hall: Hall) -> None:
    hall.front.intend(a.HoldCorner())
    hall.press(a.TrySignIn(0, "1001", "999998"))
    assert hall.situation == a.SignIn(busy=True)
    async with asyncio.timeout(10):
        while hall.situation == a.SignIn(busy=True):
            await asyncio.sleep(0)
    assert hall.situation == a.SignIn(trouble="wrong")
    told = msgspec.json.encode(hall.sent) + repr(hall.noted).encode()
    assert b"999998" not in told


async def test_an_act_is_done_once_for_two_presses_and_told_with_its_end(hall: Hall) -> None:
    await hall.sign_in()
    turn = hall.front.shown.turn
    for _ in range(2):
        hall.front.intend(a.Do(turn, s.Drain()))
    await hall.until(a.Queue, "busy")
    hall.press(a.Do(0, s.BackUp()))
    hall.ended.set()
    await hall.until(a.Queue, "done")
    assert hall.asked == [(s.Drain(), "1001")]
    assert hall.situation.said == a.Said("done", "3 slips")  # type: ignore[union-attr]


async def test_whoever_goes_away_is_signed_out_after_a_warning(hall: Hall) -> None:
    await hall.sign_in()
    hall.tick(149)
    assert hall.front.shown.idle is None
    hall.tick(2)
    assert hall.front.shown.idle == m.IdleWarning(seconds_left=29)
    hall.front.intend(m.StillHere())
    hall.tick(149)
    hall.tick(31)
    assert hall.situation == m.Home()
    outs = [act for act in hall.noted if isinstance(act, acts.StaffSignedOut)]
    assert outs == [acts.StaffSignedOut("1001", "timed_out")]


async def test_what_is_still_running_lets_nobody_in_who_has_gone(hall: Hall) -> None:
    hall.front.intend(a.HoldCorner())
    hall.press(a.TrySignIn(0, "1001", PIN))
    hall.session.end("screen_gone")
    await hall.session.close()
    assert hall.situation == m.Home()
    assert not any(isinstance(show.situation, a.AdminPage) for show in hall.sent)


async def test_an_account_that_was_removed_ends_its_session(hall: Hall) -> None:
    await hall.sign_in()
    await hall.accounts.remove("1001", "test")
    hall.tick(1)
    assert hall.situation == m.Home()


async def test_staff_are_for_supervisors(hall: Hall) -> None:
    await hall.sign_in()
    hall.press(a.OpenPage(0, "admin_users"))
    await hall.until(a.Queue, "supervisor_only")
    hall.press(a.Do(0, s.RemoveStaff("2001")))
    await hall.session.close()
    assert hall.asked == []
    hall.press(m.GoHome(0))
    await hall.sign_in("2001")
    hall.press(a.OpenPage(0, "admin_users"))
    await hall.until(a.Users)


SET_BAUD = s.ChangeSettings((s.SettingChange("printer", "baud", "9600"),))


async def test_settings_are_for_supervisors(hall: Hall) -> None:
    await hall.sign_in()
    for page in SETTINGS_PAGES:
        hall.press(a.OpenPage(0, page, "printer.baud"))
        await hall.until(a.Queue, "supervisor_only")
    for ask in (SET_BAUD, s.RollBackSettings()):
        hall.press(a.Do(0, ask))
        await hall.session.close()
    assert hall.asked == []
    hall.press(m.GoHome(0))
    await hall.sign_in("2001")
    hall.press(a.Do(0, SET_BAUD))
    await hall.until(a.Queue, "settings_kept")
    assert hall.asked == [(SET_BAUD, "2001")]


async def test_back_leads_to_the_page_before_and_a_kept_setting_to_its_section(
    hall: Hall,
) -> None:
    await hall.sign_in("2001")
    for page, only in (
        ("admin_settings", "all"),
        ("admin_section", "printer"),
        ("admin_setting", "printer.baud"),
    ):
        hall.press(a.OpenPage(0, page, only))
        await hall.session.close()
    seen = [hall.pages.asked[-1]]
    hall.press(a.Do(0, SET_BAUD))
    await hall.session.close()
    seen.append(hall.pages.asked[-1])
    hall.press(a.OpenPage(0, "admin_queue", "all"))
    hall.press(a.OpenPage(0, "admin_queue", "parked"))  # a filter is no page of its own
    for _ in range(3):
        await hall.session.close()
        hall.press(m.GoBack(0))
        await hall.session.close()
        seen.append(hall.pages.asked[-1])
    assert seen == [
        ("admin_setting", "printer.baud"),
        ("admin_section", "printer"),
        ("admin_section", "printer"),
        ("admin_settings", "all"),
        ("admin_overview", "all"),
    ]


async def test_a_touch_test_ends_by_itself_and_names_the_dead_fields(hall: Hall) -> None:
    await hall.sign_in()
    hall.press(a.OpenPage(0, sp.SCREEN))
    await hall.until(sp.ScreenPage)
    hall.press(sp.BeginTouchTest(0))
    await hall.until(sp.TouchPage)
    for field in range(51):
        hall.front.intend(sp.FieldTouched(field))
    hall.tick(QUIET_S - 1)
    hall.front.intend(sp.FieldTouched(50))  # again: no new field
    hall.front.intend(sp.FieldTouched(900))  # there is no such field
    hall.tick(1)
    await hall.until(sp.ScreenPage, "touch_dead")
    shown = hall.situation
    assert isinstance(shown, sp.ScreenPage)
    assert shown.touch == sp.TouchResult(6, 9, (51, 52, 53))
    assert hall.noted[-1] == acts.TouchTested("1001", 54, 3)


async def test_a_panel_that_answers_nowhere_is_no_trap(hall: Hall) -> None:
    await hall.sign_in()
    hall.press(sp.BeginTouchTest(0))
    await hall.until(sp.TouchPage)
    hall.tick(QUIET_S)
    await hall.until(a.Queue, "touch_dead")
    assert hall.noted[-1] == acts.TouchTested("1001", 54, 54)


@pytest.mark.parametrize("last", [sp.FieldTouched(53), a.HoldCorner()], ids=["all", "corner"])
async def test_the_last_field_or_the_corner_ends_a_touch_test(hall: Hall, last: m.Intent) -> None:
    await hall.sign_in()
    hall.press(sp.BeginTouchTest(0))
    await hall.until(sp.TouchPage)
    for field in range(53):
        hall.front.intend(sp.FieldTouched(field))
    assert isinstance(hall.situation, sp.TouchPage)
    hall.front.intend(last)
    said = "touch_whole" if isinstance(last, sp.FieldTouched) else "touch_dead"
    await hall.until(a.Queue, said)


async def test_staff_see_that_the_screen_is_locked_to_be_wiped(hall: Hall) -> None:
    await hall.sign_in()
    assert hall.visit.lock_for_cleaning(20)
    assert hall.front.shown.cleaning == m.CleaningLock(seconds_left=20)
    hall.press(a.OpenPage(0, "admin_upkeep"))
    await hall.session.close()
    assert isinstance(hall.situation, a.Queue)


async def test_brightness_is_said_as_the_panel_says_it_or_why_not(hall: Hall) -> None:
    await hall.sign_in()
    hall.press(sp.SetBrightness(0, 60))
    await hall.until(a.Queue, "no_backlight")
    panel = hall.folder / "backlight" / "intel_backlight"
    panel.mkdir(parents=True)
    (panel / "brightness").write_text("937\n")
    (panel / "max_brightness").write_text("937\n")
    hall.press(sp.SetBrightness(0, 60))
    await hall.until(a.Queue, "brightness_set")
    assert hall.noted[-1] == acts.BrightnessSet(60, "1001")


NEW_STAFF = s.AddStaff("1002", "Zhang", "technician", "716094")


async def test_somebody_new_is_added_by_supervisors_alone(hall: Hall) -> None:
    await hall.sign_in()
    hall.press(a.OpenPage(0, pp.NEW_STAFF))
    await hall.until(a.Queue, "supervisor_only")
    hall.press(a.Do(0, NEW_STAFF))
    await hall.session.close()
    assert hall.asked == []
    hall.press(m.GoHome(0))
    await hall.sign_in("2001")
    hall.press(a.OpenPage(0, pp.NEW_STAFF))
    await hall.session.close()
    hall.ended.set()
    hall.press(a.Do(0, NEW_STAFF))
    await hall.until(a.Queue, "staff_added")
    assert hall.asked == [(NEW_STAFF, "2001")]
    assert hall.pages.asked[-1][0] == "admin_overview"


async def test_ones_own_pin_is_changed_by_whoever_knows_it(hall: Hall) -> None:
    await hall.sign_in()
    hall.press(pp.ChangeOwnPin(0, "999998", "716094"))
    await hall.until(a.Queue, "pin_wrong")
    hall.press(pp.ChangeOwnPin(0, PIN, "123456"))
    await hall.until(a.Queue, "pin_weak_pin")
    hall.press(pp.ChangeOwnPin(0, PIN, "716094"))
    await hall.until(a.Queue, "pin_changed")
    assert acts.PinSet("1001", "1001") in hall.noted
    assert "716094" not in repr(hall.noted)
    assert not isinstance(await hall.accounts.sign_in("1001", PIN), SignedIn)
    assert isinstance(await hall.accounts.sign_in("1001", "716094"), SignedIn)


async def test_guessing_at_the_own_pin_is_barred_as_at_the_sign_in(hall: Hall) -> None:
    await hall.sign_in()
    for _ in range(5):
        hall.press(pp.ChangeOwnPin(0, "999998", "716094"))
        await hall.session.close()
    await hall.until(a.Queue, "pin_locked")


async def test_out_of_service_holds_over_a_restart_and_still_lets_staff_in(hall: Hall) -> None:
    await hall.sign_in()
    hall.press(a.CloseTerminal(0, "no_paper_left"))
    await hall.until(a.Queue, "closed")
    hall.press(m.GoHome(0))
    assert hall.situation == m.OutOfService(reason="no_paper_left")
    hall.front.scanned(INVOICE_TEXT)
    hall.press(m.StartEntry(0))
    hall.tick(600)
    assert hall.situation == m.OutOfService(reason="no_paper_left")
    assert hall.desk.verifications == []
    again = Hall(hall.folder)
    assert again.situation == m.OutOfService(reason="no_paper_left")
    await again.sign_in()
    again.press(a.CloseTerminal(0, ""))
    await again.until(a.Queue, "opened")
    again.press(m.GoHome(0))
    assert again.situation == m.Home()
    assert acts.TerminalClosed("no_paper_left", "1001") in hall.noted


async def test_a_reason_that_nobody_can_read_closes_nothing(hall: Hall) -> None:
    await hall.sign_in()
    hall.press(a.CloseTerminal(0, "because"))
    await hall.until(a.Queue, "not_kept")
    assert hall.closing.reason == ""


async def test_figures_come_up_to_date_without_closing_the_buttons(hall: Hall) -> None:
    await hall.sign_in()
    turn = hall.front.shown.turn
    hall.pages.waiting = 7
    hall.tick(3)
    await hall.session.close()
    assert hall.situation.waiting == 7  # type: ignore[union-attr]
    assert hall.front.shown.turn == turn


async def test_that_all_is_made_up_stays_said_to_staff_and_while_closed(hall: Hall) -> None:
    hall.visit.service_is_sandbox(is_sandbox=True)
    hall.visit.link_changed(is_down=True)
    hall.front.intend(a.HoldCorner())
    assert (hall.situation, hall.front.shown.ribbons) == (a.SignIn(), ("sandbox",))
    hall.press(m.GoBack(0))
    assert hall.closing.change("maintenance")
    assert isinstance(hall.situation, m.OutOfService)
    assert hall.front.shown.ribbons == ("sandbox",)
    hall.visit.service_is_sandbox(is_sandbox=False)
    assert hall.front.shown.ribbons == ()


async def test_a_press_on_what_a_visit_showed_does_nothing_to_staff(hall: Hall) -> None:
    turn = hall.front.shown.turn
    hall.front.intend(a.HoldCorner())
    hall.front.intend(m.GoHome(turn))
    assert hall.situation == a.SignIn()


async def test_the_view_of_staff_is_nobody_elses(hall: Hall) -> None:
    hall.front.intend(a.HoldCorner())
    hall.front.intend(m.SetLanguage("en"))
    hall.front.intend(m.SetLargeText(on=True))
    assert (hall.front.shown.language, hall.front.shown.large_text) == ("en", True)
    hall.press(m.GoBack(0))
    assert (hall.front.shown.language, hall.front.shown.large_text) == ("zh", False)


async def test_the_guide_to_a_new_roll_stays_while_figures_go_on_and_leads_back(hall: Hall) -> None:
    await hall.sign_in()
    hall.press(g.OpenGuide(0, Guide.SCAN))
    hall.press(g.OpenGuide(0, Guide.REFILL))
    await hall.until(g.GuideShown)
    hall.press(g.TurnGuide(0, 5))
    await hall.session.close()
    hall.press(g.TurnGuide(0, 6))
    hall.tick(3)
    await hall.session.close()
    assert hall.situation == g.GuideShown(Guide.REFILL, 5)
    hall.press(m.GoBack(0))
    await hall.until(a.Queue)
    assert hall.asked == []


async def test_the_machine_is_switched_off_only_after_it_was_asked_first(hall: Hall) -> None:
    await hall.sign_in()
    program = hall.folder / "busctl"
    program.write_text('#!/bin/sh\necho "$*" >>"$0.asked"\necho \'s "yes"\'\n')
    program.chmod(0o755)
    hall.press(a.SwitchMachine(0, "reboot"))
    hall.press(a.AskFirst(0, "power_off"))
    await hall.session.close()
    hall.press(a.SwitchMachine(0, "reboot"))
    await hall.session.close()
    assert not program.with_suffix(".asked").exists()
    hall.is_printing = True
    hall.press(a.SwitchMachine(0, "power_off"))
    await hall.until(a.Queue, "power_printing")
    assert not program.with_suffix(".asked").exists()
    hall.is_printing = False
    hall.press(a.AskFirst(0, "power_off"))
    await hall.session.close()
    hall.press(a.SwitchMachine(0, "power_off"))
    await hall.until(a.Queue, "power_off_taken")
    asked = program.with_suffix(".asked").read_text().splitlines()
    assert [line.split("Manager ")[1] for line in asked] == ["CanPowerOff", "PowerOff b false"]
    assert hall.noted[-2:] == [
        acts.PowerAsked("power_off", "1001"),
        acts.PowerAnswered("power_off", "taken", "1001"),
    ]
