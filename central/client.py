"""The terminal's side of the central service.

One deadline holds over each whole call: name lookup, connecting, a peer that
trickles, everything. An answer counts only when it proves that it is the answer of
our service to this question: its certificate, status, type, echoed id and digest.
Expected faults are values (`central.failure`), never exceptions.
"""

import asyncio
import gzip
import ssl
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
import msgspec
from yarl import URL

from central.contract import (
    HEADER_CONTRACT,
    HEADER_TERMINAL,
    MAX_ANSWER_BYTES,
    PATH_BACKUP,
    PATH_BACKUP_LIST,
    PATH_BACKUP_PART,
    PATH_OPERATIONS,
    PATH_PING,
    PATH_TICKET,
    PATH_VERIFY,
    TYPE_PROBLEM,
    VERSION,
    AuditReport,
    BackupListAnswer,
    BackupListRequest,
    BackupPart,
    BackupPartAnswer,
    BackupPartRequest,
    BackupPartTaken,
    Message,
    Operation,
    OperationsAnswer,
    OperationsRequest,
    PingAnswer,
    Problem,
    Reference,
    TicketAnswer,
    TicketRequest,
    TicketState,
    VerifyAnswer,
    VerifyRequest,
    batch_digest,
    encode,
    sha256_of,
)
from central.convert import answer_of
from central.failure import (
    BadCertificate,
    Failure,
    NoTime,
    NotOurs,
    Overloaded,
    Refused,
    Unreachable,
)
from central.lookup import OwnThreadsResolver
from einvoice.invoice import InvoiceReference
from einvoice.verdict import Answer

GZIP_ABOVE_BYTES = 8 * 1024
MAX_RETRY_AFTER_S = 3600.0
DEFAULT_RETRY_AFTER_S = 30.0
CONNECTION_KEPT_S = 60.0
"""Shorter than the time after which routers forget an idle connection without a word."""
PERSON_CONNECTIONS = 4

# X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED (openssl/x509_vfy.h).
_CLOCK_CODES = frozenset({9, 10})
# msgspec raises UnicodeDecodeError, which is none of its own, for broken UTF-8.
_NOT_THAT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# What OpenSSL says when the peer went away in the middle of the handshake.
_TLS_CUT = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)

M = TypeVar("M", bound=Message)


class CentralClient:
    """Asks the central service. Use as an async context manager, from one event loop.

    People's questions and owed operations have connections of their own: a large batch
    on a thin line never stands before somebody's question.

    Args:
        base_url: "https://host:port".
        ca_file: PEM of the authority that the service's certificate must come from; nothing
            else is trusted.
        terminal: this terminal's name.
        new_id: makes ids for requests.

    Raises:
        ValueError: `base_url` is not an https address.
        OSError: `ca_file` cannot be read; ssl.SSLError (a kind of it) when it is no PEM.
    """

    def __init__(
        self,
        base_url: str,
        ca_file: Path,
        terminal: str,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._base = URL(base_url)
        if self._base.scheme != "https" or not self._base.host:
            raise ValueError(f"not an https address: {base_url}")
        self._tls = ssl.create_default_context(cafile=str(ca_file))
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self._headers = {
            HEADER_TERMINAL: terminal,
            HEADER_CONTRACT: str(VERSION),
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # answers are short, and nothing need be unpacked
        }
        self._new_id = new_id
        self._resolver: OwnThreadsResolver | None = None
        self._people: aiohttp.ClientSession | None = None
        self._backlog: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._resolver = OwnThreadsResolver()
        self._people = self._session(self._resolver, PERSON_CONNECTIONS)
        self._backlog = self._session(self._resolver, 1)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in (self._people, self._backlog):
            if session is not None:
                await session.close()
        if self._resolver is not None:
            await self._resolver.close()

    async def verify(self, reference: InvoiceReference, within_s: float = 3.0) -> Answer | Failure:
        """What the service says about one invoice."""
        asked = VerifyRequest(self._new_id(), Reference.of(reference))
        answer = await self._ask(self._people, PATH_VERIFY, asked, VerifyAnswer, within_s)
        if not isinstance(answer, VerifyAnswer):
            return answer
        if answer.request_id != asked.request_id:
            return NotOurs("request_id")
        if answer.reference_digest != reference.digest:
            return NotOurs("digest")
        return answer_of(answer.ruling)

    async def ticket(
        self, number: str, secret: str, within_s: float = 3.0
    ) -> TicketAnswer | Failure:
        """Where a ticket stands. With state ANSWERED, `reference` and `ruling` are there."""
        asked = TicketRequest(self._new_id(), number, secret)
        answer = await self._ask(self._people, PATH_TICKET, asked, TicketAnswer, within_s)
        if not isinstance(answer, TicketAnswer):
            return answer
        if answer.request_id != asked.request_id or answer.number != number:
            return NotOurs("request_id")
        is_whole = answer.ruling is not None and answer.reference is not None
        if answer.state is TicketState.ANSWERED and not is_whole:
            return NotOurs("answer_without_ruling")
        return answer

    async def send(
        self,
        operations: tuple[Operation, ...],
        batch_id: str,
        within_s: float,
        audit: AuditReport | None = None,
    ) -> OperationsAnswer | Failure:
        """Hands over a batch. An OperationsAnswer has one result per operation, in order."""
        asked = OperationsRequest(batch_id, batch_digest(operations), operations, audit)
        answer = await self._ask(self._backlog, PATH_OPERATIONS, asked, OperationsAnswer, within_s)
        if not isinstance(answer, OperationsAnswer):
            return answer
        if answer.batch_id != batch_id:
            return NotOurs("batch_id")
        if answer.digest != asked.digest:
            return NotOurs("digest")
        if [r.op_id for r in answer.results] != [o.op_id for o in operations]:
            return NotOurs("results")
        return answer

    async def ping(self, within_s: float = 5.0) -> PingAnswer | Failure:
        """Whether the service itself answers, end to end."""
        nonce = self._new_id()
        answer = await self._ask(self._people, PATH_PING, nonce, PingAnswer, within_s)
        if isinstance(answer, PingAnswer) and answer.nonce != nonce:
            return NotOurs("nonce")
        return answer

    async def put_backup_part(
        self, backup_id: str, part: int, parts: int, content: bytes, within_s: float
    ) -> BackupPartTaken | Failure:
        """Hands over one part of a sealed backup; it is on the service's disk when this answers."""
        asked = BackupPart(self._new_id(), backup_id, part, parts, sha256_of(content), content)
        answer = await self._ask(self._backlog, PATH_BACKUP, asked, BackupPartTaken, within_s)
        if not isinstance(answer, BackupPartTaken):
            return answer
        if (answer.request_id, answer.sha256) != (asked.request_id, asked.sha256):
            return NotOurs("request_id")
        return answer

    async def backups(self, within_s: float) -> BackupListAnswer | Failure:
        """The whole backups of this terminal that the service holds, newest first."""
        asked = BackupListRequest(self._new_id())
        answer = await self._ask(self._backlog, PATH_BACKUP_LIST, asked, BackupListAnswer, within_s)
        if isinstance(answer, BackupListAnswer) and answer.request_id != asked.request_id:
            return NotOurs("request_id")
        return answer

    async def backup_part(
        self, backup_id: str, part: int, within_s: float
    ) -> BackupPartAnswer | Failure:
        """One part of a backup of this terminal."""
        asked = BackupPartRequest(self._new_id(), backup_id, part)
        answer = await self._ask(self._backlog, PATH_BACKUP_PART, asked, BackupPartAnswer, within_s)
        if not isinstance(answer, BackupPartAnswer):
            return answer
        if (answer.request_id, answer.backup_id, answer.part) != (
            asked.request_id,
            backup_id,
            part,
        ):
            return NotOurs("request_id")
        if answer.sha256 != sha256_of(answer.content):
            return NotOurs("digest")
        return answer

    def _session(self, resolver: OwnThreadsResolver, connections: int) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=self._tls,
                limit=connections,
                resolver=resolver,
                keepalive_timeout=CONNECTION_KEPT_S,
            ),
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            # Ours is one deadline around everything, in `_ask`.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            trace_configs=[_reuse_trace()],
        )

    async def _ask(
        self,
        session: aiohttp.ClientSession | None,
        path: str,
        asked: Message | str,
        answer_type: type[M],
        within_s: float,
    ) -> M | Failure:
        """One question within one deadline. A str is a nonce and makes it a GET."""
        if session is None:
            raise RuntimeError("the client is used outside its `async with`")
        try:
            async with asyncio.timeout(within_s):
                trace = _Trace()
                try:
                    return await self._exchange(session, path, asked, answer_type, trace)
                except aiohttp.ClientConnectionError as error:
                    # A kept connection that the other side had closed meanwhile says nothing
                    # about the service. All our questions may be repeated.
                    if not trace.reused or isinstance(error, aiohttp.ClientConnectorError):
                        raise
                return await self._exchange(session, path, asked, answer_type, _Trace())
        except TimeoutError:
            return NoTime()
        except aiohttp.ClientError as error:
            return _failure_of(error)

    async def _exchange(
        self,
        session: aiohttp.ClientSession,
        path: str,
        asked: Message | str,
        answer_type: type[M],
        trace: "_Trace",
    ) -> M | Failure:
        url = self._base.with_path(path)
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


class _Trace:
    """What became of one request on its way: whether it went over a kept connection."""

    reused = False


def _reuse_trace() -> aiohttp.TraceConfig:
    async def reused(
        _session: aiohttp.ClientSession,
        context: object,
        _params: aiohttp.TraceConnectionReuseconnParams,
    ) -> None:
        trace = getattr(context, "trace_request_ctx", None)
        if isinstance(trace, _Trace):
            trace.reused = True

    config = aiohttp.TraceConfig()
    config.on_connection_reuseconn.append(reused)
    return config


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
        if response.status in (429, 503):
            return Overloaded(_retry_after_s(response.headers.get("Retry-After", "")))
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


def _failure_of(error: aiohttp.ClientError) -> Failure:
    cause = error.__cause__
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
            return Unreachable(f"connect: {error.os_error.strerror or error.os_error}")
        case aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError():
            return Unreachable("cut")
        case _:
            # Not HTTP, or HTTP that breaks its own rules (bad framing, bad encoding).
            return NotOurs(f"http: {type(error).__name__}")
