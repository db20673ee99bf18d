"""The commands about devices, without a terminal that runs."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from config.load import load
from drivers.discovery import FoundDevice, Kind, Role
from kiosk.cli import main
from kiosk.plugged_in import plugged_in, plugged_in_lines
from kiosk.staff import trial_line
from kiosk.staff_messages import Tried

PRINTER = FoundDevice(
    Kind.USB_PRINTER,
    "/dev/kiosk/printer",
    0x0416,
    0x5011,
    "STMicro POS80",
    Role.PRINTER,
    ("[printer]", 'address = "lp:/dev/kiosk/printer"'),
)


def test_a_device_is_listed_with_the_lines_that_the_settings_take(tmp_path: Path) -> None:
    found = plugged_in(load(), lambda: (PRINTER,))
    lines = plugged_in_lines(found).splitlines()
    assert lines[0] == "usb printer: STMicro POS80 (0416:5011)"
    file = tmp_path / "terminal.toml"
    file.write_text("\n".join(lines[1:3]), encoding="utf-8")
    settings = load([file])
    assert settings.printer.address == "lp:/dev/kiosk/printer"
    again = plugged_in(settings, lambda: (PRINTER,))
    assert plugged_in_lines(again).splitlines()[0].endswith("- in the settings")


def test_a_keypad_is_listed_with_its_numbers(tmp_path: Path) -> None:
    line = 'address = "usb:2047:09d0"'
    keypad = FoundDevice(
        Kind.KEYBOARD, "/dev/input/x", 0x2047, 0x09D0, "AudioNav", Role.KEYPAD, ("[keypad]", line)
    )
    lines = plugged_in_lines(plugged_in(load(), lambda: (keypad,))).splitlines()
    file = tmp_path / "terminal.toml"
    file.write_text("\n".join(lines[1:3]), encoding="utf-8")
    assert load([file]).keypad.address == "usb:2047:09d0"
    assert plugged_in(load([file]), lambda: (keypad,))[0].is_set


def test_devices_are_listed_while_no_terminal_runs() -> None:
    result = CliRunner().invoke(main, ["devices", "--json"])
    assert result.exit_code == 0
    assert isinstance(json.loads(result.stdout), list)


@pytest.mark.parametrize("command", [["test-print"], ["test-scan"], ["roll-changed"]])
def test_what_needs_the_terminal_says_that_it_does_not_run(
    tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK__PATHS__STATE_DIR", str(tmp_path))
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 3
    assert "not running" in result.stderr


def test_printed_is_said_only_with_proof() -> None:
    at = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert trial_line(Tried("printer", at, "proven")).startswith("printed")
    assert "not printed (paper_out)" in trial_line(Tried("printer", at, "failed", "paper_out"))
    assert trial_line(Tried("printer", at, "unknown", "no_proof")).startswith("not known")
