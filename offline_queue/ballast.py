"""Room kept back for the moment when the disk is full.

A full disk must not keep the queue from writing down what the service has taken, nor
that it had to refuse. A file of known size is given up then, and laid again later.
"""

import logging
import os
from pathlib import Path
from typing import Final

from offline_queue.database import fsync_directory

_log: Final = logging.getLogger(__name__)


class Ballast:
    """One file beside the database. With size 0 there is none."""

    def __init__(self, database: Path, size_bytes: int) -> None:
        self._path = database.with_name(database.name + ".ballast")
        self._size_bytes = size_bytes
        self._laid = False

    @property
    def missing(self) -> bool:
        """It was given up, or could not be laid."""
        return self._size_bytes > 0 and not self._laid

    def lay(self, spare_bytes: int) -> None:
        """Take the room, if the disk still has `spare_bytes` beyond it. Quietly not, otherwise."""
        if not self.missing:
            return
        try:
            self._laid = self._is_whole() or self._take(spare_bytes)
        except OSError as error:
            _log.warning("outbox.ballast_not_laid error=%s", error.strerror)

    def give_up(self) -> bool:
        """Free the room; whether there was any."""
        self._laid = False
        try:
            self._path.unlink()
            # The blocks are free for others only once the journal of the file system says so.
            fsync_directory(self._path.parent)
        except OSError:
            return False
        return True

    def _is_whole(self) -> bool:
        return self._path.exists() and self._path.stat().st_size == self._size_bytes

    def _take(self, spare_bytes: int) -> bool:
        if free_bytes(self._path.parent) < spare_bytes + self._size_bytes:
            return False
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # Blocks that are really taken, unlike those of a sparse file.
            os.posix_fallocate(descriptor, 0, self._size_bytes)
            os.fsync(descriptor)
        except OSError:
            self._path.unlink()
            raise
        finally:
            os.close(descriptor)
        fsync_directory(self._path.parent)
        return True


def free_bytes(directory: Path) -> int:
    """Bytes that an ordinary process may still write there."""
    status = os.statvfs(directory)
    return status.f_bavail * status.f_frsize
