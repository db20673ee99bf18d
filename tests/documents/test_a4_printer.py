"""A page on an A4 printer: its end is found out, whatever happens on the way."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from a4_kit import PDF, WAIT_S, Job, printer_at

from drivers.deadline import Deadline
from drivers.documents.a4_printer import A4Printer
from drivers.documents.ipp import IppClient, JobFacts, Operation, PageSetup
from drivers.documents.ipp_http import IppAddress, IppUnreachable
from drivers.documents.outcome import (
    A4Cause,
    A4Failed,
    A4NoAnswer,
    A4NotReady,
    A4Outcome,
    A4Printing,
    A4Proven,
    A4Ready,
    A4Unknown,
    A4Waiting,
)
from drivers.printers.outcome import Doubt
from drivers.simulated.a4 import SimulatedA4

# --- the good end ---------------------------------------------------------------------------


def test_a_completed_job_is_proven_and_is_the_document(
    device: SimulatedA4, printer: A4Printer, tmp_path: Path
) -> None:
    assert printer.status(Deadline(WAIT_S)) == A4Ready()
    assert printer.print(PDF, "job-1", Deadline(WAIT_S)) == A4Proven(sheets=2)
    assert [path.read_bytes() for path in (tmp_path / "out").iterdir()] == [PDF]
    assert [job.name for job in device.jobs] == ["job-1"]


def test_a_submitted_job_is_not_printed_yet(tmp_path: Path) -> None:
    now = [100.0]
    with SimulatedA4(tmp_path / "out", sheet_s=5.0, clock=lambda: now[0]) as device:
        job = Job(printer_at(device.uri))
        job.wait_for(A4Printing(sheets=0))
        assert job.outcome is None
        now[0] += 5.0
        job.wait_for(A4Printing(sheets=1))
        assert job.outcome is None
        now[0] += 5.0
        assert job.end() == A4Proven(sheets=2)


def test_a_printer_that_knows_only_print_job_prints(
    device: SimulatedA4, printer: A4Printer
) -> None:
    device.unlearn(Operation.CREATE_JOB, Operation.SEND_DOCUMENT)
    assert printer.print(PDF, "job-1", Deadline(WAIT_S)) == A4Proven(sheets=2)


@pytest.mark.parametrize(
    ("device_uri", "outcome"),
    [
        ("socket://192.168.1.60:9100", A4Unknown(Doubt.NO_PROOF)),
        ("usb://Some/Printer", A4Unknown(Doubt.NO_PROOF)),
        ("ipp://192.168.1.60/ipp/print", A4Proven(sheets=2)),
    ],
)
def test_a_queue_proves_only_what_it_asks_a_printer_about(
    device: SimulatedA4, printer: A4Printer, device_uri: str, outcome: A4Outcome
) -> None:
    device.be_queue(device_uri)
    assert printer.print(PDF, "job-1", Deadline(WAIT_S)) == outcome


def test_a_job_completed_with_errors_is_unknown(device: SimulatedA4, printer: A4Printer) -> None:
    device.complete_with_errors()
    assert printer.print(PDF, "job-1", Deadline(WAIT_S)) == A4Unknown(Doubt.NO_PROOF)


# --- faults ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("media-empty", A4Cause.PAPER_OUT),
        ("media-jam", A4Cause.PAPER_JAM),
        ("door-open", A4Cause.COVER_OPEN),
        ("toner-empty", A4Cause.TONER_OUT),
        ("output-area-full", A4Cause.OUTPUT_FULL),
        ("paused", A4Cause.PAUSED),
        ("fuser-over-temp", A4Cause.FAULT),
    ],
)
def test_a_printer_that_stands_still_is_given_nothing(
    device: SimulatedA4, printer: A4Printer, reason: str, cause: A4Cause
) -> None:
    device.fault(reason)
    assert printer.status(Deadline(WAIT_S)) == A4NotReady(cause)
    assert printer.print(PDF, "job-1", Deadline(WAIT_S)) == A4Failed(cause)
    assert device.jobs == ()


def test_paper_that_ends_in_mid_job_is_waited_for_and_the_rest_comes(
    device: SimulatedA4, printer: A4Printer
) -> None:
    device.paper_out(after_sheets=1)
    job = Job(printer)
    job.wait_for(A4Waiting(A4Cause.PAPER_OUT))
    device.load_paper()
    assert job.end() == A4Proven(sheets=2)


def test_paper_that_never_comes_is_failed_with_its_cause_and_the_job_is_ended(
    device: SimulatedA4, printer: A4Printer
) -> None:
    device.paper_out(after_sheets=1)
    assert Job(printer, deadline_s=1.5).end() == A4Failed(A4Cause.PAPER_OUT)
    device.load_paper()
    assert [job.state.name for job in device.jobs] == ["CANCELED"]


def test_a_second_tray_without_paper_does_not_stop_a_job(
    device: SimulatedA4, printer: A4Printer
) -> None:
    device.warn("media-empty-warning")
    assert printer.status(Deadline(WAIT_S)) == A4Ready((A4Cause.PAPER_OUT,))
    assert printer.print(PDF, "job-1", Deadline(WAIT_S)) == A4Proven(sheets=2)


def test_a_job_that_is_given_up_is_failed(device: SimulatedA4, printer: A4Printer) -> None:
    device.abort_jobs()
    assert printer.print(PDF, "job-1", Deadline(WAIT_S)) == A4Failed(A4Cause.ABORTED)


def test_what_is_no_pdf_is_refused(printer: A4Printer) -> None:
    outcome = printer.print(b"hello", "job-1", Deadline(WAIT_S))
    assert outcome == A4Failed(A4Cause.FORMAT_REFUSED)


def test_a_printer_that_takes_no_jobs_says_so(device: SimulatedA4, printer: A4Printer) -> None:
    device.refuse_jobs()
    assert printer.status(Deadline(WAIT_S)) == A4NotReady(A4Cause.NOT_ACCEPTING)
    outcome = printer.print(PDF, "job-1", Deadline(WAIT_S))
    assert outcome == A4Failed(A4Cause.NOT_ACCEPTING)


# --- cancelling -----------------------------------------------------------------------------


def test_a_job_is_cancelled_while_it_waits(device: SimulatedA4, printer: A4Printer) -> None:
    device.paper_out(after_sheets=1)
    job = Job(printer)
    job.wait_for(A4Waiting(A4Cause.PAPER_OUT))
    job.cancel.set()
    assert job.end() == A4Failed(A4Cause.CANCELLED)
    assert [one.state.name for one in device.jobs] == ["CANCELED"]


def test_a_job_cancelled_at_the_printer_is_cancelled(tmp_path: Path) -> None:
    with SimulatedA4(tmp_path / "out", sheet_s=1000.0) as device:
        job = Job(printer_at(device.uri))
        job.wait_for(A4Printing(sheets=0))
        IppClient(IppAddress(device.uri)).cancel_job(1, Deadline(WAIT_S))
        assert job.end() == A4Failed(A4Cause.CANCELLED)


def test_a_cancel_that_comes_too_late_changes_nothing(
    device: SimulatedA4, printer: A4Printer
) -> None:
    cancel = threading.Event()
    cancel.set()
    outcome = printer.print(PDF, "job-1", Deadline(WAIT_S), cancel=cancel)
    assert outcome == A4Proven(sheets=2)


# --- the line -------------------------------------------------------------------------------


def test_nobody_there_is_disconnected(device: SimulatedA4, printer: A4Printer) -> None:
    device.stop()
    assert printer.status(Deadline(WAIT_S)) == A4NotReady(A4Cause.DISCONNECTED)
    outcome = printer.print(PDF, "job-1", Deadline(WAIT_S))
    assert outcome == A4Failed(A4Cause.DISCONNECTED)


def test_a_printer_that_says_nothing_meets_the_deadline(
    device: SimulatedA4, printer: A4Printer
) -> None:
    device.fall_silent()
    assert printer.status(Deadline(0.1)) == A4NoAnswer()
    assert printer.print(PDF, "job-1", Deadline(0.5)) == A4Failed(A4Cause.DISCONNECTED)
    device.fall_silent(False)


def test_a_printer_that_falls_silent_in_mid_job_is_unknown(tmp_path: Path) -> None:
    with SimulatedA4(tmp_path / "out", sheet_s=1000.0) as device:
        job = Job(printer_at(device.uri), deadline_s=1.0)
        job.wait_for(A4Printing(sheets=0))
        device.fall_silent()
        assert job.end() == A4Unknown(Doubt.LOST_LINK)


def test_a_job_that_was_slow_and_then_ended_by_us_is_unknown(tmp_path: Path) -> None:
    with SimulatedA4(tmp_path / "out", sheet_s=1000.0) as device:
        assert Job(printer_at(device.uri), deadline_s=0.6).end() == A4Unknown(Doubt.NO_PROOF)
        assert [one.state.name for one in device.jobs] == ["CANCELED"]


def test_a_line_that_breaks_in_the_document_prints_nothing_and_is_not_printed(
    device: SimulatedA4, printer: A4Printer, tmp_path: Path
) -> None:
    device.hang_up_in_document(after_bytes=400)
    long_document = PDF + b"x" * 100_000
    outcome = printer.print(long_document, "job-1", Deadline(1.5))
    assert outcome == A4Unknown(Doubt.NO_PROOF)
    assert list((tmp_path / "out").iterdir()) == []
    assert [one.state.name for one in device.jobs] == ["CANCELED"]


def test_a_printer_turned_off_and_on_forgets_and_the_job_is_unknown(tmp_path: Path) -> None:
    with SimulatedA4(tmp_path / "out", sheet_s=1000.0) as device:
        job = Job(printer_at(device.uri))
        job.wait_for(A4Printing(sheets=0))
        device.forget_jobs()
        assert job.end() == A4Unknown(Doubt.NO_PROOF)


def test_a_page_of_somebody_else_with_the_same_number_is_no_proof_of_ours(
    device: SimulatedA4,
) -> None:
    device.paper_out(after_sheets=1)
    # Seldom enough that the other job is done by the next look.
    job = Job(A4Printer(IppClient(IppAddress(device.uri)), poll_s=1.0))
    job.wait_for(A4Waiting(A4Cause.PAPER_OUT))
    device.forget_jobs()
    device.load_paper()
    theirs = printer_at(device.uri).print(PDF, "job-of-a-stranger", Deadline(WAIT_S))
    assert theirs == A4Proven(sheets=2)
    assert [one.number for one in device.jobs] == [1]
    assert job.end() == A4Unknown(Doubt.NO_PROOF)


def test_a_page_of_somebody_else_with_the_same_number_is_not_cancelled(
    device: SimulatedA4,
) -> None:
    class OffAndOn(IppClient):
        """Cannot be reached at the first look; at the second it prints for somebody else."""

        looks = 0
        cancelled: tuple[int, ...] = ()

        def job_facts(self, job: int, deadline: Deadline) -> JobFacts:
            self.looks += 1
            if self.looks == 1:
                cancel.set()
                raise IppUnreachable(device.uri)
            return replace(super().job_facts(job, deadline), name="job-of-a-stranger")

        def cancel_job(self, job: int, deadline: Deadline) -> None:
            self.cancelled += (job,)

    cancel = threading.Event()
    client = OffAndOn(IppAddress(device.uri))
    device.paper_out(after_sheets=1)
    outcome = A4Printer(client).print(PDF, "job-1", Deadline(WAIT_S), cancel=cancel)
    assert outcome == A4Unknown(Doubt.NO_PROOF)
    assert client.cancelled == ()


@pytest.mark.parametrize("nonsense", [b"", b"\x00" * 9, b"\x01\x01\x00\x00\x00\x00\x00\x63\x03"])
def test_nonsense_is_no_answer(device: SimulatedA4, printer: A4Printer, nonsense: bytes) -> None:
    device.talk_nonsense(nonsense)
    assert printer.status(Deadline(WAIT_S)) == A4NoAnswer()
    assert printer.print(PDF, "job-1", Deadline(1)) == A4Failed(A4Cause.DISCONNECTED)


def test_jobs_that_are_finished_by_order_stop_where_the_paper_does(
    tmp_path: Path,
) -> None:
    with SimulatedA4(tmp_path / "out", sheet_s=3600.0) as device:
        client = IppClient(IppAddress(device.uri))
        client.print_job("job-1", PDF, PageSetup(), Deadline(WAIT_S))
        device.paper_out(after_sheets=1)
        device.finish_jobs()
        state = device.state()
        assert (state.jobs[0].sheets_done, state.reasons) == (1, ("media-empty",))
        device.heal()
        device.finish_jobs()
        job = device.state().jobs[0]
        assert (job.state, Path(job.file).read_bytes()) == ("COMPLETED", PDF)
