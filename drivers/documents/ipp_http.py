"""One IPP request and its answer over HTTP, within one deadline.

The HTTP is `http.client`'s. It knows only a time-out for each step, so it is given a socket that
measures every step against the deadline: a printer that sends a byte a second is cut off too.
"""

import http.client
import io
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from drivers.deadline import Deadline, DeadlinePassed

IPP_PORT = 631
_LONGEST_ANSWER_BYTES = 1_000_000
_OK = 200


class IppUnreachable(Exception):
    """There is nobody at the address, or the connection broke."""


class IppNotSpoken(Exception):
    """Somebody answered, but not in IPP."""


@dataclass(frozen=True, slots=True)
class IppAddress:
    """Where a printer is.

    Attributes:
        uri: `ipp://192.168.1.60/ipp/print`; `ipps:` for TLS. The host in numbers (or
            `localhost`): a name would be looked up by a resolver that knows no deadline.
        certificate: file with the printer's own certificate, for `ipps:`. Printers sign it
            themselves and it names no address, so that very certificate is what is checked.

    Raises:
        ValueError: it is no such address, or `ipps:` has no certificate.
    """

    uri: str
    certificate: Path | None = None
    host: str = field(init=False)
    port: int = field(init=False)
    path: str = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.uri)
        if parts.scheme not in ("ipp", "ipps"):
            raise ValueError(f"{self.uri}: begins with neither ipp: nor ipps:")
        if parts.scheme == "ipps" and self.certificate is None:
            raise ValueError(f"{self.uri}: ipps: needs the printer's certificate")
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        ipaddress.ip_address(host)
        object.__setattr__(self, "host", host)
        object.__setattr__(self, "port", parts.port or IPP_PORT)
        object.__setattr__(self, "path", parts.path or "/")

    @property
    def tls(self) -> ssl.SSLContext | None:
        """How to speak TLS; None if it is not spoken."""
        if self.certificate is None or not self.uri.startswith("ipps:"):
            return None
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.check_hostname = False
        return context


def exchange(address: IppAddress, request: bytes, deadline: Deadline) -> bytes:
    """Send one request and read its answer.

    Raises:
        DeadlinePassed: it did not end in time; a part of the request may be there.
        IppUnreachable: there is nobody, or the connection broke; the same holds.
        IppNotSpoken: the answer is not IPP.
    """
    try:
        timed = _TimedSocket(_connected(address, deadline), deadline)
        try:
            return _asked(timed, address, request)
        finally:
            timed.close()
    except TimeoutError as error:
        raise DeadlinePassed(f"ask {address.uri}") from error
    except OSError as error:
        raise IppUnreachable(address.uri) from error
    except http.client.HTTPException as error:
        if isinstance(error, http.client.RemoteDisconnected | http.client.IncompleteRead):
            raise IppUnreachable(address.uri) from error
        raise IppNotSpoken(address.uri) from error


def _connected(address: IppAddress, deadline: Deadline) -> socket.socket:
    deadline.check(f"connect {address.uri}")
    plain = socket.create_connection((address.host, address.port), deadline.left_s or None)
    try:
        context = address.tls
        if context is None:
            return plain
        plain.settimeout(max(deadline.left_s, 0.001))
        return context.wrap_socket(plain)
    except OSError:
        plain.close()
        raise


def _asked(timed: "_TimedSocket", address: IppAddress, request: bytes) -> bytes:
    connection = http.client.HTTPConnection(address.host, address.port)
    connection.sock = cast("Any", timed)  # http.client uses only sendall, makefile and close
    headers = {"Content-Type": "application/ipp", "Connection": "close"}
    connection.request("POST", address.path, request, headers)
    answer = connection.getresponse()
    body = answer.read(_LONGEST_ANSWER_BYTES + 1)
    if answer.status != _OK or len(body) > _LONGEST_ANSWER_BYTES:
        raise IppNotSpoken(f"{address.uri}: HTTP {answer.status}, {len(body)} bytes")
    return body


class _TimedSocket:
    """A socket whose every step ends at one deadline."""

    def __init__(self, inner: socket.socket, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._arm()
            rest = rest[self._inner.send(rest) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self.receive_into))

    def receive_into(self, buffer: memoryview) -> int:
        self._arm()
        return self._inner.recv_into(buffer)

    def close(self) -> None:
        self._inner.close()

    def _arm(self) -> None:
        self._deadline.check("ask")
        self._inner.settimeout(self._deadline.left_s or 0.001)


class _TimedReader(io.RawIOBase):
    def __init__(self, receive_into: Callable[[memoryview], int]) -> None:
        super().__init__()
        self._receive_into = receive_into

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        return self._receive_into(memoryview(buffer))
