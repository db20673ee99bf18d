"""The daemon's certificate: taken up when it comes, renewed in time, whole at every moment."""

import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from central.admin import Admin
from central.client import CentralClient
from central.contract import CertificateAnswer, PingAnswer
from central.enrolling import renew
from central.failure import Bar, NotAdmitted
from central.identity import Identity, IdentityFiles, UnusableIdentity
from central.platforms.platform import NoPlatform
from central.sandbox.own_terminal import own_terminal
from central.service.running import RunningService, run_service
from central.unlock import office_key, terminal_key
from config.schema import Service
from kiosk.daemon.identity import FOLDER, IdentityKeeper, due_at

PATIENT_S = 30.0
DAY = timedelta(days=1)


class HandClock:
    """The terminal's clock: set by hand, and always set a little later for retries."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()


class UpLink:
    def __init__(self) -> None:
        self.is_down = False
        self.asked_again = 0

    def ask_again(self) -> None:
        self.asked_again += 1


class Terminal:
    def __init__(self, folder: Path, service: RunningService) -> None:
        self.state = folder / "terminal"
        self.central = folder / "central"
        self.url = f"https://127.0.0.1:{service.port}"
        self.clock, self.link = HandClock(), UpLink()

    @property
    def files(self) -> IdentityFiles:
        return IdentityFiles(self.state / FOLDER)

    async def enrol(self) -> None:
        await own_terminal(self.central, self.url, self.state / FOLDER, "03")

    def keeper(self) -> IdentityKeeper:
        return IdentityKeeper(
            self.state, Service(), self.clock, self.link, spread=lambda _low, _high: 1.0
        )

    async def states(self) -> list[str]:
        return [row.state for row in (await Admin(self.central).terminals()).terminals]


@asynccontextmanager
async def terminal(folder: Path) -> AsyncGenerator[Terminal]:
    async with run_service(folder / "central", "127.0.0.1", 0, NoPlatform()) as service:
        yield Terminal(folder, service)


async def test_what_kiosk_enroll_wrote_is_taken_up_without_a_restart(tmp_path: Path) -> None:
    async with terminal(tmp_path) as here:
        keeper = here.keeper()
        assert keeper.words == "not enrolled"
        async with CentralClient.with_access(keeper.access(), "03") as client:
            assert await client.ping(PATIENT_S) == NotAdmitted(Bar.NOT_ENROLLED)
            await keeper.look(client)
            assert here.link.asked_again == 0
            await here.enrol()
            await keeper.look(client)
            assert here.link.asked_again == 1
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
        assert keeper.words == "terminal 03, certificate for 90 more days"


async def test_with_a_certificate_comes_the_key_for_codes_of_the_office(tmp_path: Path) -> None:
    async with terminal(tmp_path) as here:
        assert here.files.unlock_key() is None
        await here.enrol()
        key = terminal_key(office_key(here.central), "03")
        assert here.files.unlock_key() == key
        assert (here.state / FOLDER / "unlock.key").stat().st_mode & 0o777 == 0o600
        (here.state / FOLDER / "unlock.key").unlink()
        keeper = here.keeper()
        async with CentralClient.with_access(keeper.access(), "03") as client:
            assert keeper.identity is not None
            await renew(here.files, client, keeper.identity)
        assert here.files.unlock_key() == key, "a terminal of before gets it at its next renewal"


async def test_it_renews_itself_in_time_and_not_before(tmp_path: Path) -> None:
    async with terminal(tmp_path) as here:
        await here.enrol()
        keeper = here.keeper()
        async with CentralClient.with_access(keeper.access(), "03") as client:
            first = keeper.identity
            assert first is not None
            here.clock.time = due_at(first, 30) - timedelta(seconds=1)
            await keeper.look(client)
            assert keeper.identity == first
            here.clock.time = due_at(first, 30)
            await keeper.look(client)
            assert keeper.identity is not None
            assert keeper.identity.fingerprint != first.fingerprint
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
        assert sorted(await here.states()) == ["active", "superseded"]


async def test_while_the_link_is_down_nothing_is_asked(tmp_path: Path) -> None:
    async with terminal(tmp_path) as here:
        await here.enrol()
        keeper = here.keeper()
        first = keeper.identity
        async with CentralClient.with_access(keeper.access(), "03") as client:
            here.link.is_down = True
            here.clock.time += 80 * DAY
            await keeper.look(client)
        assert keeper.identity == first
        assert await here.states() == ["new"]


async def test_a_failed_renewal_waits_and_keeps_what_works(tmp_path: Path) -> None:
    async with terminal(tmp_path) as here:
        await here.enrol()
        await Admin(here.central).revoke("03")
        keeper = here.keeper()
        first = keeper.identity
        async with CentralClient.with_access(keeper.access(), "03") as client:
            here.clock.time += 80 * DAY
            await keeper.look(client)
        assert keeper.identity == first
        assert here.files.load() == first


@pytest.mark.parametrize(("before_days", "share"), [(30.0, 30 * DAY), (60.0, 91 * DAY / 3)])
def test_short_lives_are_renewed_by_their_third(before_days: float, share: timedelta) -> None:
    start = datetime(2026, 11, 24, tzinfo=UTC)
    identity = Identity("https://a", "03", "", "", start, start + 91 * DAY)
    assert due_at(identity, before_days) == identity.not_after - share


async def test_a_damaged_identity_is_no_identity_and_can_be_replaced(tmp_path: Path) -> None:
    async with terminal(tmp_path) as here:
        await here.enrol()
        here.files.identity_file.write_bytes(b"half a file")
        with pytest.raises(UnusableIdentity):
            here.files.load()
        assert here.keeper().identity is None
        await here.enrol()
        assert here.keeper().identity is not None


KILLED = """
import os, sys
from pathlib import Path
from central.identity import IdentityFiles

at, folder, url, ca_pem, certificate_pem = int(sys.argv[1]), *sys.argv[2:]
files = IdentityFiles(Path(folder))
count = 0

def killer(event, arguments):
    global count
    if event in ("open", "os.rename", "os.remove") and folder in str(arguments[0]):
        count += 1
        if count == at:
            os.kill(os.getpid(), 9)

sys.addaudithook(killer)
files.keep(url, "03", ca_pem, certificate_pem)
"""


async def test_killed_at_any_step_of_the_change_the_identity_is_whole(tmp_path: Path) -> None:
    """kill -9 at each opening, renaming and removing of a file, one after the other."""
    async with terminal(tmp_path) as here:
        await here.enrol()
        before = here.files.load()
        assert before is not None
        async with CentralClient.with_access(here.files.access(before), "03") as client:
            answer = await client.renew(here.files.request(), PATIENT_S)
        assert isinstance(answer, CertificateAnswer)
        arguments = (str(here.state / FOLDER), here.url, answer.ca_pem, answer.certificate_pem)
        found: list[str] = []
        for at in range(1, 40):
            ended = subprocess.run(  # noqa: ASYNC221 (nobody else waits)
                [sys.executable, "-c", KILLED, str(at), *arguments], check=False
            )
            identity = here.files.load()
            assert identity is not None
            found.append(identity.fingerprint)
            assert ended.returncode in (0, -9)
            if identity.fingerprint != before.fingerprint:
                break
        # Killed several times before the change; then just after it, the used key still beside.
        assert len(found) > 3
        assert found[-1] != before.fingerprint
        keeper = here.keeper()
        async with CentralClient.with_access(keeper.access(), "03") as client:
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
            here.clock.time += 80 * DAY
            await keeper.look(client)
            assert keeper.identity is not None
            assert keeper.identity.fingerprint not in found
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
