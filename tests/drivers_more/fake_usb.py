"""A USB bus for pyusb: a printer with its descriptors and pipes, and usblp which holds it.

pyusb's own code runs unchanged above it; only what libusb would do is played here.
"""

import errno
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import usb.core  # pyright: ignore[reportMissingTypeStubs] - has none

BULK = 2


@dataclass(frozen=True)
class Setting:
    """One alternate setting of an interface."""

    number: int = 0
    alternate: int = 0
    interface_class: int = 7
    protocol: int = 2
    endpoints: tuple[tuple[int, int], ...] = ((0x81, BULK), (0x03, BULK))


@dataclass
class UsbPrinter:
    """A printer on the bus.

    `answers` is given what the host wrote and says what the printer says to it.
    """

    answers: Callable[[bytes], bytes] = lambda _: b""
    vid: int = 0x0416
    pid: int = 0x5011
    serial: str = ""
    settings: tuple[Setting, ...] = (Setting(),)
    configured: bool = True
    heard: bytearray = field(default_factory=bytearray)
    waiting: bytearray = field(default_factory=bytearray)
    takes_bytes: int = 1_000_000
    empty_packets: int = 0
    port_status: int | None = 0x18
    plugged: bool = True
    dies_after_bytes: int | None = None


def error(number: int) -> usb.core.USBError:
    return usb.core.USBError("", errno=number)


class FakeUsb:
    """The bus. `log` tells what was done to kernel driver and interfaces, in order."""

    def __init__(self, *printers: UsbPrinter) -> None:
        self.printers = list(printers)
        self.log: list[str] = []
        self.usblp: set[int] = {id(printer) for printer in printers}
        self.claimed: set[int] = set()
        self.claimed_by_others = False
        self.timeouts_ms: list[int] = []

        # pyusb looks these up before it knows which kind of pipe it has
        self.intr_write = self.iso_write = self.intr_read = self.iso_read = None

    # what pyusb asks for; its names, its order of arguments

    def enumerate_devices(self) -> Iterator[UsbPrinter]:
        return iter([printer for printer in self.printers if printer.plugged])

    def get_device_descriptor(self, dev: UsbPrinter) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=dev.vid, idProduct=dev.pid,
            bcdDevice=0x100, iManufacturer=0, iProduct=0, iSerialNumber=3 if dev.serial else 0,
            bNumConfigurations=1, bus=1, address=2, port_number=1, port_numbers=(1,), speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: UsbPrinter, config: int) -> SimpleNamespace:
        if config:
            raise IndexError(config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bConfigurationValue=1,
            bNumInterfaces=len({setting.number for setting in dev.settings}),
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=50, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(
        self, dev: UsbPrinter, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        numbers = sorted({setting.number for setting in dev.settings})
        own = [setting for setting in dev.settings if setting.number == numbers[intf]]
        setting = own[alt]
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=setting.number,
            bAlternateSetting=setting.alternate, bNumEndpoints=len(setting.endpoints),
            bInterfaceClass=setting.interface_class, bInterfaceSubClass=1,
            bInterfaceProtocol=setting.protocol, iInterface=0, extra_descriptors=[],
            setting=setting,
        )  # fmt: skip

    def get_endpoint_descriptor(
        self, dev: UsbPrinter, ep: int, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        setting = self.get_interface_descriptor(dev, intf, alt, config).setting
        address, kind = setting.endpoints[ep]
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=address, bmAttributes=kind,
            wMaxPacketSize=64, bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: UsbPrinter) -> UsbPrinter:
        self._there(dev)
        return dev

    def close_device(self, dev_handle: UsbPrinter) -> None:
        self.claimed.discard(id(dev_handle))

    def get_configuration(self, dev_handle: UsbPrinter) -> int:
        return 1 if self._there(dev_handle).configured else 0

    def set_configuration(self, dev_handle: UsbPrinter, config_value: int) -> None:
        self._there(dev_handle).configured = config_value == 1
        self.log.append("set_configuration")

    def set_interface_altsetting(self, dev_handle: UsbPrinter, intf: int, altsetting: int) -> None:
        self._there(dev_handle)
        self.log.append(f"setting {intf}.{altsetting}")

    def claim_interface(self, dev_handle: UsbPrinter, intf: int) -> None:
        self._there(dev_handle)
        if self.claimed_by_others or id(dev_handle) in self.usblp:
            raise error(errno.EBUSY)
        self.claimed.add(id(dev_handle))
        self.log.append(f"claim {intf}")

    def release_interface(self, dev_handle: UsbPrinter, intf: int) -> None:
        self.claimed.discard(id(self._there(dev_handle)))
        self.log.append(f"release {intf}")

    def is_kernel_driver_active(self, dev_handle: UsbPrinter, intf: int) -> bool:
        return id(self._there(dev_handle)) in self.usblp

    def detach_kernel_driver(self, dev_handle: UsbPrinter, intf: int) -> None:
        self.usblp.discard(id(self._there(dev_handle)))
        self.log.append(f"detach {intf}")

    def attach_kernel_driver(self, dev_handle: UsbPrinter, intf: int) -> None:
        if id(self._there(dev_handle)) in self.claimed:
            raise error(errno.EBUSY)
        self.usblp.add(id(dev_handle))
        self.log.append(f"attach {intf}")

    def bulk_write(
        self, dev_handle: UsbPrinter, ep: int, intf: int, data: "array[int]", timeout: int
    ) -> int:
        printer = self._there(dev_handle)
        self._timed(timeout)
        taken = bytes(data)[: printer.takes_bytes]
        if printer.dies_after_bytes is not None:
            left = printer.dies_after_bytes - len(printer.heard)
            if left <= 0:
                printer.plugged = False
                raise error(errno.EIO)
            taken = taken[:left]
        if not taken:
            raise usb.core.USBTimeoutError("", errno=errno.ETIMEDOUT)
        printer.takes_bytes -= len(taken)
        printer.heard += taken
        printer.waiting += printer.answers(taken)
        return len(taken)

    def bulk_read(
        self, dev_handle: UsbPrinter, ep: int, intf: int, buff: "array[int]", timeout: int
    ) -> int:
        printer = self._there(dev_handle)
        self._timed(timeout)
        if printer.empty_packets:
            printer.empty_packets -= 1
            return 0
        if not printer.waiting:
            raise usb.core.USBTimeoutError("", errno=errno.ETIMEDOUT)
        said = bytes(printer.waiting[: len(buff)])
        del printer.waiting[: len(said)]
        buff[: len(said)] = array("B", said)
        return len(said)

    def ctrl_transfer(
        self,
        dev_handle: UsbPrinter,
        bmRequestType: int,  # noqa: N803 - pyusb's names
        bRequest: int,  # noqa: N803
        wValue: int,  # noqa: N803
        wIndex: int,  # noqa: N803
        data: "array[int]",
        timeout: int,
    ) -> int:
        printer = self._there(dev_handle)
        self._timed(timeout)
        if (bmRequestType, bRequest) == (0x80, 6) and wValue >> 8 == 3:
            return self._string(printer, wValue & 0xFF, data)
        if (bmRequestType, bRequest) != (0xA1, 1) or printer.port_status is None:
            raise error(errno.EPIPE)
        data[0] = printer.port_status
        return 1

    def _string(self, printer: UsbPrinter, index: int, data: "array[int]") -> int:
        text = b"\x09\x04" if index == 0 else printer.serial.encode("utf-16-le")
        said = bytes((len(text) + 2, 3)) + text
        data[: len(said)] = array("B", said)
        return len(said)

    def _timed(self, timeout: int) -> None:
        assert timeout > 0, "0 means for ever"
        self.timeouts_ms.append(timeout)

    def _there(self, printer: UsbPrinter) -> UsbPrinter:
        if not printer.plugged:
            raise error(errno.ENODEV)
        return printer
