"""A printer that holds the slip out: waited for, taken, drawn back in, or left."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.deadline import Deadline
from drivers.links.serial import SerialLink, SerialSettings
from drivers.printers import ear
from drivers.printers.encode import encode
from drivers.printers.escpos import EscposPrinter
from drivers.printers.glyphs import FontFile, FontGlyphs
from drivers.printers.outcome import Failed, PrintOutcome, Proven
from drivers.printers.paper import Document, Text
from drivers.printers.presenter import Bezel
from drivers.printers.profile import Presenter, Profile, load_profile
from drivers.printers.replies import AutoStatus, FullStatus, Ordered, RealTime, ReplyParser
from drivers.printers.status import Cause, NotReady, Ready
from drivers.simulated.model import PrinterModel, model_like
from drivers.simulated.paper import Ending
from drivers.simulated.printer import SimulatedPrinter

WAIT_S = 10.0
PROFILE = load_profile("custom-vkp80")
MODEL = replace(model_like(PROFILE), speed_mm_s=None, cut_s=0.0, taken_after_s=None)


@pytest.fixture(autouse=True)
def busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulated printer is a thread here, which may have to wait for its turn."""
    monkeypatch.setattr(ear, "REAL_TIME_ANSWER_S", 3.0)


class Kiosk:
    """A simulated printer with a presenter, and the driver that speaks to it."""

    def __init__(self, device: SimulatedPrinter, fonts_dir: Path) -> None:
        self.device = device
        self.printer = EscposPrinter(SerialLink(SerialSettings(str(device.path))), PROFILE)
        self._glyphs = FontGlyphs([FontFile(fonts_dir / "NotoSansSC-Regular.otf")])

    def print(self, text: str, seconds: float = WAIT_S) -> PrintOutcome:
        slip = encode(Document((Text(text),)), PROFILE, self._glyphs)
        return self.printer.print(b"job1", slip.body, Deadline(seconds))

    def endings(self, count: int) -> list[Ending]:
        slips = self.device.wait_for_slips(count)
        assert all(slip.complete for slip in slips)
        return [slip.ending for slip in slips]


@pytest.fixture
def kiosk(tmp_path: Path, fonts_dir: Path) -> Iterator[Callable[..., Kiosk]]:
    made: list[Kiosk] = []

    def make(model: PrinterModel = MODEL) -> Kiosk:
        device = SimulatedPrinter(tmp_path / "printer", fonts_dir, tmp_path / "out", model)
        made.append(Kiosk(device.start(), fonts_dir))
        return made[-1]

    yield make
    for one in made:
        one.printer.close()
        one.device.stop()


def test_a_slip_is_proven_and_waits_until_a_hand_takes_it(kiosk: Callable[..., Kiosk]) -> None:
    at = kiosk()
    assert at.print("ABC") == Proven(waits=True)
    assert at.printer.status(Deadline(WAIT_S)) == Ready()
    assert at.printer.bezel(Deadline(WAIT_S)) is Bezel.HOLDS_SLIP
    assert at.device.slips == ()
    at.device.take_slip()
    assert at.printer.bezel(Deadline(WAIT_S)) is Bezel.EMPTY
    assert at.endings(1) == [Ending.CUT]


def test_a_slip_that_nobody_takes_is_drawn_back_in(kiosk: Callable[..., Kiosk]) -> None:
    at = kiosk()
    assert at.print("ABC") == Proven(waits=True)
    assert at.printer.retract(Deadline(WAIT_S)) is Bezel.EMPTY
    assert at.endings(1) == [Ending.RETRACTED]


def test_the_next_person_does_not_find_the_slip_of_the_one_before(
    kiosk: Callable[..., Kiosk],
) -> None:
    at = kiosk()
    assert at.print("FIRST") == Proven(waits=True)
    assert at.print("SECOND") == Proven(waits=True)
    at.device.take_slip()
    assert at.endings(2) == [Ending.RETRACTED, Ending.CUT]
    assert [slip.text for slip in at.device.slips] == ["FIRST\n", "SECOND\n"]


def test_nothing_is_printed_behind_a_slip_that_cannot_be_drawn_in(
    kiosk: Callable[..., Kiosk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.printers.asking._RETRACT_S", 0.3)
    at = kiosk(replace(MODEL, retracts=False))
    assert at.print("FIRST") == Proven(waits=True)
    outcome = at.print("SECOND")
    assert outcome == Failed(Cause.SLIP_LEFT)
    assert isinstance(outcome, Failed)
    assert outcome.untouched
    at.device.take_slip()
    assert at.print("SECOND") == Proven(waits=True)


def test_paper_that_sticks_in_the_presenter_is_said(kiosk: Callable[..., Kiosk]) -> None:
    at = kiosk()
    at.device.jam_presenter()
    assert at.printer.status(Deadline(WAIT_S)) == NotReady(Cause.HARDWARE)
    assert at.print("ABC") == Failed(Cause.HARDWARE)
    at.device.jam_presenter(False)
    assert at.print("ABC") == Proven(waits=True)


def test_a_fragment_is_drawn_in_and_the_next_slip_stands_alone(
    kiosk: Callable[..., Kiosk],
) -> None:
    at = kiosk()
    at.device.paper_out(after_lines=2)
    assert at.print("A\nB\nC\nD", seconds=1.5) == Failed(Cause.PAPER_OUT)
    at.device.load_paper()
    assert at.print("SECOND") == Proven(waits=True)
    at.device.take_slip()
    last = at.device.wait_for_slips(2)[-1]
    assert (last.text, last.complete, last.ending) == ("SECOND\n", True, Ending.CUT)
    assert Ending.CUT not in [slip.ending for slip in at.device.slips[:-1]]


def test_a_presenter_that_cannot_be_asked_is_silent(kiosk: Callable[..., Kiosk]) -> None:
    at = kiosk()
    assert at.print("ABC") == Proven(waits=True)
    at.device.unplug()
    assert at.printer.bezel(Deadline(1)) is Bezel.SILENT
    assert at.printer.retract(Deadline(1)) is Bezel.SILENT


def test_a_foreign_client_ejects_and_asks(kiosk: Callable[..., Kiosk]) -> None:
    at = kiosk()
    link = SerialLink(SerialSettings(str(at.device.path)))
    link.open()
    for told, answer in (
        (b"HELLO\n\n\n\n\n\x1d\x65\x03\x0c\x1d\x65\x06", "0c"),  # presented; paper, and a slip
        (b"\x10\x04\x14", "10 0f 20 00 00 00"),
        (b"\x1d\x65\x05\x1d\x65\x06", "04"),
        (b"\x10\x04\x14", "10 0f 00 00 00 00"),
    ):
        link.write_some(told, Deadline(WAIT_S))
        heard = b""
        while len(heard) < len(bytes.fromhex(answer)):
            heard += link.read(Deadline(WAIT_S))
        assert heard.hex(" ") == answer
    link.close()
    assert at.endings(1) == [Ending.CUT]


@given(st.binary(min_size=4, max_size=4), st.lists(st.integers(1, 6)))
def test_the_full_status_is_read_however_it_is_split(four: bytes, cuts: list[int]) -> None:
    four = bytes(byte & ~0x10 for byte in four)  # always 0, as XON and XOFF may fall inside
    stream = b"\x12\x10\x0f" + four + b"\x00"
    parser = ReplyParser(full_status=True)
    heard = []
    rest = stream
    for cut in [*cuts, len(stream)]:
        heard += parser.feed(rest[:cut])
        rest = rest[cut:]
    assert heard == [RealTime(0x12), FullStatus(four), Ordered(0x00)]


def test_elsewhere_the_same_bytes_are_an_automatic_status() -> None:
    assert ReplyParser().feed(b"\x10\x0f\x00\x00") == [AutoStatus(b"\x10\x0f\x00\x00")]


def test_a_profile_cannot_have_both() -> None:
    with pytest.raises(ValueError, match="look alike"):
        Profile(name="x", title="", source="", asb=True, presenter=Presenter.GS_E, present_steps=1)
    with pytest.raises(ValueError, match="present_steps"):
        Profile(name="x", title="", source="", presenter=Presenter.GS_E)
