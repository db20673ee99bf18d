"""Whether a disk has room: the same for the running daemon and for a look from outside."""

import os
from pathlib import Path

from kiosk.staff_messages import FaultFound

FULL_BELOW_BYTES = 64 << 20
"""The queue's log alone may need some; below this the next request may not be kept."""
LOW_BELOW_BYTES = 512 << 20
NO_INODES_BELOW = 256


def disk_faults(folder: Path) -> tuple[FaultFound, ...]:
    """What the disk of a folder lacks; that it does not answer is one of these."""
    try:
        has = os.statvfs(folder)
    except OSError as error:
        return (FaultFound("disk_unreadable", f"{folder}: {error.strerror}"),)
    free = has.f_bavail * has.f_frsize
    detail = f"{folder}: {free >> 20} MiB"
    found: list[FaultFound] = []
    if free < FULL_BELOW_BYTES:
        found.append(FaultFound("disk_full", detail))
    elif free < LOW_BELOW_BYTES:
        found.append(FaultFound("disk_low", detail))
    # Some file systems make inodes as they go and say that they have none at all.
    if has.f_files and has.f_favail < NO_INODES_BELOW:
        found.append(FaultFound("disk_no_inodes", f"{folder}: {has.f_favail}"))
    return tuple(found)
