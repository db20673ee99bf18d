"""Reading one request and writing one answer, the same way for every path."""

import asyncio
from typing import TypeVar

import msgspec
from aiohttp import web

from central.contract import Message, ProblemCode, encode
from central.service.bodies import NUL
from central.service.problems import ProblemError

BODY_MAY_TAKE_S = 10.0
"""For a whole body to arrive; a terminal that is slower sends less at a time."""
MAX_ECHOED_CHARS = 128
"""Of an id or a nonce that the answer repeats."""

T = TypeVar("T")


async def body_of(request: web.Request) -> bytes:
    """The whole body, unpacked if it came as gzip.

    Raises:
        ProblemError: it did not come in time, or cannot be unpacked.
        web.HTTPRequestEntityTooLarge: it is too large, after unpacking.
    """
    try:
        async with asyncio.timeout(BODY_MAY_TAKE_S):
            return await request.read()
    except TimeoutError as error:
        raise ProblemError(ProblemCode.BODY_TOO_SLOW) from error
    except web.RequestPayloadError as error:
        raise ProblemError(ProblemCode.BODY_MALFORMED, "cannot be read") from error


def decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """The message in a body.

    Raises:
        ProblemError: it is none.
    """
    try:
        return decoder.decode(body)
    except msgspec.DecodeError as error:
        # The message names the field and the type expected, never the value that was sent.
        raise ProblemError(ProblemCode.BODY_MALFORMED, str(error)) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise ProblemError(ProblemCode.BODY_MALFORMED, "no readable JSON") from error


def echoed(*texts: str) -> str:
    """The first of the texts, once all are fit to be looked up and repeated in an answer.

    Raises:
        ProblemError: one is not.
    """
    if any(not 1 <= len(text) <= MAX_ECHOED_CHARS or NUL in text for text in texts):
        raise ProblemError(ProblemCode.BODY_MALFORMED, "an id is empty, too long or malformed")
    return texts[0]


def json_of(message: Message) -> web.Response:
    """The answer that carries a message."""
    return web.Response(body=encode(message), content_type="application/json")
