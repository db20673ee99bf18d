"""Terminal's client, service with --platforms, connectors, stand-ins: the same verdicts."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from central.admin import Admin, CodeWanted
from central.client import CentralClient
from central.enrolling import enrol
from central.enrolment_code import EnrolmentCode
from central.identity import Identity, IdentityFiles
from central.platforms.opening import open_platforms
from central.sandbox.samples import samples
from central.sandbox.wire.faults import Fault
from central.sandbox.wire.running import RunningStandIns, stand_ins
from central.service.china import day_in_china, utc_now
from central.service.running import run_service
from einvoice import qr
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Answer, Source, Verdict


def references(today: date) -> dict[Verdict, InvoiceReference]:
    found: dict[Verdict, InvoiceReference] = {}
    for one in samples(today):
        scanned = qr.parse(one.qr_text)
        assert isinstance(scanned, qr.InvoiceCode)
        found[one.verdict] = scanned.reference
    return found


@asynccontextmanager
async def terminal(directory: Path, port: int) -> AsyncGenerator[CentralClient]:
    """A terminal that is enrolled with the service that runs in `directory`."""
    url = f"https://localhost:{port}"
    code = await Admin(directory).issue_code(CodeWanted("t1", url=url))
    files = IdentityFiles(directory.parent / "terminal")
    identity = await enrol(files, EnrolmentCode.parse(code.qr_text), "t1")
    assert isinstance(identity, Identity), identity
    async with CentralClient(
        url, directory / "ca.pem", "t1", identity_file=files.identity_file
    ) as client:
        yield client


@asynccontextmanager
async def everything(directory: Path) -> AsyncGenerator[tuple[RunningStandIns, CentralClient]]:
    async with (
        stand_ins(directory / "stand-ins") as running,
        run_service(
            directory / "service", "127.0.0.1", 0, partial(open_platforms, running.settings)
        ) as service,
        terminal(directory / "service", service.port) as client,
    ):
        yield running, client


async def ruled(client: CentralClient, reference: InvoiceReference) -> Answer:
    answer = await client.verify(reference, 30.0)
    assert isinstance(answer, Answer), answer
    return answer


async def test_every_sample_gets_its_verdict_through_the_platforms(tmp_path: Path) -> None:
    async with everything(tmp_path) as (_, client):
        found = references(day_in_china(utc_now()))
        assert set(found) == set(Verdict)
        for verdict, reference in found.items():
            answer = await ruled(client, reference)
            assert answer.verdict is verdict
            assert answer.source is Source.TAX_SERVICE


async def test_baidu_stands_in_when_tencent_is_down(tmp_path: Path) -> None:
    async with everything(tmp_path) as (running, client):
        found = references(day_in_china(utc_now()))
        for fault in (Fault.DOWN, Fault.CAPTIVE_PORTAL, Fault.CONTRACT):
            running.steerings["tencent"].fault = fault
            assert (await ruled(client, found[Verdict.NORMAL])).verdict is Verdict.NORMAL
        assert (await ruled(client, found[Verdict.NOT_FOUND])).verdict is Verdict.NOT_FOUND
        asked = running.steerings["tencent"].requests
        running.steerings["tencent"].fault = Fault.NONE
        minted = running.ledger.mint(Kind.DIGITAL_ORDINARY, running.ledger.today())
        reference = minted.invoice.reference
        assert reference is not None
        assert (await ruled(client, reference)).verdict is Verdict.NORMAL
        assert running.steerings["tencent"].requests == asked, "its circuit is open"


async def test_with_all_platforms_gone_nothing_is_said_of_the_invoice(tmp_path: Path) -> None:
    async with everything(tmp_path) as (running, client):
        for steering in running.steerings.values():
            steering.fault = Fault.CAPTIVE_PORTAL
        for reference in list(references(day_in_china(utc_now())).values())[:2]:
            answer = await ruled(client, reference)
            assert (answer.verdict, answer.reason) == (Verdict.UNAVAILABLE, "platform_down")


async def test_an_invoice_of_today_is_not_yet_there_and_then_there(tmp_path: Path) -> None:
    async with everything(tmp_path) as (running, client):
        minted = running.ledger.mint(Kind.DIGITAL_ORDINARY, running.ledger.today(), withheld_s=3600)
        reference = minted.invoice.reference
        assert reference is not None
        assert (await ruled(client, reference)).verdict is Verdict.NOT_YET


def start(arguments: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "central.service", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def test_the_option_names_a_settings_file(tmp_path: Path) -> None:
    async with stand_ins(tmp_path / "stand-ins") as running:
        ready = tmp_path / "ready"
        directory = tmp_path / "service"
        process = start(
            [
                *("--dir", str(directory), "--port", "0", "--ready-file", str(ready)),
                *("--platforms", str(running.settings)),
            ]
        )
        try:
            async with asyncio.timeout(60):
                while not ready.exists():
                    assert process.poll() is None, process.communicate()
                    await asyncio.sleep(0.02)
            async with terminal(directory, int(ready.read_text())) as client:
                found = references(day_in_china(utc_now()))
                answer = await ruled(client, found[Verdict.RED_PARTIAL])
                assert answer.verdict is Verdict.RED_PARTIAL
        finally:
            process.terminate()
            said = await asyncio.to_thread(process.communicate)
        assert process.returncode == 0
        for secret in ("sandbox-secret-key", "PRIVATE KEY", "sandbox-token", "access_token="):
            assert secret not in "".join(said)


@pytest.mark.parametrize("more", [["--sandbox"], []])
def test_a_settings_file_that_cannot_be_used_is_said(tmp_path: Path, more: list[str]) -> None:
    missing = str(tmp_path / "none.toml")
    process = start(["--dir", str(tmp_path / "d"), "--platforms", missing, *more])
    _, error = process.communicate(timeout=100)
    assert process.returncode == 1
    assert ("not both" if more else "none.toml") in error
    assert "Traceback" not in error
