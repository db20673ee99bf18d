"""A serial port: RS-232, USB-serial converters and USB-CDC devices.

pyserial opens and configures the port. The bytes are moved here, with `poll`, because
pyserial's timed `write` does not tell how much went out, its non-blocking `write` spins
for ever on a full buffer, and its `read(n)` throws away what it had when the device
goes away.
"""

import contextlib
import errno
import os
import select
import termios
from dataclasses import dataclass
from pathlib import Path

import serial

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.descriptor import is_hung_up
from drivers.links.flow import FlowControl
from drivers.links.link import LinkBusy, LinkLost, LinkMissing

_BITS_PER_BYTE = 10  # 8N1: start bit, eight data bits, stop bit
_READ_BYTES = 4096  # the kernel's tty buffer holds no more
_BUSY = frozenset({errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK})


@dataclass(frozen=True, slots=True)
class SerialSettings:
    """Where a serial device is and how it speaks. Always eight data bits, no parity, one stop bit.

    Attributes:
        path: a stable path (/dev/serial/by-id/..., or a udev symlink). A bare ttyACM0 becomes
            ttyACM1 when it is plugged in again.
        baud: bits per second.
        flow: flow control of both sides.
    """

    path: str
    baud: int = 115_200
    flow: FlowControl = FlowControl.NONE


class SerialLink:
    """A `Link` over a serial port, opened exclusively."""

    def __init__(self, settings: SerialSettings) -> None:
        self._settings = settings
        self._port: serial.Serial | None = None

    @property
    def is_open(self) -> bool:
        """See `Link`."""
        return self._port is not None

    @property
    def bytes_per_s(self) -> float:
        """See `Link`."""
        return self._settings.baud / _BITS_PER_BYTE

    def open(self) -> None:
        """See `Link`."""
        if self._port is not None:
            return
        try:
            self._port = serial.Serial(
                port=self._settings.path,
                baudrate=self._settings.baud,
                xonxoff=self._settings.flow is FlowControl.XON_XOFF,
                rtscts=self._settings.flow is FlowControl.RTS_CTS,
                timeout=0,
                write_timeout=1,
                exclusive=True,
            )
        except OSError as error:  # SerialException is one
            if error.errno in _BUSY:
                raise LinkBusy(self._settings.path) from error
            raise LinkMissing(self._settings.path) from error

    def close(self) -> None:
        """See `Link`."""
        port, self._port = self._port, None
        if port is None:
            return
        # The kernel would wait up to 30 s for output that nobody takes. A dead tty refuses with a
        # plain OSError 5, and has none.
        with contextlib.suppress(OSError, termios.error):
            port.reset_output_buffer()
        # pyserial itself must close: as long as it believes that it has the descriptor, it closes
        # that number again when it is collected, whatever another thread has opened there since.
        port.close()

    def write_some(self, data: bytes, deadline: Deadline) -> int:
        """See `Link`."""
        fd = self._descriptor()
        while True:
            self._wait(fd, select.POLLOUT, deadline, "write")
            try:
                return os.write(fd, data)
            except BlockingIOError:
                continue  # the room was taken by echo; wait again
            except OSError as error:
                raise self._lost() from error

    def discard_output(self) -> int:
        """See `Link`."""
        if self._port is None:
            raise LinkLost(f"{self._settings.path} is not open")
        try:
            waiting = self._port.out_waiting
            self._port.reset_output_buffer()
        except (OSError, termios.error) as error:
            raise self._lost() from error
        return waiting

    def read(self, deadline: Deadline) -> bytes:
        """See `Link`."""
        fd = self._descriptor()
        while True:
            self._wait(fd, select.POLLIN, deadline, "read")
            try:
                data = os.read(fd, _READ_BYTES)
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._lost() from error
            if not data:
                raise self._lost()
            return data

    def is_lost(self) -> bool:
        """See `NoticesLoss`."""
        if self._port is None:
            return False
        fd = self._port.fileno()
        return is_hung_up(fd) or not self._is_still_at_path(fd)

    def _descriptor(self) -> int:
        if self._port is None:
            raise LinkLost(f"{self._settings.path} is not open")
        fd = self._port.fileno()
        if not self._is_still_at_path(fd):
            raise self._lost()
        return fd

    def _is_still_at_path(self, fd: int) -> bool:
        """Whether the path still leads to the device that was opened.

        A device that is plugged in again may get another node while the old descriptor still
        seems to live; and a stale link may have led to somebody else's device from the start.
        """
        try:
            return Path(self._settings.path).stat().st_rdev == os.fstat(fd).st_rdev
        except OSError:
            return False

    def _wait(self, fd: int, event: int, deadline: Deadline, act: str) -> None:
        """Return when `event` is there. A hang-up counts as readable: the read will say so."""
        poller = select.poll()
        poller.register(fd, event)
        ready = poller.poll(deadline.left_s * 1000)
        if not ready:
            raise DeadlinePassed(f"{act} {self._settings.path}")
        seen = ready[0][1]
        if seen & select.POLLNVAL or (event == select.POLLOUT and seen & select.POLLHUP):
            raise self._lost()

    def _lost(self) -> LinkLost:
        self.close()
        return LinkLost(self._settings.path)
