"""Small secret files, written so that a power cut leaves the old one or the new one."""

import os
from pathlib import Path

from offline_queue.database import fsync_directory


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file (mode 0600) in one step: write beside it, fsync, rename, fsync the directory.

    Raises:
        OSError: the disk refused; the old file, if any, is untouched.
    """
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    fsync_directory(path.parent)


def overwrite_and_remove(path: Path) -> None:
    """Overwrite a file with zeros, make that durable, then remove it.

    On flash the controller may keep the old cells for a while; see the decision on sealing.

    Raises:
        OSError: there is no such file, or the disk refused.
    """
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    fsync_directory(path.parent)
