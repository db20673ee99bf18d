"""The client against everything that can stand where the service should be."""

import asyncio
import socket
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from central_kit import REFERENCE, ServiceProcess, op_id, printed, rows

from central import lookup
from central.client import CentralClient
from central.contract import OperationsAnswer, PingAnswer, Receipt, TicketAnswer, TicketState
from central.failure import (
    BadCertificate,
    Failure,
    NoTime,
    NotOurs,
    Overloaded,
    Refused,
    Unreachable,
)
from central.sandbox.link import LinkMode, SteeredLink
from central.sandbox.misbehave import Misbehaving, Misbehaviour, misbehaving
from central.service.authority import Authority
from einvoice.verdict import Answer, Verdict

PATIENT_S = 20.0
"""For what must succeed: a busy machine may be slow."""
SHORT_S = 0.3
"""For what can never succeed in time."""
GUARD_S = 60.0
"""Without its own deadline a call to a trickling peer lasts for minutes."""


@asynccontextmanager
async def over_a_link(
    service: ServiceProcess,
) -> AsyncGenerator[tuple[SteeredLink, CentralClient]]:
    async with SteeredLink(("127.0.0.1", service.port)) as link:
        port = await link.start()
        async with service.client(f"https://127.0.0.1:{port}") as client:
            yield link, client


@asynccontextmanager
async def against(
    directory: Path, misbehaviour: Misbehaviour
) -> AsyncGenerator[tuple[Misbehaving, CentralClient]]:
    authority = Authority(directory)
    authority.ensure()
    async with misbehaving(authority.context(), misbehaviour) as wrong:
        url = f"https://localhost:{wrong.port}"
        async with CentralClient(url, authority.ca_file, "t1") as client:
            yield wrong, client


async def every_call(client: CentralClient, within_s: float) -> list[object]:
    batch = (printed(1), printed(2))
    async with asyncio.timeout(GUARD_S):
        return [
            await client.verify(REFERENCE, within_s),
            await client.ticket("SF-1-261124-0001", "secret", within_s),
            await client.send(batch, "batch-1", within_s),
            await client.ping(within_s),
        ]


async def test_the_real_service_answers_every_call(either: ServiceProcess) -> None:
    async with either.client() as client:
        verified, ticket, sent, ping = await every_call(client, PATIENT_S)
    assert isinstance(verified, Answer)
    assert verified.verdict is Verdict.NOT_FOUND
    assert isinstance(ticket, TicketAnswer)
    assert ticket.state is TicketState.UNKNOWN
    assert isinstance(sent, OperationsAnswer)
    assert {r.receipt for r in sent.results} <= {Receipt.NEW, Receipt.SEEN}
    assert isinstance(ping, PingAnswer)
    assert ping.is_sandbox


async def test_a_large_batch_goes_packed(either: ServiceProcess) -> None:
    batch = tuple(printed(n) for n in range(10_000, 10_500))
    async with either.client() as client:
        sent = await client.send(batch, "batch-large", PATIENT_S)
    assert isinstance(sent, OperationsAnswer)
    assert len(sent.results) == 500


async def test_a_name_that_leads_nowhere_is_unreachable(service: ServiceProcess) -> None:
    async with CentralClient("https://central.invalid:8443", service.ca_file, "t1") as client:
        assert await client.ping(PATIENT_S) == Unreachable("dns")


async def test_a_dead_name_server_does_not_stretch_the_deadline(
    service: ServiceProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()

    def dead(*_: object) -> list[object]:
        answers.wait(60)
        raise socket.gaierror

    monkeypatch.setattr(lookup.socket, "getaddrinfo", dead)
    async with CentralClient("https://central.invalid:8443", service.ca_file, "t1") as client:
        assert await client.ping(SHORT_S) == NoTime()
        assert await client.verify(REFERENCE, SHORT_S) == NoTime()
        answers.set()


async def test_nobody_listens(service: ServiceProcess) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"https://127.0.0.1:{free.getsockname()[1]}"
        async with service.client(url) as client:
            for answer in await every_call(client, PATIENT_S):
                assert isinstance(answer, Unreachable)


@pytest.mark.parametrize(
    ("mode", "failure", "within_s"),
    [
        (LinkMode.REFUSE, Unreachable, PATIENT_S),
        (LinkMode.SILENT, NoTime, SHORT_S),
        (LinkMode.TRICKLE, NoTime, SHORT_S),
        (LinkMode.CUT_RESPONSE, Unreachable, PATIENT_S),
        (LinkMode.PORTAL, NotOurs, PATIENT_S),
    ],
)
@pytest.mark.parametrize("is_connected", [False, True])
async def test_a_link_that_fails_is_named_and_heals(
    service: ServiceProcess,
    mode: LinkMode,
    failure: type[Failure],
    within_s: float,
    is_connected: bool,
) -> None:
    async with over_a_link(service) as (link, client):
        if is_connected:
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
        link.steer(mode)
        for answer in await every_call(client, within_s):
            assert isinstance(answer, failure)
        link.steer(LinkMode.PASS)
        assert isinstance(await client.ping(PATIENT_S), PingAnswer)


async def test_latency_beyond_the_deadline_is_no_time(service: ServiceProcess) -> None:
    async with over_a_link(service) as (link, client):
        link.steer(LinkMode.PASS, latency_s=SHORT_S * 2)
        assert await client.verify(REFERENCE, SHORT_S) == NoTime()


async def test_a_cut_answer_does_not_apply_a_batch_twice(either: ServiceProcess) -> None:
    batch = (printed(501), printed(502))
    async with over_a_link(either) as (link, client):
        link.steer(LinkMode.CUT_RESPONSE)
        assert await client.send(batch, "batch-cut", PATIENT_S) == Unreachable("cut")
        link.steer(LinkMode.PASS)
        again = await client.send(batch, "batch-cut", PATIENT_S)
    assert isinstance(again, OperationsAnswer)
    assert [r.receipt for r in again.results] == [Receipt.SEEN, Receipt.SEEN]
    found = rows(
        either.directory,
        f"SELECT count(*) FROM print_outcomes WHERE op_id IN ('{op_id(501)}', '{op_id(502)}')",  # noqa: S608
        either.database,
    )
    assert found == [(2,)]


async def test_a_kept_connection_that_was_closed_meanwhile_costs_nothing(
    service: ServiceProcess,
) -> None:
    async with over_a_link(service) as (link, client):
        assert isinstance(await client.ping(PATIENT_S), PingAnswer)
        link.steer(LinkMode.REFUSE)
        link.steer(LinkMode.PASS)
        assert isinstance(await client.ping(PATIENT_S), PingAnswer)


async def test_a_batch_does_not_stand_before_a_persons_question(either: ServiceProcess) -> None:
    async with over_a_link(either) as (link, client):
        assert isinstance(await client.ping(PATIENT_S), PingAnswer)
        link.steer(LinkMode.SILENT)
        sending = asyncio.create_task(client.send((printed(1),), "batch-slow", PATIENT_S))
        await asyncio.sleep(0)
        link.steer(LinkMode.PASS)
        assert isinstance(await client.verify(REFERENCE, PATIENT_S), Answer)
        await sending


@pytest.mark.parametrize(
    ("misbehaviour", "failure"),
    [
        (Misbehaviour.HTML, NotOurs("content_type: text/html")),
        (Misbehaviour.HTML_AS_JSON, NotOurs("json")),
        (Misbehaviour.WRONG_JSON, NotOurs("json")),
        (Misbehaviour.REDIRECT, NotOurs("redirect")),
        (Misbehaviour.TOO_LONG, NotOurs("too_long")),
        (Misbehaviour.ERROR_500, Unreachable("http_500")),
        (Misbehaviour.BUSY_503, Overloaded(7.0)),
    ],
)
async def test_a_service_that_is_not_ours_is_not_believed(
    tmp_path: Path, misbehaviour: Misbehaviour, failure: Failure
) -> None:
    async with against(tmp_path, misbehaviour) as (_, client):
        assert await every_call(client, PATIENT_S) == [failure] * 4


async def test_anothers_answer_is_not_believed(tmp_path: Path) -> None:
    async with against(tmp_path, Misbehaviour.ANOTHERS_ANSWER) as (_, client):
        assert await every_call(client, PATIENT_S) == [
            NotOurs("request_id"),
            NotOurs("request_id"),
            NotOurs("batch_id"),
            NotOurs("nonce"),
        ]


async def test_an_answer_about_something_else_is_not_believed(tmp_path: Path) -> None:
    async with against(tmp_path, Misbehaviour.WRONG_DIGEST) as (_, client):
        assert await client.verify(REFERENCE, PATIENT_S) == NotOurs("digest")
        assert await client.send((printed(1),), "b", PATIENT_S) == NotOurs("digest")


async def test_a_refusal_comes_with_its_reason(tmp_path: Path) -> None:
    async with against(tmp_path, Misbehaviour.REFUSED) as (_, client):
        answer = await client.ping(PATIENT_S)
    assert isinstance(answer, Refused)
    assert answer.problem.code == "version_unsupported"


@pytest.mark.parametrize("misbehaviour", [Misbehaviour.TRICKLE, Misbehaviour.NO_ANSWER])
async def test_the_deadline_holds_over_the_answer_too(
    tmp_path: Path, misbehaviour: Misbehaviour
) -> None:
    async with against(tmp_path, misbehaviour) as (wrong, client):
        assert await every_call(client, SHORT_S) == [NoTime()] * 4
        wrong.misbehaviour = Misbehaviour.BUSY_503
        assert await client.ping(PATIENT_S) == Overloaded(7.0)


async def test_another_authority_is_not_trusted(service: ServiceProcess, tmp_path: Path) -> None:
    other = Authority(tmp_path)
    other.ensure()
    async with CentralClient(service.url, other.ca_file, "t1") as client:
        answer = await client.ping(PATIENT_S)
    assert isinstance(answer, BadCertificate)
    assert not answer.clock_suspected


@pytest.mark.parametrize("days", [-400, 400])
async def test_a_certificate_of_another_time_makes_the_clock_suspect(
    tmp_path: Path, days: int
) -> None:
    then = datetime.now(UTC) + timedelta(days=days)
    authority = Authority(tmp_path, now=lambda: then)
    authority.ensure()
    async with misbehaving(authority.context(), Misbehaviour.HTML) as wrong:
        url = f"https://localhost:{wrong.port}"
        async with CentralClient(url, authority.ca_file, "t1") as client:
            answer = await client.ping(PATIENT_S)
    assert isinstance(answer, BadCertificate)
    assert answer.clock_suspected


async def test_another_name_is_not_trusted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.ensure()
    async with misbehaving(authority.context(), Misbehaviour.HTML, "127.0.0.2") as wrong:
        url = f"https://127.0.0.2:{wrong.port}"
        async with CentralClient(url, authority.ca_file, "t1") as client:
            answer = await client.ping(PATIENT_S)
    assert isinstance(answer, BadCertificate)
    assert not answer.clock_suspected


@pytest.mark.parametrize("url", ["http://localhost:1", "localhost:1", "https://"])
def test_only_https_is_spoken(service: ServiceProcess, url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        CentralClient(url, service.ca_file, "t1")


async def test_a_busy_service_is_reached_through_the_link(service: ServiceProcess) -> None:
    authority = Authority(service.directory)
    async with (
        misbehaving(authority.context(), Misbehaviour.BUSY_503) as busy,
        SteeredLink(("127.0.0.1", service.port), ("127.0.0.1", busy.port)) as link,
    ):
        url = f"https://127.0.0.1:{await link.start()}"
        async with service.client(url) as client:
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
            link.steer(LinkMode.BUSY)
            assert await client.ping(PATIENT_S) == Overloaded(7.0)
            link.steer(LinkMode.PASS)
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
