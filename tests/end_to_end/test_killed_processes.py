"""SIGKILL, at the worst moments. What was promised is kept, and nothing is done twice."""

import pytest
from whole_terminal import ZH, WholeTerminal, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_daemon_killed_while_it_prints_does_not_know_and_offers_a_reprint(
    at_home: WholeTerminal,
) -> None:
    before = at_home.last_slip
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL")
    at_home.press_print()
    at_home.robot.wait_for("printing")
    at_home.kill("daemon")
    at_home.sees_print_end("print_ended.unknown_title")
    at_home.sees("print_ended.sentence", "补打")
    at_home.robot.tap("print_ended.reprint")
    at_home.sees_print_end("print_ended.proven_title")
    copies = [slip for slip in at_home.slips(before) if "补打 第 1 次" in slip.text]
    assert len(copies) == 1


def test_the_screen_killed_while_a_slip_is_printed_shows_its_proof(
    at_home: WholeTerminal,
) -> None:
    before = at_home.last_slip
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL")
    at_home.press_print()
    at_home.robot.wait_for("printing")
    at_home.kill("screen")
    at_home.sees_print_end("print_ended.proven_title")
    assert [slip.complete for slip in at_home.slips(before)] == [True]


def test_the_daemon_killed_after_it_kept_a_request_still_owes_it_once(
    at_home: WholeTerminal,
) -> None:
    held = set(at_home.tickets_held())
    at_home.cut_the_link()
    at_home.scan("VOID")
    at_home.sees_verdict("UNAVAILABLE")
    number = at_home.sees("verdict.ticket_number", "SF-").text("verdict.ticket_number")
    at_home.kill("daemon")
    at_home.robot.wait_for("home", within_s=30)
    at_home.scan("VOID")
    at_home.sees_verdict("UNAVAILABLE")
    at_home.sees("verdict.ticket_number", number)
    at_home.restore_the_link()
    at_home.everything_sent()
    assert len(set(at_home.tickets_held()) - held) == 1


def test_the_service_killed_again_and_again_loses_nothing_and_applies_nothing_twice(
    at_home: WholeTerminal,
) -> None:
    held = set(at_home.tickets_held())
    kept = 0
    for verdict in ("NORMAL", "VOID", "RED_FULL"):
        at_home.cut_the_link()
        at_home.scan(verdict)
        at_home.sees_verdict("UNAVAILABLE")
        kept += 1
        at_home.go_home()
        at_home.restore_the_link()
        at_home.kill("central")
    at_home.everything_sent()
    assert len(set(at_home.tickets_held()) - held) == kept
    operations = at_home.rows("central/central.db", "select op_id from inbox")
    assert len(operations) == len(set(operations))


def test_the_devices_killed_come_back_and_the_terminal_finds_them(at_home: WholeTerminal) -> None:
    at_home.kill("simulation")
    at_home.robot.wait("the devices", lambda seen: seen.screen == "home", 30)
    eventually(lambda: not at_home.steer.state().printer.offline, "the printer")
    at_home.everything_well()
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL", within_s=30)
    # The daemon asks an idle printer every two seconds: it may find the loss only now.
    at_home.press_print_until_it_prints()
    at_home.sees_print_end("print_ended.proven_title")


def test_the_screen_killed_anywhere_shows_the_same_again(at_home: WholeTerminal) -> None:
    at_home.scan("MISMATCH")
    at_home.sees_verdict("MISMATCH")
    at_home.kill("screen")
    at_home.sees_verdict("MISMATCH", within_s=30)
    assert ZH.say("verdict.MISMATCH.sentence")
