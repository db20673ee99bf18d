"""A USB printer behind the kernel's own driver: /dev/usb/lp0.

usblp gives the printer's two bulk pipes as one file. It is opened without blocking and waited
for with `poll`, because usblp has no time-out of its own. It lets one process in at a time.
"""

import errno
import fcntl
import os
import select
from dataclasses import dataclass

from drivers.deadline import Deadline
from drivers.links.descriptor import is_hung_up, wait_for
from drivers.links.link import LinkBusy, LinkLost, LinkMissing
from drivers.links.port_status import PortStatus, port_status

_LPGETSTATUS = 0x060B  # linux/lp.h; usblp writes an int
_READ_BYTES = 4096
_BLOCK_BYTES = 8192  # USBLP_BUF_SIZE: usblp has at most one transfer of this size under way
_EMPTY_PAUSE_S = 0.01

USB_BYTES_PER_S = 500_000.0
"""A full-speed printer takes up to 1.2 MB/s; half of that and less was seen with slow firmware."""


@dataclass(frozen=True, slots=True)
class UsbLpSettings:
    """Where the printer is.

    Attributes:
        path: a stable path: a udev symlink (deploy/udev/90-kiosk.rules). A bare /dev/usb/lp0 is
            another printer when two are plugged in.
    """

    path: str


class UsbLpLink:
    """A `Link` over /dev/usb/lp*. Also tells what the printer's port says (`HasPortStatus`)."""

    def __init__(self, settings: UsbLpSettings) -> None:
        self._settings = settings
        self._fd: int | None = None
        self._last_block = 0

    @property
    def is_open(self) -> bool:
        """See `Link`."""
        return self._fd is not None

    @property
    def bytes_per_s(self) -> float:
        """See `Link`."""
        return USB_BYTES_PER_S

    def open(self) -> None:
        """See `Link`."""
        if self._fd is not None:
            return
        flags = os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        try:
            self._fd = os.open(self._settings.path, flags)
        except OSError as error:
            if error.errno == errno.EBUSY:
                raise LinkBusy(self._settings.path) from error
            raise LinkMissing(self._settings.path) from error
        self._last_block = 0

    def close(self) -> None:
        """See `Link`. usblp then ends the transfer that is under way, so nothing comes later."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    def write_some(self, data: bytes, deadline: Deadline) -> int:
        """See `Link`. At most one block of the driver's is handed over at a time."""
        while True:
            fd = self._descriptor()
            if self._wait(fd, select.POLLOUT, deadline, "write") & select.POLLHUP:
                raise self._lost()
            try:
                taken = os.write(fd, data[:_BLOCK_BYTES])
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._lost() from error
            if taken:
                self._last_block = taken
                return taken

    def discard_output(self) -> int:
        """See `Link`. Only closing the file ends a transfer; it is opened again at once."""
        fd = self._descriptor()
        poller = select.poll()
        poller.register(fd, select.POLLOUT)
        seen = poller.poll(0)
        if seen and not seen[0][1] & select.POLLHUP:
            return 0  # usblp has no transfer under way
        waiting = self._last_block
        self.close()
        try:
            self.open()
        except (LinkMissing, LinkBusy) as error:
            raise self._lost() from error
        return waiting

    def read(self, deadline: Deadline) -> bytes:
        """See `Link`."""
        while True:
            fd = self._descriptor()
            seen = self._wait(fd, select.POLLIN, deadline, "read")
            try:
                data = os.read(fd, _READ_BYTES)
            except BlockingIOError:
                if seen & select.POLLHUP:
                    raise self._lost() from None
                continue
            except OSError as error:
                raise self._lost() from error
            if data:
                return data
            if seen & select.POLLHUP:
                raise self._lost()
            # An empty packet, not an end of file: some printers send them instead of nothing.
            self._pause(fd, deadline)

    def port_status(self) -> PortStatus | None:
        """See `HasPortStatus`."""
        answer = bytearray(4)
        try:
            fcntl.ioctl(self._descriptor(), _LPGETSTATUS, answer)
        except OSError as error:
            if error.errno in (errno.ENODEV, errno.EIO):
                raise self._lost() from error
            return None  # ENOTTY: not usblp; ETIMEDOUT, EPIPE: the printer does not know it
        return port_status(int.from_bytes(answer, "little") & 0xFF)

    def is_lost(self) -> bool:
        """See `NoticesLoss`. usblp says POLLHUP once the printer is unplugged."""
        return self._fd is not None and is_hung_up(self._fd)

    def _descriptor(self) -> int:
        if self._fd is None:
            raise LinkLost(f"{self._settings.path} is not open")
        return self._fd

    def _wait(self, fd: int, event: int, deadline: Deadline, act: str) -> int:
        return wait_for(fd, event, deadline, f"{act} {self._settings.path}")

    def _pause(self, fd: int, deadline: Deadline) -> None:
        deadline.check(f"read {self._settings.path}")
        poller = select.poll()
        poller.register(fd, 0)  # only a hang-up ends the pause early
        poller.poll(min(_EMPTY_PAUSE_S, deadline.left_s) * 1000)

    def _lost(self) -> LinkLost:
        self.close()
        return LinkLost(self._settings.path)
