"""Everything that can be found out about a terminal, from outside and from its daemon."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from central.identity import UnusableIdentity
from config.schema import Settings
from kiosk import messages as m
from kiosk.daemon.identity import terminal_access
from kiosk.health.machine import machine_faults, settings_faults
from kiosk.health.network import Stage, probe
from kiosk.staff import SOCKET_NAME, NotRunning, OutOfService, ask, ask_status
from kiosk.staff_messages import AskQueue, FaultFound, QueueShown


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found.

    Attributes:
        settings: None when they cannot be used.
        status: None when the daemon does not run.
        stages: the way to the service, if it had to be gone.
    """

    settings: Settings | None
    status: m.Status | None
    faults: tuple[FaultFound, ...]
    stages: tuple[Stage, ...] = field(default=())


async def examine(
    files: Sequence[Path],
    environment: Mapping[str, str],
    now: Callable[[], datetime],
    *,
    deep: bool = False,
) -> Examination:
    """Look at everything; nothing is changed, and nothing but the service is asked."""
    settings, found = await asyncio.to_thread(settings_faults, files, environment)
    if settings is None:
        return Examination(None, None, found)
    here = await asyncio.to_thread(machine_faults, settings, now(), deep=deep)
    status, of_daemon = await _of_daemon(settings)
    stages: tuple[Stage, ...] = ()
    if status is None or status.link != "online":
        stages = await way_to_service(settings, now)
    of_way = [stage.fault for stage in stages if stage.fault is not None]
    return Examination(
        settings, status, without_repeats([*found, *here, *of_way, *of_daemon]), stages
    )


async def way_to_service(settings: Settings, now: Callable[[], datetime]) -> tuple[Stage, ...]:
    """How far one gets towards the service; nothing for a terminal that is not enrolled."""
    try:
        access = await asyncio.to_thread(terminal_access, settings)
    except (OSError, UnusableIdentity):
        return ()  # said already, as the fault that it is
    if access is None:
        return ()
    return tuple(await probe(access, settings.terminal.number, now))


async def _of_daemon(settings: Settings) -> tuple[m.Status | None, list[FaultFound]]:
    socket = Path(settings.paths.state_dir) / SOCKET_NAME
    try:
        status = await ask_status(socket)
        queue = await ask(socket, AskQueue(limit=0))
    except OutOfService:
        return None, [FaultFound("daemon_keeps_failing")]
    except NotRunning as error:
        return None, [FaultFound("daemon_not_running", str(error))]
    found = list(status.faults)
    installed = version("invoice-terminal")
    if status.version != installed:
        found.append(FaultFound("daemon_other_version", f"{status.version}, {installed}"))
    if isinstance(queue, QueueShown):
        found += [
            FaultFound("people_refused", f"{one.because} {one.count}, {one.last_at:%Y-%m-%d %H:%M}")
            for one in queue.refusals
        ]
    return status, found


def without_repeats(found: Sequence[FaultFound]) -> tuple[FaultFound, ...]:
    """A fault that is seen from two sides is said once; one of places, once for each place."""
    seen: dict[tuple[str, str], FaultFound] = {}
    by_place = (
        "device_missing",
        "device_forbidden",
        "state_open_to_others",
        "key_refused",
        "printer_paper_low",
        "printer_trial_failed",
        "library_unsafe",
        "people_refused",
    )
    for one in found:
        seen.setdefault((one.id, one.detail if one.id in by_place else ""), one)
    return tuple(seen.values())
