"""Room kept back for the moment when the disk is full.

A full disk must not keep the queue from writing down what the service has taken, nor
that it had to refuse. A file of known size is given up then, and laid again later.
"""

import os
from pathlib import Path

from offline_queue.database import fsync_directory


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
        if self._path.exists() and self._path.stat().st_size == self._size_bytes:
            self._laid = True
            return
        if free_bytes(self._path.parent) < spare_bytes + self._size_bytes:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # Blocks that are really taken, unlike those of a sparse file.
            os.posix_fallocate(descriptor, 0, self._size_bytes)
            os.fsync(descriptor)
        except OSError:
            self._path.unlink()
            return
        finally:
            os.close(descriptor)
        fsync_directory(self._path.parent)
        self._laid = True

    def give_up(self) -> bool:
        """Free the room; whether there was any."""
        if not self._path.exists():
            return False
        self._path.unlink()
        # The blocks are free for others only once the journal of the file system says so.
        fsync_directory(self._path.parent)
        self._laid = False
        return True


def free_bytes(directory: Path) -> int:
    """Bytes that an ordinary process may still write there."""
    status = os.statvfs(directory)
    return status.f_bavail * status.f_frsize
