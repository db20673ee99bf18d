"""Files that are written whole or not at all, and folders that others cannot look into."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """The old content or the new one, never a part; on the disk when this returns.

    Raises:
        OSError: nothing was changed.
    """
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def make_private(folder: Path) -> None:
    """A folder that only its owner can look into, with every one above it that is missing.

    `Path.mkdir(parents=True)` gives its mode to the last one only.

    Raises:
        OSError: it cannot be made.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
