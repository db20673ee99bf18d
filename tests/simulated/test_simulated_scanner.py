"""The simulated scanner as a host sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from drivers.simulated.scanner import SimulatedScanner


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[SimulatedScanner]:
    with SimulatedScanner(tmp_path / "scanner") as device:
        yield device


@pytest.fixture
def host(scanner: SimulatedScanner) -> Iterator[serial.Serial]:
    with serial.Serial(str(scanner.path), timeout=5, exclusive=True) as port:
        yield port


def test_a_scan_comes_with_its_suffix(scanner: SimulatedScanner, host: serial.Serial) -> None:
    scanner.scan("01,32,,24112000000000000001")
    assert host.read_until(b"\r") == b"01,32,,24112000000000000001\r"
    scanner.scan("发票".encode("gb18030"), suffix=b"\r\n")
    assert host.read_until(b"\n") == "发票".encode("gb18030") + b"\r\n"
    scanner.scan("no suffix", suffix=b"")
    assert host.read(9) == b"no suffix"
    assert scanner.state().scans == 3


def test_a_split_scan_comes_in_parts_with_silence_between(tmp_path: Path) -> None:
    now = [0.0]
    with (
        SimulatedScanner(tmp_path / "scanner", lambda: now[0]) as device,
        serial.Serial(str(device.path), timeout=5, exclusive=True) as host,
    ):
        device.scan("abcdef", split=(2, 4), pause_s=1.0)
        assert host.read(2) == b"ab"
        assert host.in_waiting == 0
        now[0] = 1.5
        device.wake()
        assert host.read(2) == b"cd"
        now[0] = 2.5
        device.wake()
        assert host.read(3) == b"ef\r"


def test_scans_come_in_the_order_they_were_made(
    scanner: SimulatedScanner, host: serial.Serial
) -> None:
    for number in range(20):
        scanner.scan(f"{number}", split=(1,))
    heard = [host.read_until(b"\r") for _ in range(20)]
    assert heard == [f"{number}\r".encode() for number in range(20)]


def test_the_places_of_a_split_must_ascend(scanner: SimulatedScanner) -> None:
    with pytest.raises(ValueError, match="ascend"):
        scanner.scan("abc", split=(2, 1))


def test_newland_trigger_is_acknowledged(scanner: SimulatedScanner, host: serial.Serial) -> None:
    start = b"\x7e\x010000#SCNTRG1;\x03"
    for byte in start:
        host.write(bytes((byte,)))
    assert host.read(17) == b"\x02\x010000#SCNTRG1\x06;\x03"
    assert scanner.state().triggered
    host.write(b"\x7e\x010000#SCNTRG0;\x03")
    assert host.read(17) == b"\x02\x010000#SCNTRG0\x06;\x03"
    assert not scanner.state().triggered


def test_honeywell_trigger_is_silent(scanner: SimulatedScanner, host: serial.Serial) -> None:
    host.write(b"noise\x16T\r" + b"\x7e\x010000#SCNTRG0;\x03" + b"\x16T\r")
    assert host.read(17) == b"\x02\x010000#SCNTRG0\x06;\x03"
    scanner.scan("after")
    assert host.read_until(b"\r") == b"after\r"
    assert scanner.state().triggered


def test_garbage_has_no_suffix(scanner: SimulatedScanner, host: serial.Serial) -> None:
    scanner.garbage(b"\xff\xfe\x00")
    assert host.read(3) == b"\xff\xfe\x00"


def test_unplugged_in_the_middle_and_back_under_the_same_name(scanner: SimulatedScanner) -> None:
    with serial.Serial(str(scanner.path), timeout=5, exclusive=True) as host:
        scanner.scan("abcdef", split=(3,), pause_s=60.0)
        assert host.read(3) == b"abc"
        scanner.unplug()
        assert not scanner.path.is_symlink()
        with pytest.raises(OSError):
            host.read(1)
    scanner.replug()
    with serial.Serial(str(scanner.path), timeout=5, exclusive=True) as host:
        scanner.scan("again")
        assert host.read_until(b"\r") == b"again\r"
