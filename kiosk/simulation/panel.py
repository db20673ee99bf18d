"""The steering panel: a page on loopback to hold up codes, pull the paper, cut the link.

The page's own calls are also what the walk-through and the tests use, so that whatever
they do, a person can do by hand.
"""

from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Any

import msgspec
from aiohttp import web

from central.sandbox.link import LinkMode, SteeredLink
from central.sandbox.misbehave import Misbehaving, Misbehaviour
from central.sandbox.samples import samples
from drivers.simulated import steering
from drivers.simulated.a4_state import A4State
from drivers.simulated.devices import SimulatedDevices
from drivers.simulated.keypad import KeypadState
from drivers.simulated.printer import PrinterState
from drivers.simulated.scanner import ScannerState
from kiosk.clock import Clock

MAX_BODY_BYTES = 64 * 1024


class SetLink(msgspec.Struct, frozen=True):
    """What the line between terminal and service does from now on.

    Attributes:
        mode: BUSY leads to a wrong service behind the right certificate.
        misbehaviour: what the wrong service does.
    """

    mode: LinkMode
    misbehaviour: Misbehaviour = Misbehaviour.BUSY_503


class OfferedScan(msgspec.Struct, frozen=True):
    """A code that can be held up, and what the service knows of it."""

    verdict: str
    text: str
    note: str


class PanelState(msgspec.Struct, frozen=True):
    """Everything that the page shows."""

    printer: PrinterState
    scanner: ScannerState
    keypad: KeypadState
    a4: A4State
    link: SetLink
    slips: tuple[steering.SlipLine, ...]
    printer2: PrinterState | None = None


class Panel:
    """Serves the page and carries out what is pressed on it."""

    def __init__(
        self, devices: SimulatedDevices, link: SteeredLink, wrong: Misbehaving, clock: Clock
    ) -> None:
        self._devices = devices
        self._link = link
        self._wrong = wrong
        self._clock = clock
        self._orders = msgspec.json.Decoder(steering.Order)
        self._settings = msgspec.json.Decoder(SetLink)

    def app(self) -> web.Application:
        """The web application."""
        app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[_from_here_only])
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/state", self._state),
                web.get("/samples", self._samples),
                web.get("/slips/{printer:[12]}/{number:[0-9]+}.png", self._slip),
                web.get("/a4/{number:[0-9]+}.pdf", self._page_of_a4),
                web.post("/order", self._order),
                web.post("/link", self._set_link),
            ]
        )
        return app

    async def _page(self, _: web.Request) -> web.Response:
        page = resources.files("kiosk.simulation").joinpath("panel.html").read_text("utf-8")
        return web.Response(text=page, content_type="text/html")

    async def _state(self, _: web.Request) -> web.Response:
        second = self._devices.printer2
        state = PanelState(
            printer=self._devices.printer.state(),
            printer2=None if second is None else second.state(),
            scanner=self._devices.scanner.state(),
            keypad=self._devices.keypad.state(),
            a4=self._devices.a4.state(),
            link=SetLink(self._link.mode, self._wrong.misbehaviour),
            slips=self._slips(),
        )
        return _json(state)

    async def _samples(self, _: web.Request) -> web.Response:
        offered = [
            OfferedScan(one.verdict.value, one.qr_text, one.note)
            for one in samples(self._clock.now().date())
        ]
        return _json(offered)

    async def _slip(self, request: web.Request) -> web.StreamResponse:
        wanted = int(request.match_info["printer"]), int(request.match_info["number"])
        for slip in self._slips():
            if (slip.printer, slip.number) == wanted:
                return web.FileResponse(slip.picture)
        raise web.HTTPNotFound

    async def _page_of_a4(self, request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["number"])
        for job in self._devices.a4.state().jobs:
            if job.number == number and job.file:
                return web.FileResponse(job.file)
        raise web.HTTPNotFound

    async def _order(self, request: web.Request) -> web.Response:
        order = _decoded(self._orders, await request.read())
        answer = self._devices.obey(order)
        return _json(answer, status=409 if isinstance(answer, steering.Refused) else 200)

    async def _set_link(self, request: web.Request) -> web.Response:
        wish: SetLink = _decoded(self._settings, await request.read())
        self._wrong.misbehaviour = wish.misbehaviour
        self._link.steer(wish.mode)
        return _json(wish)

    def _slips(self) -> tuple[steering.SlipLine, ...]:
        answer = self._devices.obey(steering.GetSlips())
        return answer.slips if isinstance(answer, steering.Slips) else ()


def _decoded(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    try:
        return decoder.decode(body)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from error


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value), status=status, content_type="application/json"
    )


@web.middleware
async def _from_here_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse pages of other sites that are open in the same browser."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        raise web.HTTPForbidden
    if request.host.partition(":")[0] not in ("127.0.0.1", "localhost"):
        raise web.HTTPForbidden
    return await handler(request)
