"""What is plugged in, and the settings lines for it.

Only looks: no interface is claimed, no keyboard grabbed, no port opened. A device is named by a
path that stays when it is plugged in again: our own udev name, else the by-id name, else the bare
one.
"""

import errno
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import evdev
import usb.core  # pyright: ignore[reportMissingTypeStubs] - has none
from serial.tools import list_ports

from drivers.links.hid_keyboard import NEEDED_KEYS

# Libraries without types, or with some missing: what comes from them is `Any`.
_core: Any = usb.core
_evdev: Any = evdev
_ports: Any = list_ports

_PRINTER_CLASS = 7
_EV_KEY = 1


class Kind(Enum):
    """How a device is reached."""

    SERIAL = "serial"
    USB_PRINTER = "usb_printer"
    """A printer behind usblp: /dev/usb/lp*."""
    LIBUSB_PRINTER = "libusb_printer"
    """A USB printer without /dev/usb/lp*: usblp is not loaded, or another program took it."""
    KEYBOARD = "keyboard"
    """A keyboard, a keypad, or a scanner in keyboard mode: they look the same."""


class Role(Enum):
    """What a device probably is. The value is its section in the settings."""

    PRINTER = "printer"
    SCANNER = "scanner"
    KEYPAD = "keypad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """One device.

    Attributes:
        kind: how it is reached.
        path: its stable path; empty for one that has none (libusb).
        vid: USB vendor id; None if it is not on USB.
        pid: USB product id; None if it is not on USB.
        description: what it calls itself.
        role: what it probably is.
        settings: lines for the settings file.
    """

    kind: Kind
    path: str
    vid: int | None
    pid: int | None
    description: str
    role: Role
    settings: tuple[str, ...]


# Vendor ids: usb.ids (linux-usb.org). Only makers whose one trade is known.
_SCANNER_MAKERS = frozenset((0x0C2E, 0x0536, 0x1EAB, 0x05E0, 0x05F9))
"""Honeywell (Metrologic), Hand Held Products, Newland, Symbol/Zebra, Datalogic (PSC)."""
_PRINTER_MAKERS = frozenset((0x0519, 0x154F, 0x1504, 0x0DD4))
"""Star, SNBC, Bixolon, Custom. Epson makes other things too."""
_SCANNER_WORDS = ("scan", "barcode", "imager", "reader")
_KEYPAD_WORDS = ("keypad", "audionav", "audio-nav", "ez-key", "ez access")
_PRINTER_WORDS = ("print", "pos", "receipt")


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look; tests look elsewhere.

    Attributes:
        dev: /dev.
        sys: /sys.
        usb_backend: a pyusb backend; None finds libusb.
    """

    dev: Path = Path("/dev")
    sys: Path = Path("/sys")
    usb_backend: object | None = None


def found_devices(places: Places | None = None) -> tuple[FoundDevice, ...]:
    """All devices that could be a printer, a scanner or a keypad, printers first.

    What cannot be looked at (no libusb, no permission) is left out.
    """
    where = places or Places()
    behind_usblp = tuple(_usb_printers(where))
    taken = {(found.vid, found.pid) for found in behind_usblp}
    sources: tuple[Callable[[], Iterable[FoundDevice]], ...] = (
        lambda: behind_usblp,
        lambda: (found for found in _libusb_printers(where) if (found.vid, found.pid) not in taken),
        lambda: _serial_ports(where),
        lambda: _keyboards(where),
    )
    return tuple(found for source in sources for found in source())


def _serial_ports(where: Places) -> Iterator[FoundDevice]:
    try:
        ports = sorted(_ports.comports(), key=lambda port: port.device)
    except (OSError, TypeError, ValueError):
        return  # pyserial stumbles over a port that goes while it looks
    for port in ports:
        path = _stable(Path(port.device), where.dev / "kiosk", where.dev / "serial/by-id")
        description = None if port.description == "n/a" else port.description
        words = [port.manufacturer, port.product or description]
        yield _found(Kind.SERIAL, str(path), port.vid, port.pid, words)


def _usb_printers(where: Places) -> Iterator[FoundDevice]:
    for node in sorted((where.sys / "class/usbmisc").glob("lp[0-9]*")):
        device = (node / "device").resolve().parent  # the interface's device
        path = _stable(where.dev / "usb" / node.name, where.dev / "kiosk")
        words = [_line(device / "manufacturer"), _line(device / "product")]
        vid, pid = _hex(device / "idVendor"), _hex(device / "idProduct")
        yield _found(Kind.USB_PRINTER, str(path), vid, pid, words, Role.PRINTER)


def _libusb_printers(where: Places) -> Iterator[FoundDevice]:
    try:
        devices = list(_core.find(find_all=True, backend=where.usb_backend))
    except (usb.core.NoBackendError, usb.core.USBError):
        return
    for device in devices:
        if any(
            interface.bInterfaceClass == _PRINTER_CLASS
            for configuration in device
            for interface in configuration
        ):
            words = [_text(device, "manufacturer"), _text(device, "product")]
            vid, pid = int(device.idVendor), int(device.idProduct)
            yield _found(Kind.LIBUSB_PRINTER, "", vid, pid, words, Role.PRINTER)


def _text(device: Any, name: str) -> str | None:
    try:
        return getattr(device, name)
    except (usb.core.USBError, ValueError, NotImplementedError):  # not ours to open; no strings
        return None


def _keyboards(where: Places) -> Iterator[FoundDevice]:
    folder = where.dev / "input"
    for node in sorted(folder.glob("event[0-9]*")):
        try:
            device = _evdev.InputDevice(str(node))
        except OSError:
            continue  # not ours to read
        try:
            keys = set(device.capabilities(absinfo=False).get(_EV_KEY, ()))
            name, vid, pid = str(device.name), device.info.vendor, device.info.product
        except OSError as error:
            if error.errno not in (errno.ENODEV, errno.EIO):
                raise
            continue  # it went while we looked
        finally:
            device.close()
        if keys >= NEEDED_KEYS:
            path = _stable(node, where.dev / "kiosk", folder / "by-id", folder / "by-path")
            is_keypad = any(word in name.lower() for word in _KEYPAD_WORDS)
            role = Role.KEYPAD if is_keypad and vid else None
            yield _found(Kind.KEYBOARD, str(path), vid or None, pid or None, [name], role)


def _found(
    kind: Kind,
    path: str,
    vid: int | None,
    pid: int | None,
    words: Iterable[str | None],
    role: Role | None = None,
) -> FoundDevice:
    description = " ".join(word for word in words if word)
    role = role or _role(vid, description)
    return FoundDevice(
        kind, path, vid, pid, description, role, _settings(kind, path, vid, pid, role)
    )


def _role(vid: int | None, description: str) -> Role:
    lower = description.lower()
    if vid in _SCANNER_MAKERS or any(word in lower for word in _SCANNER_WORDS):
        return Role.SCANNER
    if vid in _PRINTER_MAKERS or any(word in lower for word in _PRINTER_WORDS):
        return Role.PRINTER
    return Role.UNKNOWN


def _settings(
    kind: Kind, path: str, vid: int | None, pid: int | None, role: Role
) -> tuple[str, ...]:
    match kind:
        case Kind.SERIAL:
            address = path
        case Kind.USB_PRINTER:
            address = f"lp:{path}"
        case Kind.LIBUSB_PRINTER:
            address = f"usb:{vid or 0:04x}:{pid or 0:04x}"
        case Kind.KEYBOARD if role is Role.KEYPAD:
            address = f"usb:{vid or 0:04x}:{pid or 0:04x}"
        case Kind.KEYBOARD:
            address = f"hid:{path}"
            role = Role.SCANNER  # it cannot print
    section = "[printer]  # or [scanner]" if role is Role.UNKNOWN else f"[{role.value}]"
    return (section, f'address = "{address}"')


def _stable(path: Path, *folders: Path) -> Path:
    """The first symbolic link in these folders that leads to the device, else the path."""
    target = path.resolve()
    for folder in folders:
        if folder.is_dir():
            for link in sorted(folder.iterdir()):
                if link.is_symlink() and link.resolve() == target:
                    return link
    return path


def _line(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip() or None
    except OSError:
        return None


def _hex(file: Path) -> int | None:
    text = _line(file)
    try:
        return None if text is None else int(text, 16)
    except ValueError:
        return None
