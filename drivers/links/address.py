"""One line of settings names a link of any kind."""

import re
from dataclasses import dataclass

from drivers.links.flow import FlowControl
from drivers.links.hid_keyboard import HidKeyboard, HidSettings
from drivers.links.libusb import LibusbLink, LibusbSettings
from drivers.links.link import Link
from drivers.links.serial import SerialLink, SerialSettings
from drivers.links.tcp import RAW_PORT, TcpLink, TcpSettings
from drivers.links.usb_lp import UsbLpLink, UsbLpSettings

_LP_PATH = re.compile(r"/dev/usb/lp[0-9]+")
_LIBUSB = re.compile(r"(?P<vid>[0-9a-fA-F]{4}):(?P<pid>[0-9a-fA-F]{4})(?::(?P<serial>.+))?")
_TCP = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:]+)\]|(?P<v4>[0-9.]+))(?::(?P<port>[0-9]{1,5}))?")


class WrongAddress(ValueError):
    """The line names no link. The message says what is allowed."""


@dataclass(frozen=True, slots=True)
class LineSpeed:
    """How a serial port is set; other links need none.

    Attributes:
        baud: bits per second.
        flow: flow control.
    """

    baud: int = 115_200
    flow: FlowControl = FlowControl.NONE


def link_at(address: str, speed: LineSpeed | None = None) -> Link:
    """The link that the address names, not yet opened.

    Args:
        address: one of
            `/dev/serial/by-id/...` or `serial:PATH`: a serial port;
            `/dev/usb/lp0` or `lp:PATH`: a USB printer behind usblp (`lp:/dev/kiosk/printer`);
            `usb:0416:5011` or `usb:0416:5011:SERIAL`: a USB printer through libusb;
            `hid:/dev/input/by-id/...`: a scanner in keyboard mode;
            `tcp:192.168.1.50` or `tcp:192.168.1.50:9100`: a printer on the network.
        speed: for a serial port.

    Raises:
        WrongAddress: it is none of these.
    """
    kind, colon, rest = address.partition(":")
    match kind if colon and not address.startswith("/") else "":
        case "":
            return _at_path(address, speed or LineSpeed())
        case "serial":
            return _serial(rest, speed or LineSpeed())
        case "lp":
            return UsbLpLink(UsbLpSettings(rest))
        case "hid":
            return HidKeyboard(HidSettings(rest))
        case "usb":
            return LibusbLink(_libusb(rest, address))
        case "tcp":
            return TcpLink(_tcp(rest, address))
        case _:
            raise WrongAddress(f"{address}: begins with none of serial: lp: hid: usb: tcp: /")


def _at_path(path: str, speed: LineSpeed) -> Link:
    if not path.startswith("/"):
        raise WrongAddress(f"{path}: a device has a whole path")
    return UsbLpLink(UsbLpSettings(path)) if _LP_PATH.fullmatch(path) else _serial(path, speed)


def _serial(path: str, speed: LineSpeed) -> Link:
    return SerialLink(SerialSettings(path, speed.baud, speed.flow))


def _libusb(rest: str, address: str) -> LibusbSettings:
    found = _LIBUSB.fullmatch(rest)
    if found is None:
        raise WrongAddress(f"{address}: should be usb:VID:PID, four hex digits each")
    return LibusbSettings(int(found["vid"], 16), int(found["pid"], 16), found["serial"])


def _tcp(rest: str, address: str) -> TcpSettings:
    found = _TCP.fullmatch(rest)
    try:
        if found is not None:
            return TcpSettings(found["v4"] or found["v6"], int(found["port"] or RAW_PORT))
    except ValueError as error:
        raise WrongAddress(f"{address}: {error}") from error
    raise WrongAddress(f"{address}: should be tcp:ADDRESS:PORT, the address in numbers")
