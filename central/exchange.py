"""One question over HTTPS and its answer: what a response proves, and what a fault means."""

import gzip
import os
import ssl
from typing import TypeVar

import aiohttp
import msgspec
from yarl import URL

from central.contract import (
    MAX_ANSWER_BYTES,
    TYPE_PROBLEM,
    Message,
    Problem,
    ProblemCode,
    encode,
)
from central.failure import (
    BadCertificate,
    Bar,
    Failure,
    NotAdmitted,
    NotOurs,
    Overloaded,
    Refused,
    Unreachable,
)

GZIP_ABOVE_BYTES = 8 * 1024
MAX_RETRY_AFTER_S = 3600.0
DEFAULT_RETRY_AFTER_S = 30.0

# X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED (openssl/x509_vfy.h).
_CLOCK_CODES = frozenset({9, 10})
# msgspec raises UnicodeDecodeError, which is none of its own, for broken UTF-8.
_NOT_THAT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# What OpenSSL says when the peer went away in the middle of the handshake.
_TLS_CUT = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)

# Alerts (RFC 8446 6.2) about the certificate that we showed. OpenSSL writes them as
# "TLSV1_ALERT_UNKNOWN_CA" or "SSLV3_ALERT_...", by the protocol that brought each in.
_ALERTS = {
    "UNKNOWN_CA": Bar.UNKNOWN,
    "BAD_CERTIFICATE": Bar.UNKNOWN,
    "UNSUPPORTED_CERTIFICATE": Bar.UNKNOWN,
    "CERTIFICATE_UNKNOWN": Bar.UNKNOWN,
    "CERTIFICATE_REVOKED": Bar.REVOKED,
    "CERTIFICATE_EXPIRED": Bar.EXPIRED,
    "CERTIFICATE_REQUIRED": Bar.NOT_ENROLLED,
}
_BARS = {
    ProblemCode.CERTIFICATE_MISSING.value: Bar.NOT_ENROLLED,
    ProblemCode.CERTIFICATE_UNKNOWN.value: Bar.UNKNOWN,
    ProblemCode.CERTIFICATE_REVOKED.value: Bar.REVOKED,
    ProblemCode.CERTIFICATE_SUPERSEDED.value: Bar.SUPERSEDED,
    ProblemCode.CERTIFICATE_EXPIRED.value: Bar.EXPIRED,
    ProblemCode.CERTIFICATE_NOT_YET_VALID.value: Bar.NOT_YET_VALID,
    ProblemCode.TERMINAL_MISMATCH.value: Bar.OTHER_TERMINAL,
}

M = TypeVar("M", bound=Message)


class Trace:
    """What became of one request on its way: whether it went over a kept connection."""

    reused = False


def reuse_trace() -> aiohttp.TraceConfig:
    """Makes a session tell each request's `Trace` when it took a kept connection."""

    async def reused(
        _session: aiohttp.ClientSession,
        context: object,
        _params: aiohttp.TraceConnectionReuseconnParams,
    ) -> None:
        trace = getattr(context, "trace_request_ctx", None)
        if isinstance(trace, Trace):
            trace.reused = True

    config = aiohttp.TraceConfig()
    config.on_connection_reuseconn.append(reused)
    return config


async def exchange(
    session: aiohttp.ClientSession,
    url: URL,
    asked: Message | str,
    answer_type: type[M],
    trace: Trace | None = None,
) -> M | Failure:
    """Asks once. A str is a nonce and makes it a GET.

    Raises:
        aiohttp.ClientError: there was no whole answer; `failure_of` says what that means.
    """
    if isinstance(asked, str):
        request = session.get(
            url.with_query(nonce=asked), allow_redirects=False, trace_request_ctx=trace
        )
    else:
        body = encode(asked)
        headers = {"Content-Type": "application/json"}
        if len(body) > GZIP_ABOVE_BYTES:
            body = gzip.compress(body, compresslevel=6)
            headers["Content-Encoding"] = "gzip"
        request = session.post(
            url, data=body, headers=headers, allow_redirects=False, trace_request_ctx=trace
        )
    async with request as response:
        return await _read(response, answer_type)


async def _read(response: aiohttp.ClientResponse, answer_type: type[M]) -> M | Failure:
    """The message in a response, or what the response shows instead."""
    if response.status == 200:
        if response.content_type != "application/json":
            return NotOurs(f"content_type: {response.content_type}")
        body = await _bounded(response)
        if body is None:
            return NotOurs("too_long")
        try:
            return msgspec.json.decode(body, type=answer_type)
        except _NOT_THAT_JSON:
            return NotOurs("json")
    problem = await _problem(response)
    if problem is not None:
        if response.status in (429, 503) and problem.code != ProblemCode.TOO_MANY_TRIES.value:
            return Overloaded(_retry_after_s(response.headers.get("Retry-After", "")))
        bar = _BARS.get(problem.code)
        if bar is not None:
            return NotAdmitted(bar)
        return Refused(problem)
    if 300 <= response.status < 400:
        return NotOurs("redirect")
    if response.status >= 500:
        # A gateway before the service, or the service in trouble: no portal says this.
        return Unreachable(f"http_{response.status}")
    return NotOurs(f"status: {response.status}")


async def _problem(response: aiohttp.ClientResponse) -> Problem | None:
    """The service's own problem document, if this is one."""
    if response.status < 400 or response.content_type != TYPE_PROBLEM:
        return None
    body = await _bounded(response)
    if body is None:
        return None
    try:
        problem = msgspec.json.decode(body, type=Problem)
    except _NOT_THAT_JSON:
        return None
    return problem if problem.status == response.status else None


async def _bounded(response: aiohttp.ClientResponse) -> bytes | None:
    """The whole body, or None when it is longer than any answer of ours."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            return None
    return bytes(body)


def _retry_after_s(header: str) -> float:
    """Seconds to stay away, between one second and an hour whatever was said."""
    if not (header.isascii() and header.isdigit()):
        return DEFAULT_RETRY_AFTER_S
    return min(MAX_RETRY_AFTER_S, max(1.0, float(header)))


def failure_of(error: aiohttp.ClientError) -> Failure:
    """What it means that a question got no answer."""
    cause = error.__cause__
    bar = _bar_of(error)
    if bar is not None:
        return NotAdmitted(bar)
    match error:
        case aiohttp.ClientConnectorCertificateError():
            reason = error.certificate_error
            code = reason.verify_code if isinstance(reason, ssl.SSLCertVerificationError) else None
            return BadCertificate(str(reason), clock_suspected=code in _CLOCK_CODES)
        case aiohttp.ClientConnectorSSLError():
            if isinstance(cause, _TLS_CUT):
                return Unreachable("tls_cut")
            return NotOurs("tls")
        case aiohttp.ClientConnectorDNSError():
            return Unreachable("dns")
        case aiohttp.ClientConnectorError():
            return Unreachable(f"connect: {_connect_words(error.os_error)}")
        case aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError():
            return Unreachable("cut")
        case _:
            # Not HTTP, or HTTP that breaks its own rules (bad framing, bad encoding).
            return NotOurs(f"http: {type(error).__name__}")


def _connect_words(error: OSError) -> str:
    """The system's own sentence for its number; asyncio puts addresses into it, which vary."""
    return os.strerror(error.errno) if error.errno else str(error)


def _bar_of(error: BaseException | None) -> Bar | None:
    """The service's alert about our certificate, if that is what ended the connection.

    With TLS 1.3 it comes after our side of the handshake is done, as an error of reading.
    """
    while error is not None:
        reason = getattr(error, "reason", None)
        if isinstance(error, ssl.SSLError) and isinstance(reason, str):
            return _ALERTS.get(reason.partition("_ALERT_")[2])
        error = error.__cause__
    return None
