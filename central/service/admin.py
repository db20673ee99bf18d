"""The operator's side of the service, on a socket that only its own user can open."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
from aiohttp import web

from central.admin import (
    PATH_ALERTS,
    PATH_BUNDLE_CONTENTS,
    PATH_BUNDLES,
    PATH_BUSINESS_ENDS,
    PATH_BUSINESSES,
    PATH_CODES,
    PATH_ORDERS,
    PATH_REVOCATIONS,
    PATH_TERMINALS,
    SOCKET_NAME,
    AlertList,
    AlertRow,
    BundleContent,
    BundleList,
    BundleRow,
    BundleWanted,
    BusinessEnd,
    BusinessEnded,
    BusinessList,
    CodeIssued,
    CodeWanted,
    OrderLine,
    OrderList,
    OrderPublished,
    OrderWanted,
    RevocationWanted,
    Revoked,
    TerminalRow,
    Terminals,
)
from central.business import Business, WrongBusiness
from central.contract import Message, ProblemCode, encode
from central.service.alerts import Alerts
from central.service.bundles import Bundles, bundle_problems
from central.service.businesses import Businesses
from central.service.china import utc_now
from central.service.enrolment import Enrolment
from central.service.orders import NotKept, Orders
from central.service.problems import ProblemError, problems
from central.service.registry import Registered, Registry

T = TypeVar("T", bound=Message)

TERMINAL = re.compile(r"[0-9A-Za-z._-]{1,64}")
MAX_VALID_H = 24.0 * 14
"""A code that lies about longer is better issued anew."""


class AdminPart:
    """Serves an operator.

    Args:
        registry: what is revoked and listed.
        enrolment: issues codes.
        alerts: listed, with those that are not on the disk yet.
        businesses: the register of those who may apply for invoices.
        orders: settings and commands for terminals.
        bundles: terminals' support bundles.
        url: address that codes carry when none is asked for.
        now: the present moment, aware.
    """

    def __init__(
        self,
        registry: Registry,
        enrolment: Enrolment,
        alerts: Alerts,
        businesses: Businesses,
        orders: Orders,
        bundles: Bundles,
        url: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._registry = registry
        self._enrolment = enrolment
        self._alerts = alerts
        self._businesses = businesses
        self._orders = orders
        self._bundles = bundles
        self._url = url
        self._now = now

    @asynccontextmanager
    async def serving(self, directory: Path) -> AsyncGenerator[None]:
        """Listens while the block runs.

        Raises:
            OSError: the socket cannot be made.
        """
        app = web.Application(middlewares=[problems])
        app.router.add_post(PATH_CODES, self._code)
        app.router.add_post(PATH_REVOCATIONS, self._revoke)
        app.router.add_get(PATH_TERMINALS, self._terminals)
        app.router.add_get(PATH_ALERTS, self._newest_alerts)
        app.router.add_post(PATH_BUSINESSES, self._add_business)
        app.router.add_get(PATH_BUSINESSES, self._list_businesses)
        app.router.add_post(PATH_BUSINESS_ENDS, self._end_business)
        app.router.add_post(PATH_ORDERS, self._publish)
        app.router.add_get(PATH_ORDERS, self._list_orders)
        app.router.add_get(PATH_BUNDLES, self._list_bundles)
        app.router.add_post(PATH_BUNDLE_CONTENTS, self._give_bundle)
        path = directory / SOCKET_NAME
        path.unlink(missing_ok=True)  # of a service that was killed
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.UnixSite(runner, str(path)).start()
            path.chmod(0o600)  # the directory has mode 0700: nobody else was in between
            yield
        finally:
            await runner.cleanup()
            path.unlink(missing_ok=True)

    async def _code(self, request: web.Request) -> web.Response:
        wanted = await _read(request, CodeWanted)
        _check_terminal(wanted.terminal)
        if not 0 < wanted.valid_h <= MAX_VALID_H:
            raise ProblemError(ProblemCode.BODY_MALFORMED, f"valid_h is 0 to {MAX_VALID_H:.0f}")
        url = wanted.url or self._url
        if not url.startswith("https://"):
            raise ProblemError(ProblemCode.BODY_MALFORMED, "url begins with https://")
        issued = await self._enrolment.issue_code(
            wanted.terminal, timedelta(hours=wanted.valid_h), url
        )
        code = issued.code
        return _json(
            CodeIssued(issued.terminal, code.typed, code.qr_text, code.url, issued.expires_at)
        )

    async def _revoke(self, request: web.Request) -> web.Response:
        wanted = await _read(request, RevocationWanted)
        _check_terminal(wanted.terminal)
        return _json(
            Revoked(wanted.terminal, await self._registry.revoke(wanted.terminal, self._now()))
        )

    async def _terminals(self, _request: web.Request) -> web.Response:
        rows = [
            self._row(registered)
            for terminal in self._registry.terminals()
            for registered in self._registry.of_terminal(terminal)
        ]
        return _json(Terminals(tuple(rows)))

    async def _add_business(self, request: web.Request) -> web.Response:
        wanted = await _read(request, Business)
        try:
            await self._businesses.add(wanted)
        except WrongBusiness as error:
            raise ProblemError(ProblemCode.BODY_MALFORMED, str(error)) from error
        return _json(BusinessList((wanted,)))

    async def _list_businesses(self, _request: web.Request) -> web.Response:
        return _json(BusinessList(await self._businesses.all()))

    async def _end_business(self, request: web.Request) -> web.Response:
        wanted = await _read(request, BusinessEnd)
        return _json(BusinessEnded(wanted.tax_id, await self._businesses.end(wanted.tax_id)))

    async def _publish(self, request: web.Request) -> web.Response:
        wanted = await _read(request, OrderWanted)
        try:
            name, terminal = (
                await self._orders.publish_settings(wanted.settings)
                if wanted.settings
                else await self._orders.publish_command(wanted.command)
            )
        except NotKept as error:
            raise ProblemError(ProblemCode.BODY_MALFORMED, str(error)) from error
        return _json(OrderPublished(name, terminal))

    async def _list_orders(self, _request: web.Request) -> web.Response:
        rows = tuple(
            OrderLine(
                one.order,
                one.terminal,
                one.act,
                one.at,
                one.expires_at,
                one.outcome,
                one.outcome_at,
                one.why,
            )
            for one in await self._orders.newest()
        )
        return _json(OrderList(rows))

    async def _list_bundles(self, _request: web.Request) -> web.Response:
        with bundle_problems():
            found = await asyncio.to_thread(self._bundles.kept)
        rows = tuple(
            BundleRow(one.terminal, one.kept.backup_id, one.kept.size_bytes, one.kept.received_at)
            for one in found
        )
        return _json(BundleList(rows))

    async def _give_bundle(self, request: web.Request) -> web.Response:
        wanted = await _read(request, BundleWanted)
        _check_terminal(wanted.terminal)
        with bundle_problems():
            content = await asyncio.to_thread(
                self._bundles.content, wanted.terminal, wanted.bundle_id
            )
        if content is None:
            raise ProblemError(ProblemCode.NOT_FOUND, "no such bundle")
        return _json(BundleContent(content))

    async def _newest_alerts(self, _request: web.Request) -> web.Response:
        await self._alerts.flush()
        rows = [
            AlertRow(a.kind.value, a.terminal, a.first_at, a.last_at, a.count, a.detail)
            for a in await self._alerts.newest()
        ]
        return _json(AlertList(tuple(rows)))

    def _row(self, registered: Registered) -> TerminalRow:
        certificate = registered.certificate
        if registered.ended is not None:
            state = registered.ended.value
        elif self._now() >= certificate.not_after:
            state = "expired"
        else:
            state = "new" if registered.first_used_at is None else "active"
        return TerminalRow(
            registered.terminal,
            state,
            registered.machine,
            certificate.fingerprint,
            registered.issued_at,
            certificate.not_after,
        )


def _check_terminal(name: str) -> None:
    if TERMINAL.fullmatch(name) is None:
        raise ProblemError(ProblemCode.BODY_MALFORMED, "no number of a terminal")


async def _read(request: web.Request, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise ProblemError(ProblemCode.BODY_MALFORMED, str(error)) from error


def _json(message: Message) -> web.Response:
    return web.Response(body=encode(message), content_type="application/json")
