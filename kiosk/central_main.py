"""The central service as a process of the `kiosk` command."""

import asyncio
from pathlib import Path

from central.platforms.platform import NoPlatform, Platform
from central.sandbox.platform import SandboxPlatform
from central.service.running import run_service
from kiosk import logs
from kiosk.process import serving


async def run_central(
    directory: Path,
    *,
    host: str,
    port: int,
    names: tuple[str, ...],
    database: str = "",
    sandbox: bool,
) -> None:
    """Run the service until SIGTERM, beating for whoever watches it.

    Args:
        directory: database and certificates.
        host: address to listen on.
        port: port to listen on.
        names: names and addresses that terminals use, beside the local ones.
        database: `postgresql://…`; empty for SQLite in `directory`.
        sandbox: answer from made-up invoices; otherwise no platform is connected.

    Raises:
        StoreUnavailable, OSError, ValueError: see `run_service`; or a part of it broke.
    """
    logs.start("central")
    platform: Platform = SandboxPlatform() if sandbox else NoPlatform()
    async with run_service(
        directory, host, port, platform, names=names, database=database
    ) as service:
        async with serving() as stopped:
            waiting = asyncio.create_task(stopped.wait())
            await asyncio.wait({waiting, service.failed}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
        if service.failed.done():
            service.failed.result()
