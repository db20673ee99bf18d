"""`kiosk settings` and `kiosk central sign-settings`, as people type them."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from central.service.authority import Authority
from central.signed_settings import opened
from config.explain import descriptions
from config.load import WrongSetting, load
from kiosk.cli import main


def kiosk(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment)


def test_each_setting_is_shown_with_where_it_comes_from(tmp_path: Path) -> None:
    hall, terminal = tmp_path / "hall.toml", tmp_path / "terminal.toml"
    hall.write_text('[hall]\n\nname_zh = "甲"\n[printer]\nbaud = 9600\n', encoding="utf-8")
    terminal.write_text(f'[paths]\nstate_dir = "{tmp_path}"\n', encoding="utf-8")
    named = os.pathsep.join((str(hall), str(terminal)))
    said = kiosk("settings", "show", KIOSK_SETTINGS=named, KIOSK__PRINTER__BAUD="19200").output
    lines = {line.split()[0]: line for line in said.splitlines()}
    assert lines["hall.name_zh"].endswith(f"{hall}:3")
    assert lines["printer.baud"].split()[1:] == ["19200", "environment"]
    assert "visit.idle_s" not in lines
    one = kiosk("settings", "show", "visit.idle_s", KIOSK_SETTINGS=named).output
    assert "at least 30 and at most 900" in one
    rows = json.loads(kiosk("settings", "show", "--json", KIOSK_SETTINGS=named).output)
    assert len(rows) == len(descriptions())


def test_every_setting_says_what_it_is_for() -> None:
    for one in descriptions():
        assert one.about.endswith("."), one
        assert one.kind in ("text", "whole number", "number")


def test_files_are_checked_before_they_are_carried_anywhere(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.toml", tmp_path / "wrong.toml"
    right.write_text("[visit]\nidle_s = 60\n")
    wrong.write_text("[visit]\n\nidle_s = 6\n")
    said = kiosk("settings", "check", str(right), str(wrong))
    assert said.exit_code == 1
    assert "right.toml: right" in said.output
    assert "wrong.toml:3: [visit] idle_s" in said.output
    said = kiosk("settings", "check", "--json", str(right), str(wrong))
    assert said.exit_code == 1
    first, second = json.loads(said.output)
    assert first == {"file": str(right), "wrong": ""}
    assert "wrong.toml:3: [visit] idle_s" in second["wrong"]


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 9000 + "]" * 9000,
        "# " + "x" * 300_000,
        '[hall]\nname_zh = "\\u0000"',
        '[hall]\nname_zh = "\\u001b]0;x\\u0007"',
        "[service]\nanswer_within_s = nan",
        "[service]\nanswer_within_s = inf",
        "[printer]\nbaud = true",
        "[printer]\nbaud = 9999999999999999999999999",
        "[printer]\nbaud = 1\nbaud = 2",
        "[[printer]]\nbaud = 9600",
    ],
)
def test_a_hostile_file_is_a_wrong_setting_and_nothing_else(tmp_path: Path, text: str) -> None:
    file = tmp_path / "terminal.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WrongSetting):
        load([file])


def test_bytes_that_are_no_text_are_a_wrong_setting(tmp_path: Path) -> None:
    file = tmp_path / "terminal.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WrongSetting):
        load([file])


def test_the_office_signs_only_what_is_right(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.ensure()
    file, out = tmp_path / "hall.toml", tmp_path / "hall.signed"
    file.write_text("[visit]\nidle_s = 6\n")
    arguments = ("central", "sign-settings", str(file), "--dir", str(tmp_path), "--out", str(out))
    assert "idle_s" in kiosk(*arguments).output
    assert not out.exists()
    file.write_text("[visit]\nidle_s = 60\n")
    assert kiosk(*arguments, "--terminal", "11", "--serial", "3").exit_code == 0
    found = opened(out.read_bytes(), authority.ca_file.read_text())
    assert (found.terminal, found.serial, found.settings) == ("11", 3, "[visit]\nidle_s = 60\n")


def test_a_terminal_that_does_not_run_is_said(tmp_path: Path) -> None:
    said = kiosk("settings", "set", "printer.baud=9600", KIOSK__PATHS__STATE_DIR=str(tmp_path))
    assert said.exit_code == 3
    assert kiosk("settings", "set", "baud").exit_code == 2
