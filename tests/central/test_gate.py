"""Who is let in, over real TLS: every wrong certificate has a name of its own, and is told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from central_kit import REFERENCE, printed
from identity_kit import DAY, PATIENT_S, Hall, Wall, hall

from central.client import CentralClient
from central.contract import OperationsAnswer, PingAnswer, Receipt
from central.failure import BadCertificate, Bar, NotAdmitted, Overloaded
from central.identity import IdentityFiles
from central.sandbox.misbehave import Misbehaviour, misbehaving
from central.service.authority import Authority
from central.service.limits import Limits, Rate
from einvoice.verdict import Answer


async def stranger(here: Hall, folder: Path) -> CentralClient:
    """A terminal of another city: it trusts our service, and was enrolled elsewhere."""
    folder.mkdir()  # noqa: ASYNC240 (nobody waits)
    async with hall(folder) as elsewhere:
        identity = await elsewhere.enrolled()
        files = elsewhere.files("03")
    access = files.access(identity, here.url, here.service.ca_file.read_text())
    return CentralClient.with_access(access, "03")


async def told(here: Hall, kind: str) -> bool:
    async with asyncio.timeout(PATIENT_S):
        while kind not in await here.alerts():
            await asyncio.sleep(0.01)
    return True


async def test_a_foreign_certificate_is_refused_by_name_and_told(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        async with await stranger(here, tmp_path / "elsewhere") as client:
            assert await client.ping(PATIENT_S) == NotAdmitted(Bar.UNKNOWN)
            assert await client.verify(REFERENCE, PATIENT_S) == NotAdmitted(Bar.UNKNOWN)
        assert await told(here, "foreign_certificate")


async def test_who_shows_none_gets_nothing_but_what_is_open(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        nobody = CentralClient(here.url, here.service.ca_file, "03")
        async with nobody as client:
            assert await client.ping(PATIENT_S) == NotAdmitted(Bar.NOT_ENROLLED)
            assert await client.send((printed(1),), "b", PATIENT_S) == NotAdmitted(Bar.NOT_ENROLLED)
            lead = await client.clock_lead(lambda: datetime.now(UTC), PATIENT_S)
        assert isinstance(lead, timedelta)
        async with CentralClient.with_access(None, "03") as client:
            assert await client.ping(PATIENT_S) == NotAdmitted(Bar.NOT_ENROLLED)


async def test_revocation_holds_on_a_connection_that_is_open(tmp_path: Path, database: str) -> None:
    async with hall(tmp_path, database=database) as here:
        await here.enrolled("03")
        await here.enrolled("04")
        async with here.client("03") as lost, here.client("04") as other:
            assert isinstance(await lost.ping(PATIENT_S), PingAnswer)
            assert (await here.admin.revoke("03")).certificates == 1
            assert await lost.ping(PATIENT_S) == NotAdmitted(Bar.REVOKED)
            assert isinstance(await other.ping(PATIENT_S), PingAnswer)
            assert await told(here, "revoked_certificate")
            # A new code lets the number in again, on another machine.
            await here.enrolled("03")
            async with here.client("03") as again:
                assert isinstance(await again.ping(PATIENT_S), PingAnswer)
            assert await lost.ping(PATIENT_S) == NotAdmitted(Bar.REVOKED)
    async with hall(tmp_path, database=database) as here:
        states = [row.state for row in (await here.admin.terminals()).terminals]
    assert sorted(states) == ["active", "active", "revoked"]


@pytest.mark.parametrize(
    ("moved", "bar", "kind"),
    [
        (91 * DAY, Bar.EXPIRED, "expired_certificate"),
        (-3 * DAY, Bar.NOT_YET_VALID, "clock"),
    ],
)
async def test_a_matter_of_time_is_no_revocation(
    tmp_path: Path, moved: timedelta, bar: Bar, kind: str
) -> None:
    wall = Wall()
    async with hall(tmp_path, wall=wall) as here:
        await here.enrolled()
        async with here.client() as client:
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
            wall.at += moved
            assert await client.ping(PATIENT_S) == NotAdmitted(bar)
            assert await told(here, kind)
            wall.at -= moved
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)


async def test_a_certificate_that_is_not_in_the_register_lets_nobody_in(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        await here.enrolled()
    (tmp_path / "service" / "central.db").unlink()  # as if the authority's key had been stolen
    for left in (tmp_path / "service").glob("central.db-*"):
        left.unlink()
    async with hall(tmp_path) as here:
        async with here.client() as client:
            assert await client.ping(PATIENT_S) == NotAdmitted(Bar.UNKNOWN)
        assert await told(here, "unregistered_certificate")


async def test_a_terminal_that_calls_itself_otherwise_is_refused_and_told(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        identity = await here.enrolled("03")
        access = here.files("03").access(identity, here.url)
        async with CentralClient.with_access(access, "04") as client:
            assert await client.ping(PATIENT_S) == NotAdmitted(Bar.OTHER_TERMINAL)
        assert await told(here, "terminal_mismatch")


async def test_two_machines_with_one_certificate_are_told(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        await here.enrolled()
        async with here.client() as one, here.client() as other:
            for client in (one, other, one):
                assert isinstance(await client.ping(PATIENT_S), PingAnswer)
            assert "two_machines" not in await here.alerts()
            assert isinstance(await other.ping(PATIENT_S), PingAnswer)
            assert await told(here, "two_machines")


@pytest.mark.parametrize("days", [-730, 730])
async def test_a_clock_two_years_off_is_called_a_clock(tmp_path: Path, days: int) -> None:
    """No clock is moved here: the service has a certificate of another time, which is the same."""
    then = datetime.now(UTC) + timedelta(days=days)
    authority = Authority(tmp_path / "other-time", now=lambda: then)
    authority.directory.mkdir()
    authority.ensure()
    async with misbehaving(authority.context(), Misbehaviour.HTML) as wrong:
        url = f"https://localhost:{wrong.port}"
        async with CentralClient(url, authority.ca_file, "03") as client:
            answer = await client.ping(PATIENT_S)
            assert isinstance(answer, BadCertificate)
            assert answer.clock_suspected


async def test_how_far_a_clock_is_off_can_be_asked_although_nothing_is_valid(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path) as here:
        await here.enrolled()
        async with here.client() as client:
            lead = await client.clock_lead(lambda: here.wall.at - 730 * DAY, PATIENT_S)
    assert lead == 730 * DAY


async def test_who_tries_invoices_out_is_slowed_and_told(tmp_path: Path) -> None:
    limits = Limits(not_found=Rate(burst=3, per_s=1e-4))
    async with hall(tmp_path, limits=limits) as here:
        await here.enrolled()
        numbers = [f"2611200000000077{n:04d}" for n in range(4)]
        async with here.client() as client:
            for number in (numbers[0], numbers[0], numbers[1], numbers[2]):
                asked = replace(REFERENCE, number=number)
                assert isinstance(await client.verify(asked, PATIENT_S), Answer)
            stopped = await client.verify(replace(REFERENCE, number=numbers[3]), PATIENT_S)
            assert isinstance(stopped, Overloaded)
            assert isinstance(await client.ticket("SF-1", "guess", PATIENT_S), Overloaded)
            sent = await client.send((printed(1),), "b", PATIENT_S)
            assert isinstance(sent, OperationsAnswer)
        assert await told(here, "too_many_not_found")


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.ping(PATIENT_S),
        lambda client: client.send((printed(1),), "b", PATIENT_S),
    ],
)
async def test_too_many_of_one_terminal_are_put_off_and_others_are_not(
    tmp_path: Path, ask: Callable[[CentralClient], Awaitable[object]]
) -> None:
    rate = Rate(burst=2, per_s=1e-4)
    async with hall(tmp_path, limits=Limits(questions=rate, batches=rate)) as here:
        await here.enrolled("03")
        await here.enrolled("04")
        async with here.client("03") as eager, here.client("04") as other:
            found = [await ask(eager) for _ in range(3)]
            assert [isinstance(one, Overloaded) for one in found] == [False, False, True]
            assert isinstance(await other.ping(PATIENT_S), PingAnswer)
        assert await told(here, "too_many_questions")


async def test_replayed_and_reordered_batches_change_nothing(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        await here.enrolled("03")
        await here.enrolled("04")
        batch = (printed(1), printed(2), printed(3))
        async with here.client("03") as client, here.client("04") as other:
            first = await client.send(batch, "b1", PATIENT_S)
            again = await client.send(batch, "b1", PATIENT_S)
            turned = await client.send(batch[::-1], "b2", PATIENT_S)
            tampered = await client.send((printed(1, outcome="failed"),), "b3", PATIENT_S)
            anothers = await other.send(batch, "b4", PATIENT_S)
    receipts = [
        [r.receipt for r in answer.results] if isinstance(answer, OperationsAnswer) else answer
        for answer in (first, again, turned, tampered, anothers)
    ]
    assert receipts == [
        [Receipt.NEW] * 3,
        [Receipt.SEEN] * 3,
        [Receipt.SEEN] * 3,
        [Receipt.CONFLICT],
        [Receipt.SEEN] * 3,
    ]


async def test_an_identity_of_files_that_do_not_fit_is_none(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        await here.enrolled("03")
        await here.enrolled("04")
    one, other = here.files("03").identity_file, here.files("04").identity_file
    certificate = one.read_bytes().partition(b"-----BEGIN PRIVATE")[0]
    key = b"-----BEGIN PRIVATE" + other.read_bytes().partition(b"-----BEGIN PRIVATE")[2]
    one.write_bytes(certificate + key)
    with pytest.raises(ValueError, match="not the key"):
        IdentityFiles(one.parent).load()
