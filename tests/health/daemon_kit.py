"""A whole daemon in the test's own process, with real devices' stand-ins and a real service.

Faults are done to what is around it; what it says is read where people read it: on the public
screen (over the socket, as the screen process does), on the staff's overview and from the doctor.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from central.admin import Admin, CodeWanted
from central.enrolling import enrol
from central.enrolment_code import EnrolmentCode
from central.identity import Identity, IdentityFiles
from central.platforms.platform import Platform
from central.sandbox.platform import SandboxPlatform
from central.service.running import RunningService, run_service
from drivers.simulated.devices import SimulatedDevices
from kiosk import admin_messages as a
from kiosk import messages as m
from kiosk.clock import SystemClock
from kiosk.daemon.admin.pages import View
from kiosk.daemon.container import Daemon
from kiosk.daemon.identity import FOLDER
from kiosk.fonts import fonts_dir
from kiosk.health.doctor import examine
from kiosk.settings.loading import loaded
from kiosk.staff import SOCKET_NAME

TERMINAL = "03"
PATIENT_S = 30.0
WHO = a.Who("1", "A", "supervisor")


class ShiftedClock:
    """The machine's clocks, moved by the test."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self.ahead = timedelta()
        self.waited_s = 0.0

    def now(self) -> datetime:
        return self._real.now() + self.ahead

    def monotonic(self) -> float:
        return self._real.monotonic() + self.waited_s


@dataclass
class Service:
    """A service with its own clock."""

    directory: Path
    running: RunningService
    ahead: list[timedelta]

    @property
    def admin(self) -> Admin:
        return Admin(self.directory)


@asynccontextmanager
async def service(
    directory: Path, platform: Platform | None = None, port: int = 0
) -> AsyncGenerator[Service]:
    ahead = [timedelta()]
    clock = SystemClock()
    async with run_service(
        directory,
        "127.0.0.1",
        port,
        platform or SandboxPlatform(),
        now=lambda: clock.now() + ahead[0],
    ) as running:
        yield Service(directory, running, ahead)


async def enrolled(admin: Admin, files: IdentityFiles, url: str) -> Identity:
    code = await admin.issue_code(CodeWanted(TERMINAL, url=url))
    identity = await enrol(files, EnrolmentCode.parse(code.qr_text), TERMINAL, url, PATIENT_S)
    assert isinstance(identity, Identity), identity
    return identity


@dataclass
class Whole:
    """A running daemon, and what is around it."""

    folder: Path
    clock: ShiftedClock
    daemon: Daemon | None = None
    fonts: Path = field(default_factory=fonts_dir)
    shows: list[m.Show] = field(default_factory=list[m.Show])
    _screen: asyncio.Task[None] | None = None
    _line: asyncio.StreamWriter | None = None

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def file(self) -> Path:
        return self.folder / "terminal.toml"

    @property
    def identity_files(self) -> IdentityFiles:
        return IdentityFiles(self.state / FOLDER)

    def write_settings(self, text: str) -> None:
        self.file.write_text(
            f'[paths]\nstate_dir = "{self.state}"\nfonts_dir = "{self.fonts}"\n{text}',
            encoding="utf-8",
        )

    async def start(self) -> None:
        """As `kiosk daemon` does it, and a screen connects."""
        self.daemon = Daemon(loaded([self.file], {}).settings, self.clock, [self.file])
        await self.daemon.start(self.state / SOCKET_NAME)
        self.open_screen()

    def open_screen(self) -> None:
        self._screen = asyncio.create_task(self._look())

    async def close_screen(self) -> None:
        if self._screen is not None:
            self._screen.cancel()
            await asyncio.gather(self._screen, return_exceptions=True)
            self._screen = None

    async def stop(self) -> None:
        await self.close_screen()
        if self.daemon is not None:
            await self.daemon.close()
            self.daemon = None

    async def send(self, intent: m.Intent) -> None:
        """Somebody presses something on the screen that is connected."""
        assert self._line is not None
        self._line.write(msgspec.json.encode(intent) + b"\n")
        await self._line.drain()

    async def _look(self) -> None:
        reader, writer = await asyncio.open_unix_connection(
            self.state / SOCKET_NAME, limit=m.MAX_LINE_BYTES
        )
        self._line = writer
        try:
            writer.write(msgspec.json.encode(m.Hello(m.Role.SCREEN, m.PROTOCOL_VERSION)) + b"\n")
            while line := await reader.readline():
                show = msgspec.json.decode(line, type=m.FromDaemon)
                if isinstance(show, m.Show):
                    self.shows.append(show)
        finally:
            writer.close()

    # --- where people read --------------------------------------------------------------------

    @property
    def ribbons(self) -> tuple[str, ...]:
        """What stands under the header of the public screen."""
        return self.shows[-1].ribbons if self.shows else ("(no screen yet)",)

    @property
    def situation(self) -> str:
        return str(self.shows[-1].situation.__struct_config__.tag) if self.shows else ""

    async def doctor(self, *, deep: bool = False) -> set[str]:
        seen = await examine([self.file], os.environ, self.clock.now, deep=deep)
        return {one.id for one in seen.faults}

    async def overview(self) -> set[str]:
        assert self.daemon is not None
        page = await self.daemon.pages.make("admin_overview", View(WHO, None))
        assert isinstance(page, a.Overview)
        return {one.id for one in page.faults}

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENT_S):
                while not holds():
                    await asyncio.sleep(0.02)
        except TimeoutError as error:
            raise AssertionError(f"{what}; the screen says {self.ribbons}") from error

    async def until_async(self, holds: Callable[[], Coroutine[Any, Any, bool]], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENT_S):
                while not await holds():
                    await asyncio.sleep(0.05)
        except TimeoutError as error:
            raise AssertionError(f"{what}: {await self.overview()}, {self.ribbons}") from error


@asynccontextmanager
async def whole(
    folder: Path,
    *,
    devices: SimulatedDevices | None = None,
    url: str = "",
    text: str = "",
    fonts: Path | None = None,
) -> AsyncGenerator[Whole]:
    """A terminal that is not started yet; stopped at the end."""
    there = Whole(folder, ShiftedClock(), fonts=fonts or fonts_dir())
    there.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    printer = scanner = keypad = a4 = ""
    if devices is not None:
        printer = f'[printer]\naddress = "{folder}/devices/printer"\nprofile = "epson-tm-t88"\n'
        scanner = f'[scanner]\naddress = "{folder}/devices/scanner"\n'
        keypad = f'[keypad]\naddress = "simulated:{folder}/devices/keypad"\n'
        a4 = f'[a4]\naddress = "{devices.a4.uri}"\n'
    there.write_settings(
        f"{printer}{scanner}{keypad}{a4}"
        f'[service]\nurl = "{url}"\nprobe_up_s = 1\nprobe_down_s = 1\n'
        f"first_contact_within_s = 0\n{text}"
    )
    try:
        yield there
    finally:
        await there.stop()
