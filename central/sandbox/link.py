"""A link to the central service that misbehaves on order, while everything runs.

A TCP proxy between terminal and service. It sees only TLS, so it cannot speak for the
service: what a wrong service says is the subject of `central.sandbox.misbehave`, to
which this link can lead (BUSY).
"""

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Self

_CHUNK_BYTES = 64 * 1024
_TRICKLE_S = 1.0
QUIET_S = 0.3
"""A service that has said nothing for so long has said all (where answers are cut)."""
_APPLICATION_DATA = 23  # TLS record type, RFC 8446 §5.1

_PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 26\r\n"
    b"Connection: close\r\n\r\n<html>Please log in</html>"
)


class LinkMode(Enum):
    """What the link does. It holds for connections that are open, too."""

    PASS = "pass"  # noqa: S105
    REFUSE = "refuse"
    """Connections are reset at once."""
    SILENT = "silent"
    """Connections are accepted; nothing passes until the mode changes."""
    TRICKLE = "trickle"
    """What the service says arrives at one byte a second."""
    CUT_RESPONSE = "cut_response"
    """The service gets the request and does its work; its answer is cut in the middle."""
    CUT_REQUEST = "cut_request"
    """Half of a request gets through, then the connection is reset: the service never has it."""
    HALF_CLOSED = "half_closed"
    """As CUT_RESPONSE, but the connection ends in order, as if the answer were whole."""
    PORTAL = "portal"
    """Somebody else answers, in plain HTTP: 200 and a page to log in."""
    BUSY = "busy"
    """Connections lead to another place, where a service answers that it has no time."""


_ANSWER_CUT = frozenset({LinkMode.CUT_RESPONSE, LinkMode.HALF_CLOSED})

_ELSEWHERE = frozenset({LinkMode.REFUSE, LinkMode.PORTAL, LinkMode.BUSY})
"""Modes that end what was connected before: one now talks to another."""


class TlsRecords:
    """Counts the application data records that pass in one direction."""

    def __init__(self) -> None:
        self.application_data = 0
        self._header = b""
        self._left = 0

    def feed(self, data: bytes) -> None:
        """Looks at the next bytes, wherever they were split."""
        at = 0
        while at < len(data):
            if self._left:
                step = min(self._left, len(data) - at)
                self._left -= step
                at += step
                continue
            step = min(5 - len(self._header), len(data) - at)
            self._header += data[at : at + step]
            at += step
            if len(self._header) == 5:
                kind, _, self._left = struct.unpack(">BHH", self._header)
                self._header = b""
                self.application_data += kind == _APPLICATION_DATA


@dataclass(eq=False, slots=True)
class _Connection:
    client: asyncio.StreamWriter
    service: asyncio.StreamWriter
    records_up: TlsRecords = field(default_factory=TlsRecords)
    asked: bool = False
    """Where answers are cut: a request has gone up."""

    def abort(self) -> None:
        _reset(self.client)
        self.service.transport.abort()


class SteeredLink:
    """Leads connections to a service, in the way it is told. An async context manager.

    Args:
        service: host and port of the service.
        busy: host and port to lead to in BUSY mode.
    """

    def __init__(self, service: tuple[str, int], busy: tuple[str, int] | None = None) -> None:
        self._service = service
        self._busy = busy
        self._mode = LinkMode.PASS
        self._latency_s = 0.0
        self._steered = asyncio.Event()
        self._connections: set[_Connection] = set()
        self._visitors: set[asyncio.StreamWriter] = set()
        self._visits: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Begins to listen; returns the port."""
        self._server = await asyncio.start_server(self._let_in, host, port)
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def close(self) -> None:
        """Ends all connections."""
        if self._server is not None:
            self._server.close()
        self._abort_all()
        visits = list(self._visits)
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    @property
    def mode(self) -> LinkMode:
        """What the link does now."""
        return self._mode

    def steer(self, mode: LinkMode, latency_s: float = 0.0) -> None:
        """Changes what the link does, at once.

        Args:
            mode: what to do.
            latency_s: how long each piece is held back, in both directions.

        Raises:
            ValueError: BUSY, and this link knows no busy place.
        """
        if mode is LinkMode.BUSY and self._busy is None:
            raise ValueError("this link does not know where somebody is busy")
        if mode is not self._mode and (mode in _ELSEWHERE or self._mode in _ELSEWHERE):
            self._abort_all()
        self._mode = mode
        self._latency_s = latency_s
        for connection in self._connections:
            connection.asked = False
        self._tell()

    def _tell(self) -> None:
        """Lets everybody who waits look at the mode again."""
        self._steered.set()
        self._steered = asyncio.Event()

    def _abort_all(self) -> None:
        for connection in self._connections:
            connection.abort()
        for visitor in self._visitors:
            _reset(visitor)

    def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.create_task(self._visit(reader, writer))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._visitors.add(writer)
        try:
            with suppress(OSError):
                await self._serve(reader, writer)
        finally:
            self._visitors.discard(writer)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._mode is LinkMode.REFUSE:
            _reset(writer)
            return
        if self._mode is LinkMode.PORTAL:
            await reader.read(_CHUNK_BYTES)
            writer.write(_PORTAL)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
            return
        leads_to = self._service
        if self._mode is LinkMode.BUSY and self._busy is not None:
            leads_to = self._busy
        from_service, to_service = await asyncio.open_connection(*leads_to)
        connection = _Connection(writer, to_service)
        self._connections.add(connection)
        up = asyncio.create_task(self._up(reader, connection))
        down = asyncio.create_task(self._down(from_service, connection))
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._connections.discard(connection)
            up.cancel()
            down.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            to_service.transport.abort()

    async def _up(self, reader: asyncio.StreamReader, connection: _Connection) -> None:
        while data := await reader.read(_CHUNK_BYTES):
            await self._hold_back()
            connection.records_up.feed(data)
            # In TLS 1.3 the first record is the end of the handshake; requests follow.
            is_request = connection.records_up.application_data >= 2
            if self._mode in _ANSWER_CUT and is_request:
                connection.asked = True
            if self._mode is LinkMode.CUT_REQUEST and is_request:
                connection.service.write(data[: len(data) // 2])
                await connection.service.drain()
                connection.abort()
                return
            connection.service.write(data)
            await connection.service.drain()

    async def _down(self, reader: asyncio.StreamReader, connection: _Connection) -> None:
        while data := await reader.read(_CHUNK_BYTES):
            await self._hold_back()
            if connection.asked and self._mode in _ANSWER_CUT:
                await self._cut(data, reader, connection)
                return
            if self._mode is LinkMode.TRICKLE:
                data = await self._trickle(data, connection)
            connection.client.write(data)
            await connection.client.drain()
        connection.client.close()

    async def _hold_back(self) -> None:
        if self._latency_s > 0:
            await asyncio.sleep(self._latency_s)
        while self._mode is LinkMode.SILENT:
            await self._steered.wait()

    async def _trickle(self, data: bytes, connection: _Connection) -> bytes:
        """Writes byte by byte as long as that is the mode; returns what is left."""
        while data and self._mode is LinkMode.TRICKLE:
            connection.client.write(data[:1])
            await connection.client.drain()
            data = data[1:]
            with suppress(TimeoutError):
                async with asyncio.timeout(_TRICKLE_S):
                    await self._steered.wait()
        return data

    async def _cut(
        self, data: bytes, reader: asyncio.StreamReader, connection: _Connection
    ) -> None:
        """Takes the whole answer, passes on half of it, and ends the connection."""
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(QUIET_S):
                    more = await reader.read(_CHUNK_BYTES)
                if not more:
                    break
                data += more
        connection.client.write(data[: len(data) // 2])
        await connection.client.drain()
        if self._mode is LinkMode.HALF_CLOSED:
            connection.client.close()
            connection.service.transport.abort()
        else:
            connection.abort()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Ends a connection with RST, as a host does that has no such service."""
    connected: socket.socket | None = writer.get_extra_info("socket")
    if connected is not None and connected.fileno() >= 0:
        linger = struct.pack("ii", 1, 0)
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()
