"""A wrong service behind the right certificate: what a proxy, a cache or a bug would answer."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum

import msgspec
from aiohttp import web

from central.contract import (
    MAX_ANSWER_BYTES,
    PATH_OPERATIONS,
    PATH_PING,
    PATH_TICKET,
    PATH_VERIFY,
    VERSION,
    Message,
    OperationResult,
    OperationsAnswer,
    OperationsRequest,
    PingAnswer,
    ProblemCode,
    Receipt,
    Ruling,
    TicketAnswer,
    TicketRequest,
    TicketState,
    VerifyAnswer,
    VerifyRequest,
    encode,
)
from central.service.china import utc_now
from central.service.problems import problem_response
from einvoice.verdict import Source, Verdict

_TRICKLE_S = 1.0
_ANOTHER = "another"
_WRONG_DIGEST = "0" * 64


class Misbehaviour(Enum):
    """What the wrong service does."""

    HTML = "html"
    """200 and a page."""
    HTML_AS_JSON = "html_as_json"
    """200, a page, and a header that calls it JSON."""
    WRONG_JSON = "wrong_json"
    """200 and JSON of another shape."""
    ANOTHERS_ANSWER = "anothers_answer"
    """A whole answer, to a question that somebody else asked."""
    WRONG_DIGEST = "wrong_digest"
    """The right id, and a digest of something else."""
    REORDERED = "reordered"
    """The right id and digest, and the results in another order."""
    DOUBLED = "doubled"
    """The right id and digest, and every result twice."""
    HALVED = "halved"
    """The right id and digest, and results for half of the operations."""
    REPEATED = "repeated"
    """The answer to an earlier question, once more: a cache, or a line that delivers twice."""
    REDIRECT = "redirect"
    ERROR_500 = "error_500"
    """A page with status 500, not a problem document."""
    BUSY_503 = "busy_503"
    """The service's own way to say: come back later."""
    REFUSED = "refused"
    """A problem document that says no."""
    TOO_LONG = "too_long"
    """More than any answer has."""
    TRICKLE = "trickle"
    """One byte a second."""
    NO_ANSWER = "no_answer"
    """Takes the request and says nothing."""


@dataclass(slots=True)
class Misbehaving:
    """A wrong service that runs. Set `misbehaviour` at any time.

    Attributes:
        port: where it listens.
        misbehaviour: what it does from the next request on.
        requests: how many it got.
    """

    port: int
    misbehaviour: Misbehaviour
    requests: int = 0


@asynccontextmanager
async def misbehaving(
    tls: ssl.SSLContext,
    misbehaviour: Misbehaviour = Misbehaviour.BUSY_503,
    host: str = "127.0.0.1",
    port: int = 0,
) -> AsyncGenerator[Misbehaving]:
    """Runs a wrong service while the block runs.

    Args:
        tls: the right service's context (`Authority.context`).
        misbehaviour: what it does at first.
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
    """
    state = Misbehaving(port, misbehaviour)

    earlier: dict[str, Message] = {}

    async def answer(request: web.Request) -> web.StreamResponse:
        state.requests += 1
        response = await _answer(request, state.misbehaviour, earlier.get(request.path))
        if request.path == PATH_OPERATIONS and state.misbehaviour is Misbehaviour.REPEATED:
            earlier[request.path] = await _right(request)
        return response

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, ssl_context=tls)
        await site.start()
        state.port = runner.addresses[0][1]
        yield state
    finally:
        await runner.cleanup()


async def _answer(
    request: web.Request, misbehaviour: Misbehaviour, earlier: Message | None
) -> web.StreamResponse:
    match misbehaviour:
        case Misbehaviour.HTML:
            return web.Response(text="<html>Please log in</html>", content_type="text/html")
        case Misbehaviour.HTML_AS_JSON:
            return web.Response(text="<html>Please log in</html>", content_type="application/json")
        case Misbehaviour.WRONG_JSON:
            return web.json_response({"status": "ok"})
        case Misbehaviour.ANOTHERS_ANSWER:
            return _json(await _wrong(request, keep_id=False))
        case Misbehaviour.WRONG_DIGEST:
            return _json(await _wrong(request, keep_id=True))
        case Misbehaviour.REORDERED | Misbehaviour.DOUBLED | Misbehaviour.HALVED:
            return _json(await _misplaced(request, misbehaviour))
        case Misbehaviour.REPEATED:
            return _json(earlier if earlier is not None else await _wrong(request, keep_id=False))
        case Misbehaviour.REDIRECT:
            return web.Response(status=302, headers={"Location": "https://portal.invalid/"})
        case Misbehaviour.ERROR_500:
            return web.Response(status=500, text="<html>Oops</html>", content_type="text/html")
        case Misbehaviour.BUSY_503:
            return problem_response(ProblemCode.OVERLOADED, retry_after_s=7)
        case Misbehaviour.REFUSED:
            return problem_response(ProblemCode.VERSION_UNSUPPORTED)
        case Misbehaviour.TOO_LONG:
            blanks = b" " * (MAX_ANSWER_BYTES + 1)
            return web.Response(body=blanks, content_type="application/json")
        case Misbehaviour.TRICKLE:
            return await _trickle(request)
        case Misbehaviour.NO_ANSWER:
            await asyncio.Event().wait()
            raise AssertionError("unreachable: the client goes away first")


def _json(message: Message) -> web.Response:
    return web.Response(body=encode(message), content_type="application/json")


async def _trickle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while True:  # until the client goes away: the handler is cancelled then
        await response.write(b" ")
        await asyncio.sleep(_TRICKLE_S)


async def _wrong(request: web.Request, *, keep_id: bool) -> Message:
    """A whole answer of the right type that does not belong to this request."""
    maker = _WRONG.get(request.path)
    if maker is None:
        raise web.HTTPNotFound
    return await maker(request, keep_id)


async def _wrong_ping(request: web.Request, keep_id: bool) -> Message:
    # A ping has no digest: its nonce is all there is to be wrong.
    return PingAnswer(_ANOTHER, VERSION, utc_now())


async def _wrong_verify(request: web.Request, keep_id: bool) -> Message:
    asked = msgspec.json.decode(await request.read(), type=VerifyRequest)
    ruling = Ruling(Verdict.NORMAL, Source.TAX_SERVICE, utc_now())
    return VerifyAnswer(asked.request_id if keep_id else _ANOTHER, _WRONG_DIGEST, ruling)


async def _wrong_ticket(request: web.Request, keep_id: bool) -> Message:
    asked = msgspec.json.decode(await request.read(), type=TicketRequest)
    request_id = asked.request_id if keep_id else _ANOTHER
    return TicketAnswer(request_id, _ANOTHER, TicketState.UNKNOWN)


async def _wrong_operations(request: web.Request, keep_id: bool) -> Message:
    asked = msgspec.json.decode(await request.read(), type=OperationsRequest)
    results = tuple(OperationResult(o.op_id, Receipt.NEW) for o in asked.operations)
    return OperationsAnswer(asked.batch_id if keep_id else _ANOTHER, _WRONG_DIGEST, results)


async def _right(request: web.Request) -> OperationsAnswer:
    """What the right service would say to a batch of new operations."""
    asked = msgspec.json.decode(await request.read(), type=OperationsRequest)
    results = tuple(OperationResult(o.op_id, Receipt.NEW) for o in asked.operations)
    return OperationsAnswer(asked.batch_id, asked.digest, results)


async def _misplaced(request: web.Request, misbehaviour: Misbehaviour) -> Message:
    """An answer to this very batch, with something wrong about its results."""
    if request.path != PATH_OPERATIONS:
        return await _wrong(request, keep_id=False)
    answer = await _right(request)
    results = answer.results
    match misbehaviour:
        case Misbehaviour.REORDERED:
            results = results[1:] + results[:1]
        case Misbehaviour.DOUBLED:
            results = tuple(one for one in results for _ in range(2))
        case _:
            results = results[: len(results) // 2]
    return msgspec.structs.replace(answer, results=results)


_WRONG: dict[str, Callable[[web.Request, bool], Awaitable[Message]]] = {
    PATH_PING: _wrong_ping,
    PATH_VERIFY: _wrong_verify,
    PATH_TICKET: _wrong_ticket,
    PATH_OPERATIONS: _wrong_operations,
}
