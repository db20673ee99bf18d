"""Real libraries on devices that the kernel does not have: evdev and sysfs through umockdev."""

from pathlib import Path

import pytest
from umockdev_kit import KEYBOARD, UMOCKDEV, ioctls, run, typed_at

pytestmark = pytest.mark.skipif(UMOCKDEV is None, reason="umockdev is not installed")

LISTENER = """
import json, sys
from drivers.deadline import Deadline
from drivers.links.hid_keyboard import HidKeyboard, HidSettings
link = HidKeyboard(HidSettings("/dev/input/event5"))
link.open()
typed = b""
while not typed.endswith(b"\\r"):
    typed += link.read(Deadline(10))
link.close()
print(json.dumps(typed.decode()))
"""


def test_evdev_reads_what_a_scanner_types(tmp_path: Path) -> None:
    strokes = [(42, 1), (30, 1), (30, 0), (42, 0), (3, 1), (3, 0), (28, 1), (28, 0)]
    assert run(typed_at(tmp_path, strokes), LISTENER) == "A2\r"


FINDER = """
import json
from drivers.discovery import found_devices
print(json.dumps([(f.kind.value, f.path, f.vid, f.pid, f.description, f.role.value, f.settings)
                  for f in found_devices()]))
"""
DESCRIPTORS = (
    "12010002000000401604115000010102030109022000010100C032"
    "0904000002070102000705810240000007050302400000"
)
PRINTER = f"""\
P: /devices/pci0000:00/usb1/1-2
N: bus/usb/001/003={DESCRIPTORS}
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
E: DEVNAME=/dev/bus/usb/001/003
E: MAJOR=189
E: MINOR=2
E: BUSNUM=001
E: DEVNUM=003
A: busnum=1\\n
A: devnum=3\\n
A: bConfigurationValue=1\\n
A: idVendor=0416\\n
A: idProduct=5011\\n
A: speed=12\\n
A: manufacturer=SNBC\\n
A: product=BTP-M300\\n
H: descriptors={DESCRIPTORS}
"""


def test_keyboards_are_found_as_evdev_sees_them(tmp_path: Path) -> None:
    device, answers = tmp_path / "kbd.umockdev", tmp_path / "kbd.ioctl"
    device.write_text(KEYBOARD)
    answers.write_text(ioctls())
    said = run(["-d", str(device), "-i", f"/dev/input/event5={answers}"], FINDER)
    path = "/dev/input/event5"
    settings = ["[scanner]", f'address = "hid:{path}"']
    assert said == [["keyboard", path, 0x0C2E, 0x0B61, "Honeywell Scanner", "scanner", settings]]


def test_usb_printers_are_found_as_libusb_sees_them(tmp_path: Path) -> None:
    device = tmp_path / "printer.umockdev"
    device.write_text(PRINTER)
    said = run(["-d", str(device)], FINDER)
    assert isinstance(said, list)
    (found,) = said
    assert found[:4] == ["libusb_printer", "", 0x0416, 0x5011]
    assert found[6] == ["[printer]", 'address = "usb:0416:5011"']
