"""Tells when a stick is mounted. Mounting is systemd's (deploy/systemd/kiosk-stick@.service).

The kernel says by itself that mounts have changed (proc(5), /proc/self/mountinfo: POLLPRI), so
nothing is looked at again and again.
"""

import asyncio
import logging
import re
import select
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path

from kiosk.logs import fact

MOUNTS = Path("/proc/self/mountinfo")
_WANTED = frozenset({"ro", "nosuid", "nodev", "noexec"})
_OCTAL = re.compile(r"\\([0-7]{3})")

_log = logging.getLogger(__name__)


def sticks(mountinfo: str, below: Path) -> Iterator[tuple[Path, bool]]:
    """What is mounted right below a folder, and whether it is so as a stranger's stick must be.

    Args:
        mountinfo: as proc(5) has it.
        below: the folder.
    """
    for line in mountinfo.splitlines():
        fields = line.split(" ")
        if len(fields) < 6:
            continue
        place = Path(_OCTAL.sub(lambda octal: chr(int(octal[1], 8)), fields[4]))
        if place.parent == below:
            yield place, set(fields[5].split(",")) >= _WANTED


def _opened() -> FileIO:
    """The kernel's own table: nothing in it blocks."""
    return FileIO(MOUNTS)


class Mounts:
    """Watches a folder in which sticks are mounted.

    Args:
        below: the folder.
        on_stick: called with the stick that came, or None when the one that was there went.
    """

    def __init__(self, below: Path, on_stick: Callable[[Path | None], None]) -> None:
        self._below = below
        self._on_stick = on_stick
        self._there: Path | None = None

    async def watch(self) -> None:
        """Watch until cancelled."""
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()
        with _opened() as mounts, select.epoll() as poll:
            poll.register(mounts.fileno(), select.EPOLLPRI | select.EPOLLERR)
            loop.add_reader(poll.fileno(), changed.set)
            try:
                while True:
                    poll.poll(0)
                    changed.clear()
                    mounts.seek(0)
                    self._look(mounts.readall().decode("utf-8", "replace"))
                    await changed.wait()
            finally:
                loop.remove_reader(poll.fileno())

    def _look(self, mountinfo: str) -> None:
        safe: list[Path] = []
        for place, is_safe in sticks(mountinfo, self._below):
            if is_safe:
                safe.append(place)
            else:
                fact(_log, "stick.not_as_wanted", wanted=",".join(sorted(_WANTED)))
        if self._there in safe:
            return
        there = safe[-1] if safe else None
        if there != self._there:
            self._there = there
            fact(_log, "stick.changed", there=there is not None)
            self._on_stick(there)
