"""A USB printer through libusb (pyusb), where the kernel's usblp cannot be used.

The printer's interface is found by its class, its pipes by their descriptors: Chinese printers
use 81/01, 81/02, 81/03 and others. usblp is put back when the link is closed, so that
/dev/usb/lp0 is there again for everybody else. The device is not reset: a reset would lose what
it is printing.
"""

import contextlib
import errno
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import usb.core  # pyright: ignore[reportMissingTypeStubs] - has none
import usb.util  # pyright: ignore[reportMissingTypeStubs] - has none

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.link import LinkBusy, LinkLost, LinkMissing
from drivers.links.port_status import PortStatus, port_status
from drivers.links.usb_lp import USB_BYTES_PER_S

_core: Any = usb.core  # no types: what comes from it is `Any`
_util: Any = usb.util

_PRINTER_CLASS = 7
_FRAMED = frozenset((3, 4))  # IEEE 1284.4 and IPP over USB put frames around the bytes
_READ_BYTES = 4096
_WRITE_BYTES = 4096
_SHORTEST_MS = 2  # 0 would mean for ever; a full-speed bus asks a device once a millisecond
_LONGEST_MS = 60_000
_CONTROL_MS = 300
_GET_PORT_STATUS = 1
_CLASS_INTERFACE_IN = 0xA1

_NODES = Path("/dev/bus/usb")


@dataclass(frozen=True, slots=True)
class LibusbSettings:
    """Which printer.

    Attributes:
        vid: vendor id.
        pid: product id.
        serial: serial number, needed only when two alike are plugged in.
    """

    vid: int
    pid: int
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class _Pipes:
    """The opened printer. pyusb has no types: devices are `Any`, everything else is numbers."""

    device: Any
    interface: int
    setting: int
    out: int
    back: int | None
    packet_bytes: int
    had_usblp: bool


class LibusbLink:
    """A `Link` over libusb. Also tells what the printer's port says (`HasPortStatus`).

    Args:
        settings: which printer.
        backend: another pyusb backend than the one that is found; for tests.
    """

    def __init__(self, settings: LibusbSettings, backend: object | None = None) -> None:
        self._settings = settings
        self._backend = backend
        self._pipes: _Pipes | None = None

    @property
    def is_open(self) -> bool:
        """See `Link`."""
        return self._pipes is not None

    @property
    def bytes_per_s(self) -> float:
        """See `Link`."""
        return USB_BYTES_PER_S

    def open(self) -> None:
        """See `Link`. A printer that was away is another device to libusb: it is found anew."""
        if self._pipes is not None:
            return
        device = self._find()
        try:
            self._pipes = _opened(device)
        except NotImplementedError as error:
            _util.dispose_resources(device)
            raise LinkMissing(f"{self._name}: no libusb") from error
        except usb.core.USBError as error:
            _util.dispose_resources(device)
            if error.errno == errno.EBUSY:
                raise LinkBusy(self._name) from error
            raise LinkMissing(self._name) from error
        if self._pipes is None:
            _util.dispose_resources(device)
            raise LinkMissing(f"{self._name} has no printer interface")

    def _find(self) -> Any:
        wanted = self._settings
        try:
            found: Any = _core.find(
                find_all=True, backend=self._backend, idVendor=wanted.vid, idProduct=wanted.pid
            )
            for device in found:
                if wanted.serial is None or _serial_number(device) == wanted.serial:
                    return device
                _util.dispose_resources(device)
        except usb.core.NoBackendError as error:
            raise LinkMissing(f"{self._name}: no libusb") from error
        except usb.core.USBError as error:
            raise LinkMissing(self._name) from error
        raise LinkMissing(self._name)

    def close(self) -> None:
        """See `Link`. Gives the printer back to the kernel's driver if that had it."""
        pipes, self._pipes = self._pipes, None
        if pipes is None:
            return
        with contextlib.suppress(usb.core.USBError):  # it may be gone
            _util.release_interface(pipes.device, pipes.interface)
        # Attaching while the interface is still claimed gives EBUSY.
        _util.dispose_resources(pipes.device)
        if pipes.had_usblp:
            with contextlib.suppress(usb.core.USBError):
                pipes.device.attach_kernel_driver(pipes.interface)
            _util.dispose_resources(pipes.device)

    def write_some(self, data: bytes, deadline: Deadline) -> int:
        """See `Link`."""
        while True:
            pipes = self._opened()
            try:
                taken = pipes.device.write(pipes.out, data[:_WRITE_BYTES], _left_ms(deadline))
            except usb.core.USBTimeoutError as error:
                raise DeadlinePassed(f"write {self._name}") from error
            except usb.core.USBError as error:
                raise self._lost() from error
            if taken:
                return int(taken)
            deadline.check(f"write {self._name}")

    def discard_output(self) -> int:
        """See `Link`. Nothing waits here: what was taken is in the printer."""
        self._opened()
        return 0

    def read(self, deadline: Deadline) -> bytes:
        """See `Link`. A printer that sends empty packets has said nothing yet."""
        while True:
            pipes = self._opened()
            if pipes.back is None:
                raise DeadlinePassed(f"{self._name} never answers: it has no pipe back")
            # Whole packets only: less room than a packet is an overflow.
            room = max(_READ_BYTES // pipes.packet_bytes, 1) * pipes.packet_bytes
            try:
                data = bytes(pipes.device.read(pipes.back, room, _left_ms(deadline)))
            except usb.core.USBTimeoutError as error:
                raise DeadlinePassed(f"read {self._name}") from error
            except usb.core.USBError as error:
                raise self._lost() from error
            if data:
                return data
            deadline.check(f"read {self._name}")

    def port_status(self) -> PortStatus | None:
        """See `HasPortStatus`."""
        pipes = self._opened()
        index = pipes.interface << 8 | pipes.setting
        try:
            reply = pipes.device.ctrl_transfer(
                _CLASS_INTERFACE_IN, _GET_PORT_STATUS, 0, index, 1, _CONTROL_MS
            )
        except usb.core.USBError as error:
            if error.errno == errno.ENODEV:
                raise self._lost() from error
            return None  # the printer does not know this request
        return port_status(reply[0]) if len(reply) else None

    def is_lost(self) -> bool:
        """See `NoticesLoss`. The kernel takes the device's node away with the device."""
        if self._pipes is None:
            return False
        device = self._pipes.device
        return not (_NODES / f"{device.bus:03}" / f"{device.address:03}").exists()

    @property
    def _name(self) -> str:
        return f"{self._settings.vid:04x}:{self._settings.pid:04x}"

    def _opened(self) -> _Pipes:
        if self._pipes is None:
            raise LinkLost(f"{self._name} is not open")
        return self._pipes

    def _lost(self) -> LinkLost:
        self.close()
        return LinkLost(self._name)


def _left_ms(deadline: Deadline) -> int:
    return min(max(int(deadline.left_s * 1000), _SHORTEST_MS), _LONGEST_MS)


def _serial_number(device: Any) -> str | None:
    try:
        return device.serial_number
    except (usb.core.USBError, ValueError):  # not ours to open, or it has no strings
        return None


def _opened(device: Any) -> _Pipes | None:
    """Take the printer's interface; None if the device has none."""
    for interface in _printer_interfaces(device):
        out = _endpoint(interface, _util.ENDPOINT_OUT)
        if out is None:
            continue
        back = _endpoint(interface, _util.ENDPOINT_IN)
        number, setting = interface.bInterfaceNumber, interface.bAlternateSetting
        had_usblp = _detach(device, number)
        try:
            _util.claim_interface(device, number)
            if setting:
                device.set_interface_altsetting(number, setting)
        except usb.core.USBError:
            if had_usblp:
                _util.dispose_resources(device)
                with contextlib.suppress(usb.core.USBError):
                    device.attach_kernel_driver(number)
            raise
        return _Pipes(
            device=device,
            interface=number,
            setting=setting,
            out=out.bEndpointAddress,
            back=None if back is None else back.bEndpointAddress,
            packet_bytes=64 if back is None else back.wMaxPacketSize,
            had_usblp=had_usblp,
        )
    return None


def _printer_interfaces(device: Any) -> Iterator[Any]:
    """Those of the printer class that take plain bytes, those that can answer first.

    The kernel has configured the device already; where it has not, that is done here.
    """
    try:
        configuration = device.get_active_configuration()
    except usb.core.USBError:
        device.set_configuration()
        configuration = device.get_active_configuration()
    printers = [
        one
        for one in configuration
        if one.bInterfaceClass == _PRINTER_CLASS and one.bInterfaceProtocol not in _FRAMED
    ]
    yield from sorted(printers, key=lambda one: _endpoint(one, _util.ENDPOINT_IN) is None)


def _endpoint(interface: Any, direction: int) -> Any:
    for endpoint in interface:
        kind = _util.endpoint_type(endpoint.bmAttributes)
        towards = _util.endpoint_direction(endpoint.bEndpointAddress)
        if kind == _util.ENDPOINT_TYPE_BULK and towards == direction:
            return endpoint
    return None


def _detach(device: Any, interface: int) -> bool:
    """Take the interface from usblp. True if usblp had it."""
    try:
        if not device.is_kernel_driver_active(interface):
            return False
        device.detach_kernel_driver(interface)
    except NotImplementedError:
        return False  # a system without kernel drivers to detach
    return True
