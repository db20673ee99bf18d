"""A technician at the screen, by real clicks: in through the corner, around, and out again."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from whole_terminal import EN, ZH, WholeTerminal

from drivers.simulated import steering
from kiosk.cli import main
from kiosk.simulation.robot import NotSeen

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PICTURES = os.environ.get("KIOSK_PICTURES")
PIN = "280614"


def picture(at_home: WholeTerminal, name: str) -> None:
    if PICTURES:
        at_home.robot.picture(Path(PICTURES) / f"{name}.png")


def command(at_home: WholeTerminal, *words: str) -> str:
    done = CliRunner().invoke(main, [*words, "--settings", str(at_home.demo.settings_file)])
    assert done.exit_code == 0, done.output
    return done.output


def enter(at_home: WholeTerminal, digits: str) -> None:
    for digit in digits:
        at_home.robot.tap(f"key.{digit}")
    at_home.robot.tap("sign_in.next")


def to_sign_in(at_home: WholeTerminal) -> None:
    with at_home.robot.held(20, 20):
        at_home.robot.wait_for("sign_in", within_s=30)
    at_home.sees("sign_in.title", ZH.say("admin.sign_in.number"))


def sign_in(at_home: WholeTerminal, pin: str = PIN, number: str = "1001") -> None:
    to_sign_in(at_home)
    enter(at_home, number)
    at_home.sees("sign_in.title", ZH.say("admin.sign_in.pin"))
    enter(at_home, pin)


@pytest.fixture
def staffed(at_home: WholeTerminal) -> WholeTerminal:
    listed = command(at_home, "staff", "list")
    if "1001" not in listed:
        command(at_home, "staff", "add", "1001", "--name", "李明", "--pin", PIN)
    return at_home


def test_in_through_the_corner_around_and_out_again(staffed: WholeTerminal) -> None:
    staffed.scan("NORMAL")
    staffed.sees_verdict("NORMAL")
    sign_in(staffed)
    staffed.sees("admin.title", ZH.say("admin.title.admin_overview"))
    picture(staffed, "admin-overview-zh")
    staffed.steer.order(steering.PaperOut())
    staffed.sees("admin_overview.printer", ZH.say("admin.word.paper_out"))
    picture(staffed, "admin-paper-out-zh")
    staffed.steer.order(steering.LoadPaper())
    staffed.sees("admin_overview.printer", ZH.say("admin.word.ready"))

    staffed.robot.tap("admin_overview.admin_devices")
    before = staffed.last_slip
    staffed.robot.tap("admin_devices.test_print.printer")
    staffed.sees("admin.said", ZH.say("admin.said.tried_proven"), within_s=40)
    assert staffed.new_slips(before)
    picture(staffed, "admin-devices-zh")
    staffed.robot.tap("footer.language")
    staffed.sees("admin.title", EN.say("admin.title.admin_devices"))
    staffed.robot.tap("footer.back")
    staffed.robot.tap("admin_overview.admin_network")
    staffed.robot.tap("admin_network.probe")
    staffed.sees("admin_network.stage.clock", EN.say("admin.word.stage_clock"))
    picture(staffed, "admin-network-en")
    staffed.robot.tap("footer.end")
    staffed.robot.wait_for("home")
    assert staffed.robot.look().find("home.batch.words") is None, "nothing of the visit came back"
    told = command(staffed, "audit", "list")
    assert "Staff 1001 (technician) signed in with pin." in told
    assert "Staff 1001 signed out (left)." in told


def test_a_supervisor_tests_the_touch_and_changes_a_setting(staffed: WholeTerminal) -> None:
    if "2001" not in command(staffed, "staff", "list"):
        role = ("--role", "supervisor")
        command(staffed, "staff", "add", "2001", "--name", "王芳", "--pin", PIN, *role)
    sign_in(staffed, number="2001")
    staffed.robot.tap("admin_overview.admin_screen")
    staffed.sees("admin_screen.brightness", ZH.say("admin.screen.no_backlight"))
    staffed.robot.tap("admin_screen.touch_test")
    staffed.robot.wait_for("admin_touch")
    with staffed.robot.held(20, 20):  # a panel that answers there alone
        staffed.robot.wait_for("admin_screen", within_s=30)
    staffed.sees("admin.said", ZH.say("admin.said.touch_dead", dead=53, fields=54))
    staffed.robot.tap("footer.back")
    staffed.robot.tap("admin_overview.admin_settings")
    staffed.robot.tap("admin_settings.section.hall")
    staffed.robot.tap("admin_section.setting.region")
    staffed.robot.tap("key.erase")
    staffed.robot.tap("admin_setting.keep")
    staffed.sees("admin.said", ZH.say("admin.said.setting_refused"))
    staffed.robot.tap("key.2")
    staffed.robot.tap("admin_setting.keep")
    staffed.robot.wait_for("admin_section")
    staffed.sees("admin_section.region", "hall.region = 12")
    picture(staffed, "admin-section-zh")
    staffed.robot.tap("footer.back")
    staffed.robot.tap("admin_settings.settings_back")
    staffed.robot.tap("admin_settings.settings_back_yes")
    staffed.sees("admin.said", ZH.say("admin.said.settings_kept"))
    staffed.robot.tap("footer.end")
    told = command(staffed, "audit", "list")
    assert "Staff 2001 tested the touch panel: 53 of 54 fields are dead." in told
    assert told.count("Staff 2001 changed settings at the screen: hall.region.") == 2


def test_a_finger_that_is_lifted_too_early_finds_nothing(staffed: WholeTerminal) -> None:
    with staffed.robot.held(20, 20):
        staffed.robot.look()
    with pytest.raises(NotSeen):
        staffed.robot.wait_for("sign_in", within_s=4.0)


def test_people_read_why_the_terminal_is_out_of_service(staffed: WholeTerminal) -> None:
    sign_in(staffed)
    staffed.robot.tap("admin_overview.admin_upkeep")
    staffed.robot.tap("admin_upkeep.close.maintenance")
    staffed.sees("admin.said", ZH.say("admin.said.closed"))
    staffed.robot.tap("footer.end")
    staffed.sees("out_of_service.next", ZH.say("out_of_service.maintenance"))
    picture(staffed, "closed-zh")
    staffed.kill("daemon")
    staffed.sees("out_of_service.next", ZH.say("out_of_service.maintenance"), within_s=30)
    sign_in(staffed)
    staffed.robot.tap("admin_overview.admin_upkeep")
    staffed.robot.tap("admin_upkeep.open")
    staffed.sees("admin.said", ZH.say("admin.said.opened"))
    staffed.robot.tap("footer.end")
    staffed.robot.wait_for("home")
