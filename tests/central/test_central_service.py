"""The service as others see it: over TLS, with requests that are not as they should be."""

import asyncio
import gzip
import json
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from central_kit import (
    REFERENCE,
    ScriptedPlatform,
    ServiceProcess,
    enrolled,
    printed,
    ticket_operation,
    until,
)

from central.client import CentralClient
from central.contract import (
    HEADER_TERMINAL,
    MAX_BODY_BYTES,
    MAX_OPERATIONS,
    PATH_OPERATIONS,
    PATH_PING,
    PATH_VERIFY,
    OperationsAnswer,
    OperationsRequest,
    Reference,
    TicketAnswer,
    TicketState,
    VerifyRequest,
    batch_digest,
    encode,
)
from central.failure import Overloaded
from central.identity import IdentityFiles
from central.service.running import RunningService, run_service
from central.service.store import StoreUnavailable
from central.service.tickets import TicketWorker
from central.service.verification import Verification
from central.service.waiting_room import WaitingRoom
from einvoice.verdict import Answer, Verdict

TERMINAL = {HEADER_TERMINAL: "t1"}
VERIFY = encode(VerifyRequest("r1", Reference.of(REFERENCE)))


@dataclass
class Caller:
    """Sends bytes as they are."""

    session: aiohttp.ClientSession
    url: str

    async def __call__(
        self,
        path: str,
        body: bytes | None = VERIFY,
        headers: dict[str, str] | None = None,
        method: str = "POST",
    ) -> tuple[int, dict[str, Any]]:
        answer = self.session.request(
            method, self.url + path, data=body, headers=TERMINAL if headers is None else headers
        )
        async with answer as response:
            return response.status, json.loads(await response.read())


@asynccontextmanager
async def caller_of(service: ServiceProcess) -> AsyncGenerator[Caller]:
    tls = ssl.create_default_context(cafile=str(service.ca_file))
    tls.load_cert_chain(service.identity())
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as session:
        yield Caller(session, service.url)


@asynccontextmanager
async def running(
    directory: Path,
    platform: ScriptedPlatform,
    room: WaitingRoom | None = None,
    database: str = "",
) -> AsyncGenerator[tuple[RunningService, CentralClient]]:
    async with run_service(
        directory, "127.0.0.1", 0, platform, database=database, room=room, first_pause_s=0.01
    ) as service:
        url = f"https://localhost:{service.port}"
        files = IdentityFiles(directory.parent / f"{directory.name}-t1")
        if not files.identity_file.exists():
            await enrolled(directory, url, files, "t1")
        async with CentralClient(
            url, service.ca_file, "t1", identity_file=files.identity_file
        ) as client:
            yield service, client


def wrong_digest() -> bytes:
    return encode(OperationsRequest("b", "0" * 64, (printed(1),)))


def too_many() -> bytes:
    operations = tuple(printed(n) for n in range(MAX_OPERATIONS + 1))
    return encode(OperationsRequest("b", batch_digest(operations), operations))


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "code"),
    [
        (PATH_VERIFY, b"{", None, 400, "body_malformed"),
        (PATH_VERIFY, b"", None, 400, "body_malformed"),
        (PATH_VERIFY, b"\xff\xfe", None, 400, "body_malformed"),
        (PATH_VERIFY, VERIFY.replace(b"r1", b"r\x80"), None, 400, "body_malformed"),
        (PATH_VERIFY, b'{"request_id":"r1"}', None, 400, "body_malformed"),
        (PATH_VERIFY, VERIFY.replace(b"113.00", b"1E+99999"), None, 400, "body_malformed"),
        (PATH_VERIFY, VERIFY.replace(b'"r1"', b'""'), None, 400, "body_malformed"),
        (PATH_VERIFY, VERIFY.replace(b"r1", b"r" * 129), None, 400, "body_malformed"),
        (PATH_VERIFY, b" " * (MAX_BODY_BYTES + 1), None, 413, "body_too_large"),
        (PATH_VERIFY, VERIFY, {HEADER_TERMINAL: "../etc"}, 403, "terminal_mismatch"),
        (PATH_OPERATIONS, wrong_digest(), None, 400, "body_malformed"),
        (PATH_OPERATIONS, too_many(), None, 413, "body_too_large"),
        ("/v2/verify", VERIFY, None, 400, "version_unsupported"),
        ("/v1/nothing", VERIFY, None, 404, "not_found"),
        ("/", VERIFY, None, 404, "not_found"),
        (PATH_PING, b"", None, 405, "method_not_allowed"),
    ],
)
async def test_what_cannot_be_served_is_said_as_a_problem(
    service: ServiceProcess,
    path: str,
    body: bytes,
    headers: dict[str, str] | None,
    status: int,
    code: str,
) -> None:
    async with caller_of(service) as call:
        found, problem = await call(path, body, headers)
    assert (found, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"] == f"urn:invoice-terminal:problem:{code}"


async def test_a_problem_does_not_repeat_what_was_sent(service: ServiceProcess) -> None:
    body = VERIFY.replace(b'"2026-11-10"', b'"Zhang San, 110101199001011234"')
    async with caller_of(service) as call:
        _, problem = await call(PATH_VERIFY, body)
    assert "Zhang" not in json.dumps(problem)
    assert "issued_on" in problem["detail"]


async def test_a_ping_without_a_nonce_proves_nothing(service: ServiceProcess) -> None:
    async with caller_of(service) as call:
        status, problem = await call(PATH_PING, None, method="GET")
    assert (status, problem["code"]) == (400, "body_malformed")


async def test_packed_bodies_are_unpacked(service: ServiceProcess) -> None:
    packed = {**TERMINAL, "Content-Encoding": "gzip"}
    async with caller_of(service) as call:
        status, answer = await call(PATH_VERIFY, gzip.compress(VERIFY), packed)
    assert (status, answer["request_id"]) == (200, "r1")


async def test_a_bomb_is_not_unpacked(service: ServiceProcess) -> None:
    packed = {**TERMINAL, "Content-Encoding": "gzip"}
    bomb = gzip.compress(b" " * (200 * MAX_BODY_BYTES))
    async with caller_of(service) as call:
        status, problem = await call(PATH_VERIFY, bomb, packed)
        assert (status, problem["code"]) == (413, "body_too_large")
        status, _ = await call(PATH_VERIFY)
        assert status == 200


async def test_a_body_that_is_packed_wrongly_is_malformed(service: ServiceProcess) -> None:
    packed = {**TERMINAL, "Content-Encoding": "gzip"}
    async with caller_of(service) as call:
        status, _ = await call(PATH_VERIFY, VERIFY, packed)
    assert status == 400


async def test_fields_of_a_newer_terminal_are_ignored(service: ServiceProcess) -> None:
    body = VERIFY.replace(b'{"request_id"', b'{"mood":"good","request_id"')
    async with caller_of(service) as call:
        status, _ = await call(PATH_VERIFY, body)
    assert status == 200


async def test_when_there_is_no_room_people_are_served_first(tmp_path: Path) -> None:
    platform = ScriptedPlatform()
    platform.may_answer.clear()
    room = WaitingRoom(places=1, backlog_places=1, seats=1, draw=lambda low, high: high)
    async with running(tmp_path, platform, room) as (_, client):
        asked = asyncio.create_task(client.verify(REFERENCE, 20))
        await until(lambda: len(platform.asked) == 1)
        waits = asyncio.create_task(client.send((printed(1),), "b1", 20))
        await until(lambda: room.waiting == 1)
        person = asyncio.create_task(client.ticket("SF-1", "s", 20))
        assert await waits == Overloaded(60.0)
        platform.may_answer.set()
        assert isinstance(await asked, Answer)
        assert isinstance(await person, TicketAnswer)
        assert isinstance(await client.send((printed(1),), "b1", 20), OperationsAnswer)


async def test_a_person_who_goes_away_gives_the_place_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Verification.answer, "__defaults__", (60.0,))  # the platform may be slow
    platform = ScriptedPlatform()
    platform.may_answer.clear()
    room = WaitingRoom(places=1, seats=1)
    async with running(tmp_path, platform, room) as (_, client):
        asked = asyncio.create_task(client.verify(REFERENCE, 20))
        await until(lambda: len(platform.asked) == 1)
        asked.cancel()
        answer = await client.ticket("SF-1", "s", 20)
    assert isinstance(answer, TicketAnswer)


async def test_a_ticket_from_promise_to_answer(tmp_path: Path, database: str) -> None:
    async with running(tmp_path, ScriptedPlatform(), database=database) as (_, client):
        sent = await client.send((ticket_operation(1, "SF-1", "secret"),), "b1", 20)
        assert isinstance(sent, OperationsAnswer)

        async def answer() -> TicketAnswer:
            found = await client.ticket("SF-1", "secret", 20)
            assert isinstance(found, TicketAnswer)
            return found

        async with asyncio.timeout(20):
            while (found := await answer()).state is TicketState.PENDING:
                await asyncio.sleep(0.01)
    assert found.state is TicketState.ANSWERED
    assert found.ruling is not None
    assert found.ruling.verdict is Verdict.NOT_FOUND


async def test_stopping_keeps_what_was_taken(tmp_path: Path, database: str) -> None:
    async with running(tmp_path, ScriptedPlatform(), database=database) as (_, client):
        assert isinstance(await client.send((printed(1),), "b1", 20), OperationsAnswer)
    async with running(tmp_path, ScriptedPlatform(), database=database) as (_, client):
        again = await client.send((printed(1),), "b1", 20)
    assert isinstance(again, OperationsAnswer)
    assert [r.receipt.value for r in again.results] == ["seen"]


async def test_two_services_do_not_share_a_database(tmp_path: Path, database: str) -> None:
    async with running(tmp_path, ScriptedPlatform(), database=database):
        with pytest.raises(StoreUnavailable, match="another service"):
            async with running(tmp_path, ScriptedPlatform(), database=database):
                pass


async def test_a_broken_background_task_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: TicketWorker) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(TicketWorker, "run", broken)
    async with running(tmp_path, ScriptedPlatform()) as (service, _):
        with pytest.raises(KeyError):
            async with asyncio.timeout(20):
                await service.failed


def test_amounts_are_written_as_they_are_meant() -> None:
    assert msgspec.json.decode(VERIFY)["reference"]["amount"] == "113.00"
