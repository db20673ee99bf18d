"""Documents on A4: followed to their end, one report each, and none printed twice."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from central.contract import OP_PRINT_OUTCOME, PrintOutcomeReport
from drivers.deadline import Deadline
from drivers.documents.a4_printer import A4Printer
from drivers.documents.ipp import IppClient, PageSetup
from drivers.documents.ipp_http import IppAddress
from drivers.documents.outcome import (
    A4Cause,
    A4Failed,
    A4NotReady,
    A4Progress,
    A4Proven,
    A4Ready,
    A4Status,
    A4Waiting,
)
from drivers.simulated.a4 import SimulatedA4
from kiosk.clock import SystemClock
from kiosk.daemon.a4 import A4Document, A4Printing, A4Setup
from kiosk.daemon.journal import Job, Medium
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.opening import open_queue
from kiosk.daemon.printing import TrialRefused

PDF = b"%PDF-1.4\n1 0 obj <</Type /Page>> endobj\n2 0 obj <</Type /Page>> endobj\n%%EOF\n"
DOCUMENT = A4Document("SF-03-261124-0007", 0, PDF)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


class Office:
    """The daemon's side of an A4 printer, on a real queue file."""

    def __init__(self, folder: Path, device: SimulatedA4) -> None:
        self.device = device
        self.sealer, self.outbox = open_queue(folder / "state")
        self.keeper = Keeper(self.outbox, self.sealer, "03", SystemClock())
        self.statuses: list[A4Status] = []
        self.progress: list[A4Progress] = []
        driver = A4Printer(IppClient(IppAddress(device.uri)), poll_s=0.02)
        setup = A4Setup(driver, PageSetup(), give_up_s=60)
        self.a4 = A4Printing(setup, self.keeper, SystemClock(), on_status=self.statuses.append)

    def print(self) -> "asyncio.Task[object]":
        return asyncio.create_task(self.a4.print(DOCUMENT, self.progress.append))

    def reports(self) -> list[PrintOutcomeReport]:
        return [
            msgspec.json.decode(entry.body, type=PrintOutcomeReport)
            for entry in self.outbox.due(100, 1 << 20)
            if entry.kind == OP_PRINT_OUTCOME
        ]

    async def close(self) -> None:
        await self.a4.close()
        self.outbox.close()


@pytest.fixture
def device(tmp_path: Path) -> Iterator[SimulatedA4]:
    with SimulatedA4(tmp_path / "out", sheet_s=0.0) as simulated:
        yield simulated


@pytest.fixture
async def office(tmp_path: Path, device: SimulatedA4) -> AsyncIterator[Office]:
    opened = Office(tmp_path, device)
    yield opened
    await opened.close()


def open_job(medium: Medium = Medium.A4) -> Job:
    number = DOCUMENT.number
    return Job("job-1", number, 0, number, SystemClock().now(), None, medium)


def deadline() -> Deadline:
    return Deadline(20.0)


def pages(folder: Path) -> list[Path]:
    return list((folder / "out").iterdir())


async def test_a_document_is_printed_when_the_printer_says_so(office: Office) -> None:
    assert await office.print() == A4Proven(sheets=2)
    assert office.reports() == [PrintOutcomeReport(slip=DOCUMENT.number, outcome="proven")]
    assert office.keeper.interrupted_jobs(Medium.A4) == []


async def test_it_waits_for_paper_says_so_and_goes_on(office: Office) -> None:
    office.device.paper_out(after_sheets=1)
    printing = office.print()
    await until(lambda: A4Waiting(A4Cause.PAPER_OUT) in office.progress)
    assert office.a4.is_printing
    with pytest.raises(TrialRefused):
        await office.a4.print_trial(PDF)
    office.device.load_paper()
    assert await printing == A4Proven(sheets=2)


async def test_a_person_can_take_it_back(office: Office, tmp_path: Path) -> None:
    office.device.fault("media-jam")
    office.a4.cancel()  # nothing is printed: nothing happens
    office.device.fault("media-jam", on=False)
    office.device.paper_out(after_sheets=1)
    printing = office.print()
    await until(lambda: bool(office.progress))
    office.a4.cancel()
    assert await printing == A4Failed(A4Cause.CANCELLED)
    office.device.load_paper()
    assert pages(tmp_path) == []
    assert office.reports()[0].why == "a4_cancelled"


async def test_how_it_is_is_told_on_change(office: Office) -> None:
    await office.a4.refresh()
    await office.a4.refresh()
    office.device.paper_out()
    await office.a4.refresh()
    assert office.statuses == [A4Ready(), A4NotReady(A4Cause.PAPER_OUT)]


def stopped_in_the_middle(office: Office) -> None:
    """What a killed daemon leaves: a job in the journal, and in the printer."""
    driver = IppClient(IppAddress(office.device.uri))
    number = driver.create_job(DOCUMENT.number, PageSetup(), deadline())
    office.keeper.begin_job(open_job())
    office.keeper.job_taken("job-1", number)
    driver.send_document(number, PDF, deadline())


async def test_what_came_out_while_the_terminal_was_away_is_proven(
    office: Office, tmp_path: Path
) -> None:
    stopped_in_the_middle(office)
    await office.a4.settle_left()
    assert [report.outcome for report in office.reports()] == ["proven"]
    assert len(pages(tmp_path)) == 1


async def test_what_still_waits_is_taken_back_and_never_comes_out(
    office: Office, tmp_path: Path
) -> None:
    office.device.paper_out()
    stopped_in_the_middle(office)
    await office.a4.settle_left()
    assert office.reports()[0].why == "a4_cancelled"
    office.device.load_paper()
    assert pages(tmp_path) == []
    await office.a4.settle_left()
    assert len(office.reports()) == 1


async def test_a_printer_that_is_away_at_the_start_is_asked_when_it_is_back(
    office: Office, tmp_path: Path
) -> None:
    office.device.paper_out()
    stopped_in_the_middle(office)
    office.device.stop()
    await office.a4.settle_left()
    assert [(one.outcome, one.why) for one in office.reports()] == [("unknown", "interrupted")]
    office.device.start()
    await office.a4.refresh()
    office.device.load_paper()
    assert pages(tmp_path) == []


async def test_a_job_that_the_printer_never_had_is_not_known(office: Office) -> None:
    office.keeper.begin_job(open_job())
    await office.a4.settle_left()
    assert [(one.outcome, one.why) for one in office.reports()] == [("unknown", "interrupted")]
    assert office.device.jobs == ()


async def test_a_slip_that_was_interrupted_is_not_the_a4_printers(office: Office) -> None:
    office.keeper.begin_job(open_job(Medium.SLIP))
    await office.a4.settle_left()
    assert office.reports() == []
    assert len(office.keeper.interrupted_jobs()) == 1
