"""What is plugged in, by a name that stays, with the lines for the settings."""

import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_usb import FakeUsb, Setting, UsbPrinter

from drivers import discovery
from drivers.discovery import FoundDevice, Kind, Places, Role, found_devices
from drivers.links.address import link_at
from drivers.links.libusb import LibusbLink
from drivers.links.usb_lp import UsbLpLink


@pytest.fixture
def places(tmp_path: Path) -> Places:
    for folder in ("dev/usb", "dev/serial/by-id", "dev/kiosk", "dev/input", "sys/class/usbmisc"):
        (tmp_path / folder).mkdir(parents=True)
    return Places(tmp_path / "dev", tmp_path / "sys", FakeUsb())


@pytest.fixture(autouse=True)
def ports(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    there: list[SimpleNamespace] = []
    monkeypatch.setattr(discovery, "_ports", SimpleNamespace(comports=lambda: there))
    return there


def plug_lp(places: Places, name: str = "lp0", **about: str) -> None:
    device = places.sys / "devices" / name
    (device / "interface").mkdir(parents=True)
    for attribute, value in about.items():
        (device / attribute).write_text(value + "\n")
    node = places.sys / "class/usbmisc" / name
    node.mkdir()
    (node / "device").symlink_to(device / "interface")
    (places.dev / "usb" / name).touch()


def port_at(path: Path, **about: object) -> SimpleNamespace:
    path.touch()
    nothing = {"vid": None, "pid": None, "manufacturer": None, "product": None}
    return SimpleNamespace(device=str(path), description="n/a", **{**nothing, **about})


def port_of(found: FoundDevice) -> str:
    section = "scanner" if found.role is Role.SCANNER else "printer"
    return tomllib.loads("\n".join(found.settings))[section]["address"]


def test_nothing_plugged_in_is_nothing_found(places: Places) -> None:
    assert found_devices(places) == ()


def test_no_usb_library_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_library(**_: object) -> None:
        raise discovery.usb.core.NoBackendError("none")

    monkeypatch.setattr(discovery, "_core", SimpleNamespace(find=no_library))
    assert found_devices(Places(tmp_path, tmp_path)) == ()


def test_a_usb_printer_is_found_with_its_ids(places: Places) -> None:
    plug_lp(places, idVendor="0416", idProduct="5011", manufacturer="SNBC", product="BTP-M300")
    (found,) = found_devices(places)
    assert (found.kind, found.role) == (Kind.USB_PRINTER, Role.PRINTER)
    assert (found.vid, found.pid, found.description) == (0x0416, 0x5011, "SNBC BTP-M300")
    assert port_of(found) == f"lp:{places.dev}/usb/lp0"
    assert isinstance(link_at(port_of(found)), UsbLpLink)


def test_our_udev_name_is_preferred_because_it_stays(places: Places) -> None:
    plug_lp(places)
    (places.dev / "kiosk/printer").symlink_to(places.dev / "usb/lp0")
    (found,) = found_devices(places)
    assert found.path == str(places.dev / "kiosk/printer")


def test_a_printer_behind_usblp_is_not_found_twice(places: Places) -> None:
    bus = FakeUsb(UsbPrinter(), UsbPrinter(vid=0x04B8, pid=0x0202))
    both = Places(places.dev, places.sys, bus)
    plug_lp(both, idVendor="0416", idProduct="5011")
    kinds = [(found.kind, found.vid) for found in found_devices(both)]
    assert kinds == [(Kind.USB_PRINTER, 0x0416), (Kind.LIBUSB_PRINTER, 0x04B8)]
    assert bus.log == []  # only looked at


def test_a_printer_without_usblp_is_named_by_its_ids(places: Places) -> None:
    bus = FakeUsb(UsbPrinter(), UsbPrinter(settings=(Setting(interface_class=3),)))
    (found,) = found_devices(Places(places.dev, places.sys, bus))
    assert port_of(found) == "usb:0416:5011"
    assert isinstance(link_at(port_of(found)), LibusbLink)


@pytest.mark.parametrize(
    ("about", "role"),
    [
        ({"vid": 0x1EAB, "product": "EM3096"}, Role.SCANNER),
        ({"vid": 0x1A86, "product": "2D Barcode Imager"}, Role.SCANNER),
        ({"vid": 0x0DD4, "product": "VKP80III"}, Role.PRINTER),
        ({"vid": 0x1A86, "product": "USB Serial"}, Role.UNKNOWN),
        ({}, Role.UNKNOWN),
    ],
)
def test_a_serial_port_is_what_its_maker_makes(
    places: Places, ports: list[SimpleNamespace], about: dict[str, object], role: Role
) -> None:
    ports.append(port_at(places.dev / "ttyUSB0", **about))
    (found,) = found_devices(places)
    assert found.role is role
    assert port_of(found) == str(places.dev / "ttyUSB0")
    assert ("or" in found.settings[0]) == (role is Role.UNKNOWN)


def test_a_serial_port_has_its_by_id_name(places: Places, ports: list[SimpleNamespace]) -> None:
    ports.append(port_at(places.dev / "ttyACM0"))
    name = places.dev / "serial/by-id/usb-Newland_EM3096-if00"
    name.symlink_to("../../ttyACM0")
    (found,) = found_devices(places)
    assert found.path == str(name)


def test_a_port_that_goes_while_it_is_looked_at_is_left_out(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble() -> None:
        raise TypeError("int() can't convert non-string with explicit base")

    monkeypatch.setattr(discovery, "_ports", SimpleNamespace(comports=stumble))
    assert found_devices(places) == ()
