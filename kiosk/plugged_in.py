"""What is plugged in, and whether the settings name it already."""

from collections.abc import Callable

import msgspec

from config.schema import Settings
from drivers.discovery import FoundDevice, found_devices

_NETWORK = (
    "Devices on the network are not looked for: "
    'address = "tcp:192.168.1.50:9100" in [printer]; '
    'address = "ipp://192.168.1.60/ipp/print" in [a4].'
)


class PluggedIn(msgspec.Struct, frozen=True):
    """One device. `is_set` when the settings name it already."""

    device: FoundDevice
    is_set: bool


def plugged_in(
    settings: Settings, look: Callable[[], tuple[FoundDevice, ...]] = found_devices
) -> tuple[PluggedIn, ...]:
    """Everything that could be a printer, a scanner or a keypad. Opens nothing."""
    sections = (settings.printer, settings.printer2, settings.scanner, settings.keypad)
    named = {f'address = "{section.address}"' for section in sections if section.address}
    return tuple(PluggedIn(device, not named.isdisjoint(device.settings)) for device in look())


def plugged_in_lines(found: tuple[PluggedIn, ...]) -> str:
    """The same for people: each device, and under it the lines for the settings file."""
    if not found:
        return f"Nothing is plugged in that could be a printer or a scanner.\n{_NETWORK}"
    return "\n".join([*(_said(one) for one in found), _NETWORK])


def _said(one: PluggedIn) -> str:
    device = one.device
    usb = "" if device.vid is None else f" ({device.vid:04x}:{device.pid or 0:04x})"
    name = device.description or device.path or "without a name"
    head = f"{device.kind.value.replace('_', ' ')}: {name}{usb}"
    if one.is_set:
        head += " - in the settings"
    return "\n".join([head, *(f"    {line}" for line in device.settings)])
