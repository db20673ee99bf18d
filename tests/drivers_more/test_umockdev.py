"""Real libraries on devices that the kernel does not have: evdev and sysfs through umockdev."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UMOCKDEV = shutil.which("umockdev-run")
pytestmark = pytest.mark.skipif(UMOCKDEV is None, reason="umockdev is not installed")

KEY_BITS = bytes([0xFE] + [0xFF] * 15 + [0] * 80)  # keys 1 to 127
KEYBOARD = """\
P: /devices/pci0000:00/usb1/1-1
N: bus/usb/001/002
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
E: ID_VENDOR_ID=0c2e
E: ID_MODEL_ID=0b61
A: idVendor=0c2e
A: idProduct=0b61

P: /devices/pci0000:00/usb1/1-1/input/input5
E: SUBSYSTEM=input
E: NAME="Honeywell Scanner"
A: name=Honeywell Scanner

P: /devices/pci0000:00/usb1/1-1/input/input5/event5
N: input/event5
E: DEVNAME=/dev/input/event5
E: SUBSYSTEM=input
E: ID_INPUT_KEYBOARD=1
"""


def ioctls() -> str:
    """What evdev asks of a keyboard when it is opened."""

    def line(name: str, result: int, data: bytes) -> str:
        return f"{name} {result} {data.hex().upper()}\n"

    name = b"Honeywell Scanner\x00"
    return "@DEV /dev/input/event5\n" + "".join(
        (
            line("EVIOCGID", 0, bytes.fromhex("03002E0C610B1101")),
            line("EVIOCGVERSION", 0, bytes.fromhex("01000100")),
            line("EVIOCGNAME", len(name), name.ljust(256, b"\x00")),
            line("EVIOCGPHYS", 1, bytes(256)),
            line("EVIOCGUNIQ", 1, bytes(256)),
            line("EVIOCGBIT(0)", 4, (0b11).to_bytes(4, "little")),
            line("EVIOCGBIT(1)", 96, KEY_BITS),
            line("EVIOCGBIT(4)", 96, bytes(96)),
            line("EVIOCGEFFECTS", 0, bytes(4)),
        )
    )


def events(strokes: list[tuple[int, int]]) -> str:
    lines = [f"E: 1.{place:06d} 0001 {code:04x} {value:04d}" for place, (code, value) in
             enumerate(strokes)]  # fmt: skip
    return "\n".join(["E: 0.500000 0000 0000 0000", *lines, "E: 1.900000 0000 0000 0000", ""])


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


def run(arguments: list[str], program: str) -> object:
    assert UMOCKDEV is not None
    ended = subprocess.run(
        [UMOCKDEV, *arguments, "--", sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_evdev_reads_what_a_scanner_types(tmp_path: Path) -> None:
    device, answers, typed = (tmp_path / name for name in ("kbd.umockdev", "kbd.ioctl", "events"))
    device.write_text(KEYBOARD)
    answers.write_text(ioctls())
    strokes = [(42, 1), (30, 1), (30, 0), (42, 0), (3, 1), (3, 0), (28, 1), (28, 0)]
    typed.write_text(events(strokes))
    said = run(
        ["-d", str(device), "-i", f"/dev/input/event5={answers}", "-e",
         f"/dev/input/event5={typed}"],
        LISTENER,
    )  # fmt: skip
    assert said == "A2\r"


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
