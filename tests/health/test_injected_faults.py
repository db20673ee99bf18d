"""Faults done to a terminal: its files, rights and processes. Named, and over with their cause."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from central.identity import IdentityFiles
from central.service.authority import new_root
from config.schema import Paths, Settings
from kiosk import messages as m
from kiosk.daemon.container import open_queue
from kiosk.daemon.identity import FOLDER
from kiosk.daemon.server import Server
from kiosk.health.doctor import examine
from kiosk.health.machine import machine_faults
from kiosk.staff import SOCKET_NAME
from kiosk.staff_messages import QueueShown, StaffAnswer, StaffAsk
from kiosk.stand_in import standing_in

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    _, outbox = open_queue(folder)
    outbox.close()
    return folder


def enrolled(state: Path, begins: datetime, ends: datetime) -> Path:
    """Gives the terminal a certificate for that time; the file that holds it."""
    ca_key, ca = new_root("office", NOW)
    files = IdentityFiles(state / FOLDER)
    csr = x509.load_pem_x509_csr(files.request().encode())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "03")]))
        .issuer_name(ca.subject)
        .public_key(csr.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(ends)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    files.keep(
        "https://127.0.0.1:1",
        "03",
        ca.public_bytes(pem).decode(),
        certificate.public_bytes(pem).decode(),
    )
    return files.identity_file


def of_certificate(state: Path) -> set[str]:
    found = machine_faults(Settings(paths=Paths(state_dir=str(state))), NOW)
    names = {one.id for one in found}
    return {name for name in names if name.startswith("certificate_") or name == "not_enrolled"}


def test_a_certificate_that_is_missing_over_early_or_damaged_is_told_apart(state: Path) -> None:
    assert of_certificate(state) == {"not_enrolled"}
    enrolled(state, NOW - 9 * DAY, NOW - DAY)
    assert of_certificate(state) == {"certificate_expired"}
    enrolled(state, NOW + DAY, NOW + 9 * DAY)
    assert of_certificate(state) == {"certificate_not_yet_valid"}
    identity = enrolled(state, NOW - DAY, NOW + 9 * DAY)
    assert of_certificate(state) == set()
    kept = identity.read_bytes()
    identity.write_bytes(kept[: len(kept) // 2])
    assert of_certificate(state) == {"certificate_damaged"}
    identity.write_bytes(kept)
    assert of_certificate(state) == set()


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder to which everybody comes; pytest's own are private."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


async def as_nobody(*environment: tuple[str, str]) -> set[str]:
    """What the doctor says to a user who is nobody's."""
    asking = (
        "import os, sys\n"
        "from kiosk.cli import main\n"
        f"os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "main(['doctor', '--json'])\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        asking,
        env={**os.environ, **dict(environment)},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return {one["id"] for one in json.loads(said)["faults"]}


@as_root
async def test_who_may_not_use_the_folder_or_the_device_is_told_so(reachable: Path) -> None:
    state, device = reachable / "state", reachable / "printer"
    _, outbox = open_queue(state)
    outbox.close()
    device.touch(mode=0o600)
    hidden = reachable / "hidden"
    hidden.mkdir(mode=0o700)
    where = ("KIOSK__PATHS__STATE_DIR", str(state))
    found = await as_nobody(where, ("KIOSK__PRINTER__ADDRESS", f"lp:{device}"))
    assert {"state_forbidden", "device_forbidden"} <= found
    found = await as_nobody(where, ("KIOSK__PRINTER__ADDRESS", f"lp:{hidden}/printer"))
    assert "device_forbidden" in found
    device.chmod(0o666)
    for path in (state, *state.iterdir()):
        os.chown(path, NOBODY, NOBODY)
    found = await as_nobody(where, ("KIOSK__PRINTER__ADDRESS", f"lp:{device}"))
    assert not found & {"state_forbidden", "device_forbidden"}


async def of_daemon(state: Path) -> set[str]:
    environment = {"KIOSK__PATHS__STATE_DIR": str(state)}
    seen = await examine((), environment, lambda: NOW)
    return {one.id for one in seen.faults if one.id.startswith("daemon_")}


async def test_a_daemon_that_is_gone_keeps_failing_or_is_an_older_one_is_told_apart(
    state: Path,
) -> None:
    assert await of_daemon(state) == {"daemon_not_running"}
    async with standing_in(state / SOCKET_NAME, Settings()):
        assert await of_daemon(state) == {"daemon_keeps_failing"}
    status = m.Status(
        terminal="03",
        version="0.0.1",
        started_at=NOW,
        link="online",
        link_why="",
        printer="ready",
        scanner="connected",
        waiting=0,
        parked=0,
        oldest_waiting_s=None,
        clock="right",
        backup="made",
        backup_at_service="made",
        identity="terminal 03",
        situation="home",
    )

    async def queue(_: StaffAsk) -> StaffAnswer:
        return QueueShown(0, 0)

    server = Server(
        state / SOCKET_NAME,
        shown=lambda: None,  # type: ignore[arg-type,return-value]  # no screen comes
        status=lambda: status,
        intend=lambda _: None,
        staff=queue,
    )
    await server.start()
    assert await of_daemon(state) == {"daemon_other_version"}
    await server.close()
