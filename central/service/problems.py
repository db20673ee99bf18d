"""Errors as problem documents (RFC 9457) with a code that stays the same."""

import logging
import math
import random
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from central.contract import TYPE_PROBLEM, Problem, ProblemCode, encode
from central.service.store import StoreUnavailable
from central.service.waiting_room import RoomFull

_log = logging.getLogger(__name__)

_STATUS = {
    ProblemCode.BODY_MALFORMED: HTTPStatus.BAD_REQUEST,
    ProblemCode.BODY_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ProblemCode.BODY_TOO_SLOW: HTTPStatus.REQUEST_TIMEOUT,
    ProblemCode.CERTIFICATE_MISSING: HTTPStatus.UNAUTHORIZED,
    ProblemCode.CERTIFICATE_UNKNOWN: HTTPStatus.FORBIDDEN,
    ProblemCode.CERTIFICATE_REVOKED: HTTPStatus.FORBIDDEN,
    ProblemCode.CERTIFICATE_SUPERSEDED: HTTPStatus.FORBIDDEN,
    ProblemCode.CERTIFICATE_EXPIRED: HTTPStatus.FORBIDDEN,
    ProblemCode.CERTIFICATE_NOT_YET_VALID: HTTPStatus.FORBIDDEN,
    ProblemCode.TERMINAL_MISMATCH: HTTPStatus.FORBIDDEN,
    ProblemCode.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    ProblemCode.TOO_MANY_NOT_FOUND: HTTPStatus.TOO_MANY_REQUESTS,
    ProblemCode.CODE_WRONG: HTTPStatus.FORBIDDEN,
    ProblemCode.CODE_USED: HTTPStatus.FORBIDDEN,
    ProblemCode.CODE_EXPIRED: HTTPStatus.FORBIDDEN,
    ProblemCode.CODE_CANCELLED: HTTPStatus.FORBIDDEN,
    ProblemCode.CODE_FOR_ANOTHER: HTTPStatus.FORBIDDEN,
    ProblemCode.TOO_MANY_TRIES: HTTPStatus.TOO_MANY_REQUESTS,
    ProblemCode.REQUEST_UNUSABLE: HTTPStatus.BAD_REQUEST,
    ProblemCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ProblemCode.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    ProblemCode.VERSION_UNSUPPORTED: HTTPStatus.BAD_REQUEST,
    ProblemCode.VERSION_TOO_OLD: HTTPStatus.UPGRADE_REQUIRED,
    ProblemCode.OVERLOADED: HTTPStatus.SERVICE_UNAVAILABLE,
    ProblemCode.STORE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
_STORE_RETRY_AFTER_S = (5, 35)
"""Drawn between these, so that a city does not come back in the second of the next failure."""
_RANDOM = random.SystemRandom()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ProblemError(Exception):
    """A request that cannot be served; becomes a problem document."""

    def __init__(
        self, code: ProblemCode, detail: str = "", *, retry_after_s: float | None = None
    ) -> None:
        super().__init__(f"{code.value}: {detail}")
        self.code = code
        self.detail = detail
        self.retry_after_s = None if retry_after_s is None else math.ceil(retry_after_s)


def problem_response(
    code: ProblemCode, detail: str = "", retry_after_s: int | None = None
) -> web.Response:
    """The answer that says what is wrong."""
    status = _STATUS[code]
    problem = Problem(
        type=f"urn:invoice-terminal:problem:{code.value}",
        title=status.phrase,
        status=status.value,
        code=code.value,
        detail=detail,
    )
    response = web.Response(status=status.value, body=encode(problem), content_type=TYPE_PROBLEM)
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns expected failures of handlers into problem documents."""
    try:
        return await handler(request)
    except ProblemError as error:
        return problem_response(error.code, error.detail, error.retry_after_s)
    except RoomFull as full:
        return problem_response(ProblemCode.OVERLOADED, retry_after_s=full.retry_after_s)
    except StoreUnavailable as error:
        _log.error("request.store_unavailable path=%s error=%s", request.path, error)
        later_s = _RANDOM.randint(*_STORE_RETRY_AFTER_S)
        return problem_response(ProblemCode.STORE_UNAVAILABLE, retry_after_s=later_s)
    except web.HTTPRequestEntityTooLarge:
        return problem_response(ProblemCode.BODY_TOO_LARGE)
    except web.HTTPMethodNotAllowed as error:
        response = problem_response(ProblemCode.METHOD_NOT_ALLOWED)
        response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return response
    except web.HTTPNotFound:
        return problem_response(ProblemCode.NOT_FOUND)
