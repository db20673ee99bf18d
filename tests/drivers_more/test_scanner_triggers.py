"""The light of a scanner is on only while a scan is awaited."""

import os
import pty
import select
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.links.serial import SerialLink, SerialSettings
from drivers.scanners.decode import Encoding
from drivers.scanners.events import Scanned
from drivers.scanners.framer import Suffix
from drivers.scanners.profile import (
    Protocol,
    ScannerProfile,
    UnknownScannerProfile,
    load_scanner_profile,
    scanner_profile_names,
)
from drivers.scanners.serial_scanner import SerialScanner, settings_of
from drivers.scanners.ssi import ACK, DECODE_DATA, packet_bytes
from drivers.scanners.triggers import Aim, Trigger
from drivers.simulated.scanner import SimulatedScanner

WAIT_S = 10.0
TRIGGER = Trigger(b"on", b"off", renew_s=3.0)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Light:
    """What the scanner was told, and whether its light is on."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.aim = Aim(TRIGGER, self.clock)

    def told(self) -> bytes:
        command = self.aim.due()
        if command:
            self.aim.told(command)
        return command


def test_a_scanner_that_is_found_is_put_out_once() -> None:
    light = Light()
    assert [light.told(), light.told()] == [b"off", b""]


def test_it_is_on_while_a_scan_is_awaited() -> None:
    light = Light()
    light.aim.await_scan(True)
    assert [light.told(), light.told()] == [b"on", b""]
    light.aim.await_scan(False)
    assert [light.told(), light.told()] == [b"off", b""]


def test_it_is_begun_again_before_it_goes_out_by_itself() -> None:
    light = Light()
    light.aim.await_scan(True)
    light.told()
    light.clock.now += 2.9
    assert light.told() == b""
    light.clock.now += 0.1
    assert light.told() == b"on"


def test_a_code_ends_a_scan_and_the_next_is_begun_while_one_is_awaited() -> None:
    light = Light()
    light.aim.await_scan(True)
    light.told()
    light.aim.scanned()
    assert light.told() == b"on"
    light.aim.await_scan(False)
    light.told()
    light.aim.scanned()  # a late one: the light was on after all
    assert [light.told(), light.told()] == [b"off", b""]


def test_a_code_just_before_the_waiting_ends_leaves_no_light() -> None:
    light = Light()
    light.aim.await_scan(True)
    light.told()
    light.aim.scanned()
    light.aim.await_scan(False)
    assert light.told() == b"off"


def test_a_scanner_plugged_in_anew_is_told_anew() -> None:
    light = Light()
    light.aim.await_scan(True)
    light.told()
    light.aim.connected()
    assert light.told() == b"on"


STEPS = st.lists(
    st.sampled_from(["await", "leave", "scanned", "connected", "time", "told"]), max_size=40
)


@given(STEPS)
def test_whatever_happens_the_light_is_as_it_is_awaited(steps: list[str]) -> None:
    # The light may be on from before, and a code puts it out on some makes only.
    light, lit, awaited = Light(), True, False
    for step in steps:
        match step:
            case "await" | "leave":
                awaited = step == "await"
                light.aim.await_scan(awaited)
            case "scanned":
                light.aim.scanned()
            case "connected":
                light.aim.connected()
                lit = True
            case "time":
                light.clock.now += 1.0
            case _:
                lit = {b"on": True, b"off": False, b"": lit}[light.told()]
    lit = {b"on": True, b"off": False, b"": lit}[light.told()]
    assert lit == awaited
    assert light.told() == b""


# --- profiles -----------------------------------------------------------------------------------


def test_every_profile_loads_and_says_where_it_was_read() -> None:
    for name in scanner_profile_names():
        profile = load_scanner_profile(name)
        assert profile.title
        assert profile.source
        assert settings_of(profile).framing.suffix is profile.suffix


def test_there_is_one_for_each_make() -> None:
    assert set(scanner_profile_names()) >= {"generic", "honeywell", "newland", "zebra-ssi"}
    assert load_scanner_profile("generic").trigger is None
    assert load_scanner_profile("zebra-ssi").protocol is Protocol.SSI


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(UnknownScannerProfile, match="nobody"):
        load_scanner_profile("nobody")


def test_a_profile_that_could_not_put_the_light_out_is_refused() -> None:
    with pytest.raises(ValueError):
        ScannerProfile(name="x", title="", source="", start="16 54 0D")
    with pytest.raises(ValueError):
        ScannerProfile(name="x", title="", source="", start="zz", stop="zz")
    assert ScannerProfile(name="x", title="", source="").suffix is Suffix.LINE


# --- a scanner on a line ------------------------------------------------------------------------


class Heard:
    def __init__(self) -> None:
        self._events: list[object] = []
        self._came = threading.Condition()

    def __call__(self, event: object) -> None:
        with self._came:
            self._events.append(event)
            self._came.notify_all()

    def wait_for(self, there: Callable[[list[object]], bool]) -> None:
        with self._came:
            assert self._came.wait_for(lambda: there(self._events), WAIT_S), self._events


def until(there: Callable[[], bool]) -> None:
    """Ask a simulated device until it is so; it has no event for being told something."""
    end = time.monotonic() + WAIT_S
    while not there():
        assert time.monotonic() < end
        threading.Event().wait(0.005)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[SimulatedScanner]:
    with SimulatedScanner(tmp_path / "scanner") as simulated:
        yield simulated


@pytest.mark.parametrize("make", ["newland", "honeywell"])
def test_a_simulated_scanner_is_lit_and_put_out(make: str, device: SimulatedScanner) -> None:
    heard = Heard()
    link = SerialLink(SerialSettings(str(device.path)))
    scanner = SerialScanner(link, settings_of(load_scanner_profile(make)), heard)
    scanner.start()
    scanner.await_scan(True)
    until(lambda: device.state().triggered)
    device.scan("abc")
    heard.wait_for(lambda events: Scanned("abc", 3, Encoding.UTF_8) in events)
    scanner.await_scan(False)
    until(lambda: not device.state().triggered)
    scanner.await_scan(True)
    until(lambda: device.state().triggered)
    scanner.stop()
    until(lambda: not device.state().triggered)


def test_a_scanner_plugged_in_anew_is_lit_again(device: SimulatedScanner) -> None:
    link = SerialLink(SerialSettings(str(device.path)))
    scanner = SerialScanner(link, settings_of(load_scanner_profile("honeywell")), Heard())
    scanner.start()
    scanner.await_scan(True)
    until(lambda: device.state().triggered)
    device.unplug()
    device.replug()
    until(lambda: device.state().triggered)
    scanner.stop()


def test_a_scanner_without_trigger_is_told_nothing_and_scans(device: SimulatedScanner) -> None:
    heard = Heard()
    link = SerialLink(SerialSettings(str(device.path)))
    scanner = SerialScanner(link, settings_of(load_scanner_profile("generic")), heard)
    scanner.start()
    scanner.await_scan(True)
    heard.wait_for(bool)
    device.scan("abc")
    heard.wait_for(lambda events: Scanned("abc", 3, Encoding.UTF_8) in events)
    assert not device.state().triggered
    scanner.stop()


def test_a_zebra_scanner_is_answered(tmp_path: Path) -> None:
    ours, other = pty.openpty()
    heard = Heard()
    link = SerialLink(SerialSettings(os.ttyname(other)))
    scanner = SerialScanner(link, settings_of(load_scanner_profile("zebra-ssi")), heard)
    scanner.start()
    heard.wait_for(bool)
    os.write(ours, packet_bytes(DECODE_DATA, b"\x0babc", source=0))
    heard.wait_for(lambda events: Scanned("abc", 3, Encoding.UTF_8) in events)
    told = b""
    while packet_bytes(ACK) not in told:
        assert select.select([ours], [], [], WAIT_S)[0]
        told += os.read(ours, 100)
    scanner.stop()
    os.close(ours)
    os.close(other)
