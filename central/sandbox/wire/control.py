"""Steering stand-ins from outside: JSON over HTTP, on loopback only.

| call | body | answer |
|---|---|---|
| GET /state | | per stand-in: its fault, latency and number of requests |
| POST /steer | `{"platform": "tencent", "fault": "overload", "latency_s": 1}` | as /state |
| POST /mint | `{"kind": "32", "issued_days_ago": 0, "withheld_s": 60}` | `{"number", "qr"}` |
| POST /withhold | `{"number": "...", "seconds": 30}` | `{}` |
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Annotated, TypeVar

import msgspec
from aiohttp import web

from central.sandbox.mint.invoices import KINDS
from central.sandbox.wire.faults import Fault, Steering
from central.sandbox.wire.ledger import Ledger
from einvoice.kinds import Kind

T = TypeVar("T")

_Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class _Steer(msgspec.Struct, forbid_unknown_fields=True):
    platform: str
    fault: Fault = Fault.NONE
    latency_s: _Seconds = 0.0


class _Mint(msgspec.Struct, forbid_unknown_fields=True):
    kind: Kind = Kind.DIGITAL_ORDINARY
    issued_days_ago: Annotated[int, msgspec.Meta(ge=0, le=2000)] = 0
    withheld_s: _Seconds = 0.0


class _Withhold(msgspec.Struct, forbid_unknown_fields=True):
    number: str
    seconds: _Seconds


class _Stands(msgspec.Struct, frozen=True):
    fault: Fault
    latency_s: float
    requests: int


class _Minted(msgspec.Struct, frozen=True):
    number: str
    qr: str


def control_app(ledger: Ledger, stand_ins: Mapping[str, Steering]) -> web.Application:
    """The application to serve, on loopback.

    Args:
        ledger: of the stand-ins.
        stand_ins: each by its name.
    """

    def stands() -> web.Response:
        told = {n: _Stands(s.fault, s.latency_s, s.requests) for n, s in stand_ins.items()}
        return _json(told)

    async def state(_: web.Request) -> web.Response:
        return stands()

    async def steer(request: web.Request) -> web.Response:
        order = await _order(request, _Steer)
        steering = stand_ins.get(order.platform)
        if steering is None:
            raise web.HTTPNotFound(text="no such stand-in")
        steering.fault, steering.latency_s = order.fault, order.latency_s
        return stands()

    async def mint(request: web.Request) -> web.Response:
        order = await _order(request, _Mint)
        if order.kind not in KINDS:
            raise web.HTTPNotFound(text="this kind is not minted")
        day = ledger.today() - timedelta(days=order.issued_days_ago)
        minted = ledger.mint(order.kind, day, order.withheld_s)
        return _json(_Minted(minted.invoice.number, minted.qr()))

    async def withhold(request: web.Request) -> web.Response:
        order = await _order(request, _Withhold)
        ledger.withhold(order.number, order.seconds)
        return _json({})

    app = web.Application(middlewares=[_from_here_only])
    app.router.add_get("/state", state)
    app.router.add_post("/steer", steer)
    app.router.add_post("/mint", mint)
    app.router.add_post("/withhold", withhold)
    return app


@web.middleware
async def _from_here_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A page in somebody's browser must not steer: it cannot set this type without asking."""
    if request.method == "POST" and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    return await handler(request)


async def _order(request: web.Request, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise web.HTTPBadRequest(text=str(error)) from error


def _json(message: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(message), content_type="application/json")
