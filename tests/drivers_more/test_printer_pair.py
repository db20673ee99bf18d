"""Two printers: one slip is never given to both, unless the first could not begin it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drivers.deadline import Deadline
from drivers.links.serial import SerialLink, SerialSettings
from drivers.printers.encode import Slip
from drivers.printers.escpos import EscposPrinter
from drivers.printers.outcome import Doubt, Failed, PrintOutcome, Proven, Unknown
from drivers.printers.pair import PairOutcome, PrinterPair, Station, Which
from drivers.printers.profile import Cutter, Profile
from drivers.printers.status import Cause, NotReady, PrinterStatus, Ready
from drivers.simulated.model import PrinterModel
from drivers.simulated.printer import SimulatedPrinter

WAIT_S = 10.0
TAG = b"abcd"
WIDE = Profile(name="wide", title="", source="", cutter=Cutter.FULL, process_id=True, asb=True)
NARROW = Profile(
    name="narrow", title="", source="", dots=384, columns=32, cutter=Cutter.FULL, process_id=True
)
UNTOUCHED = Failed(Cause.PAPER_OUT, untouched=True)


@dataclass
class Told:
    """A printer that ends as it is told to."""

    outcome: PrintOutcome
    how: PrinterStatus = field(default_factory=Ready)
    bodies: list[bytes] = field(default_factory=list[bytes])

    def status(self, deadline: Deadline) -> PrinterStatus:
        return self.how

    def deadline_for(self, slip: Slip) -> Deadline:
        return Deadline(WAIT_S)

    def print(self, tag: bytes, body: bytes, deadline: Deadline | None = None) -> PrintOutcome:
        assert deadline is not None
        self.bodies.append(body)
        return self.outcome


def slip_for(profile: Profile) -> Slip:
    return Slip(f"for {profile.name}\n".encode(), 10.0)


def pair(first: Told, second: Told) -> PrinterPair:
    return PrinterPair(Station(first, WIDE), Station(second, NARROW))


@pytest.mark.parametrize(
    "outcome",
    [Proven(), Failed(Cause.PAPER_OUT), Unknown(Doubt.NO_PROOF), Unknown(Doubt.LOST_LINK)],
)
def test_what_the_first_began_stays_with_the_first(outcome: PrintOutcome) -> None:
    first, second = Told(outcome), Told(Proven())
    assert pair(first, second).print(TAG, slip_for) == PairOutcome(outcome, Which.FIRST)
    assert second.bodies == []


@pytest.mark.parametrize("outcome", [Proven(), Failed(Cause.CUTTER_JAM), Unknown(Doubt.NO_PROOF)])
def test_what_the_first_could_not_begin_is_the_seconds(outcome: PrintOutcome) -> None:
    first, second = Told(UNTOUCHED), Told(outcome)
    assert pair(first, second).print(TAG, slip_for) == PairOutcome(outcome, Which.SECOND)
    assert second.bodies == [b"for narrow\n"]


def test_when_neither_can_begin_the_first_is_the_one_to_see_to() -> None:
    first, second = Told(UNTOUCHED), Told(Failed(Cause.DISCONNECTED, untouched=True))
    assert pair(first, second).print(TAG, slip_for) == PairOutcome(UNTOUCHED, Which.FIRST)


def test_the_one_that_would_print_is_named() -> None:
    gone = NotReady(Cause.DISCONNECTED)
    for first, second, which in (
        (Ready(), Ready(), Which.FIRST),
        (gone, Ready(near_end=True), Which.SECOND),
        (gone, gone, None),
    ):
        status = pair(Told(Proven(), first), Told(Proven(), second)).status(Deadline(1))
        assert status.can_print is which


# --- with simulated printers --------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path, fonts_dir: Path) -> Iterator[tuple[SimulatedPrinter, SimulatedPrinter]]:
    model = PrinterModel(speed_mm_s=None, cut_s=0.0)
    with (
        SimulatedPrinter(tmp_path / "a", fonts_dir, tmp_path / "out-a", model) as first,
        SimulatedPrinter(tmp_path / "b", fonts_dir, tmp_path / "out-b", model) as second,
    ):
        yield first, second


def drivers_of(two: tuple[SimulatedPrinter, SimulatedPrinter]) -> PrinterPair:
    stations = [
        Station(EscposPrinter(SerialLink(SerialSettings(str(device.path))), profile), profile)
        for device, profile in zip(two, (WIDE, NARROW), strict=True)
    ]
    return PrinterPair(*stations)


def test_a_first_without_paper_hands_on_and_keeps_nothing(
    two: tuple[SimulatedPrinter, SimulatedPrinter],
) -> None:
    first, second = two
    first.paper_out()
    assert drivers_of(two).print(TAG, slip_for) == PairOutcome(Proven(), Which.SECOND)
    first.load_paper()
    assert [slip.text.strip() for slip in second.slips] == ["for narrow"]
    assert first.slips == ()


def test_a_first_that_is_not_there_hands_on(
    two: tuple[SimulatedPrinter, SimulatedPrinter],
) -> None:
    two[0].unplug()
    assert drivers_of(two).print(TAG, slip_for) == PairOutcome(Proven(), Which.SECOND)


def test_a_first_whose_paper_ends_in_mid_slip_does_not_hand_on(
    two: tuple[SimulatedPrinter, SimulatedPrinter],
) -> None:
    first, second = two
    first.paper_out(after_lines=2)

    def long_slip(profile: Profile) -> Slip:
        return Slip(b"line\n" * 20, 100.0)

    ended = drivers_of(two).print(TAG, long_slip)
    assert ended == PairOutcome(Failed(Cause.PAPER_OUT), Which.FIRST)
    assert second.slips == ()


def test_a_first_that_is_busy_past_the_deadline_hands_on(
    two: tuple[SimulatedPrinter, SimulatedPrinter],
) -> None:
    first, _ = two
    link = SerialLink(SerialSettings(str(first.path)))
    busy = EscposPrinter(link, WIDE)
    first.stop_reading()
    printing = threading.Thread(target=busy.print, args=(TAG, b"x\n", Deadline(3.0)))
    printing.start()
    waited = busy.print(TAG, b"y\n", Deadline(0.05))
    assert waited == Failed(Cause.OFFLINE)
    assert isinstance(waited, Failed)
    assert waited.untouched
    printing.join(WAIT_S)
