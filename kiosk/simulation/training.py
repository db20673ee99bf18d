"""Training at a terminal that serves: simulated devices and a made-up service in its place.

While it runs the queue of the real terminal is held, as the real daemon would hold it: the two
never run beside each other, and nothing that is owed can change. Nothing real is read but the
hall's name, the terminal's number and the size of the screen; what the training keeps is in a
folder of its own and gone with it.
"""

import asyncio
import logging
import os
import shutil
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from config.schema import Settings
from kiosk.clock import Clock
from kiosk.daemon.accounts.pins import Cost, hashed
from kiosk.daemon.accounts.roster import Account, Roster, StaffRole, write_roster
from kiosk.daemon.acts import Act, TrainingBegun, TrainingEnded
from kiosk.daemon.audit import Audit
from kiosk.daemon.opening import open_queue
from kiosk.logs import fact
from kiosk.process import Vitals, serving
from kiosk.simulation.demo import DemoTerminal
from kiosk.training import MARK
from offline_queue.errors import OutboxFull, OwnedElsewhere, StorageFailed
from offline_queue.outbox import Outbox
from offline_queue.sealing import KeyFileRefused

FOLDER = "training"
START_WITHIN_S = 180.0
"""Longer than the slowest first start; then people should have their terminal back."""
LOOK_EVERY_S = 1.0
STAFF_NUMBER, STAFF_PIN = "10", "258036"
"""Who signs in on staff's pages of a training. No secret: it opens nothing that is real."""

_log = logging.getLogger(__name__)


class TrainingRefused(RuntimeError):
    """There is no training now; the text says why."""


class Because(Enum):
    """Why a training ended, as a stable word."""

    TIME_OVER = "time_over"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for.

    Attributes:
        by: who answers for it, as a sign: it stands in the audit.
        hours: then it ends by itself.
        anyway: also while operations wait to be sent.
    """

    by: str
    hours: float
    anyway: bool = False


class Stage(Protocol):
    """What is started for a training: `DemoTerminal`.

    Attributes:
        panel_url: where codes are held up and troubles ordered.
    """

    panel_url: str

    async def start(self) -> None:
        """Returns when the screen has drawn its first frame."""
        ...

    async def stop(self) -> None:
        """Stop everything, also what has only begun to start."""
        ...


def forget_what_is_real(environment: MutableMapping[str, str], fonts_dir: str) -> None:
    """Take out what names real settings, a service or a device, before any child starts."""
    for name in list(environment):
        if name.startswith(("KIOSK_", "CENTRAL_", "CREDENTIALS_")) and name != "KIOSK_FONTS":
            del environment[name]
    if fonts_dir:
        environment["KIOSK_FONTS"] = fonts_dir


def training_folder(settings: Settings, runtime_directory: str) -> Path:
    """Where a training keeps what it keeps: systemd's folder for it, or under the state folder.

    Args:
        settings: the real ones.
        runtime_directory: `RUNTIME_DIRECTORY` of the unit, or "".
    """
    # systemd separates several folders by colons; ours is the first.
    return Path(runtime_directory.split(":")[0] or settings.paths.state_dir) / FOLDER


def whole_terminal(folder: Path, real: Settings) -> DemoTerminal:
    """The terminal of a training: full screen, of the same hall, marked in all that it shows."""
    hall, screen = real.hall, real.screen
    kept = folder / "terminal"
    kept.mkdir(parents=True, mode=0o700)
    who = Account(STAFF_NUMBER, "培训 Training", StaffRole.SUPERVISOR, hashed(STAFF_PIN, Cost()))
    write_roster(kept, Roster(accounts=(who,)))
    return DemoTerminal(
        folder,
        folder / "slips",
        (screen.width_px, screen.height_px),
        80,
        settings={
            "hall": {"name_zh": hall.name_zh, "name_en": hall.name_en, "region": hall.region},
            "terminal": {"number": real.terminal.number},
            "screen": {"language": screen.language},
        },
        environment={MARK: "1"},
        in_hall=True,
    )


async def run_training(
    real: Settings,
    plan: Plan,
    clock: Clock,
    folder: Path,
    stage: Callable[[Path, Settings], Stage] = whole_terminal,
) -> Because:
    """Train until the hours are over, somebody stops it (SIGTERM, SIGINT), or it cannot be run.

    Args:
        real: settings of the terminal whose place it takes.
        plan: what is asked for.
        clock: for the hours.
        folder: is wiped before and after.
        stage: makes what is run, in the empty folder.

    Raises:
        TrainingRefused: the terminal runs, its queue cannot be used, or operations wait.
    """
    async with _held_queue(Path(real.paths.state_dir), real.retention.done_days) as queue:
        outbox, audit = queue
        owed = outbox.counts().waiting
        if owed and not plan.anyway:
            raise TrainingRefused(still_owed(owed))
        begun = TrainingBegun(plan.by, round(plan.hours * 60), owed)
        try:
            await asyncio.to_thread(_record, outbox, audit, begun)
        except (OutboxFull, StorageFailed) as error:
            raise TrainingRefused(f"the audit takes no entry: {error}") from error
        because = Because.FAILED
        try:
            because = await _run(real, plan, clock, folder, stage)
        finally:
            try:
                await asyncio.to_thread(_wipe, folder)
                await asyncio.to_thread(_record, outbox, audit, TrainingEnded(because.value))
            except (OutboxFull, StorageFailed, OSError) as error:
                # The training is over all the same, and the terminal must serve again.
                fact(_log, "training.not_tidied", why=type(error).__name__)
            fact(_log, "training.ended", because=because.value)
    return because


def still_owed(waiting: int) -> str:
    """What somebody is told who wants to train while operations wait to be sent."""
    return (
        f"{waiting} operations are not sent yet, and nothing is sent during a training:"
        " wait until `kiosk queue` shows none, or train with --anyway"
    )


async def _run(
    real: Settings,
    plan: Plan,
    clock: Clock,
    folder: Path,
    stage: Callable[[Path, Settings], Stage],
) -> Because:
    ends_at_s = clock.monotonic() + plan.hours * 3600
    await asyncio.to_thread(_wipe, folder)

    def vitals() -> Vitals:
        left_min = max(0.0, ends_at_s - clock.monotonic()) / 60
        return Vitals(status=f"training, {left_min:.0f} min left")

    async with serving(vitals) as stopped:
        terminal = await asyncio.to_thread(stage, folder, real)
        starting = asyncio.create_task(_started(terminal))
        stopping = asyncio.create_task(stopped.wait())
        ending = asyncio.create_task(_over(clock, ends_at_s))
        try:
            await asyncio.wait({starting, stopping, ending}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                fact(_log, "training.begun", hours=plan.hours, panel=terminal.panel_url)
                await asyncio.wait({stopping, ending}, return_when=asyncio.FIRST_COMPLETED)
            return Because.TIME_OVER if ending.done() else Because.STOPPED
        finally:
            tasks = (starting, stopping, ending)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await terminal.stop()


async def _started(terminal: Stage) -> None:
    async with asyncio.timeout(START_WITHIN_S):
        await terminal.start()


async def _over(clock: Clock, ends_at_s: float) -> None:
    while True:
        left_s = ends_at_s - clock.monotonic()
        if left_s <= 0:
            return
        await asyncio.sleep(min(left_s, LOOK_EVERY_S))


@asynccontextmanager
async def _held_queue(state_dir: Path, done_days: int) -> AsyncIterator[tuple[Outbox, Audit]]:
    """The real queue, so that the real daemon cannot open it, and the real audit."""
    try:
        _, outbox = await asyncio.to_thread(open_queue, state_dir, done_days)
    except OwnedElsewhere as error:
        raise TrainingRefused(
            "the terminal is running: `kiosk training start` takes its place"
        ) from error
    except (StorageFailed, OutboxFull, KeyFileRefused, OSError) as error:
        raise TrainingRefused(f"the terminal's queue cannot be held: {error}") from error
    try:
        try:
            audit = await asyncio.to_thread(Audit.open, outbox, state_dir)
        except (StorageFailed, OutboxFull, KeyFileRefused, OSError) as error:
            raise TrainingRefused(f"the terminal's audit cannot be written: {error}") from error
        yield outbox, audit
        await audit.flush()
    finally:
        outbox.close()


def _record(outbox: Outbox, audit: Audit, act: Act) -> None:
    with outbox.transaction() as connection:
        audit.note_in(connection, act)


def _wipe(folder: Path) -> None:
    """Nothing of a training stays. What a killed one left is wiped by the next."""
    if folder.exists():
        shutil.rmtree(folder)
    fact(_log, "training.wiped", place=os.fspath(folder))
