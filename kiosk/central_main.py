"""The central service as a process of the `kiosk` command."""

import asyncio
from datetime import timedelta
from pathlib import Path

from central.service.choosing import chosen_platform
from central.service.fetching import Links
from central.service.mail import Mail
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
    platforms: Path | None = None,
    certificate_days: float,
    mail: Path | None = None,
    links: Path | None = None,
) -> None:
    """Run the service until SIGTERM, beating for whoever watches it.

    Args:
        directory: database and certificates.
        host: address to listen on.
        port: port to listen on.
        names: names and addresses that terminals use, beside the local ones.
        database: `postgresql://…`; empty for SQLite in `directory`.
        sandbox: answer from made-up invoices.
        platforms: settings of the platforms to ask; without them and `sandbox` there is none.
        certificate_days: how long a terminal's certificate is valid.
        mail: settings of the SMTP server that letters go through; without them there are none.
        links: settings of the place where phones fetch files; without them there are no links.

    Raises:
        StoreUnavailable, OSError, ValueError: see `run_service`; or a part of it broke.
    """
    logs.start("central")
    platform = chosen_platform(sandbox=sandbox, settings=platforms)
    async with run_service(
        directory,
        host,
        port,
        platform,
        names=names,
        database=database,
        certificate_valid_for=timedelta(days=certificate_days),
        mail=None if mail is None else Mail.of_file(mail),
        links=None if links is None else Links.of_file(links),
    ) as service:
        async with serving() as stopped:
            waiting = asyncio.create_task(stopped.wait())
            await asyncio.wait({waiting, service.failed}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
        if service.failed.done():
            service.failed.result()
