"""The daemon as a process."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from config.schema import Settings
from kiosk import logs
from kiosk.clock import Clock
from kiosk.daemon.container import Daemon
from kiosk.process import serving


async def run(settings: Settings, socket: Path, clock: Clock, files: Sequence[Path] = ()) -> None:
    """Serve until SIGTERM; a failure of one part ends the process, and the supervisor restarts it.

    Raises:
        Exception: whatever a part failed with.
    """
    logs.start("daemon")
    daemon = Daemon(settings, clock, files)
    try:
        await daemon.start(socket)
        async with serving(daemon.vitals) as stopped:
            ends = {asyncio.create_task(daemon.wait()), asyncio.create_task(stopped.wait())}
            done, running = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if stopped.is_set():
                daemon.note_stop()
            for end in running:
                end.cancel()
            for end in done:
                end.result()
    finally:
        await daemon.close()
