"""A USB printer through pyusb: its pipes are found, usblp gets it back, it may go at any byte."""

from collections.abc import Callable

import pytest
from fake_usb import BULK, FakeUsb, Setting, UsbPrinter

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.libusb import LibusbLink, LibusbSettings
from drivers.links.link import LinkBusy, LinkLost, LinkMissing, write_all
from drivers.links.port_status import HasPortStatus, PortStatus
from drivers.printers.escpos import EscposPrinter
from drivers.printers.outcome import Failed, Proven, Unknown
from drivers.printers.profile import Cutter, Profile
from drivers.printers.status import Cause, NoAnswer, NotReady, Ready

SETTINGS = LibusbSettings(0x0416, 0x5011)
PROFILE = Profile(name="usb", title="", source="", cutter=Cutter.FULL, process_id=True)


def link_to(bus: FakeUsb, settings: LibusbSettings = SETTINGS) -> LibusbLink:
    return LibusbLink(settings, bus)


@pytest.mark.parametrize("out", [0x01, 0x02, 0x03])
def test_the_pipes_are_those_of_the_descriptor(out: int) -> None:
    other = ((0x82, 3), (0x81, BULK), (0x05, 3), (out, BULK))  # 3: interrupt
    printer = UsbPrinter(settings=(Setting(endpoints=other),), answers=bytes.upper)
    link = link_to(FakeUsb(printer))
    link.open()
    write_all(link, b"slip", Deadline(1))
    assert bytes(printer.heard) == b"slip"
    assert link.read(Deadline(1)) == b"SLIP"


def test_usblp_is_put_aside_and_put_back_in_an_order_that_works() -> None:
    bus = FakeUsb(UsbPrinter())
    link = link_to(bus)
    link.open()
    assert not bus.usblp
    link.close()
    assert bus.log == ["detach 0", "claim 0", "release 0", "attach 0"]
    assert bus.usblp
    link.close()
    assert bus.log.count("attach 0") == 1


def test_usblp_is_not_put_where_it_was_not() -> None:
    bus = FakeUsb(UsbPrinter())
    bus.usblp.clear()
    link = link_to(bus)
    link.open()
    link.close()
    assert bus.log == ["claim 0", "release 0"]


def test_a_printer_that_another_program_holds_is_busy_and_usblp_stays() -> None:
    bus = FakeUsb(UsbPrinter())
    bus.claimed_by_others = True
    with pytest.raises(LinkBusy):
        link_to(bus).open()
    assert bus.usblp


def test_no_such_printer_is_missing() -> None:
    with pytest.raises(LinkMissing):
        link_to(FakeUsb()).open()
    with pytest.raises(LinkMissing):
        link_to(FakeUsb(UsbPrinter(pid=0x5012))).open()


def test_a_device_that_is_no_printer_is_missing_and_left_alone() -> None:
    scanner = UsbPrinter(settings=(Setting(interface_class=3), Setting(number=1, protocol=4)))
    bus = FakeUsb(scanner)
    with pytest.raises(LinkMissing):
        link_to(bus).open()
    assert bus.log == []


def test_the_setting_that_can_answer_is_taken() -> None:
    settings = (
        Setting(alternate=0, protocol=1, endpoints=((0x01, BULK),)),
        Setting(alternate=1, protocol=2),
    )
    bus = FakeUsb(UsbPrinter(settings=settings))
    link_to(bus).open()
    assert "setting 0.1" in bus.log


def test_a_printer_without_a_pipe_back_is_silent() -> None:
    bus = FakeUsb(UsbPrinter(settings=(Setting(protocol=1, endpoints=((0x01, BULK),)),)))
    link = link_to(bus)
    link.open()
    with pytest.raises(DeadlinePassed):
        link.read(Deadline(0))


def test_a_printer_that_nobody_configured_is_configured_and_others_are_not() -> None:
    bus = FakeUsb(UsbPrinter(configured=False))
    link_to(bus).open()
    assert bus.log[0] == "set_configuration"
    bus = FakeUsb(UsbPrinter())
    link_to(bus).open()
    assert "set_configuration" not in bus.log


def test_of_two_alike_the_serial_number_decides() -> None:
    left, right = UsbPrinter(serial="L"), UsbPrinter(serial="R")
    link = link_to(FakeUsb(left, right), LibusbSettings(0x0416, 0x5011, "R"))
    link.open()
    write_all(link, b"x", Deadline(1))
    assert (bytes(left.heard), bytes(right.heard)) == (b"", b"x")


def test_silence_and_a_full_printer_meet_the_deadline_and_lose_nothing() -> None:
    printer = UsbPrinter(takes_bytes=10)
    link = link_to(FakeUsb(printer))
    link.open()
    with pytest.raises(DeadlinePassed):
        link.read(Deadline(0))
    with pytest.raises(DeadlinePassed):
        write_all(link, bytes(range(20)), Deadline(0))
    assert bytes(printer.heard) == bytes(range(10))
    assert link.is_open


def test_empty_packets_are_no_answer_and_no_loss() -> None:
    printer = UsbPrinter(empty_packets=3)
    printer.waiting += b"\x12"
    link = link_to(FakeUsb(printer))
    link.open()
    assert link.read(Deadline(5)) == b"\x12"


def test_no_transfer_waits_for_ever_or_longer_than_its_deadline() -> None:
    bus = FakeUsb(UsbPrinter())
    link = link_to(bus)
    link.open()
    for seconds in (0.0, 0.001, 0.5):
        with pytest.raises(DeadlinePassed):
            link.read(Deadline(seconds))
    assert all(0 < timeout <= 500 for timeout in bus.timeouts_ms)


@pytest.mark.parametrize(
    "use",
    [
        lambda link: link.read(Deadline(1)),
        lambda link: link.write_some(b"x", Deadline(1)),
        lambda link: link.port_status(),
    ],
)
def test_a_printer_that_is_pulled_out_is_lost_and_found_again(
    use: Callable[[LibusbLink], object],
) -> None:
    printer = UsbPrinter(answers=lambda data: data)
    link = link_to(FakeUsb(printer))
    link.open()
    printer.plugged = False
    with pytest.raises(LinkLost):
        use(link)
    assert not link.is_open
    with pytest.raises(LinkMissing):
        link.open()
    printer.plugged = True
    link.open()
    write_all(link, b"back", Deadline(1))
    assert link.read(Deadline(1)) == b"back"


def test_a_closed_link_says_so() -> None:
    link = link_to(FakeUsb(UsbPrinter()))
    for use in (
        lambda: link.read(Deadline(1)),
        lambda: link.write_some(b"x", Deadline(1)),
        link.discard_output,
        link.port_status,
    ):
        with pytest.raises(LinkLost):
            use()
    link.close()


@pytest.mark.parametrize(
    ("byte", "status"),
    [
        (0x18, PortStatus(paper_empty=False, selected=True, error=False)),
        (0x30, PortStatus(paper_empty=True, selected=True, error=True)),
        (0x00, PortStatus(paper_empty=False, selected=False, error=True)),
        (None, None),
    ],
)
def test_the_port_tells_its_status(byte: int | None, status: PortStatus | None) -> None:
    link = link_to(FakeUsb(UsbPrinter(port_status=byte)))
    link.open()
    assert isinstance(link, HasPortStatus)
    assert link.port_status() == status


# --- a printer behind such a link -------------------------------------------------------------


class Printing:
    """Answers as a printer that is well: DLE EOT, GS ( H, GS r."""

    def __init__(self) -> None:
        self._heard = b""

    def __call__(self, data: bytes) -> bytes:
        self._heard += data
        said = b""
        while (at := self._heard.find(b"\x10\x04")) >= 0 and len(self._heard) > at + 2:
            said += b"\x12"
            self._heard = self._heard[:at] + self._heard[at + 3 :]
        mark = b"\x1d(H\x06\x0000"
        if (at := self._heard.find(mark)) >= 0 and len(self._heard) >= at + len(mark) + 4:
            tag = self._heard[at + len(mark) :][:4]
            said += b"\x37\x22" + tag + b"\x00"
            self._heard = self._heard[at + len(mark) + 4 :]
        if self._heard.endswith(b"\x1dr\x01"):
            said += b"\x00"
            self._heard = b""
        return said


def test_a_slip_is_proven() -> None:
    driver = EscposPrinter(link_to(FakeUsb(UsbPrinter(answers=Printing()))), PROFILE)
    assert driver.status(Deadline(5)) == Ready()
    assert driver.print(b"abcd", b"line\n", Deadline(5)) == Proven()


@pytest.mark.parametrize("after", [0, 1, 11, 12, 13, 14, 40, 100, 5000, 9_000])
def test_a_printer_pulled_out_at_any_byte_is_never_printed(after: int) -> None:
    printer = UsbPrinter(answers=Printing(), dies_after_bytes=after)
    bus = FakeUsb(printer)
    driver = EscposPrinter(link_to(bus), PROFILE)
    outcome = driver.print(b"abcd", b"x" * 10_000, Deadline(5))
    assert isinstance(outcome, Failed | Unknown)
    if after <= 12:
        assert outcome == Failed(Cause.DISCONNECTED)
    assert driver.status(Deadline(5)) == NotReady(Cause.DISCONNECTED)
    printer.plugged, printer.dies_after_bytes = True, None
    assert driver.status(Deadline(5)) == Ready()


def test_a_printer_that_takes_no_question_still_has_its_port_say_that_paper_is_out() -> None:
    printer = UsbPrinter(takes_bytes=0, port_status=0x30)
    driver = EscposPrinter(link_to(FakeUsb(printer)), PROFILE)
    assert driver.status(Deadline(1)) == NotReady(Cause.PAPER_OUT)
    printer.port_status = 0x18
    assert driver.status(Deadline(1)) == NoAnswer()
    printer.port_status = 0x00  # many models say so always: it is no cause
    assert driver.status(Deadline(1)) == NoAnswer()
