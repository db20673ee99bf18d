"""A scanner in keyboard mode that umockdev plays, and programs that run beside it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

UMOCKDEV = shutil.which("umockdev-run")

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
A: id/vendor=0c2e
A: id/product=0b61

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


def typed_at(folder: Path, strokes: list[tuple[int, int]]) -> list[str]:
    """What umockdev-run is told to play a keyboard at /dev/input/event5 on which this is typed."""
    device, answers, typed = (folder / name for name in ("kbd.umockdev", "kbd.ioctl", "events"))
    device.write_text(KEYBOARD)
    answers.write_text(ioctls())
    typed.write_text(events(strokes))
    path = "/dev/input/event5"
    return ["-d", str(device), "-i", f"{path}={answers}", "-e", f"{path}={typed}"]


def run(arguments: list[str], program: str, *given: str) -> object:
    assert UMOCKDEV is not None
    ended = subprocess.run(
        [UMOCKDEV, *arguments, "--", sys.executable, "-c", program, *given],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)
