"""What a technician asks of the devices: honest words, kept, and people come first."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from printing_kit import PrintRoom, settings_for, two_printers

from drivers.documents.a4_printer import A4Printer
from drivers.documents.ipp import IppClient, PageSetup
from drivers.documents.ipp_http import IppAddress
from drivers.links.serial import SerialLink, SerialSettings
from drivers.scanners.serial_scanner import ScannerSettings
from drivers.simulated.a4 import SimulatedA4
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.scanner import SimulatedScanner
from kiosk import messages as m
from kiosk import staff_messages as s
from kiosk.clock import SystemClock
from kiosk.daemon import acts
from kiosk.daemon.a4 import A4Printing, A4Setup
from kiosk.daemon.device_desk import DeviceDesk
from kiosk.daemon.scanning import Scanning
from kiosk.daemon.surroundings import Place

CODE = "01,32,,26112000000000000018,106.00,20261123,,A1B2"
WITHIN_S = 60.0


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


class Workshop:
    """The devices of a terminal, simulated, and a technician before it."""

    def __init__(
        self, folder: Path, first: SimulatedPrinter, scanner: SimulatedScanner, *, plugged: bool
    ) -> None:
        self.first = first
        self.scanner = scanner
        self.folder = folder
        self.room = PrintRoom(folder, settings_for(folder))
        self.situation: m.Situation = m.Home()
        self.a4: A4Setup | None = None
        self.texts: list[str] = []
        self.acts: list[acts.Act] = []
        link = SerialLink(SerialSettings(str(scanner.path))) if plugged else None
        self.scanning = Scanning(
            link,
            ScannerSettings(),
            on_text=self.texts.append,
            on_unreadable=self.texts.append,
            on_state=lambda _: None,
        )
        self.desk = self.new_desk()

    def new_desk(self) -> DeviceDesk:
        return DeviceDesk(
            self.room.printing,
            self.scanning,
            A4Printing(self.a4, self.room.keeper, SystemClock(), on_status=lambda _: None),
            self.room.keeper,
            SystemClock(),
            Place("示范办税服务厅", "Demo Hall", "03", "zh", "110000"),
            situation=lambda: self.situation,
            note=self.acts.append,
        )

    def show(self, situation: m.Situation) -> None:
        self.situation = situation
        self.scanning.follow(situation)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Workshop]:
    with two_printers(tmp_path) as (first, _), SimulatedScanner(tmp_path / "scanner") as scanner:
        workshop = Workshop(tmp_path, first, scanner, plugged=True)
        await workshop.room.printing.start()
        workshop.scanning.start()
        await until(lambda: workshop.scanning.state == "connected")
        yield workshop
        await workshop.scanning.close()
        await workshop.room.close()


async def test_a_trial_slip_is_printed_and_the_result_is_there_after_a_restart(
    shop: Workshop,
) -> None:
    tried = await shop.desk.answer(s.TryPrinter())
    assert isinstance(tried, s.Tried)
    assert (tried.device, tried.outcome) == ("printer", "proven")
    assert "打印测试" in shop.first.slips[0].text
    assert shop.acts == [acts.DeviceTried("printer", "proven", "")]
    later = shop.new_desk()
    assert later.trials == ()
    await later.start()
    assert later.trials == (tried,)


async def test_a_trial_that_did_not_print_says_why(shop: Workshop) -> None:
    shop.first.paper_out()
    tried = await shop.desk.answer(s.TryPrinter())
    assert isinstance(tried, s.Tried)
    assert (tried.outcome, tried.why) == ("failed", "paper_out")
    await shop.room.printing.refresh()
    view = shop.desk.printers()[0]
    assert (view.status, view.paper, view.left_slips) == ("paper_out", "ended", 0)


async def test_a_person_whose_slip_is_printed_is_not_disturbed(shop: Workshop) -> None:
    shop.show(m.Printing(slip="SF-03-261124-0001"))
    assert await shop.desk.answer(s.TryPrinter()) == s.NotNow("a slip is being printed")
    assert shop.first.slips == ()
    assert shop.desk.trials == ()


async def test_a_trial_scan_is_nobodys_and_what_it_says_is_not_told(shop: Workshop) -> None:
    asking = asyncio.create_task(shop.desk.answer(s.TryScanner(WITHIN_S)))
    await asyncio.sleep(0)
    shop.scanner.scan(CODE)
    tried = await asking
    assert isinstance(tried, s.Tried)
    assert (tried.outcome, tried.why) == ("read", f"{len(CODE)} bytes, utf-8")
    assert shop.texts == []
    shop.scanner.scan(CODE.replace("A1B2", "C3D4"))
    await until(lambda: bool(shop.texts))


async def test_a_person_who_comes_gets_the_scan(shop: Workshop) -> None:
    asking = asyncio.create_task(shop.desk.answer(s.TryScanner(WITHIN_S)))
    await asyncio.sleep(0)
    shop.show(m.EnterNumber(today=SystemClock().now().date()))
    assert await asking == s.NotNow("somebody came to be served")
    shop.scanner.scan(CODE)
    await until(lambda: shop.texts == [CODE])
    assert await shop.desk.answer(s.TryScanner()) == s.NotNow("somebody is being served")


async def test_nothing_held_up_and_no_scanner_are_two_things(
    tmp_path: Path, shop: Workshop
) -> None:
    nothing = await shop.desk.answer(s.TryScanner(0.0))
    assert isinstance(nothing, s.Tried)
    assert nothing.outcome == "nothing"
    shop.scanner.unplug()
    await until(lambda: shop.scanning.state != "connected")
    missing = await shop.desk.answer(s.TryScanner())
    assert isinstance(missing, s.Tried)
    assert (missing.outcome, missing.why) == ("missing", "lost")


async def test_a_changed_roll_is_counted_anew_and_stands_in_the_audit(shop: Workshop) -> None:
    await shop.desk.answer(s.TryPrinter())
    before = shop.desk.printers()[0].left_slips
    answer = await shop.desk.answer(s.RollChanged())
    assert isinstance(answer, s.Acted)
    assert shop.room.printing.paper.forecast("printer").left_mm == 75_000
    assert before > 0
    assert shop.acts[-1] == acts.RollChanged("printer")
    assert await shop.desk.answer(s.RollChanged("printer3")) == s.NotDone("no printer3 is set up")
    assert await shop.desk.answer(s.TryPrinter("printer3")) == s.NotDone("no printer3 is set up")


async def test_a_trial_page_comes_out_of_the_a4_printer_that_there_is(
    tmp_path: Path, shop: Workshop
) -> None:
    assert await shop.desk.answer(s.TryPrinter("a4")) == s.NotDone("no a4 is set up")
    with SimulatedA4(tmp_path / "a4", sheet_s=0.0) as device:
        driver = A4Printer(IppClient(IppAddress(device.uri)), poll_s=0.02)
        shop.a4 = A4Setup(driver, PageSetup(), give_up_s=60)
        tried = await shop.new_desk().answer(s.TryPrinter("a4"))
        assert isinstance(tried, s.Tried)
        assert (tried.device, tried.outcome) == ("a4", "proven")
        assert device.state().jobs[0].sheets == 1
