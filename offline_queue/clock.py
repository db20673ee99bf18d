"""Two clocks and the boot that one of them counts from."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

# One random id per boot of the kernel (Linux, Documentation/admin-guide/sysctl/kernel.rst).
BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """What the queue asks of time. The wall clock may step; the monotonic one restarts at boot."""

    def wall(self) -> datetime:
        """The wall clock, aware."""
        ...

    def monotonic_s(self) -> float:
        """Seconds since some moment of this boot; the same for all processes of it."""
        ...

    @property
    def boot_id(self) -> str:
        """Names this boot: monotonic times of two boots cannot be compared."""
        ...


class SystemClock:
    """The clocks of this machine."""

    def wall(self) -> datetime:
        """The wall clock in UTC: finding this machine's zone costs a quarter of a millisecond."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """CLOCK_MONOTONIC: unlike most of Python's clocks, comparable between processes."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)

    def __init__(self) -> None:
        self._boot_id = BOOT_ID_FILE.read_text(encoding="ascii").strip()

    @property
    def boot_id(self) -> str:
        """The kernel's own id of this boot."""
        return self._boot_id
