"""The driver and the simulated printer, which were built apart from the same byte tables."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pty_peer import WAIT_S

from drivers.deadline import Deadline
from drivers.links.serial import SerialLink, SerialSettings
from drivers.printers import commands, ear
from drivers.printers.encode import encode
from drivers.printers.escpos import EscposPrinter
from drivers.printers.glyphs import FontFile, FontGlyphs
from drivers.printers.outcome import Doubt, Failed, PrintOutcome, Proven, Unknown
from drivers.printers.paper import Align, Document, Feed, Pair, Qr, Rule, Size, Text
from drivers.printers.profile import Profile, load_profile
from drivers.printers.status import Cause, NotReady, Ready
from drivers.printers.tag import job_tag
from drivers.simulated.model import MODEL_80_MM, Charset, PrinterModel
from drivers.simulated.printer import SimulatedPrinter

FONTS = Path(os.environ.get("KIOSK_FONTS") or Path(__file__).parents[2] / "build" / "fonts")
pytestmark = pytest.mark.skipif(
    not (FONTS / "NotoSansSC-Regular.otf").exists(), reason="fonts not fetched"
)

QUICK = replace(MODEL_80_MM, speed_mm_s=None, cut_s=0.0)
FULL = load_profile("epson-tm-t82iii")
PLAIN = load_profile("generic-80")
PLAIN_MODEL = replace(QUICK, charset=Charset.GB2312, process_id=False, status_back=False)

SLIP = Document(
    (
        Text("发票查验结果", size=Size.LARGE, align=Align.CENTRE, bold=True),
        Rule(),
        Pair("发票号码", "24112000000123456789"),
        Pair("价税合计", "¥1,234.50"),
        Text("王喆 $5 ①：（测试）"),
        Qr("01,32,,24112000000123456789,100.00"),
        Feed(1),
    )
)


@pytest.fixture(autouse=True)
def busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulated printer is a thread here, which may have to wait for its turn."""
    monkeypatch.setattr(ear, "REAL_TIME_ANSWER_S", 3.0)


class Terminal:
    """A simulated printer and the driver that speaks to it."""

    def __init__(self, device: SimulatedPrinter, profile: Profile) -> None:
        self.device = device
        self.profile = profile
        self.printer = EscposPrinter(SerialLink(SerialSettings(str(device.path))), profile)
        self.glyphs = FontGlyphs([FontFile(FONTS / "NotoSansSC-Regular.otf")])

    def print(self, document: Document = SLIP, seconds: float = WAIT_S) -> PrintOutcome:
        slip = encode(document, self.profile, self.glyphs)
        return self.printer.print(job_tag("job"), slip.body, Deadline(seconds))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def make(profile: Profile = FULL, model: PrinterModel = QUICK) -> Terminal:
        device = SimulatedPrinter(tmp_path / "printer", FONTS, tmp_path / "out", model)
        device.__enter__()
        opened.append(Terminal(device, profile))
        return opened[-1]

    yield make
    for one in opened:
        one.printer.close()
        one.device.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("profile", "model"),
    [
        (FULL, QUICK),
        (PLAIN, PLAIN_MODEL),
        (load_profile("snbc-bt-t080"), replace(QUICK, process_id=False)),
        (load_profile("snbc-btp-m300"), replace(PLAIN_MODEL, cutter=False, status_back=True)),
        (load_profile("xprinter-xp80"), PLAIN_MODEL),
        (load_profile("rongta-rp80"), PLAIN_MODEL),
    ],
    ids=lambda value: value.name,
)
def test_a_slip_comes_out_whole_and_is_proven(
    terminal: Callable[..., Terminal], profile: Profile, model: PrinterModel
) -> None:
    at = terminal(profile, model)
    assert at.print() == Proven()
    if not model.cutter:
        at.device.tear_off()
    (slip,) = at.device.wait_for_slips(1)
    assert slip.complete
    assert "发票查验结果" in slip.text
    assert "24112000000123456789" in slip.text
    assert "￥1,234.50" in slip.text
    assert at.device.state().unprintable == ()


def test_a_second_slip_is_a_slip_of_its_own(terminal: Callable[..., Terminal]) -> None:
    at = terminal()
    assert at.print() == at.print() == Proven()
    assert [slip.complete for slip in at.device.wait_for_slips(2)] == [True, True]


def test_paper_that_ends_in_mid_slip(terminal: Callable[..., Terminal]) -> None:
    at = terminal()
    at.device.paper_out(after_lines=2)
    assert at.print() == Failed(Cause.PAPER_OUT)
    assert at.printer.status(Deadline(WAIT_S)) == NotReady(Cause.PAPER_OUT)
    assert at.print() == Failed(Cause.PAPER_OUT)
    at.device.load_paper()
    assert at.print() == Proven()


def test_paper_that_ends_on_a_printer_that_only_knows_gs_r(
    terminal: Callable[..., Terminal],
) -> None:
    at = terminal(PLAIN, PLAIN_MODEL)
    at.device.paper_out(after_lines=2)
    assert at.print(seconds=2) == Failed(Cause.PAPER_OUT)
    at.device.load_paper()
    assert at.print() == Proven()
    assert at.device.slips[-1].complete


@pytest.mark.parametrize(
    ("break_it", "heal_it", "cause"),
    [
        ("open_cover", "close_cover", Cause.COVER_OPEN),
        ("paper_out", "load_paper", Cause.PAPER_OUT),
    ],
)
def test_what_is_wrong_before_the_slip(
    terminal: Callable[..., Terminal], break_it: str, heal_it: str, cause: Cause
) -> None:
    at = terminal()
    getattr(at.device, break_it)()
    assert at.print() == Failed(cause)
    getattr(at.device, heal_it)()
    assert at.print() == Proven()


def test_a_cutter_that_jams(terminal: Callable[..., Terminal]) -> None:
    at = terminal()
    at.device.jam_cutter()
    assert at.print() == Failed(Cause.CUTTER_JAM)
    at.device.free_cutter()
    assert at.printer.recover(Deadline(WAIT_S)) == Ready()
    assert at.print() == Proven()


def test_near_end_is_said_and_does_not_stop_anything(terminal: Callable[..., Terminal]) -> None:
    at = terminal()
    at.device.paper_near_end()
    assert at.printer.status(Deadline(WAIT_S)) == Ready(near_end=True)
    assert at.print() == Proven(near_end=True)


def test_a_hot_head_is_waited_for(terminal: Callable[..., Terminal]) -> None:
    at = terminal()
    at.device.head_hot()
    cooling = threading.Timer(0.6, at.device.head_hot, (False,))
    cooling.start()
    assert at.print() == Proven()
    cooling.join()


def test_answers_in_pieces_and_unasked_bytes(terminal: Callable[..., Terminal]) -> None:
    at = terminal()
    at.device.split_answers()
    at.device.send_unasked(b"\x13\x11\x10\x00\x00\x00")
    assert at.print() == Proven()


def test_a_printer_that_falls_silent(terminal: Callable[..., Terminal]) -> None:
    at = terminal()
    at.device.fall_silent()
    assert at.print() == Failed(Cause.DISCONNECTED)
    at.device.fall_silent(False)
    assert at.print() == Proven()


def test_a_model_that_does_not_know_tags_after_all(terminal: Callable[..., Terminal]) -> None:
    at = terminal()
    at.device.support_process_id(False)
    assert at.print(seconds=2) == Unknown(Doubt.NO_PROOF)


class AtTheFirstByte(SerialLink):
    """A link on which something happens as soon as the printer is given the slip."""

    def __init__(self, path: Path, happen: Callable[[], None]) -> None:
        super().__init__(SerialSettings(str(path)))
        self._happen: Callable[[], None] | None = happen

    def write_some(self, data: bytes, deadline: Deadline) -> int:
        taken = super().write_some(data, deadline)
        if self._happen is not None and commands.LINE_SPACING in data:
            happen, self._happen = self._happen, None
            happen()
        return taken


LONG = Document((*SLIP.elements, *(Text(f"{n:040}") for n in range(100))))


@pytest.mark.parametrize(
    ("happens", "heal", "outcome"),
    [
        ("power_off", "power_on", Unknown(Doubt.NO_PROOF)),
        ("unplug", "replug", Unknown(Doubt.LOST_LINK)),
        ("stop_reading", "heal", Unknown(Doubt.NO_PROOF)),
        ("fall_silent", "heal", Unknown(Doubt.NO_PROOF)),
        ("open_cover", "close_cover", Failed(Cause.COVER_OPEN)),
        ("paper_out", "load_paper", Failed(Cause.PAPER_OUT)),
        ("hardware_error", "heal", Failed(Cause.HARDWARE)),
    ],
)
def test_what_happens_in_mid_slip_and_the_slip_after_it(
    terminal: Callable[..., Terminal], happens: str, heal: str, outcome: PrintOutcome
) -> None:
    at = terminal(FULL, replace(QUICK, speed_mm_s=300.0))
    link = AtTheFirstByte(at.device.path, getattr(at.device, happens))
    at.printer = EscposPrinter(link, FULL)
    assert at.print(LONG, seconds=2) == outcome
    getattr(at.device, heal)()
    assert at.print() == Proven()
    assert at.device.wait_for_slips(1)[-1].complete


def test_the_printer_is_unplugged_and_plugged_in_again(terminal: Callable[..., Terminal]) -> None:
    at = terminal()
    assert at.print() == Proven()
    at.device.unplug()
    assert at.printer.status(Deadline(WAIT_S)) == NotReady(Cause.DISCONNECTED)
    assert at.print() == Failed(Cause.DISCONNECTED)
    at.device.replug()
    assert at.print() == Proven()


def test_an_idle_printer_that_is_pulled_out_is_noticed_without_asking_it(
    terminal: Callable[..., Terminal],
) -> None:
    at = terminal()
    assert not at.printer.is_gone()  # nothing was opened: nobody can tell
    assert at.print() == Proven()
    assert not at.printer.is_gone()
    at.device.unplug()
    assert at.printer.is_gone()
    assert at.printer.status(Deadline(WAIT_S)) == NotReady(Cause.DISCONNECTED)
    assert not at.printer.is_gone()
    at.device.replug()
    assert at.printer.status(Deadline(WAIT_S)) == Ready()
    assert not at.printer.is_gone()


def test_a_printer_plugged_in_anew_between_two_slips_prints_the_second(
    terminal: Callable[..., Terminal],
) -> None:
    at = terminal()
    assert at.print() == Proven()
    at.device.unplug()
    at.device.replug()
    assert at.print() == Proven()
