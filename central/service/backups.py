"""Sealed copies of terminals' queues, kept for the day on which a terminal's disk is lost.

The service cannot read them: they are sealed with a key that it does not have. They come in
parts, each small enough for a thin line, and count only when all parts are there. The newest
few of each terminal stay. Plain files beside the database: they are large, written seldom,
and read almost never.
"""

import os
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from central.contract import MAX_BACKUP_PARTS

KEEP: Final = 5
"""Whole copies of each terminal."""
UNFINISHED: Final = 2
"""Copies of each terminal that are not whole yet, the newest: one may be on its way."""

_SHELF = "terminal-"
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
_PART = re.compile(r"([0-9]{4})-of-([0-9]{4})")


class NotABackup(ValueError):
    """An id, a number of a part or a size that no backup has."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole copy."""

    backup_id: str
    parts: int
    size_bytes: int
    received_at: datetime


class BackupShelf:
    """The copies of all terminals, in one folder. Blocking calls, from any thread.

    Args:
        folder: where they lie.
        keep: whole copies of each terminal.
        max_parts: of one copy.
    """

    def __init__(
        self, folder: Path, *, keep: int = KEEP, max_parts: int = MAX_BACKUP_PARTS
    ) -> None:
        self._folder = folder
        self._keep = keep
        self._max_parts = max_parts
        self._lock = threading.Lock()

    def put(self, terminal: str, backup_id: str, part: int, parts: int, content: bytes) -> None:
        """Keep one part, durably. The same part again replaces what was there.

        Raises:
            NotABackup: the id or the numbers are not those of a backup.
            OSError: it could not be kept.
        """
        if not (1 <= part <= parts <= self._max_parts) or not content:
            raise NotABackup(f"part {part} of {parts}")
        with self._lock:
            folder = self._of(terminal, backup_id)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = folder / f"{part:04d}-of-{parts:04d}"
            beside = path.with_suffix(".new")
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.rename(path)
            _fsync_folder(folder)
            if _whole(folder) is not None:
                self._forget(terminal)

    def kept(self, terminal: str) -> list[Kept]:
        """The whole copies of a terminal, newest first."""
        with self._lock:
            return [whole for folder in self._folders(terminal) if (whole := _whole(folder))]

    def terminals(self) -> list[str]:
        """Of whom there is something."""
        with self._lock:
            if not self._folder.is_dir():
                return []
            return sorted(one.name.removeprefix(_SHELF) for one in self._folder.iterdir())

    def part(self, terminal: str, backup_id: str, part: int) -> tuple[bytes, int] | None:
        """One part of a whole copy and how many there are; None where there is none.

        Raises:
            NotABackup: the id is none.
        """
        with self._lock:
            folder = self._of(terminal, backup_id)
            whole = _whole(folder) if folder.is_dir() else None
            if whole is None or not 1 <= part <= whole.parts:
                return None
            return (folder / f"{part:04d}-of-{whole.parts:04d}").read_bytes(), whole.parts

    def _of(self, terminal: str, backup_id: str) -> Path:
        if _ID.fullmatch(backup_id) is None:
            raise NotABackup("not an id of a backup")
        return self._shelf(terminal) / backup_id

    def _shelf(self, terminal: str) -> Path:
        # A terminal may be called "..": its name is never a path by itself.
        return self._folder / f"{_SHELF}{terminal}"

    def _folders(self, terminal: str) -> list[Path]:
        shelf = self._shelf(terminal)
        return sorted(shelf.iterdir(), reverse=True) if shelf.is_dir() else []

    def _forget(self, terminal: str) -> None:
        whole = unfinished = 0
        for folder in self._folders(terminal):
            if _whole(folder) is not None:
                whole += 1
                keep = whole <= self._keep
            else:
                unfinished += 1
                keep = unfinished <= UNFINISHED
            if not keep:
                for file in folder.iterdir():
                    file.unlink()
                folder.rmdir()


def _whole(folder: Path) -> Kept | None:
    """What a folder holds, if all its parts are there."""
    parts = [
        (int(match[1]), int(match[2]), path.stat())
        for path in folder.iterdir()
        if (match := _PART.fullmatch(path.name)) is not None
    ]
    counts = {of for _, of, _ in parts}
    if len(counts) != 1 or len(parts) != parts[0][1]:
        return None
    received_at = datetime.fromtimestamp(max(stat.st_mtime for _, _, stat in parts), UTC)
    return Kept(folder.name, len(parts), sum(stat.st_size for _, _, stat in parts), received_at)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
