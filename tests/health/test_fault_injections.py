"""Which fault is really done to a terminal, and by which test; and which is not, and why."""

import re
from pathlib import Path

import pytest

from kiosk.health.faults import faults

ROOT = Path(__file__).parents[2]
DONE = "tests/health/test_faults_done.py"
"""Each `Done("…")` there is injected, and looked for at the doctor, the overview and the screen."""
ELSEWHERE = {
    "not_enrolled": (DONE, "test_each_fault_is_named_everywhere_and_over_with_its_cause"),
    "service_sandbox": (
        "tests/health/test_orders_whole.py",
        "test_commands_and_settings_are_fetched_done_and_answered",
    ),
    "state_missing": (
        "tests/health/test_machine_faults.py",
        "test_the_folder_is_missing_or_open_to_others",
    ),
    "state_forbidden": (
        "tests/health/test_injected_faults.py",
        "test_who_may_not_use_the_folder_or_the_device_is_told_so",
    ),
    "device_forbidden": (
        "tests/health/test_injected_faults.py",
        "test_who_may_not_use_the_folder_or_the_device_is_told_so",
    ),
    "queue_damaged": ("tests/health/test_machine_faults.py", "test_a_damaged_queue_is_named"),
    "audit_broken": (
        "tests/health/test_machine_faults.py",
        "test_a_story_that_was_changed_is_named_when_it_is_read",
    ),
    "disk_full": (
        "tests/health/test_machine_faults.py",
        "test_a_full_and_a_read_only_disk_are_named",
    ),
    "disk_read_only": (
        "tests/health/test_machine_faults.py",
        "test_a_full_and_a_read_only_disk_are_named",
    ),
    "daemon_not_running": (
        "tests/health/test_injected_faults.py",
        "test_a_daemon_that_is_gone_keeps_failing_or_is_an_older_one_is_told_apart",
    ),
    "daemon_keeps_failing": (
        "tests/health/test_injected_faults.py",
        "test_a_daemon_that_is_gone_keeps_failing_or_is_an_older_one_is_told_apart",
    ),
    "daemon_other_version": (
        "tests/health/test_injected_faults.py",
        "test_a_daemon_that_is_gone_keeps_failing_or_is_an_older_one_is_told_apart",
    ),
    "network_dns": (
        "tests/health/test_machine_faults.py",
        "test_a_name_that_is_not_known_ends_the_way_at_the_first_stage",
    ),
    "settings_given_up": (
        "tests/settings/test_settings_desk.py",
        "test_a_terminal_that_is_worse_goes_back_by_itself",
    ),
}
NOT_DONE = {
    "printer_none": "needs other settings and a start; tests/health/test_daemon_health.py",
    "scanner_none": "needs other settings and a start; tests/health/test_daemon_health.py",
    "printer_one_of_two": "tests/daemon/test_two_printers.py does it to the printing alone",
    "printer_slip_left": "tests/daemon/test_held_slips.py does it to the printing alone",
    "network_no_route": "would change the machine's routes",
    "network_timeout": "needs a firewall that drops",
    "service_refuses": "no stand-in refuses a ping otherwise than by version",
    "owed_parked": "tests/daemon/test_sender.py does it to the sender alone",
    "people_refused": "tests/offline_queue/test_bad_disk.py does it to the queue alone",
    "disk_low": "as disk_full, at another size",
    "disk_no_inodes": "needs a file system of its own",
    "disk_unreadable": "needs a disk that fails; typed",
    "backup_same_disk": "every test terminal has it",
    "clock_breaks_certificate": "tests/central moves the service's certificate instead",
    "certificate_unknown": "tests/central/test_gate.py does it to the client alone",
    "certificate_other_terminal": "tests/central/test_gate.py does it to the client alone",
    "service_certificate": "tests/central/test_central_client.py does it to the client alone",
    "library_unsafe": "the system's own libraries; typed",
}


def done_here() -> set[str]:
    text = (ROOT / DONE).read_text(encoding="utf-8")
    return set(re.findall(r'(?:Done|settings_done)\(\s*"(\w+)"', text))


def test_every_fault_is_done_or_it_is_said_why_not() -> None:
    done = done_here() | set(ELSEWHERE)
    assert done | set(NOT_DONE) == set(faults())
    assert not done & set(NOT_DONE)
    assert len(done) >= 40


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_the_test_that_does_it_exists_and_names_it(name: str) -> None:
    file, test = ELSEWHERE[name]
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^(async )?def {test}\(", text, re.MULTILINE), test
    assert f'"{name}"' in text
