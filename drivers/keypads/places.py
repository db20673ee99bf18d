"""Which input devices of the kernel belong to the keypad, and how its keys are set.

A keypad is one USB device and often several input devices: its keys, and its volume keys. They
are found in sysfs by vendor, product and serial number, so that no other keyboard is even opened.
"""

import errno
import os
import re
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import evdev

from drivers.keypads.keys import USUAL_KEYS, KeypadKey, KeyTable
from drivers.links.hid_keyboard import EvdevDevice, KeyDevice

_names: Any = evdev.ecodes  # not typed
_USB = re.compile(r"usb:(?P<vid>[0-9a-fA-F]{4}):(?P<pid>[0-9a-fA-F]{4})(?::(?P<serial>.+))?")
_EVENT = struct.Struct("llHHi")
"""struct input_event of linux/input.h: seconds, microseconds, type, code, value."""
_NO_KEY = "none"


class WrongKeypad(ValueError):
    """The settings name no keypad, or no key. The message says what is allowed."""


@dataclass(frozen=True, slots=True)
class KeypadPlace:
    """Where a keypad is.

    Attributes:
        nodes: the paths of its input devices; none while it is not there.
        open_node: opens one.
    """

    nodes: Callable[[], tuple[str, ...]]
    open_node: Callable[[str], KeyDevice]


def keypad_at(
    address: str, dev: Path = Path("/dev/input"), sys: Path = Path("/sys")
) -> KeypadPlace:
    """The keypad that the address names, not yet opened.

    Args:
        address: `usb:1234:abcd` or `usb:1234:abcd:SERIAL`; `hid:/dev/input/by-path/...` for
            one that only its socket tells from another; `simulated:PATH`.
        dev: where the input devices are.
        sys: /sys.

    Raises:
        WrongKeypad: it is none of these.
    """
    kind, _, path = address.partition(":")
    if kind == "simulated" and path.startswith("/"):
        return KeypadPlace(lambda: _there(path), EventFile)
    if kind == "hid" and path.startswith("/"):
        return KeypadPlace(lambda: _there(path), EvdevDevice)
    found = _USB.fullmatch(address)
    if found is None:
        raise WrongKeypad(f"{address}: should be usb:VID:PID, four hex digits each, or hid:/PATH")
    wanted = (int(found["vid"], 16), int(found["pid"], 16))
    return KeypadPlace(lambda: _nodes(wanted, found["serial"], dev, sys), EvdevDevice)


def key_table(changes: str) -> KeyTable:
    """The usual keys with those that the settings change.

    Args:
        changes: "KEY_F1=repeat KEY_TAB=none".

    Raises:
        WrongKeypad: there is no such key, or no such meaning.
    """
    table = dict(USUAL_KEYS)
    for change in changes.split():
        name, _, meaning = change.partition("=")
        code = _names.ecodes.get(name)
        if not name.startswith("KEY_") or not isinstance(code, int):
            raise WrongKeypad(f"{name}: no key of linux/input-event-codes.h")
        if meaning == _NO_KEY:
            table.pop(code, None)
            continue
        try:
            table[code] = KeypadKey(meaning)
        except ValueError as error:
            allowed = ", ".join([*(key.value for key in KeypadKey), _NO_KEY])
            raise WrongKeypad(f"{name}={meaning}: should be one of {allowed}") from error
    return table


class FileEvent(NamedTuple):
    """A `KeyEvent` as it was read."""

    type: int
    code: int
    value: int


class EventFile:
    """Input events out of a file: the keypad of the simulated devices.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
        self._rest = b""

    def fileno(self) -> int:
        """See `KeyDevice`."""
        return self._fd

    def keys(self) -> Iterable[int]:
        """See `KeyDevice`: it may send any."""
        return USUAL_KEYS

    def grab(self) -> None:
        """See `KeyDevice`: nobody else listens to a file."""

    def read(self) -> Iterable[FileEvent]:
        """See `KeyDevice`."""
        got = os.read(self._fd, _EVENT.size * 64)
        if not got:
            raise OSError(errno.ENODEV, "hung up")
        data = self._rest + got
        whole = len(data) - len(data) % _EVENT.size
        self._rest = data[whole:]
        return [FileEvent(*fields[2:]) for fields in _EVENT.iter_unpack(data[:whole])]

    def close(self) -> None:
        """See `KeyDevice`."""
        os.close(self._fd)


def stroke(code: int) -> bytes:
    """One press of a key, down and up, as the kernel writes it."""
    return b"".join(
        _EVENT.pack(0, 0, *event) for event in ((1, code, 1), (0, 0, 0), (1, code, 0), (0, 0, 0))
    )


def _there(path: str) -> tuple[str, ...]:
    return (path,) if Path(path).exists() else ()


def _nodes(wanted: tuple[int, int], serial: str | None, dev: Path, sys: Path) -> tuple[str, ...]:
    found: list[str] = []
    for entry in sorted((sys / "class/input").glob("event[0-9]*")):
        about = entry.resolve().parent  # the link leads to .../input5/event5
        ids = (_hex(about / "id/vendor"), _hex(about / "id/product"))
        if ids == wanted and (serial is None or _line(about / "uniq") == serial):
            found.append(str(dev / entry.name))
    return tuple(found)


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""  # it went while we looked


def _hex(file: Path) -> int | None:
    try:
        return int(_line(file), 16)
    except ValueError:
        return None
