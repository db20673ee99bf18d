"""CUPS's own IPP printer under our driver, and CUPS's own client at the simulated printer."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from a4_kit import PDF, WAIT_S, Job
from eve_printer import Ippeveprinter, until
from private_dns_sd import NoDnsSd, dns_sd, program

from drivers.deadline import Deadline
from drivers.documents.outcome import (
    A4Cause,
    A4Failed,
    A4NotReady,
    A4Printing,
    A4Proven,
    A4Unknown,
    A4Waiting,
)
from drivers.printers.outcome import Doubt
from drivers.simulated.a4 import SimulatedA4


@pytest.fixture(scope="module")
def found_by_dns_sd() -> Iterator[dict[str, str]]:
    """The environment of ippeveprinter."""
    try:
        program("ippeveprinter")
        with dns_sd() as environment:
            yield environment
    except NoDnsSd as error:
        pytest.skip(str(error))


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


def test_ippeveprinter_killed_in_mid_job_leaves_it_unknown_within_the_deadline(
    tmp_path: Path, found_by_dns_sd: dict[str, str]
) -> None:
    go_on = tmp_path / "go-on"
    device = Ippeveprinter(
        tmp_path, f"while [ ! -e {go_on} ]; do sleep 0.05; done\n", found_by_dns_sd
    )
    with device as printer:
        job = Job(printer, deadline_s=6.0)
        job.wait_for(A4Printing())
        device.kill()
        assert job.end() == A4Unknown(Doubt.LOST_LINK)
        assert printer.status(Deadline(5)) == A4NotReady(A4Cause.DISCONNECTED)
        assert printer.print(PDF, "job-2", Deadline(5)) == A4Failed(A4Cause.DISCONNECTED)
    go_on.touch()  # the command outlives its printer


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
