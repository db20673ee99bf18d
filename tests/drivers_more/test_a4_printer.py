"""A page on an A4 printer: its end is found out, whatever happens on the way."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from private_dns_sd import NoDnsSd, dns_sd, program

from drivers.deadline import Deadline, DeadlinePassed
from drivers.documents.a4_printer import A4Printer
from drivers.documents.ipp import IppClient, JobState, Operation, PageSetup
from drivers.documents.ipp_http import IppAddress, IppNotSpoken, IppUnreachable, exchange
from drivers.documents.outcome import (
    A4Cause,
    A4Failed,
    A4NoAnswer,
    A4NotReady,
    A4Outcome,
    A4Printing,
    A4Progress,
    A4Proven,
    A4Ready,
    A4Unknown,
    A4Waiting,
)
from drivers.documents.reasons import Fault, faults
from drivers.printers.outcome import Doubt
from drivers.simulated.a4 import SimulatedA4

WAIT_S = 20.0
PDF = b"%PDF-1.4\n1 0 obj <</Type /Page>> endobj\n2 0 obj <</Type /Page>> endobj\n%%EOF\n"


@pytest.fixture
def device(tmp_path: Path) -> Iterator[SimulatedA4]:
    with SimulatedA4(tmp_path / "out", sheet_s=0.0) as simulated:
        yield simulated


def printer_at(uri: str) -> A4Printer:
    return A4Printer(IppClient(IppAddress(uri)), poll_s=0.02)


@pytest.fixture
def printer(device: SimulatedA4) -> A4Printer:
    return printer_at(device.uri)


class Job:
    """A job on a thread of its own, whose progress can be waited for."""

    def __init__(self, printer: A4Printer, deadline_s: float = WAIT_S) -> None:
        self.cancel = threading.Event()
        self.outcome: A4Outcome | None = None
        self._said: list[A4Progress] = []
        self._came = threading.Condition()
        self._printer = printer
        self._deadline_s = deadline_s
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.outcome = self._printer.print(
            PDF, "job-1", Deadline(self._deadline_s), cancel=self.cancel, on_progress=self._say
        )

    def _say(self, progress: A4Progress) -> None:
        with self._came:
            self._said.append(progress)
            self._came.notify_all()

    def wait_for(self, progress: A4Progress) -> None:
        with self._came:
            assert self._came.wait_for(lambda: progress in self._said, WAIT_S), self._said

    def end(self) -> A4Outcome | None:
        self._thread.join(WAIT_S + 5)
        assert not self._thread.is_alive()
        return self.outcome


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


@pytest.mark.parametrize("nonsense", [b"", b"\x00" * 9, b"\x01\x01\x00\x00\x00\x00\x00\x63\x03"])
def test_nonsense_is_no_answer(device: SimulatedA4, printer: A4Printer, nonsense: bytes) -> None:
    device.talk_nonsense(nonsense)
    assert printer.status(Deadline(WAIT_S)) == A4NoAnswer()
    assert printer.print(PDF, "job-1", Deadline(1)) == A4Failed(A4Cause.DISCONNECTED)


class Trickle:
    """A server that sends its answer a byte at a time, for ever."""

    def __init__(self, said: bytes) -> None:
        self._said = said
        self._stop = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.uri = f"ipp://127.0.0.1:{self._server.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Trickle":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(WAIT_S)
        self._server.close()

    def _run(self) -> None:
        client, _ = self._server.accept()
        with client:
            try:
                client.sendall(self._said)
                while not self._stop.wait(0.01):
                    client.sendall(b"x")
            except OSError:
                return


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n"]
)
def test_an_answer_that_trickles_meets_the_deadline(said: bytes) -> None:
    with Trickle(said) as server, pytest.raises(DeadlinePassed):
        exchange(IppAddress(server.uri), b"x", Deadline(0.3))


def test_what_is_not_http_is_not_ipp() -> None:
    with Trickle(b"220 mail.example ESMTP\r\n") as server, pytest.raises(IppNotSpoken):
        exchange(IppAddress(server.uri), b"x", Deadline(WAIT_S))


def test_a_passed_deadline_is_not_begun(device: SimulatedA4) -> None:
    with pytest.raises(DeadlinePassed):
        exchange(IppAddress(device.uri), b"x", Deadline(0))


def test_an_address_nobody_has_is_unreachable(device: SimulatedA4) -> None:
    device.stop()
    with pytest.raises(IppUnreachable):
        exchange(IppAddress(device.uri), b"x", Deadline(WAIT_S))


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1/", "ipp://printer.local/ipp/print", "ipps://127.0.0.1/", "ipp:", ""]
)
def test_an_address_is_numbers_and_tls_has_a_certificate(uri: str) -> None:
    with pytest.raises(ValueError):
        IppAddress(uri)


# --- reasons --------------------------------------------------------------------------------


def test_how_bad_a_reason_is_stands_at_its_end() -> None:
    assert faults(["media-empty"]) == (Fault(A4Cause.PAPER_OUT, stops=True),)
    assert faults(["media-empty-error"]) == (Fault(A4Cause.PAPER_OUT, stops=True),)
    assert faults(["media-empty-warning"]) == (Fault(A4Cause.PAPER_OUT, stops=False),)
    assert faults(["media-empty-report", "none", "toner-low-warning", "media-low"]) == ()


def test_what_stops_the_printer_comes_first() -> None:
    found = faults(["toner-empty-warning", "media-jam-error"])
    assert [fault.cause for fault in found] == [A4Cause.PAPER_JAM, A4Cause.TONER_OUT]


@given(st.lists(st.text(max_size=30)))
def test_any_reasons_are_understood_or_passed_over(reasons: list[str]) -> None:
    assert len(faults(reasons)) <= len(reasons)


# --- somebody else's printer, and somebody else's client --------------------------------------


@pytest.fixture(scope="module")
def found_by_dns_sd() -> Iterator[dict[str, str]]:
    """The environment of ippeveprinter."""
    try:
        program("ippeveprinter")
        with dns_sd() as environment:
            yield environment
    except NoDnsSd as error:
        pytest.skip(str(error))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not there():
        assert time.monotonic() < end
        threading.Event().wait(0.05)


class Ippeveprinter:
    """CUPS's own IPP Everywhere printer; `command` is what it runs to print a file."""

    def __init__(self, folder: Path, command: str, environment: dict[str, str]) -> None:
        script = folder / "print.sh"
        script.write_text("#!/bin/sh\n" + command)
        script.chmod(0o755)
        (folder / "spool").mkdir()
        port = free_port()
        self.uri = f"ipp://localhost:{port}/ipp/print"
        self._process = subprocess.Popen(
            [program("ippeveprinter"), "-r", "off", "-p", str(port), "-n", "localhost", "-d",
             str(folder / "spool"), "-c", str(script), "-f", "application/pdf", f"Kiosk{port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )  # fmt: skip

    def __enter__(self) -> A4Printer:
        printer = printer_at(self.uri)
        until(lambda: printer.status(Deadline(1)) == A4Ready())
        return printer

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(WAIT_S)


def test_ippeveprinter_prints_and_is_believed(
    tmp_path: Path, found_by_dns_sd: dict[str, str]
) -> None:
    kept = tmp_path / "kept.pdf"
    with Ippeveprinter(tmp_path, f'cp "$1" {kept}\n', found_by_dns_sd) as printer:
        outcome = printer.print(PDF, "job-1", Deadline(WAIT_S))
    assert isinstance(outcome, A4Proven)
    assert kept.read_bytes() == PDF


def test_ippeveprinter_without_paper_is_waited_for(
    tmp_path: Path, found_by_dns_sd: dict[str, str]
) -> None:
    go_on = tmp_path / "go-on"
    command = (
        'echo "STATE: +media-empty" >&2\n'
        f"while [ ! -e {go_on} ]; do sleep 0.05; done\n"
        'echo "STATE: -media-empty" >&2\n'
    )
    with Ippeveprinter(tmp_path, command, found_by_dns_sd) as printer:
        job = Job(printer)
        job.wait_for(A4Waiting(A4Cause.PAPER_OUT))
        go_on.touch()
        assert isinstance(job.end(), A4Proven)


def test_ippeveprinter_that_gives_up_is_failed(
    tmp_path: Path, found_by_dns_sd: dict[str, str]
) -> None:
    with Ippeveprinter(
        tmp_path, 'echo "STATE: +media-jam" >&2\nexit 1\n', found_by_dns_sd
    ) as printer:
        outcome = printer.print(PDF, "job-1", Deadline(WAIT_S))
    assert outcome in (A4Failed(A4Cause.PAPER_JAM), A4Failed(A4Cause.ABORTED))


def test_ippeveprinter_cancels_when_its_command_is_done(
    tmp_path: Path, found_by_dns_sd: dict[str, str]
) -> None:
    go_on = tmp_path / "go-on"
    command = f"while [ ! -e {go_on} ]; do sleep 0.05; done\n"
    with Ippeveprinter(tmp_path, command, found_by_dns_sd) as printer:
        job = Job(printer)
        job.wait_for(A4Printing())
        job.cancel.set()
        asking = printer._client  # pyright: ignore[reportPrivateUsage] - to see the cancel arrive
        until(lambda: "processing-to-stop-point" in asking.job_facts(1, Deadline(5)).reasons)
        go_on.touch()
        assert job.end() == A4Failed(A4Cause.CANCELLED)


IPPTOOL = shutil.which("ipptool")


@pytest.mark.skipif(IPPTOOL is None, reason="ipptool is not installed")
def test_cups_own_client_prints_on_the_simulated_printer(
    device: SimulatedA4, tmp_path: Path
) -> None:
    assert IPPTOOL is not None
    document = tmp_path / "page.pdf"
    document.write_bytes(PDF)
    for test in ("print-job.test", "create-job.test", "get-printer-attributes.test"):
        given = ["-f", str(document), "-d", "filetype=application/pdf"]
        subprocess.run(
            [IPPTOOL, "-q", *given, device.uri, test],
            check=False,
            timeout=60,
        )
    assert (tmp_path / "out" / "a4-0001.pdf").read_bytes() == PDF


# --- a job that nobody follows any more -----------------------------------------------------


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
