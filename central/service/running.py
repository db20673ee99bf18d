"""The service as a whole: built in order, stopped in reverse."""

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from aiohttp import web

from central.platforms.counts import Counts
from central.platforms.platform import Platform
from central.service.addresses import AddressKey
from central.service.admin import AdminPart
from central.service.alerts import AlertKind, Alerts
from central.service.app import Service
from central.service.applications import ApplicationWorker
from central.service.authority import Authority
from central.service.backups import BackupShelf
from central.service.bundles import BundlePaths, Bundles
from central.service.businesses import Businesses
from central.service.china import utc_now
from central.service.document_letters import DocumentLetters
from central.service.enrolment import Enrolment
from central.service.fetching import Fetching, Links, serving_links
from central.service.gate import Gate
from central.service.grants import Grants
from central.service.handshake import say_why
from central.service.letters import Letters
from central.service.limits import Limits
from central.service.mail import Mail
from central.service.opening import open_store
from central.service.order_paths import OrderPaths
from central.service.orders import Orders
from central.service.people import LinkUrl, People
from central.service.people_paths import PeoplePaths
from central.service.platform_counts import StoredCounts
from central.service.proofs import Proofs
from central.service.registry import Registry
from central.service.store import StoreUnavailable
from central.service.terminal_authority import TerminalAuthority
from central.service.tickets import TicketWorker
from central.service.verification import Verification
from central.service.waiting_room import WaitingRoom

_log = logging.getLogger(__name__)

CERTIFICATE_LOOKED_AT_EVERY_S = 3600.0
GRANTS_FORGOTTEN_EVERY_S = 60.0
STOP_WAITS_S = 5.0
"""For requests that are in work when the service is told to stop."""
CONNECTION_KEPT_S = 3600.0
"""An idle connection of a terminal: a handshake costs more than keeping it."""


PlatformSource = Platform | Callable[[Counts], Platform]
"""Whom to ask about invoices, or what makes it with the service's own counts."""


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service that answers.

    Attributes:
        port: the TCP port it listens on.
        ca_file: what terminals must be given to trust it.
        failed: is done only when a background task of the service broke; its exception says how.
    """

    port: int
    ca_file: Path
    failed: asyncio.Future[None]


@asynccontextmanager
async def run_service(
    directory: Path,
    host: str,
    port: int,
    platform: PlatformSource,
    *,
    names: tuple[str, ...] = (),
    database: str = "",
    room: WaitingRoom | None = None,
    now: Callable[[], datetime] = utc_now,
    first_pause_s: float = 5.0,
    limits: Limits | None = None,
    certificate_valid_for: timedelta = timedelta(days=90),
    mail: Mail | None = None,
    links: Links | None = None,
) -> AsyncGenerator[RunningService]:
    """Runs the service while the block runs. On leaving, all that was accepted is on the disk.

    Args:
        directory: certificates and SQLite's file; made (mode 0700) if it is missing.
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
        platform: whom to ask about invoices; closed at the end if it is made here.
        names: names and addresses that terminals use, beside the local ones.
        database: `postgresql://…`; empty for SQLite in `directory`.
        room: bounds what is in work; by default places and seats for one hall.
        now: the present moment, aware.
        first_pause_s: see `TicketWorker` and `ApplicationWorker`.
        limits: what one terminal may ask.
        certificate_valid_for: how long a terminal's certificate is valid.
        mail: takes letters; without it no address is kept.
        links: where phones fetch files; without it no links are given.

    Raises:
        StoreUnavailable: another service runs there, or the database cannot be used.
        OSError: the directory or the port cannot be used.
        ValueError: a certificate file, or one of the platforms' settings, is not what it
            should be.
    """
    await asyncio.to_thread(directory.mkdir, mode=0o700, parents=True, exist_ok=True)
    store = await open_store(directory, database)
    try:
        await store.tend_inbox(now())
        authority = Authority(directory, names)
        await asyncio.to_thread(authority.ensure)
        terminals = TerminalAuthority(directory, certificate_valid_for, now)
        await asyncio.to_thread(terminals.ensure)
        tls = authority.context()
        asked = platform if isinstance(platform, Platform) else platform(StoredCounts(store))
        verification = Verification(asked, now)
        terminals.admit_into(tls)
        limits = limits or Limits()
        alerts = Alerts(store, now)
        say_why(tls, lambda why: alerts.tell(AlertKind.FOREIGN_CERTIFICATE, detail=why))
        registry = await Registry.load(store)
        enrolment = Enrolment(store, registry, terminals, authority.ca_file, alerts, limits, now)
        gate = Gate(registry, alerts, limits, now)
        key = await asyncio.to_thread(AddressKey.ensured, directory)
        letters = Letters(store, mail, key, alerts, now)
        tickets = TicketWorker(store, verification, now, first_pause_s, letters.wake)
        shelf = BackupShelf(directory / "backups")
        bundles = Bundles(directory / "bundles")
        businesses = Businesses(store, now)
        grants = Grants(store, now)
        document_letters = DocumentLetters(store, mail, key, grants, alerts, now)
        open_links = AsyncExitStack()
        link_url: LinkUrl | None = None
        if links is not None:
            fetching = Fetching(grants, alerts)
            begins = await open_links.enter_async_context(serving_links(links, fetching.app()))
            link_url = partial(_joined, begins)
        people = People(asked, verification, grants, Proofs(store), businesses, link_url, now)
        room = room or WaitingRoom()
        ca_pem = await asyncio.to_thread(authority.ca_file.read_text, encoding="utf-8")
        orders = Orders(store, ca_pem, alerts, now)
        await orders.load()
        applications = ApplicationWorker(store, asked, alerts, now, first_pause_s)
        service = Service(
            store,
            verification,
            tickets,
            applications,
            document_letters,
            room,
            shelf,
            gate,
            enrolment,
            PeoplePaths(people, gate, room),
            OrderPaths(orders, gate, room),
            BundlePaths(bundles, gate, room),
            alerts,
            None if mail is None else key.seal,
            now,
        )
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        tasks = [
            asyncio.create_task(tickets.run(), name="tickets"),
            asyncio.create_task(letters.run(), name="letters"),
            asyncio.create_task(document_letters.run(), name="document letters"),
            asyncio.create_task(applications.run(), name="applications"),
            asyncio.create_task(alerts.run(), name="alerts"),
            asyncio.create_task(_forget_grants(grants), name="grants"),
            asyncio.create_task(_keep_certificate(authority, tls), name="certificate"),
        ]
        for task in tasks:
            task.add_done_callback(lambda done: _tell(done, failed))
        runner = web.AppRunner(
            service.app(),
            access_log=None,
            handler_cancellation=True,  # nobody waits for it: give the place to the next
            keepalive_timeout=CONNECTION_KEPT_S,
            shutdown_timeout=STOP_WAITS_S,
        )
        try:
            await runner.setup()
            site = web.TCPSite(runner, host, port, ssl_context=tls)
            await site.start()
            bound: int = runner.addresses[0][1]
            url = f"https://{(*names, host)[0]}:{bound}"
            admin = AdminPart(registry, enrolment, alerts, businesses, orders, bundles, url, now)
            async with admin.serving(directory):
                _log.info("service.ready host=%s port=%d", host, bound)
                yield RunningService(bound, authority.ca_file, failed)
        finally:
            await runner.cleanup()
            await open_links.aclose()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await alerts.flush()
            await verification.close()
            if asked is not platform:
                await asked.close()
    finally:
        await store.close()
    _log.info("service.stopped")


def _tell(done: asyncio.Task[None], failed: asyncio.Future[None]) -> None:
    if done.cancelled() or failed.done():
        return
    broken = done.exception()
    if broken is not None:
        failed.set_exception(broken)


def _joined(begins: str, token: str) -> str:
    return begins + token


async def _forget_grants(grants: Grants) -> None:
    """Deletes what is past its time, while nobody asks for anything, too."""
    while True:
        await asyncio.sleep(GRANTS_FORGOTTEN_EVERY_S)
        try:
            await grants.forget_old()
        except StoreUnavailable as error:
            _log.warning("grants.not_forgotten error=%s", error)


async def _keep_certificate(authority: Authority, tls: ssl.SSLContext) -> None:
    """Renews the certificate while the service runs; connections that exist stay."""
    while True:
        await asyncio.sleep(CERTIFICATE_LOOKED_AT_EVERY_S)
        if await asyncio.to_thread(authority.ensure):
            authority.load_into(tls)
