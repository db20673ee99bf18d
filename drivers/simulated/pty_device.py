"""A device on a pseudo-terminal: a stable name, a thread of its own, pulled out and put back.

Everything a device does happens on its own thread; others hand it acts and wait for the result.
So no device needs a lock, and no client can hold one up.
"""

import contextlib
import os
import selectors
import socket
import threading
import tty
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from drivers.simulated.clock import Clock, monotonic_clock

T = TypeVar("T")

_READ_BYTES = 4096
_ACT_TIMEOUT_S = 10.0


class DeviceStopped(RuntimeError):
    """The simulated device is not running, so it cannot do what was asked."""


class _Act(Generic[T]):
    """Something that others want the device's thread to do."""

    def __init__(self, act: Callable[[], T]) -> None:
        self._act = act
        self.outcome: Future[T] = Future()

    def do(self) -> None:
        try:
            self.outcome.set_result(self._act())
        except Exception as error:  # noqa: BLE001 - handed over to whoever asked
            self.outcome.set_exception(error)

    def refuse(self, device: str) -> None:
        self.outcome.set_exception(DeviceStopped(f"{device} is not running"))


class Port:
    """One end of a pseudo-terminal whose other end has a stable name.

    The other end is kept open here too, so that it survives clients that open and close it and
    keeps its raw mode.
    """

    def __init__(self, link: Path) -> None:
        self._link = link
        self.device_fd, self._client_fd = os.openpty()
        tty.setraw(self._client_fd)
        os.set_blocking(self.device_fd, False)
        self._point_link_here(os.ttyname(self._client_fd))

    def _point_link_here(self, name: str) -> None:
        self._link.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._link.with_name(self._link.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(name)
        fresh.replace(self._link)

    def read(self, limit: int) -> bytes:
        """What came from the client, at most `limit` bytes; empty when there is nothing."""
        with contextlib.suppress(BlockingIOError):
            return os.read(self.device_fd, limit)
        return b""

    def write(self, data: bytes) -> int:
        """Send to the client; what does not fit, because nobody reads, is lost.

        Returns:
            How many bytes were lost.
        """
        with contextlib.suppress(BlockingIOError):
            return len(data) - os.write(self.device_fd, data)
        return len(data)

    def close(self) -> None:
        """The name vanishes and clients find their line hung up."""
        self._link.unlink(missing_ok=True)
        os.close(self._client_fd)
        os.close(self.device_fd)


class PtyDevice(ABC):
    """A simulated device on a line. Use it as a context manager, or start and stop it."""

    def __init__(self, link: Path, clock: Clock = monotonic_clock) -> None:
        self.path = link
        self.lost_bytes = 0
        """Bytes that were said and never read by anyone."""
        self._clock = clock
        self._acts: deque[_Act[Any]] = deque()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._wake_here: socket.socket | None = None
        self._port: Port | None = None

    @abstractmethod
    def received(self, data: bytes, now: float) -> None:
        """Bytes came from the client."""

    @abstractmethod
    def work(self, now: float) -> None:
        """Do what is due; called after everything that happens."""

    @abstractmethod
    def sayings(self, now: float) -> list[bytes]:
        """What is to be sent now, each to be written by itself."""

    @abstractmethod
    def next_event_at(self) -> float | None:
        """When `work` or `sayings` has something to do again."""

    @abstractmethod
    def room_bytes(self, now: float) -> int:
        """How many bytes the device would take from the line now."""

    def start(self) -> Self:
        """Appear under the path and begin to live."""
        if self._thread is not None:
            return self
        self._stop.clear()
        wake_there, self._wake_here = socket.socketpair()
        wake_there.setblocking(False)
        self._wake_here.setblocking(False)
        self._port = Port(self.path)
        self._thread = threading.Thread(
            target=self._live, args=(wake_there,), name=f"simulated {self.path.name}", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Vanish. Can be called again, and from any thread but the device's own."""
        if self._thread is None or self._wake_here is None:
            return
        self._stop.set()
        self.wake()
        self._thread.join()
        self._thread = None
        self._wake_here.close()
        self._refuse_acts()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def plugged(self) -> bool:
        """Whether the device can be found under its path."""
        return self._port is not None

    def unplug(self) -> None:
        """Pull the plug out: the name vanishes, clients find their line hung up."""
        self.ask(self._unplug)

    def replug(self) -> None:
        """Put the plug back in, on a new line under the same name."""
        self.ask(self._replug)

    def wake(self) -> None:
        """Look again at what is due: for a clock that a test has moved."""
        if self._wake_here is not None:
            # A full pipe wakes too; a closed one belongs to a device that has stopped.
            with contextlib.suppress(OSError):
                self._wake_here.send(b"\x00")

    def ask(self, act: Callable[[], T]) -> T:
        """Have the device's own thread do this, and give its result.

        Raises:
            DeviceStopped: when the device is not running.
        """
        if threading.current_thread() is self._thread:
            return act()
        asked = _Act(act)
        self._acts.append(asked)
        if self._thread is None or self._stop.is_set() or not self._thread.is_alive():
            self._refuse_acts()
        self.wake()
        return asked.outcome.result(_ACT_TIMEOUT_S)

    def _refuse_acts(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._acts.popleft().refuse(self.path.name)

    def _live(self, wake_there: socket.socket) -> None:
        try:
            while not self._stop.is_set():
                self._wait(wake_there)
                self._take_acts(wake_there)
                self._take_bytes()
                self._go_on()
        finally:
            self._unplug()
            wake_there.close()

    def _wait(self, wake_there: socket.socket) -> None:
        """Until a byte comes that there is room for, an act is asked, or something is due."""
        # In this order: a line that becomes free between the two is then seen by the second.
        at = self.next_event_at()
        now = self._clock()
        with selectors.DefaultSelector() as selector:
            selector.register(wake_there, selectors.EVENT_READ)
            if self._port is not None and self.room_bytes(now) > 0:
                selector.register(self._port.device_fd, selectors.EVENT_READ)
            selector.select(None if at is None else max(0.0, at - now))

    def _take_acts(self, wake_there: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            wake_there.recv(_READ_BYTES)
        while self._acts:
            self._acts.popleft().do()

    def _take_bytes(self) -> None:
        now = self._clock()
        limit = min(_READ_BYTES, self.room_bytes(now))
        if self._port is not None and limit > 0:
            data = self._port.read(limit)
            if data:
                self.received(data, now)

    def _go_on(self) -> None:
        now = self._clock()
        self.work(now)
        for saying in self.sayings(now):
            lost = len(saying) if self._port is None else self._port.write(saying)
            self.lost_bytes += lost

    def _unplug(self) -> None:
        if self._port is not None:
            self._port.close()
            self._port = None

    def _replug(self) -> None:
        if self._port is None:
            self._port = Port(self.path)
