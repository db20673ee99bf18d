"""A terminal as it stands in a hall: daemon and screen, and who watches them."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from pathlib import Path

from config.schema import Settings
from kiosk import logs
from kiosk.clock import BEIJING
from kiosk.memory import Ceilings
from kiosk.process import Vitals, serving
from kiosk.restarts import Because
from kiosk.staff import SOCKET_NAME
from kiosk.stand_in import standing_in
from kiosk.supervisor import Program, Supervisor, kiosk_command

DAEMON = "daemon"
SCREEN = "screen"
LOOK_EVERY_S = 60.0
RUNS_AT_LEAST_S = 6 * 3600.0
"""A child that was started this lately needs no restart for the day's sake."""


def terminal_programs(
    settings: Settings,
    files: Sequence[Path],
    screen_arguments: Sequence[str],
    environment: Mapping[str, str],
) -> tuple[Program, Program]:
    """The two processes of a terminal, in the order in which they start."""
    named = [part for file in files for part in ("--settings", str(file))]
    ceilings = Ceilings(
        settings.upkeep.memory_soft_mib << 20, settings.upkeep.memory_hard_mib << 20
    )

    def stand_in(_: str) -> AbstractAsyncContextManager[None]:
        return standing_in(Path(settings.paths.state_dir) / SOCKET_NAME, settings)

    return (
        Program(DAEMON, kiosk_command("daemon", *named), environment, stand_in, ceilings),
        Program(
            SCREEN,
            kiosk_command("screen", *named, *screen_arguments),
            environment,
            ceilings=ceilings,
        ),
    )


def sockets_folder(settings: Settings, environment: Mapping[str, str]) -> Path:
    """Where a supervisor hears its children: systemd's own folder for it, or the state folder."""
    # Under systemd daemon and screen have a supervisor each, and the screen's may not write
    # into the state folder. systemd separates several folders by colons; ours is the first.
    given = environment.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return Path(given or settings.paths.state_dir) / "notify"


async def run_terminal(settings: Settings, files: Sequence[Path], only: str = "") -> None:
    """Run daemon and screen until SIGTERM, or only the one of this name."""
    logs.start("supervisor")
    supervisor = Supervisor(sockets_folder(settings, os.environ), asked=DAEMON)

    async def run() -> None:
        for program in terminal_programs(settings, files, (), {}):
            if only not in ("", program.name):
                continue
            # Not one after the other: a daemon that cannot start must not leave the screen dark.
            supervisor.launch(program)
        await _restart_daily(supervisor, settings.upkeep.restart_hour)

    try:
        # READY at once: systemd's patience is for us, ours for the children.
        async with serving(lambda: Vitals(status=supervisor.says)) as stopped:
            running = asyncio.create_task(run())
            waiting = asyncio.create_task(stopped.wait())
            done, _ = await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            for task in (running, waiting):
                task.cancel()
            for task in done:
                task.result()
    finally:
        await supervisor.stop()


class DailyRestart:
    """Once a day, in one hour of the night, what has run long is to be restarted.

    Args:
        hour: of the day in China; -1 for never.
        today: the last day on which it was done; the day of the start needs none.
    """

    def __init__(self, hour: int, today: date) -> None:
        self._hour = hour
        self._done_on = today

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be done now; True once a day."""
        if self._hour < 0 or now.hour != self._hour or now.date() == self._done_on:
            return False
        self._done_on = now.date()
        return True


async def _restart_daily(supervisor: Supervisor, hour: int) -> None:
    daily = DailyRestart(hour, datetime.now(BEIJING).date())
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if not daily.is_due(datetime.now(BEIJING)):
            continue
        for child in reversed(supervisor.children.values()):
            if loop.time() - child.started_at_s >= RUNS_AT_LEAST_S:
                child.restart_when_idle(Because.PLANNED)
