"""A print server: the simulated printer's line on a real TCP socket, one client at a time."""

import contextlib
import os
import selectors
import socket
import struct
import threading
from pathlib import Path
from typing import Self

_BYTES = 4096


class SerialToTcp:
    """Bytes both ways between 127.0.0.1:port and a device. Takes no more than the device takes."""

    def __init__(self, device: Path, cut_after: int | None = None) -> None:
        self._device = device
        self._cut_after = cut_after
        self.passed = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        # A small window, so that a printer which takes nothing is felt after some kilobytes.
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.port: int = self._server.getsockname()[1]
        self._stop_here, self._stop_there = socket.socketpair()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_here.send(b"x")
        self._thread.join(10)
        assert not self._thread.is_alive()
        for one in (self._server, self._stop_here, self._stop_there):
            one.close()

    def _run(self) -> None:
        while True:
            with selectors.DefaultSelector() as waiting:
                waiting.register(self._server, selectors.EVENT_READ)
                waiting.register(self._stop_there, selectors.EVENT_READ)
                ready = {key.fileobj for key, _ in waiting.select()}
            if self._stop_there in ready:
                return
            client, _ = self._server.accept()
            with client:
                if self._serve(client):
                    return

    def _serve(self, client: socket.socket) -> bool:
        """Serve one client; True when it is time to stop."""
        line = os.open(self._device, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        pending = b""
        try:
            while True:
                with selectors.DefaultSelector() as waiting:
                    waiting.register(self._stop_there, selectors.EVENT_READ)
                    events = selectors.EVENT_READ | (selectors.EVENT_WRITE if pending else 0)
                    waiting.register(line, events)
                    if not pending:
                        waiting.register(client, selectors.EVENT_READ)
                    ready = {key.fileobj: mask for key, mask in waiting.select()}
                if self._stop_there in ready:
                    return True
                if client in ready:
                    pending = client.recv(_BYTES)
                    if not pending:
                        return False
                    if self._cut_after is not None and self.passed >= self._cut_after:
                        _reset(client)
                        return False
                    self.passed += len(pending)
                if ready.get(line, 0) & selectors.EVENT_READ:
                    client.sendall(os.read(line, _BYTES))
                if pending:
                    with contextlib.suppress(BlockingIOError):
                        pending = pending[os.write(line, pending) :]
        except (ConnectionError, OSError):
            return False
        finally:
            os.close(line)


def _reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
