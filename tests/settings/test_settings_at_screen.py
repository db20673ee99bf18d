"""Settings at the screen: what is shown of them, and what may be changed there."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from config.explain import descriptions
from config.section import Changed
from kiosk import settings_pages as p
from kiosk import staff_messages as s
from kiosk.admin_base import Said, Who
from kiosk.clock import SystemClock
from kiosk.daemon import acts
from kiosk.daemon.admin.settings_at_screen import SettingsAtScreen
from kiosk.daemon.settings_desk import SettingsDesk
from kiosk.settings.loading import loaded
from kiosk.settings.store import FOLDER, SettingsStore
from kiosk.text.settings import chinese_names

WHO = Who("2001", "王芳", "supervisor")


class AtScreen:
    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.file = folder / "terminal.toml"
        self.file.write_text(f'[paths]\nstate_dir = "{folder}"\n[printer]\nbaud = 9600\n')
        self.noted: list[acts.Act] = []
        self.desk = SettingsDesk(
            SettingsStore(folder / FOLDER),
            [self.file],
            SystemClock(),
            note=self.noted.append,
            grave_faults=frozenset,
            identity=lambda: None,
            restart=lambda: None,
            environment=environment,
        )
        self.screen = SettingsAtScreen(self.desk, self.noted.append)

    def page(self, tag: str, only: str = "all") -> p.SettingsPages:
        return asyncio.run(self.screen.page(tag, only, WHO, None, ""))

    def line(self, name: str) -> p.SettingLine:
        page = self.page(p.SECTION, name.partition(".")[0])
        assert isinstance(page, p.SectionPage)
        return next(one for one in page.lines if one.name == name)

    def set(self, name: str, value: str | None) -> Said:
        section, key = name.split(".")
        asked = s.ChangeSettings((s.SettingChange(section, key, value),))
        return asyncio.run(self.screen.change(asked, "2001"))

    def back(self) -> Said:
        return asyncio.run(self.screen.change(s.RollBackSettings(), "2001"))

    @property
    def baud(self) -> int:
        return loaded([self.file], {}).settings.printer.baud


@pytest.fixture
def at(tmp_path: Path) -> AtScreen:
    return AtScreen(tmp_path, {"KIOSK__VISIT__IDLE_S": "90"})


def test_each_setting_says_where_its_value_comes_from(at: AtScreen) -> None:
    assert at.line("printer.baud") == p.SettingLine(
        "printer", "baud", "9600", "file", "terminal.toml:4"
    )
    assert at.line("printer.roll_m") == p.SettingLine("printer", "roll_m", "75", "default")
    assert at.line("visit.idle_s").layer == "environment"
    at.set("printer.baud", "19200")
    assert at.line("printer.baud") == p.SettingLine("printer", "baud", "19200", "here")


def test_a_change_is_kept_on_trial_told_and_comes_back_when_asked(at: AtScreen) -> None:
    assert at.set("printer.baud", "19200") == Said("settings_kept", "1")
    page = at.page(p.SETTINGS)
    assert isinstance(page, p.SettingsPage)
    assert page.stand == p.SettingsStand(1, 0, is_awaited=True)
    assert at.noted == [
        acts.SettingsChanged(1, "staff", "printer.baud"),
        acts.SettingsChangedAtScreen("2001", "printer.baud"),
    ]
    assert at.baud == 19200
    assert at.back().well
    assert at.baud == 9600
    assert at.noted[-1] == acts.SettingsChangedAtScreen("2001", "printer.baud")
    at.set("printer.baud", "38400")
    assert at.set("printer.baud", None).well
    assert at.line("printer.baud").layer == "file"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("printer.baud", "7", Said("setting_refused", "printer.baud", well=False)),
        ("printer.baud", "", Said("setting_refused", "printer.baud", well=False)),
        ("scanner.suffix", "cr", Said("setting_refused", "scanner.suffix", well=False)),
        ("terminal.number", "04", Said("setting_not_here", "terminal.number", well=False)),
        ("paths.state_dir", "/elsewhere", Said("setting_not_here", "paths.state_dir", well=False)),
        ("visit.idle_s", "60", Said("setting_not_here", "visit.idle_s", well=False)),
        ("no.such", "1", Said("setting_not_here", "no.such", well=False)),
    ],
)
def test_what_is_not_allowed_changes_nothing(
    at: AtScreen, name: str, value: str, said: Said
) -> None:
    assert at.set(name, value) == said
    assert at.noted == []


def test_a_value_that_no_device_knows_is_said_with_the_reason(at: AtScreen) -> None:
    said = at.set("printer.profile", "no-such")
    assert (said.key, said.well) == ("setting_unusable", False)
    assert "no-such" in said.detail
    assert at.noted == []


def test_what_was_set_by_command_is_not_taken_back_at_the_screen(at: AtScreen) -> None:
    change = s.ChangeSettings((s.SettingChange("hall", "name_zh", "海淀"),))
    assert isinstance(asyncio.run(at.desk.answer(change)), s.Acted)
    assert at.back() == Said("setting_not_here", "hall.name_zh", well=False)


@pytest.mark.parametrize("name", ["terminal.number", "paths.state_dir", "visit.idle_s", "no.such"])
def test_what_cannot_be_changed_here_has_no_page_to_change_it(at: AtScreen, name: str) -> None:
    assert not isinstance(at.page(p.SETTING, name), p.SettingPage)


def test_a_damaged_store_is_said_and_nothing_is_changed(at: AtScreen, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "state.json").write_text("{")
    assert at.page(p.SETTINGS).said == Said("settings_unreadable", well=False)
    assert at.set("printer.baud", "19200") == Said("settings_unreadable", well=False)
    assert at.noted == []


def test_every_setting_has_a_chinese_sentence_and_every_number_a_range() -> None:
    assert chinese_names() == {one.name for one in descriptions()}
    numbers = [one for one in descriptions() if one.kind != "text"]
    assert [
        one.name for one in numbers if one.most is None or (one.least is None and one.above is None)
    ] == []


def test_who_the_terminal_is_and_whom_it_trusts_is_not_for_the_screen() -> None:
    kept_away = {one.name for one in descriptions() if one.changed is not Changed.AT_SCREEN}
    assert kept_away >= {
        "terminal.number",
        "service.url",
        "service.ca_file",
        "support.office_key",
        "stick.trust_file",
        "voice.devices",
        "staff.corner",
        "paths.state_dir",
    }
