"""Which files of a stick are read. Follows nothing, opens no device, and comes to an end.

Every folder is opened by its own descriptor and relative to the one above, so that nothing that is
swapped meanwhile leads out of the stick.
"""

import os
import stat
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import PurePath

from einvoice.documents.limits import MAX_FILE_BYTES
from kiosk.stick.found import MAX_FILES, LeftOut

ENDINGS = frozenset({".ofd", ".pdf", ".xml", ".xbrl", ".zip"})
MAX_LOOKED_AT = 5_000
"""Names that are looked at on one stick: a second or two, on the slowest."""
MAX_DEPTH = 8
"""Folders in folders. Mail programs and chats keep files four deep."""

_NO_FOLLOWING = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@dataclass(slots=True)
class Walk:
    """The files of a stick, opened.

    Attributes:
        files: descriptors, in the order of the walk; whoever walks closes them.
        left_out: what is not among them.
    """

    files: list[int] = field(default_factory=list[int])
    left_out: LeftOut = field(default_factory=LeftOut)


def walk(root: str) -> Walk:
    """Open what looks like invoice files: a folder's own before those of the folders in it.

    Raises:
        OSError: the stick itself cannot be opened or read.
    """
    found = Walk()
    counts = Counter[str]()
    is_more, looked_at = False, 0
    folders = deque([(os.open(root, _NO_FOLLOWING | os.O_DIRECTORY), 1)])
    try:
        while folders:
            folder, depth = folders.popleft()
            with closing(_Closed(folder)):
                names = list(_names(folder, MAX_LOOKED_AT - looked_at))
                looked_at += len(names)
                is_more |= looked_at >= MAX_LOOKED_AT
                for name, is_folder in sorted(names):
                    if is_folder and depth < MAX_DEPTH:
                        try:
                            inner = os.open(name, _NO_FOLLOWING | os.O_DIRECTORY, dir_fd=folder)
                        except OSError:
                            is_more = True
                        else:
                            folders.append((inner, depth + 1))
                    elif is_folder:
                        is_more = True
                    elif PurePath(name).suffix.lower() in ENDINGS:
                        _take(folder, name, found.files, counts)
            if looked_at >= MAX_LOOKED_AT or len(folders) > MAX_FILES:
                break
    finally:
        is_more |= bool(folders)
        for folder, _ in folders:
            os.close(folder)
    found.left_out = LeftOut(**counts, is_more=is_more)
    return found


@dataclass(slots=True)
class _Closed:
    descriptor: int

    def close(self) -> None:
        os.close(self.descriptor)


def _names(folder: int, at_most: int) -> Iterator[tuple[str, bool]]:
    """Names in a folder, each with whether it is a folder itself. Links are neither."""
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            if count >= at_most:
                return
            yield entry.name, entry.is_dir(follow_symlinks=False)


def _take(folder: int, name: str, files: list[int], counts: Counter[str]) -> None:
    """Open a file if it is one that is read; otherwise count why not."""
    try:
        if not stat.S_ISREG(os.lstat(name, dir_fd=folder).st_mode):
            counts["special"] += 1
            return
        if len(files) >= MAX_FILES:
            counts["too_many"] += 1
            return
        file = os.open(name, _NO_FOLLOWING, dir_fd=folder)
    except OSError:
        counts["not_read"] += 1
        return
    # What was opened counts, not what had the name a moment before.
    status = os.fstat(file)
    if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE_BYTES:
        files.append(file)
        return
    counts["too_large" if stat.S_ISREG(status.st_mode) else "special"] += 1
    os.close(file)
