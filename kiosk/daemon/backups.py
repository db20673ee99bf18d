"""Copies of the queue, so that what people were promised outlives this disk.

Every hour a copy is made in one step at a second place and proven by reading every row of it.
Now and then the newest is also sealed and handed to the central service. A place that is full
or gone stops nothing: it is said in the status and tried again.
"""

import asyncio
import errno
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from central.contract import BackupPartTaken
from central.failure import Failure
from config.schema import Settings
from kiosk.clock import BEIJING, Clock
from kiosk.daemon import acts
from kiosk.daemon.audit import Note
from kiosk.daemon.sealed_copy import TooLarge, seal_copy
from kiosk.logs import fact
from offline_queue.backup import back_up, backups
from offline_queue.errors import OutboxError, OutboxFull
from offline_queue.sealing import Sealer

FOLDER = "backups"
"""Where copies go when no second place is set: the same disk, which saves from a damaged file
only."""
RETRY_AFTER = timedelta(minutes=10)
FIRST_WITHIN_S = 60.0
"""The first copy after a start that is overdue; not at once, since people may be waiting."""
PART_WITHIN_S = 30.0
SECOND_PLACE = "second_place"
SERVICE = "service"

_log = logging.getLogger(__name__)


class Uploads(Protocol):
    """Takes parts of sealed copies: `central.client.CentralClient`."""

    async def put_backup_part(
        self, backup_id: str, part: int, parts: int, content: bytes, within_s: float
    ) -> BackupPartTaken | Failure:
        """Keep one part."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """How often copies are made and how many stay.

    Attributes:
        queue: the file to copy.
        folder: the second place.
        every: between two copies there.
        keep: copies that stay there.
        upload_every: between two copies to the service; None for none.
    """

    queue: Path
    folder: Path
    every: timedelta
    keep: int
    upload_every: timedelta | None

    @classmethod
    def of(cls, settings: Settings, queue: Path) -> "Plan":
        """The plan that the settings ask for."""
        chosen = settings.backup
        return cls(
            queue,
            backup_folder(settings),
            timedelta(minutes=chosen.every_minutes),
            chosen.keep,
            timedelta(hours=chosen.upload_every_hours) if chosen.upload_every_hours else None,
        )


def backup_folder(settings: Settings) -> Path:
    """The second place that is set, or a folder beside the queue."""
    folder = settings.backup.folder
    return Path(folder) if folder else Path(settings.paths.state_dir) / FOLDER


@dataclass(slots=True)
class Place:
    """How copies to one place go.

    Attributes:
        made_at: of the newest good one; None for none yet.
        trouble: why the last one failed; "" when it did not.
    """

    made_at: datetime | None = None
    trouble: str = ""

    @property
    def word(self) -> str:
        """In a technician's words."""
        good = "none yet" if self.made_at is None else f"{self.made_at:%Y-%m-%d %H:%M}"
        return f"FAILED: {self.trouble} (last good: {good})" if self.trouble else good


class Backups:
    """Makes copies by itself and on a technician's word."""

    def __init__(
        self,
        plan: Plan,
        sealer: Sealer,
        clock: Clock,
        uploads: Uploads,
        *,
        note: Note,
        link_is_down: Callable[[], bool],
    ) -> None:
        self._plan = plan
        self._sealer = sealer
        self._clock = clock
        self._uploads = uploads
        self._note = note
        self._link_is_down = link_is_down
        self._one = asyncio.Lock()
        self.second_place = Place(made_at=_newest_at(plan.folder))
        self.service = Place()

    async def run(self) -> None:
        """Make copies until cancelled."""
        wait_s = min(FIRST_WITHIN_S, self._next_in_s())
        while True:
            await asyncio.sleep(wait_s)
            if self._next_in_s() <= 0:
                await self.make()
            wait_s = max(1.0, min(RETRY_AFTER.total_seconds(), self._next_in_s()))

    async def make(self, *, upload: bool = False) -> Path | None:
        """Make a copy now, and upload it when that is due or asked for; None when it failed."""
        async with self._one:
            try:
                path = await asyncio.to_thread(self._copy)
            except (OSError, OutboxError) as error:
                self._failed(self.second_place, SECOND_PLACE, _why(error))
                return None
            self._made(self.second_place, SECOND_PLACE, path.stem)
            if upload or self._upload_is_due():
                await self._upload(path)
            return path

    def _copy(self) -> Path:
        self._plan.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = back_up(
            self._plan.queue,
            self._plan.folder,
            self._sealer,
            now=self._clock.now(),
            keep=self._plan.keep,
        )
        return made.path

    async def _upload(self, path: Path) -> None:
        name = copy_id(path)
        try:
            parts = await asyncio.to_thread(
                lambda: seal_copy(path.read_bytes(), name, self._sealer)
            )
        except (OSError, TooLarge) as error:
            self._failed(self.service, SERVICE, _why(error))
            return
        for number, part in enumerate(parts, start=1):
            taken = await self._uploads.put_backup_part(
                name, number, len(parts), part, PART_WITHIN_S
            )
            if not isinstance(taken, BackupPartTaken):
                self._failed(self.service, SERVICE, type(taken).__name__.lower())
                return
        self._made(self.service, SERVICE, name)

    def _upload_is_due(self) -> bool:
        every, last = self._plan.upload_every, self.service.made_at
        if every is None or self._link_is_down():
            return False
        return last is None or not timedelta() <= self._clock.now() - last < every

    def _next_in_s(self) -> float:
        """Seconds until the next copy; a wall clock that was set back makes one at once."""
        last = self.second_place.made_at
        if last is None:
            return 0.0
        age = self._clock.now() - last
        return (self._plan.every - age).total_seconds() if age >= timedelta() else 0.0

    def _made(self, place: Place, word: str, name: str) -> None:
        place.made_at, place.trouble = self._clock.now(), ""
        fact(_log, "backup.made", place=word, name=name)
        self._note(acts.BackupMade(name, word))

    def _failed(self, place: Place, word: str, why: str) -> None:
        fact(_log, "backup.failed", place=word, why=why.replace(" ", "_"))
        if place.trouble != why:
            # On change only: a place that is full for a week is told once.
            self._note(acts.BackupFailed(word, why))
        place.trouble = why


def copy_id(path: Path) -> str:
    """The id that a copy has at the service: letters, digits and hyphens, sorting like time."""
    return "".join(one if one.isalnum() else "-" for one in path.stem)


def _newest_at(folder: Path) -> datetime | None:
    try:
        newest = backups(folder)
        return datetime.fromtimestamp(newest[0].stat().st_mtime, BEIJING) if newest else None
    except OSError:
        return None


def same_disk(folder: Path, queue: Path) -> bool:
    """Whether the second place is none: copies there go with the disk."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    return there.stat().st_dev == queue.stat().st_dev


def _why(error: OSError | OutboxError | TooLarge) -> str:
    if isinstance(error, OutboxFull):
        return os.strerror(errno.ENOSPC)
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return f"{type(error).__name__}: {error}"
