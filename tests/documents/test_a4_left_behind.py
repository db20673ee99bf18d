"""A job that nobody follows any more is found out and ended."""

from pathlib import Path

from a4_kit import PDF, WAIT_S

from drivers.deadline import Deadline
from drivers.documents.a4_printer import A4Printer
from drivers.documents.ipp import IppClient, JobState, PageSetup
from drivers.documents.ipp_http import IppAddress
from drivers.documents.outcome import (
    A4Cause,
    A4Failed,
    A4Proven,
    A4Unknown,
)
from drivers.printers.outcome import Doubt
from drivers.simulated.a4 import SimulatedA4


def left_behind(device: SimulatedA4) -> int:
    """A job that waits for paper, and its number; whoever followed it is gone."""
    device.paper_out(after_sheets=1)
    client = IppClient(IppAddress(device.uri))
    number = client.create_job("job-2", PageSetup(), Deadline(WAIT_S))
    client.send_document(number, PDF, Deadline(WAIT_S))
    return number


def test_the_number_is_told_before_the_document_goes(
    device: SimulatedA4, printer: A4Printer
) -> None:
    documents: list[bytes] = []

    def told(number: int) -> None:
        documents.extend(job.document for job in device.jobs if job.number == number)

    assert printer.print(PDF, "job-1", Deadline(WAIT_S), on_number=told) == A4Proven(sheets=2)
    assert documents == [b""]


def test_what_it_still_holds_is_ended_and_never_comes_out(
    device: SimulatedA4, printer: A4Printer, tmp_path: Path
) -> None:
    number = left_behind(device)
    assert printer.settle(number, "job-2", Deadline(WAIT_S)) == A4Failed(A4Cause.CANCELLED)
    device.load_paper()
    assert list((tmp_path / "out").iterdir()) == []


def test_what_was_printed_meanwhile_is_proven(device: SimulatedA4, printer: A4Printer) -> None:
    number = left_behind(device)
    device.load_paper()
    assert printer.settle(number, "job-2", Deadline(WAIT_S)) == A4Proven(sheets=2)


def test_a_job_of_another_name_is_left_alone(device: SimulatedA4, printer: A4Printer) -> None:
    number = left_behind(device)
    assert printer.settle(number, "job-7", Deadline(WAIT_S)) == A4Unknown(Doubt.NO_PROOF)
    assert printer.settle(999, "job-7", Deadline(WAIT_S)) == A4Unknown(Doubt.NO_PROOF)
    assert not any(job.state is JobState.CANCELED for job in device.jobs)


def test_who_cannot_be_asked_is_not_known(device: SimulatedA4, printer: A4Printer) -> None:
    number = left_behind(device)
    device.stop()
    assert printer.settle(number, "job-2", Deadline(WAIT_S)) == A4Unknown(Doubt.LOST_LINK)
