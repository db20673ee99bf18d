"""The other end of a serial line, on a pseudo-terminal."""

import os
import pty
import select
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

WAIT_S = 10.0
"""How long a test waits for something that comes in milliseconds when all is well."""


class PtyPeer:
    """A device at a stable path (a symbolic link), which can go away and come back."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "device"
        self._master = -1
        self._slave = -1
        self.plug()

    def __enter__(self) -> "PtyPeer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self.unplug()

    def plug(self) -> None:
        self._master, self._slave = pty.openpty()
        self.path.symlink_to(os.ttyname(self._slave))

    def unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        for fd in (self._master, self._slave):
            if fd >= 0:
                os.close(fd)
        self._master = self._slave = -1

    def say(self, data: bytes) -> None:
        os.write(self._master, data)

    def hear(self, count: int) -> bytes:
        """Exactly `count` bytes."""
        heard = b""
        while len(heard) < count:
            assert select.select([self._master], [], [], WAIT_S)[0], f"heard only {heard!r}"
            heard += os.read(self._master, count - len(heard))
        return heard


class Happenings:
    """Collects events of another thread, and waits for some of them."""

    def __init__(self) -> None:
        self._all: list[object] = []
        self._changed = threading.Condition()

    def __call__(self, event: object) -> None:
        with self._changed:
            self._all.append(event)
            self._changed.notify_all()

    def wait_for(self, there: Callable[[list[object]], bool]) -> list[object]:
        """All events, once `there` is true of them."""
        with self._changed:
            assert self._changed.wait_for(lambda: there(self._all), WAIT_S), self._all
            return list(self._all)
