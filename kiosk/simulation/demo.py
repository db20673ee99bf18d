"""Everything on one machine: simulated devices, a central service, and the terminal."""

import asyncio
import os
import socket
import webbrowser
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from central.sandbox.own_terminal import own_terminal
from config.load import load
from config.schema import Terminal
from drivers.simulated.model import PROFILE_OF_WIDTH
from kiosk import logs
from kiosk.daemon.identity import FOLDER
from kiosk.process import serving
from kiosk.simulation.display import virtual_display
from kiosk.simulation.robot import Robot
from kiosk.simulation.walkthrough import Walkthrough
from kiosk.staff import SOCKET_NAME
from kiosk.supervisor import Patience, Program, Supervisor, kiosk_command
from kiosk.terminal import terminal_programs

USUAL_PORTS = (8543, 8544, 8545, 8631)


@dataclass(frozen=True, slots=True)
class Ports:
    """TCP ports on loopback: the service, the line to it that can be cut, panel, A4 printer."""

    service: int
    line: int
    panel: int
    a4: int

    @classmethod
    def chosen(cls) -> "Ports":
        """The usual ports where they are free, others otherwise."""
        with ExitStack() as held:
            return cls(*(_free_port(usual, held) for usual in USUAL_PORTS))

    @classmethod
    def any(cls) -> "Ports":
        """Ports that nobody expects: for terminals that others start and stop beside this one."""
        with ExitStack() as held:
            return cls(*(_free_port(0, held) for _ in USUAL_PORTS))


class DemoTerminal:
    """Starts all processes in their order, and stops them in reverse.

    Args:
        in_hall: in the place of a real terminal: its screen is full, nothing looks into it, and
            no process outlives this one for a moment.

    Attributes:
        panel_url: address of the steering panel.
        testport: socket of the screen's widget tree.
        supervisor: who watches the processes.
    """

    def __init__(
        self,
        state_dir: Path,
        slips_dir: Path,
        size_px: tuple[int, int],
        paper_mm: int,
        *,
        settings: Mapping[str, Mapping[str, object]] | None = None,
        environment: Mapping[str, str] | None = None,
        patience: Patience = Patience(),  # noqa: B008 (immutable)
        ports: Ports | None = None,
        second_printer: bool = False,
        in_hall: bool = False,
        central_options: Sequence[str] = ("--sandbox",),
    ) -> None:
        self._state = state_dir.resolve()
        self._slips = slips_dir.resolve()
        self._size = size_px
        self._paper_mm = paper_mm
        self._second_printer = second_printer
        self._central_options = central_options
        self._ahead_s = 0.0
        self._settings = settings or {}
        self._environment = environment or {}
        self._ports = ports or Ports.chosen()
        self._in_hall = in_hall
        tied = ("setpriv", "--pdeathsig", "KILL", "--") if in_hall else ()
        self.supervisor = Supervisor(self._state / "notify", patience, asked="daemon", before=tied)
        self.testport = self._state / "screen.sock"
        self.panel_url = f"http://127.0.0.1:{self._ports.panel}"

    @property
    def daemon_socket(self) -> Path:
        """Where the daemon listens."""
        return self._state / "terminal" / SOCKET_NAME

    @property
    def settings_file(self) -> Path:
        """The settings that this terminal runs with."""
        return self._state / "demo.toml"

    @property
    def _ahead_file(self) -> Path:
        return self._state / "clock-ahead"

    def skip(self, seconds: float) -> None:
        """Let so much time pass for the daemon at once; its wall clock stays."""
        self._ahead_s += seconds
        whole = self._ahead_file.with_suffix(".new")
        whole.write_text(f"{self._ahead_s}", "ascii")
        whole.replace(self._ahead_file)

    async def start(self, *, with_screen: bool = True) -> None:
        """Start everything; returns when the screen has drawn its first frame."""
        self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._ahead_file.unlink(missing_ok=True)
        ports = self._ports
        self.settings_file.write_text(self._toml(ports), encoding="utf-8")
        central = kiosk_command(
            "central",
            *("--dir", str(self._state / "central")),
            *("--port", str(ports.service)),
            *self._central_options,
        )
        simulate = kiosk_command(
            "simulate",
            *("--dir", str(self._state / "devices")),
            *("--slips", str(self._slips)),
            *("--paper-mm", str(self._paper_mm)),
            *("--central-dir", str(self._state / "central")),
            *("--service-port", str(ports.service)),
            *("--line-port", str(ports.line)),
            *("--panel-port", str(ports.panel)),
            *("--a4-port", str(ports.a4)),
            *(("--second-printer",) if self._second_printer else ()),
        )
        environment = dict(self._environment)
        if not self._in_hall:
            environment["KIOSK_TESTPORT"] = str(self.testport)
            environment["KIOSK_CLOCK_AHEAD"] = str(self._ahead_file)
        settings = load((self.settings_file,))
        daemon, screen = terminal_programs(
            settings,
            [self.settings_file],
            () if self._in_hall else ("--windowed",),
            environment,
        )
        await self.supervisor.start(Program("central", central))
        await self._enrol()
        await self.supervisor.start(Program("simulation", simulate))
        await self.supervisor.start(daemon)
        if with_screen:
            await self.supervisor.start(screen)

    async def stop(self) -> None:
        """Stop everything."""
        await self.supervisor.stop()

    async def _enrol(self) -> None:
        """Makes the terminal one of the service's own, unless it is already."""
        url = f"https://127.0.0.1:{self._ports.service}"
        folder = self._state / "terminal" / FOLDER
        await own_terminal(self._state / "central", url, folder, self._terminal_number)

    @property
    def _terminal_number(self) -> str:
        section = self._settings.get("terminal", {})
        return str(section.get("number", Terminal().number))

    def _toml(self, ports: Ports) -> str:
        sections: dict[str, dict[str, object]] = {
            "screen": {"width_px": self._size[0], "height_px": self._size[1]},
            "printer": self._printer("printer"),
            **({"printer2": self._printer("printer2")} if self._second_printer else {}),
            "a4": {"address": f"ipp://127.0.0.1:{ports.a4}/ipp/print"},
            "scanner": {"address": str(self._state / "devices" / "scanner")},
            "keypad": {"address": f"simulated:{self._state / 'devices' / 'keypad'}"},
            "service": {
                "url": f"https://127.0.0.1:{ports.line}",
                "probe_up_s": 3.0,
                "probe_down_s": 3.0,
                "first_contact_within_s": 0.0,
            },
            "paths": {"state_dir": str(self._state / "terminal")},
        }
        for section, values in self._settings.items():
            sections.setdefault(section, {}).update(values)
        return "\n".join(
            f"[{section}]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in keys.items())
            for section, keys in sections.items()
        )

    def _printer(self, name: str) -> dict[str, object]:
        address = str(self._state / "devices" / name)
        return {"address": address, "profile": PROFILE_OF_WIDTH[self._paper_mm]}


def _toml(value: object) -> str:
    """A number or a text as TOML; JSON writes both in the same way."""
    return msgspec.json.encode(value).decode()


def _free_port(usual: int, held: ExitStack) -> int:
    """A port that nobody uses; held until all are chosen, so that none is chosen twice."""
    for port in (usual, 0):
        listening = held.enter_context(socket.socket())
        try:
            listening.bind(("127.0.0.1", port))
        except OSError:
            continue
        return int(listening.getsockname()[1])
    raise OSError("no free port on loopback")


async def run_demo(
    state_dir: Path,
    out_dir: Path,
    size_px: tuple[int, int],
    paper_mm: int,
    *,
    walk: bool | None,
    second_printer: bool = False,
) -> None:
    """Run a whole terminal on the display there is; or, where there is none, walk through it."""
    logs.start("demo")
    with ExitStack() as stack:
        display = os.environ.get("DISPLAY", "")
        if not display:
            display = stack.enter_context(virtual_display(*size_px))
            walk = True if walk is None else walk
        terminal = DemoTerminal(
            state_dir,
            out_dir / "slips",
            size_px,
            paper_mm,
            environment={"DISPLAY": display},
            second_printer=second_printer,
        )
        try:
            await terminal.start()
            click.echo(f"The terminal is running. Steering panel: {terminal.panel_url}")
            click.echo(f"A technician's view: kiosk status --settings {terminal.settings_file}")
            if walk:
                robot = Robot(display, terminal.testport)
                walkthrough = Walkthrough(robot, terminal.panel_url, out_dir)
                await asyncio.to_thread(walkthrough.run)
                click.echo(f"Screens and slips are in {out_dir}")
                return
            async with serving() as stopped:
                await asyncio.to_thread(webbrowser.open, terminal.panel_url)
                await stopped.wait()
        finally:
            await terminal.stop()
