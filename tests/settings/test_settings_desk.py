"""Settings are changed at a running terminal: checked, kept, tried, taken back."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from central.identity import Identity
from central.keys import private_pem
from central.service.authority import new_root
from central.signed_settings import SettingsOrder, signed
from config.schema import Settings
from kiosk import staff_messages as s
from kiosk.clock import SystemClock
from kiosk.daemon import acts
from kiosk.daemon.settings_desk import SettingsDesk
from kiosk.health.machine import settings_faults
from kiosk.settings.loading import loaded
from kiosk.settings.store import FOLDER, MAX_STARTS, SettingsStore

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AUTHORITY_KEY, AUTHORITY = new_root("the office", NOW)
STRANGER_KEY, _ = new_root("somebody", NOW)


class Terminal:
    """A terminal's settings, without the rest of it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "terminal.toml"
        self.file.write_text(f'[paths]\nstate_dir = "{folder}"\n[printer]\nbaud = 9600\n')
        self.store = SettingsStore(folder / FOLDER)
        self.faults: frozenset[str] = frozenset({"printer_paper_out"})
        self.noted: list[acts.Act] = []
        self.restarts = 0
        ca_pem = AUTHORITY.public_bytes(serialization.Encoding.PEM).decode()
        self.identity: Identity | None = Identity("https://x:1", "11", ca_pem, "", NOW, NOW)
        self.desk = SettingsDesk(
            self.store,
            [self.file],
            SystemClock(),
            note=self.noted.append,
            grave_faults=lambda: self.faults,
            identity=lambda: self.identity,
            restart=self._restart,
            environment={},
        )

    def _restart(self) -> None:
        self.restarts += 1

    def set(self, *changes: tuple[str, str | None]) -> s.StaffAnswer:
        asked = [s.SettingChange(*name.split("."), value) for name, value in changes]  # type: ignore[misc]
        return asyncio.run(self.desk.answer(s.ChangeSettings(tuple(asked))))

    def take(self, carried: bytes) -> s.StaffAnswer:
        return asyncio.run(self.desk.answer(s.TakeSettings(carried)))

    def back(self, number: int | None = None) -> s.StaffAnswer:
        return asyncio.run(self.desk.answer(s.RollBackSettings(number)))

    def judge(self) -> None:
        asyncio.run(self.desk.judge())

    @property
    def now(self) -> Settings:
        return loaded([self.file], {}).settings

    @property
    def doctor(self) -> list[str]:
        return [one.id for one in settings_faults([self.file], {})[1]]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def order(text: str, serial: int = 1, terminal: str = "11") -> bytes:
    return signed(SettingsOrder(terminal, serial, NOW, text), private_pem(AUTHORITY_KEY))


def test_what_is_set_here_wins_over_files_and_what_was_before_comes_back(
    terminal: Terminal,
) -> None:
    assert isinstance(terminal.set(("printer.baud", "19200"), ("visit.idle_s", "60")), s.Acted)
    assert (terminal.now.printer.baud, terminal.now.visit.idle_s) == (19200, 60)
    assert terminal.restarts == 1
    assert terminal.noted == [acts.SettingsChanged(1, "staff", "printer.baud visit.idle_s")]
    terminal.judge()
    assert isinstance(terminal.set(("printer.baud", None)), s.Acted)
    assert terminal.now.printer.baud == 9600
    assert isinstance(terminal.back(), s.Acted)
    assert terminal.now.printer.baud == 19200
    shown = asyncio.run(terminal.desk.answer(s.AskSettings()))
    assert isinstance(shown, s.SettingsShown)
    assert [one.by for one in shown.versions] == ["rollback", "staff", "staff"]
    assert (shown.active, shown.proven) == (3, 1)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("printer.baud", "7", ">= 1200"),
        ("printer.baud", "fast", "Expected `int`"),
        ("printer.buad", "9600", "unknown field"),
        ("no.such", "1", "unknown field"),
        ("printer.profile", "no-such", "profile"),
        ("paths.state_dir", "/elsewhere", "only a settings file"),
        ("visit.idle_s", "120.5", "Expected `int`"),
        ("hall.name_zh", "甲\x1b[2J", "none that is not a letter"),
    ],
)
def test_a_wrong_change_changes_nothing_and_says_what_is_allowed(
    terminal: Terminal, name: str, value: str, said: str
) -> None:
    answer = terminal.set(("hall.name_en", "Other"), (name, value))
    assert isinstance(answer, s.NotDone)
    assert said in answer.why
    assert terminal.now.hall.name_en == Settings().hall.name_en
    assert (terminal.restarts, terminal.noted) == (0, [])


def test_a_terminal_that_is_worse_goes_back_by_itself(terminal: Terminal) -> None:
    terminal.set(("printer.baud", "19200"))
    terminal.judge()
    terminal.set(("printer.baud", "115200"))
    terminal.faults |= {"printer_silent"}
    terminal.judge()
    assert terminal.now.printer.baud == 19200
    assert terminal.restarts == 3
    assert terminal.noted[-1] == acts.SettingsGivenUp(2, "printer_silent")
    assert terminal.doctor == ["settings_given_up"]
    terminal.faults = frozenset()
    terminal.set(("printer.baud", "38400"))
    assert terminal.doctor == []


def test_a_fault_that_was_there_before_is_not_the_changes(terminal: Terminal) -> None:
    terminal.set(("printer.baud", "19200"))
    terminal.judge()
    assert terminal.store.state.proven == 1
    assert terminal.noted[-1] == acts.SettingsProven(1)


def test_a_daemon_that_does_not_come_up_is_started_with_what_was_proven(
    terminal: Terminal,
) -> None:
    terminal.set(("printer.baud", "19200"))
    for _ in range(MAX_STARTS):
        assert terminal.store.starting() == ""
        assert terminal.now.printer.baud == 19200
    assert terminal.store.starting() == "starts"
    assert terminal.now.printer.baud == 9600
    assert terminal.doctor == ["settings_given_up"]


def test_a_proven_version_is_not_given_up_however_often_it_starts(terminal: Terminal) -> None:
    terminal.set(("printer.baud", "19200"))
    terminal.judge()
    for _ in range(3 * MAX_STARTS):
        terminal.store.starting()
    assert terminal.now.printer.baud == 19200


def test_damaged_versions_never_keep_the_terminal_from_starting(terminal: Terminal) -> None:
    terminal.set(("printer.baud", "19200"))
    terminal.judge()
    terminal.set(("printer.baud", "38400"))
    folder = terminal.file.parent / FOLDER
    (folder / "00000002.json").write_bytes(b"\x00" * 20)
    assert terminal.now.printer.baud == 19200
    assert terminal.doctor == ["settings_set_aside"]
    (folder / "00000001.json").unlink()
    assert terminal.now.printer.baud == 9600
    (folder / "state.json").write_bytes(b"{")
    assert terminal.now.printer.baud == 9600
    assert terminal.doctor == ["settings_set_aside"]
    assert isinstance(terminal.set(("printer.baud", "19200")), s.NotDone)


# --- signed by the office ---------------------------------------------------------------------


def test_the_offices_order_is_taken_once_and_what_staff_set_wins(terminal: Terminal) -> None:
    terminal.set(("printer.baud", "19200"))
    text = '[hall]\nname_zh = "海淀厅"\n[printer]\nbaud = 38400\n'
    assert isinstance(terminal.take(order(text)), s.Acted)
    assert (terminal.now.hall.name_zh, terminal.now.printer.baud) == ("海淀厅", 19200)
    again = terminal.take(order(text))
    assert isinstance(again, s.NotDone)
    assert "not newer" in again.why
    assert isinstance(terminal.take(order("", serial=2, terminal="")), s.Acted)
    assert terminal.now.hall.name_zh == Settings().hall.name_zh


def test_an_order_that_was_given_up_does_not_come_back(terminal: Terminal) -> None:
    terminal.take(order("[printer]\nbaud = 1200\n", serial=5))
    terminal.faults |= {"printer_silent"}
    terminal.judge()
    assert isinstance(terminal.take(order("[printer]\nbaud = 1200\n", serial=5)), s.NotDone)
    assert isinstance(terminal.take(order("[printer]\nbaud = 4800\n", serial=6)), s.Acted)


def _changed(carried: bytes) -> bytes:
    middle = carried.index(b'"order"') + 30
    return carried[:middle] + bytes([carried[middle] ^ 1]) + carried[middle + 1 :]


@pytest.mark.parametrize(
    ("carried", "said"),
    [
        (order("[printer]\nbaud = 1\n"), "signed by the service:2: [printer] baud"),
        (order("a = " + "[" * 5000 + "]" * 5000), "not a TOML file"),
        (order('[hall]\nname_zh = "' + "x" * 2000 + '"'), "at most 1024"),
        (order("# " + "x" * 70000), "longer than"),
        (order('[paths]\nstate_dir = "/tmp/x"'), "only a settings file"),
        (order("", terminal="12"), "for terminal 12"),
        (_changed(order("[visit]\nidle_s = 60\n")), "not signed"),
        (
            signed(SettingsOrder("11", 9, NOW, ""), private_pem(STRANGER_KEY)),
            "not signed by this terminal's service",
        ),
        (b"[printer]\nbaud = 9600\n", "cannot be read"),
        (b"x" * 200_000, "longer than"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_hostile_order_changes_nothing(terminal: Terminal, carried: bytes, said: str) -> None:
    answer = terminal.take(carried)
    assert isinstance(answer, s.NotDone)
    assert said in answer.why
    assert terminal.store.state.active == 0


def test_who_is_not_enrolled_trusts_no_signature(terminal: Terminal) -> None:
    terminal.identity = None
    answer = terminal.take(order(""))
    assert isinstance(answer, s.NotDone)
    assert "not enrolled" in answer.why
