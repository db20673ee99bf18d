"""The service as a process: for a supervisor, for a command line, for tests."""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path

from central.service.fetching import Links
from central.service.mail import Mail
from central.service.running import PlatformSource, run_service


def serve(
    directory: Path,
    *,
    platform: PlatformSource,
    host: str = "127.0.0.1",
    port: int = 8443,
    names: tuple[str, ...] = (),
    database: str = "",
    certificate_days: float = 90.0,
    mail: Mail | None = None,
    links: Links | None = None,
    ready_file: Path | None = None,
    ready_fd: int | None = None,
) -> None:
    """Runs the service until SIGTERM or SIGINT.

    Args:
        directory: see `run_service`, as for the next four.
        platform: whom to ask about invoices.
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
        names: names and addresses that terminals use, beside the local ones.
        database: see `run_service`.
        certificate_days: how long a terminal's certificate is valid.
        mail: takes letters.
        links: where phones fetch files.
        ready_file: gets the port, as decimal digits and a newline, once the service answers;
            appears whole. Removed again when the service stops.
        ready_fd: an open file descriptor that gets the same and is closed.

    Raises:
        StoreUnavailable: another service runs there, or the database cannot be used.
        OSError: the directory or the port cannot be used.
        ValueError: a certificate file is not what it should be.
    """
    if ready_file is not None:
        ready_file.unlink(missing_ok=True)  # of one that was killed
    try:
        asyncio.run(
            _serve(
                directory,
                platform,
                host,
                port,
                names,
                database,
                certificate_days,
                mail,
                links,
                ready_file,
                ready_fd,
            )
        )
    finally:
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)


async def _serve(
    directory: Path,
    platform: PlatformSource,
    host: str,
    port: int,
    names: tuple[str, ...],
    database: str,
    certificate_days: float,
    mail: Mail | None,
    links: Links | None,
    ready_file: Path | None,
    ready_fd: int | None,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with run_service(
        directory,
        host,
        port,
        platform,
        names=names,
        database=database,
        certificate_valid_for=timedelta(days=certificate_days),
        mail=mail,
        links=links,
    ) as service:
        _tell_ready(service.port, ready_file, ready_fd)
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({stopping, service.failed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
        if service.failed.done():
            service.failed.result()


def _tell_ready(port: int, ready_file: Path | None, ready_fd: int | None) -> None:
    line = f"{port}\n"
    if ready_file is not None:
        whole = ready_file.with_name(ready_file.name + ".new")
        whole.write_text(line, encoding="ascii")
        whole.replace(ready_file)
    if ready_fd is not None:
        with os.fdopen(ready_fd, "w", encoding="ascii") as ready:
            ready.write(line)
