"""Linux's own usblp, cdc-acm, usbhid and libusb, with devices that are plugged in and out.

Runs only in the emulated machine that `run.sh` boots, in the order of the file.
"""

import os
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from gadgets import PrinterGadget, plug, seconds_until

from drivers.deadline import Deadline, DeadlinePassed
from drivers.discovery import Kind, found_devices
from drivers.links.address import link_at
from drivers.links.link import Link, LinkBusy, LinkLost
from drivers.links.port_status import HasPortStatus
from drivers.printers.escpos import EscposPrinter
from drivers.printers.outcome import Doubt, Failed, PrintOutcome, Proven, Unknown
from drivers.printers.profile import Cutter, Profile
from drivers.printers.status import Cause, NotReady, Ready

LP = "lp:/dev/kiosk/printer"
USB = "usb:0416:5011"
PROFILE = Profile(name="guest", title="", source="", cutter=Cutter.FULL, process_id=True, asb=True)
RASTER = (b"\x1dv0\x00\x48\x00\x60\x00" + bytes(72 * 96)) * 12  # 83 KB
FOUND_AGAIN_S = 3.0
WAIT_S = 30.0


@pytest.fixture
def device() -> Iterator[PrinterGadget]:
    with PrinterGadget() as gadget:
        yield gadget


@pytest.fixture(params=[LP, USB])
def link(request: pytest.FixtureRequest) -> Iterator[Link]:
    found = link_at(request.param)
    seconds_until(found.open)
    yield found
    found.close()


def test_all_are_found_under_names_that_stay() -> None:
    found = {(device.kind, device.path) for device in found_devices()}
    assert (Kind.USB_PRINTER, "/dev/kiosk/printer") in found
    assert (Kind.SERIAL, "/dev/kiosk/scanner") in found
    assert (Kind.KEYBOARD, "/dev/kiosk/scanner-keyboard") in found


def test_text_and_pictures_are_proven(device: PrinterGadget, link: Link) -> None:
    printer = EscposPrinter(link, PROFILE)
    assert printer.status(Deadline(WAIT_S)) == Ready()
    assert printer.print(b"aaaa", b"line\n" * 40, Deadline(WAIT_S)) == Proven()
    assert printer.print(b"bbbb", b"x\n" + RASTER, Deadline(WAIT_S)) == Proven()
    assert [piece.complete for piece in device.pieces] == [True, True]
    assert isinstance(link, HasPortStatus)
    port = link.port_status()
    assert port is not None
    assert not port.paper_empty


def test_a_second_program_is_refused(device: PrinterGadget, link: Link) -> None:
    del device
    address = LP if Path("/dev/usb/lp0").exists() else USB
    with pytest.raises(LinkBusy):
        link_at(address).open()


def test_paper_that_ends_in_mid_slip_is_named(device: PrinterGadget, link: Link) -> None:
    printer = EscposPrinter(link, PROFILE)
    device.engine.faults.paper_out_after_lines = 3
    assert printer.print(b"cccc", b"line\n" * 40, Deadline(WAIT_S)) == Failed(Cause.PAPER_OUT)


def test_a_silent_printer_meets_the_deadline(device: PrinterGadget, link: Link) -> None:
    del device
    with pytest.raises(DeadlinePassed):
        link.read(Deadline(0.5))


def test_a_plug_pulled_in_mid_slip_is_unknown_and_the_printer_is_found_again(
    device: PrinterGadget, link: Link
) -> None:
    printer = EscposPrinter(link, PROFILE)
    assert printer.status(Deadline(WAIT_S)) == Ready()
    outcomes: list[PrintOutcome] = []
    begun = device.received_bytes
    body = b"line\n" + bytes(2_000_000)
    job = threading.Thread(
        target=lambda: outcomes.append(printer.print(b"eeee", body, Deadline(60)))
    )
    job.start()
    end = time.monotonic() + WAIT_S
    while device.received_bytes - begun < 30_000:
        assert time.monotonic() < end
        time.sleep(0.005)
    device.end()
    plug("printer", on=False)
    job.join(60)
    assert outcomes == [Unknown(Doubt.LOST_LINK)]
    assert printer.status(Deadline(WAIT_S)) == NotReady(Cause.DISCONNECTED)
    plug("printer", on=True)
    with PrinterGadget() as again:
        assert seconds_until(link.open) < FOUND_AGAIN_S
        assert printer.status(Deadline(WAIT_S)) == Ready()
        assert printer.print(b"ffff", b"line\n" * 5, Deadline(WAIT_S)) == Proven()
        assert [piece.complete for piece in again.pieces] == [True]


def test_an_idle_printer_that_is_pulled_out_is_noticed_at_once(
    device: PrinterGadget, link: Link
) -> None:
    printer = EscposPrinter(link, PROFILE)
    assert printer.status(Deadline(WAIT_S)) == Ready()
    assert not printer.is_gone()
    device.end()
    plug("printer", on=False)
    end = time.monotonic() + FOUND_AGAIN_S
    while not printer.is_gone():
        assert time.monotonic() < end
        time.sleep(0.01)
    plug("printer", on=True)
    assert seconds_until(link.open) < FOUND_AGAIN_S


def test_libusb_gives_the_printer_back_to_the_kernel(device: PrinterGadget) -> None:
    del device
    link = link_at(USB)
    seconds_until(link.open)
    assert not Path("/dev/usb/lp0").exists()
    link.close()
    seconds_until(Path("/dev/usb/lp0").stat)


def test_a_keyboard_scanner_is_read_grabbed_lost_and_found_again() -> None:
    link = link_at("hid:/dev/kiosk/scanner-keyboard")
    link.open()
    with pytest.raises(LinkBusy):
        link_at("hid:/dev/kiosk/scanner-keyboard").open()
    fd = os.open("/dev/hidg0", os.O_RDWR)
    for code, shift in ((0x04, 2), (0x05, 0), (0x1E, 0), (0x1F, 2), (0x28, 0)):
        os.write(fd, bytes((shift, 0, code, 0, 0, 0, 0, 0)))
        time.sleep(0.02)  # the gadget holds one report
        os.write(fd, bytes(8))
        time.sleep(0.02)
    typed = b""
    while not typed.endswith(b"\r"):
        typed += link.read(Deadline(WAIT_S))
    assert typed == b"Ab1@\r"
    os.close(fd)
    plug("keyboard", on=False)
    with pytest.raises(LinkLost):
        link.read(Deadline(WAIT_S))
    plug("keyboard", on=True)
    assert seconds_until(link.open) < FOUND_AGAIN_S
    link.close()


def test_a_serial_scanner_is_read_lost_and_found_again() -> None:
    link = link_at("/dev/kiosk/scanner")
    link.open()
    fd = os.open("/dev/ttyGS0", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(fd)
    os.write(fd, b"scan\r")
    assert link.read(Deadline(WAIT_S)) == b"scan\r"
    os.close(fd)
    plug("scanner", on=False)
    with pytest.raises(LinkLost):
        link.read(Deadline(WAIT_S))
    plug("scanner", on=True)
    assert seconds_until(link.open) < FOUND_AGAIN_S
    link.close()
