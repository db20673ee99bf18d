"""What logind says to the daemon, and what staff are told of it: a stand-in for busctl."""

import os
import re
from pathlib import Path

import pytest

from kiosk.daemon import acts
from kiosk.daemon.machine_power import MachinePower, barred_here
from kiosk.training import MARK

ROOT = Path(__file__).parents[2]


class Machine:
    def __init__(self, folder: Path) -> None:
        self.program = folder / "busctl"
        self.noted: list[acts.Act] = []
        self.power = self.with_deadline(10)

    def with_deadline(self, within_s: float) -> MachinePower:
        return MachinePower(
            self.noted.append,
            barred="",
            is_printing=lambda: False,
            busctl=str(self.program),
            within_s=within_s,
        )

    def answers(self, may: str, does: str) -> None:
        """Shell lines for the question whether it can, and for the deed."""
        script = f'#!/bin/sh\ncase "$*" in *Can*) {may};; *) {does};; esac\n'
        self.program.write_text(script, encoding="utf-8")
        self.program.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("may", "does", "why"),
    [
        ("echo 's \"challenge\"'", "exit 0", "refused"),
        ("echo 's \"no\"'", "exit 0", "refused"),
        ("echo 's \"na\"'", "exit 0", "refused"),
        ("exit 1", "exit 0", "no_answer"),
        ("echo 's \"yes\"'", "exit 1", "refused"),
    ],
    ids=["challenge", "no", "na", "no-bus", "denied"],
)
async def test_a_refusal_is_told_and_never_called_done(
    machine: Machine, may: str, does: str, why: str
) -> None:
    machine.answers(may, does)
    said = await machine.power.switch("reboot", "1001")
    assert (said.key, said.well) == (f"power_{why}", False)
    assert machine.noted == [
        acts.PowerAsked("reboot", "1001"),
        acts.PowerAnswered("reboot", why, "1001"),
    ]


async def test_silence_after_the_deed_is_not_known_and_the_child_is_ended(
    machine: Machine,
) -> None:
    machine.answers("echo 's \"yes\"'", f"echo $$ >{machine.program}.pid; exec sleep 600")
    said = await machine.with_deadline(2.0).switch("power_off", "1001")
    assert (said.key, said.well) == ("power_unknown", False)
    child = int(machine.program.with_name("busctl.pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


async def test_a_machine_without_the_program_does_not_answer(machine: Machine) -> None:
    assert await machine.power.hindrance("power_off") == "no_answer"


async def test_where_it_is_barred_nobody_is_asked(machine: Machine) -> None:
    machine.answers(f"touch {machine.program}.asked", f"touch {machine.program}.asked")
    power = MachinePower(
        machine.noted.append,
        barred=barred_here({MARK: "1"}),
        is_printing=lambda: False,
        busctl=str(machine.program),
    )
    assert await power.hindrance("reboot") == "training"
    assert (await power.switch("reboot", "1001")).key == "power_training"
    assert not machine.program.with_name("busctl.asked").exists()


def test_a_demonstration_does_not_switch_off_its_owners_machine() -> None:
    assert barred_here({}, user_id=0) == "not_installed"
    assert barred_here({}, user_id=987_654_321) == "not_installed"


def test_the_rule_lets_one_user_do_two_things() -> None:
    rule = (ROOT / "deploy/polkit/50-kiosk.rules").read_text(encoding="utf-8")
    code = re.sub(r"//.*", "", rule)
    assert re.findall(r'(\S+) === "([^"]*)"', code) == [
        ("(subject.user", "kiosk"),
        ("(action.id", "org.freedesktop.login1.power-off"),
        ("action.id", "org.freedesktop.login1.reboot"),
    ]
    assert re.sub(r"\s+", " ", code).strip() == (
        "polkit.addRule(function (action, subject) {"
        ' if (subject.user === "kiosk" &&'
        ' (action.id === "org.freedesktop.login1.power-off" ||'
        ' action.id === "org.freedesktop.login1.reboot"))'
        " { return polkit.Result.YES; } });"
    )


def test_of_the_terminals_units_the_daemon_alone_reaches_the_systems_bus() -> None:
    units = ROOT / "deploy/systemd"
    barred = "InaccessiblePaths=-/run/dbus\n"
    for name in ("kiosk-screen", "kiosk-training"):
        assert barred in (units / f"{name}.service").read_text(encoding="utf-8")
    daemon = (units / "kiosk-daemon.service").read_text(encoding="utf-8")
    assert "/run/dbus" not in daemon
    assert "AF_UNIX" in daemon
