"""Faults to order: what a platform, a network or a new version can do to an answer."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import cast

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOG_IN = "<html><body>Please log in to use this network</body></html>"


class Fault(Enum):
    """What a stand-in does wrong."""

    NONE = "none"
    OVERLOAD = "overload"
    """The platform's own word for too many calls."""
    DAY_LIMIT = "day_limit"
    """Every invoice has been asked for five times today."""
    CONTRACT = "contract"
    """The package is used up, or the account owes money."""
    TAX_NETWORK = "tax_network"
    """The platform cannot reach the tax bureau."""
    DOWN = "down"
    """502 and a page of the load balancer."""
    SILENT = "silent"
    """Takes the question and says nothing."""
    CAPTIVE_PORTAL = "captive_portal"
    """200 and a page to log in: somebody else answers."""
    REDIRECT = "redirect"
    """302 to a page to log in."""
    MALFORMED = "malformed"
    """The answer is cut in the middle."""
    EXTRA_FIELDS = "extra_fields"
    """A newer version: more fields, everywhere. Must change nothing."""
    MISSING_FIELDS = "missing_fields"
    """A newer version: the field that tells the state has gone."""
    ANOTHERS_ANSWER = "anothers_answer"
    """A whole answer, about another invoice."""
    UNSIGNED = "unsigned"
    """Where answers are signed: a signature by somebody else."""
    EXPIRED_TOKEN = "expired_token"  # noqa: S105
    """Where there are access tokens: none that was given is good any more."""


@dataclass(slots=True)
class Steering:
    """What one stand-in does now. Set it at any time.

    Attributes:
        fault: what goes wrong.
        latency_s: how long each answer is held back.
        requests: how many it got.
    """

    fault: Fault = Fault.NONE
    latency_s: float = 0.0
    requests: int = 0

    async def _apply(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.requests += 1
        if self.latency_s > 0:
            await asyncio.sleep(self.latency_s)
        match self.fault:
            case Fault.DOWN:
                return web.Response(status=502, text="<html>Bad Gateway</html>")
            case Fault.SILENT:
                await asyncio.Event().wait()
            case Fault.CAPTIVE_PORTAL:
                return web.Response(text=_LOG_IN, content_type="text/html")
            case Fault.REDIRECT:
                return web.Response(status=302, headers={"Location": "http://portal.invalid/"})
            case _:
                pass
        response = await handler(request)
        if self.fault is Fault.MALFORMED and isinstance(response, web.Response):
            body = response.body
            if isinstance(body, bytes):
                half = body[: len(body) // 2]
                return web.Response(body=half, content_type=response.content_type)
        return response

    def app(self) -> web.Application:
        """An application that this steers."""

        @web.middleware
        async def apply(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._apply(request, handler)

        return web.Application(middlewares=[apply])

    def drifted(self, message: dict[str, object], state_fields: frozenset[str]) -> str:
        """The JSON of an answer, as a newer version would write it if that is the fault.

        Args:
            message: the answer.
            state_fields: those that tell the state of the invoice.
        """
        said: object = message
        if self.fault is Fault.EXTRA_FIELDS:
            said = _with_more(message)
        elif self.fault is Fault.MISSING_FIELDS:
            said = _without(message, state_fields)
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def json_response(text: str) -> web.Response:
    """An answer as the platforms send it: JSON without a charset, as their SDKs expect."""
    return web.Response(body=text.encode(), content_type="application/json")


def _with_more(part: object) -> object:
    if isinstance(part, dict):
        fields = cast("dict[str, object]", part)
        more: dict[str, object] = {"AddedLater": [1, {"deep": None}], "addedLater": "x"}
        return more | {name: _with_more(value) for name, value in fields.items()}
    if isinstance(part, list):
        return [_with_more(one) for one in cast("list[object]", part)]
    return part


def _without(part: object, names: frozenset[str]) -> object:
    if isinstance(part, dict):
        fields = cast("dict[str, object]", part)
        return {n: _without(value, names) for n, value in fields.items() if n not in names}
    if isinstance(part, list):
        return [_without(one, names) for one in cast("list[object]", part)]
    return part
