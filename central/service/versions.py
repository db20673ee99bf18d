"""Which versions of the contract this service speaks, and how it refuses the others.

A terminal names its version in each request. One that is too old is told to be updated
(426), one that is newer than the service is told that (400), both in words and by a code:
staff then see why the link is not well, instead of answers that nearly fit.
"""

import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from central.contract import HEADER_CONTRACT, OLDEST_VERSION, VERSION, ProblemCode
from central.service.problems import problem_response

_PATH = re.compile(r"/v(\d{1,4})(/.*)?")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def refusal(path: str, header: str | None) -> web.Response | None:
    """What a request of a version that is not spoken here is answered; None if it is spoken.

    Args:
        path: of the request; `/v2/…` asks for version 2.
        header: the version that the terminal names, if it does.
    """
    named = _PATH.fullmatch(path)
    asked = [named[1]] if named else []
    if header is not None:
        asked.append(header)
    for text in asked:
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            return problem_response(ProblemCode.VERSION_UNSUPPORTED, f"header {HEADER_CONTRACT}")
        if int(text) < OLDEST_VERSION:
            return problem_response(
                ProblemCode.VERSION_TOO_OLD,
                f"spoken here: {_spoken()}; update the terminal",
            )
        if int(text) > VERSION:
            return problem_response(
                ProblemCode.VERSION_UNSUPPORTED,
                f"spoken here: {_spoken()}; update the service first",
            )
    return None


def _spoken() -> str:
    return str(VERSION) if OLDEST_VERSION == VERSION else f"{OLDEST_VERSION} to {VERSION}"


@web.middleware
async def versions(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses what is not spoken here before anything of it is read."""
    refused = refusal(request.path, request.headers.get(HEADER_CONTRACT))
    return refused if refused is not None else await handler(request)
