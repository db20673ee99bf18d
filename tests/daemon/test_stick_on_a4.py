"""A PDF of a stick on A4: its picture on a page of ours, and never a byte of the file."""

import hashlib
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from visit_kit import NOON, Hall

from central.sandbox.mint import Mint
from drivers.documents.a4_printer import A4Printer
from drivers.documents.ipp import IppClient, PageSetup
from drivers.documents.ipp_http import IppAddress
from drivers.documents.outcome import A4NoAnswer, A4Proven, A4Ready
from drivers.simulated.a4 import SimulatedA4
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk import stick_messages as s
from kiosk.clock import SystemClock
from kiosk.daemon.a4 import A4Printing, A4Setup
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.opening import open_queue
from kiosk.daemon.own_desk import NotHad
from kiosk.daemon.stick_desk import MAX_PAGES, Sticks
from kiosk.preview.preview import Pixels
from kiosk.receipts.stick_page import HEIGHT_PX, WIDTH_PX, stick_page
from kiosk.stick.found import FileRead, LeftOut, PdfOnStick, StickInvoice
from kiosk.stick.reading import Read

FONT = Path(__file__).parents[2] / "build" / "fonts" / "NotoSansSC-Regular.otf"
pytestmark = pytest.mark.skipif(not FONT.exists(), reason="fonts are made at set-up")

INVOICE = StickInvoice(reference=None, evidence=())
SHA256 = "7" * 64
PDF = b"%PDF-1.4\n1 0 obj <</Type /Page>> endobj\n%%EOF\n"


def read_of(pdf: str | None = SHA256, *, whole: bool = True, invoices: int = 1) -> Read:
    return Read((FileRead(0, (INVOICE,) * invoices, pdf=pdf),), LeftOut(), whole)


async def plug(hall: Hall, read: Read) -> s.StickShown:
    hall.visit.stick_changed(Path("/run/kiosk-stick/sdb1"))
    await hall.settle()
    hall.stick_desk.reads[-1][1].set_result(read)
    await hall.settle()
    assert isinstance(hall.situation, s.StickShown)
    return hall.situation


async def press(hall: Hall, make: Callable[..., m.Intent]) -> None:
    hall.visit.intend(make(turn=hall.turn))
    await hall.settle()


@pytest.fixture
def hall() -> Hall:
    hall = Hall()
    hall.visit.a4_changed(A4Ready())
    return hall


@pytest.mark.parametrize(
    "read",
    [read_of(None), read_of(whole=False), read_of(invoices=2)],
    ids=["no_pdf", "not_all_was_read", "two_invoices"],
)
async def test_only_a_single_invoice_in_a_pdf_can_be_printed(hall: Hall, read: Read) -> None:
    shown = await plug(hall, read)
    assert shown.file is None
    await press(hall, s.PrintStick)
    assert isinstance(hall.situation, s.StickShown)
    assert hall.stick_desk.pages == []


async def test_a_printer_that_comes_and_goes_is_on_the_screen(hall: Hall) -> None:
    assert (await plug(hall, read_of())).a4 == o.PrinterMeans(can=True)
    hall.visit.a4_changed(A4NoAnswer())
    shown = hall.situation
    assert isinstance(shown, s.StickShown)
    assert shown.a4 == o.PrinterMeans(can=False, cause="silent")
    await press(hall, s.PrintStick)
    assert hall.stick_desk.pages == []


async def test_it_is_drawn_once_and_a_further_print_counts_as_a_reprint(hall: Hall) -> None:
    shown = await plug(hall, read_of())
    for copy in range(3):
        await press(hall, s.PrintStick)
        if copy == 0:
            assert hall.situation == o.Fetching(what="stick")
            hall.stick_desk.pages[-1][1].set_result(PDF)
            await hall.settle()
        assert isinstance(hall.situation, o.A4Running)
        _, document = await hall.own_answers(A4Proven(1))
        hall.desk.prints.append((document.number, copy, "", None))  # type: ignore[attr-defined,arg-type]
        assert (document.pdf, document.copy) == (PDF, copy)  # type: ignore[attr-defined]
        ended = hall.situation
        assert isinstance(ended, o.A4Ended)
        assert ended.outcome == "proven"
        await press(hall, m.GoBack)
        assert hall.situation == shown
    await press(hall, s.PrintStick)
    assert isinstance(hall.situation, o.A4Ended)
    assert (hall.situation.outcome, hall.situation.why) == ("failed", "reprint_limit")
    assert len(hall.stick_desk.pages) == 1


async def test_what_cannot_be_drawn_is_said_and_nothing_is_printed(hall: Hall) -> None:
    shown = await plug(hall, read_of())
    await press(hall, s.PrintStick)
    hall.stick_desk.pages[-1][1].set_result(NotHad("not_drawn"))
    await hall.settle()
    assert hall.situation == o.FetchFailed(what="stick", why="not_drawn")
    assert hall.own.asked == []
    await press(hall, m.GoBack)
    assert hall.situation == shown
    hall.visit.stick_changed(None)
    await press(hall, s.PrintStick)
    assert hall.situation == o.FetchFailed(what="stick", why="stick_changed")
    assert len(hall.stick_desk.pages) == 1


async def test_whoever_ends_while_it_is_drawn_leaves_no_paper_behind(hall: Hall) -> None:
    await plug(hall, read_of())
    await press(hall, s.PrintStick)
    await press(hall, m.GoHome)
    hall.stick_desk.pages[-1][1].set_result(PDF)
    await hall.settle()
    assert hall.situation == m.Home()
    assert hall.own.asked == []


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[tuple[Hall, SimulatedA4]]:
    """A hall whose sticks are read and drawn, and whose A4 printer speaks IPP."""
    with SimulatedA4(tmp_path / "out", sheet_s=0.0) as device:
        sealer, outbox = open_queue(tmp_path / "state")
        keeper = Keeper(outbox, sealer, "03", SystemClock())
        driver = A4Printer(IppClient(IppAddress(device.uri)), poll_s=0.02)
        setup = A4Setup(driver, PageSetup(), give_up_s=60)
        printing = A4Printing(setup, keeper, SystemClock(), on_status=lambda _: None)
        hall = Hall()
        hall.visit.a4_changed(A4Ready())
        hall.own.print_a4 = printing.print  # type: ignore[method-assign]
        hall.stick_desk.a4_page = Sticks(hall.clock, "").a4_page  # type: ignore[method-assign]
        yield hall, device
        await printing.close()
        outbox.close()


def put(stick: Path, pdf: bytes) -> None:
    stick.mkdir(exist_ok=True)
    (stick / "a.pdf").write_bytes(pdf)


async def printed(hall: Hall, stick: Path, pdf: bytes) -> m.Situation:
    """A stick with this file, and 打印 A4 pressed: how it ends."""
    put(stick, pdf)
    hall.visit.stick_changed(stick)
    await hall.settle()
    hall.stick_desk.reads[-1][1].set_result(read_of(hashlib.sha256(pdf).hexdigest()))
    await hall.settle()
    await press(hall, s.PrintStick)
    await hall.visit.close()  # lets what runs end
    await hall.settle()
    await hall.visit.close()
    return hall.situation


def dark_part(image: Image.Image) -> float:
    return sum(image.convert("L").histogram()[:128]) / (image.width * image.height)


async def test_the_picture_comes_out_on_a_page_of_ours_and_a_hostile_file_does_not(
    office: tuple[Hall, SimulatedA4], tmp_path: Path
) -> None:
    hall, device = office
    ended = await printed(hall, tmp_path / "stick", b"%PDF-1.7 " + b"\xff" * 5000)
    assert ended == o.FetchFailed(what="stick", why="not_drawn")
    assert device.jobs == ()

    theirs = Mint("stick").invoice().pdf(FONT) + b"% a mark of the stranger's"
    ended = await printed(hall, tmp_path / "stick", theirs)
    assert isinstance(ended, o.A4Ended)
    assert ended.outcome == "proven"
    (job,) = device.jobs
    ours = (tmp_path / "out" / job.file).read_bytes()
    assert b"stranger" not in ours
    assert b"/Font" not in ours  # nothing but pixels
    document = pdfium.PdfDocument(ours)
    assert len(document) == 1
    assert [round(side / 72 * 25.4) for side in document[0].get_size()] == [210, 297]
    page = document[0].render(scale=1).to_pil()
    upper, foot = (0, 0, page.width, 500), (0, 770, page.width, page.height)
    assert dark_part(page.crop(upper)) > 0.005
    assert dark_part(page.crop(foot)) > 0.005


async def test_a_file_with_several_pages_is_printed_whole_or_not_at_all(tmp_path: Path) -> None:
    def of_pages(count: int) -> bytes:
        made, out = pdfium.PdfDocument.new(), io.BytesIO()
        for _ in range(count):
            made.new_page(595, 420)
        made.save(out)
        return out.getvalue()

    sticks = Sticks(SystemClock(), "")
    for count in (2, MAX_PAGES + 1):
        pdf = of_pages(count)
        put(tmp_path, pdf)
        page = await sticks.a4_page(tmp_path, PdfOnStick(0, hashlib.sha256(pdf).hexdigest()))
        if count > MAX_PAGES:
            assert page == NotHad("many_pages")
        else:
            assert isinstance(page, bytes)
            assert len(pdfium.PdfDocument(page)) == count


def test_the_largest_picture_leaves_the_line_its_place() -> None:
    black = Pixels(bytes(WIDTH_PX * HEIGHT_PX * 3), WIDTH_PX, HEIGHT_PX, 1)
    page = pdfium.PdfDocument(stick_page([black], NOON))[0].render(scale=2).to_pil().convert("L")
    rows = [page.crop((60, y, page.width - 60, y + 1)).getextrema() for y in range(page.height)]
    last_black = max(y for y, (_, lightest) in enumerate(rows) if lightest < 64)
    between = next(y for y in range(last_black, page.height) if rows[y][0] > 250)
    assert any(darkest < 128 for darkest, _ in rows[between:])
