"""HTTP to a platform: one deadline over the whole call, and nothing believed by default.

No redirect is followed (a captive portal answers with one), no cookie is kept, an
answer has a greatest length, and expected faults are values.
"""

import asyncio
import ssl
from dataclasses import dataclass
from types import SimpleNamespace, TracebackType
from typing import Self

import aiohttp
from yarl import URL

from central.lookup import OwnThreadsResolver
from central.platforms.outcome import Outage, PlatformDown

MAX_ANSWER_BYTES = 4 * 1024 * 1024
"""The longest seen is an invoice with hundreds of lines; files are at most a few MiB."""
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. Whose it is has not been looked at."""

    status: int
    content_type: str
    body: bytes


class Gateway:
    """Calls one platform's servers. Use as an async context manager, or `close` it.

    Args:
        tls: whom to trust; None for the public authorities of the system.
        within_s: one call ends within this.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, within_s: float = 8.0) -> None:
        self._tls = tls
        self.within_s = within_s
        self._session: aiohttp.ClientSession | None = None
        self._resolver: OwnThreadsResolver | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
        if self._resolver is not None:
            await self._resolver.close()
            self._resolver = None

    async def call(
        self,
        method: str,
        url: URL,
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        deadline: float | None = None,
    ) -> Reply | PlatformDown:
        """One call.

        Args:
            method: GET or POST.
            url: sent as it is, already encoded.
            headers: the whole of them beside those of HTTP itself.
            body: sent as it is.
            deadline: in loop time, for a call that is one step of an act; by default the
                gateway's own.
        """
        session = self._open()
        progress = _Progress()
        until = deadline or asyncio.get_running_loop().time() + self.within_s
        try:
            async with (
                asyncio.timeout_at(until),
                session.request(
                    method,
                    url,
                    headers=headers,
                    data=body,
                    allow_redirects=False,
                    trace_request_ctx=progress,
                ) as response,
            ):
                taken = await _bounded(response)
                if taken is None:
                    return PlatformDown("the answer is too long", Outage.NONSENSE)
                return Reply(response.status, response.content_type, taken)
        except TimeoutError:
            return PlatformDown("no whole answer in time", progress.outage)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # Its name only: messages of aiohttp repeat the address, which can hold a token.
            return PlatformDown(f"connection: {type(error).__name__}", progress.outage)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._resolver = OwnThreadsResolver()
            tracing = aiohttp.TraceConfig()
            tracing.on_request_headers_sent.append(_note_sent)
            connector = aiohttp.TCPConnector(
                resolver=self._resolver, ssl=self._tls or True, limit=CONNECTIONS
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                trace_configs=[tracing],
                auto_decompress=True,
                trust_env=False,
            )
        return self._session


@dataclass(slots=True)
class _Progress:
    """How far one call has come: aiohttp tells it only to a trace."""

    is_sent: bool = False

    @property
    def outage(self) -> Outage:
        return Outage.UNCERTAIN if self.is_sent else Outage.UNREACHABLE


async def _note_sent(
    session: aiohttp.ClientSession,
    context: SimpleNamespace,
    params: aiohttp.TraceRequestHeadersSentParams,
) -> None:
    progress: _Progress = context.trace_request_ctx
    progress.is_sent = True


async def _bounded(response: aiohttp.ClientResponse) -> bytes | None:
    """The whole body, or None if it is longer than any answer."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            return None
    return bytes(body)
