"""Steering over a Unix socket: one JSON line an order, one JSON line an answer.

The socket has mode 0600: whoever may steer is the user who runs the devices.
"""

import contextlib
import os
import selectors
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

import msgspec

from drivers.simulated.steering import (
    Answer,
    GetSlips,
    GetState,
    Obeyed,
    Order,
    Refused,
    SlipLine,
    Slips,
    States,
)

_LONGEST_LINE = 1 << 20
_READ_BYTES = 65_536
_SEND_TIMEOUT_S = 2.0

_orders = msgspec.json.Decoder[Order](Order)
_answers = msgspec.json.Decoder[Answer](Answer)


class OrderRefused(RuntimeError):
    """The simulated devices did not do what was ordered; the text says why."""


class SteeringLost(ConnectionError):
    """The simulated devices hung up in the middle of a conversation."""


class ControlSocket:
    """Listens for orders, on a thread of its own.

    Args:
        path: of the socket; what lies there from an earlier run is removed.
        obey: carries an order out. Called on this thread, one order at a time.
    """

    def __init__(self, path: Path, obey: Callable[[Order], Answer]) -> None:
        self._path = path
        self._obey = obey
        self._clients: dict[socket.socket, bytearray] = {}
        self._thread: threading.Thread | None = None
        self._stop_here: socket.socket | None = None

    def start(self) -> Self:
        """Listen.

        Raises:
            OSError: when the path cannot be bound, for one because it is too long.
        """
        if self._thread is not None:
            return self
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            # Linux gives the new file the mode of the socket: it is never open to others.
            os.fchmod(listener.fileno(), 0o600)
            listener.bind(str(self._path))
            listener.listen()
        except OSError:
            listener.close()
            raise
        stop_there, self._stop_here = socket.socketpair()
        self._thread = threading.Thread(
            target=self._live, args=(listener, stop_there), name="steering", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Hang up on everyone and remove the socket. Can be called again."""
        if self._thread is None or self._stop_here is None:
            return
        self._stop_here.close()
        self._thread.join()
        self._thread = None
        self._path.unlink(missing_ok=True)

    def _live(self, listener: socket.socket, stop_there: socket.socket) -> None:
        with selectors.DefaultSelector() as selector, listener, stop_there:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(stop_there, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is stop_there:
                        self._hang_up_all()
                        return
                    if key.fileobj is listener:
                        client, _ = listener.accept()
                        client.settimeout(_SEND_TIMEOUT_S)
                        self._clients[client] = bytearray()
                        selector.register(client, selectors.EVENT_READ)
                    elif isinstance(key.fileobj, socket.socket) and not self._serve(key.fileobj):
                        selector.unregister(key.fileobj)
                        del self._clients[key.fileobj]
                        key.fileobj.close()

    def _hang_up_all(self) -> None:
        for client in self._clients:
            client.close()
        self._clients.clear()

    def _serve(self, client: socket.socket) -> bool:
        """Answer each whole line that has come; False when the client is gone or babbles."""
        try:
            data = client.recv(_READ_BYTES)
            if not data:
                return False
            buffer = self._clients[client]
            buffer += data
            while (end := buffer.find(b"\n")) >= 0:
                line = bytes(buffer[:end])
                del buffer[: end + 1]
                client.sendall(msgspec.json.encode(self._answer(line)) + b"\n")
            return len(buffer) <= _LONGEST_LINE
        except OSError:
            return False

    def _answer(self, line: bytes) -> Answer:
        try:
            order = _orders.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return Refused(f"not an order: {error}")
        try:
            return self._obey(order)
        except (ValueError, RuntimeError) as error:
            # A wrong number in an order, or a device that is stopping.
            return Refused(str(error))


class Steering:
    """Steers simulated devices that run in another process. Not to be shared by threads.

    Args:
        path: the control socket.
        timeout_s: for each order.

    Raises:
        OSError: when nobody listens there.
    """

    def __init__(self, path: Path, timeout_s: float = 10.0) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._lines = self._socket.makefile("rb")

    def close(self) -> None:
        """End the conversation."""
        with contextlib.suppress(OSError):
            self._lines.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def order(self, order: Order) -> None:
        """Have an order carried out; it is done when this returns.

        Raises:
            OrderRefused: when it was not.
            OSError: when the devices are gone or say nothing in time.
        """
        answer = self._ask(order)
        if not isinstance(answer, Obeyed):
            raise OrderRefused(f"unexpected answer: {answer}")

    def state(self) -> States:
        """How both devices stand.

        Raises:
            OrderRefused: when they are stopping.
            OSError: when the devices are gone or say nothing in time.
        """
        answer = self._ask(GetState())
        if not isinstance(answer, States):
            raise OrderRefused(f"unexpected answer: {answer}")
        return answer

    def slips(self, after: int = 0) -> tuple[SlipLine, ...]:
        """The slips with a higher number, the oldest first.

        Raises:
            OrderRefused: when the devices are stopping.
            OSError: when the devices are gone or say nothing in time.
        """
        answer = self._ask(GetSlips(after))
        if not isinstance(answer, Slips):
            raise OrderRefused(f"unexpected answer: {answer}")
        return answer.slips

    def _ask(self, order: Order) -> Answer:
        self._socket.sendall(msgspec.json.encode(order) + b"\n")
        line = self._lines.readline()
        if not line.endswith(b"\n"):
            raise SteeringLost("the simulated devices hung up")
        answer = _answers.decode(line)
        if isinstance(answer, Refused):
            raise OrderRefused(answer.reason)
        return answer
