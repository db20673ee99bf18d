"""A printer on the network, port 9100: bytes without any protocol around them."""

import contextlib
import errno
import fcntl
import ipaddress
import os
import select
import socket
import struct
import termios
from dataclasses import dataclass

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.descriptor import is_hung_up, wait_for
from drivers.links.link import LinkLost, LinkMissing

RAW_PORT = 9100
CONNECT_S = 2.0
"""A printer in the same hall answers in milliseconds; after this it is not there."""
_READ_BYTES = 4096
# A cable that is pulled says nothing. The kernel asks after 5 s of silence, three times.
_KEEP_IDLE_S = 5
_KEEP_INTERVAL_S = 2
_KEEP_PROBES = 3
_UNACKNOWLEDGED_MS = 10_000
_ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: drop what is queued, send a reset

TCP_BYTES_PER_S = 200_000.0
"""Print servers of this class take that much; the wire is never what is slow."""


@dataclass(frozen=True, slots=True)
class TcpSettings:
    """Where the printer is.

    Attributes:
        host: its address in numbers. A name would be looked up by a resolver that knows no
            deadline.
        port: 9100 on nearly all.

    Raises:
        ValueError: `host` is not an address, or `port` not a port.
    """

    host: str
    port: int = RAW_PORT

    def __post_init__(self) -> None:
        ipaddress.ip_address(self.host)
        if not 0 < self.port < 65536:
            raise ValueError(f"{self.port} is not a port")


class TcpLink:
    """A `Link` over TCP."""

    def __init__(self, settings: TcpSettings) -> None:
        self._settings = settings
        self._socket: socket.socket | None = None

    @property
    def is_open(self) -> bool:
        """See `Link`."""
        return self._socket is not None

    @property
    def bytes_per_s(self) -> float:
        """See `Link`."""
        return TCP_BYTES_PER_S

    def open(self) -> None:
        """See `Link`. Waits at most `CONNECT_S`."""
        if self._socket is not None:
            return
        version = ipaddress.ip_address(self._settings.host).version
        family = socket.AF_INET6 if version == 6 else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.setblocking(False)
            _keep_alive(connection)
            self._connect(connection)
        except (OSError, DeadlinePassed) as error:
            connection.close()
            raise LinkMissing(self._name) from error
        self._socket = connection

    def _connect(self, connection: socket.socket) -> None:
        failure = connection.connect_ex((self._settings.host, self._settings.port))
        if failure == errno.EINPROGRESS:
            wait_for(connection.fileno(), select.POLLOUT, Deadline(CONNECT_S), "connect")
            failure = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failure:
            raise OSError(failure, os.strerror(failure))

    def close(self) -> None:
        """See `Link`. What the printer has not taken is dropped: it would print it later."""
        connection, self._socket = self._socket, None
        if connection is None:
            return
        with contextlib.suppress(OSError):  # it may be dead already
            if _queued(connection):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        connection.close()

    def write_some(self, data: bytes, deadline: Deadline) -> int:
        """See `Link`."""
        while True:
            connection = self._connection()
            wait_for(connection.fileno(), select.POLLOUT, deadline, f"write {self._name}")
            try:
                return connection.send(data)
            except BlockingIOError:
                continue
            except OSError as error:  # reset, no route, unacknowledged for too long
                raise self._lost() from error

    def discard_output(self) -> int:
        """See `Link`. Only a reset throws away what is queued; it is connected again at once."""
        connection = self._connection()
        try:
            waiting = _queued(connection)
        except OSError as error:
            raise self._lost() from error
        if waiting:
            self.close()
            try:
                self.open()
            except LinkMissing as error:
                raise LinkLost(self._name) from error
        return waiting

    def read(self, deadline: Deadline) -> bytes:
        """See `Link`."""
        while True:
            connection = self._connection()
            wait_for(connection.fileno(), select.POLLIN, deadline, f"read {self._name}")
            try:
                data = connection.recv(_READ_BYTES)
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._lost() from error
            if not data:
                raise self._lost()
            return data

    def is_lost(self) -> bool:
        """See `NoticesLoss`. A cable that was pulled is noticed by the keep-alive, in 15 s."""
        return self._socket is not None and is_hung_up(self._socket.fileno())

    @property
    def _name(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _connection(self) -> socket.socket:
        if self._socket is None:
            raise LinkLost(f"{self._name} is not connected")
        return self._socket

    def _lost(self) -> LinkLost:
        self.close()
        return LinkLost(self._name)


def _keep_alive(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEP_IDLE_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _KEEP_INTERVAL_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _KEEP_PROBES)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)


def _queued(connection: socket.socket) -> int:
    """Bytes that the other side has not acknowledged (SIOCOUTQ, the same number as TIOCOUTQ)."""
    answer = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4))
    return int.from_bytes(answer, "little")
