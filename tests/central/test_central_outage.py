"""The database goes away under the running service: refused in words meanwhile, then as before."""

import asyncio
import signal
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
import pytest
from central_kit import REFERENCE, ScriptedPlatform, enrolled, printed, until
from postgresql_kit import PostgresqlServer

from central.client import CentralClient
from central.contract import OperationsAnswer, Problem, ProblemCode, TicketAnswer
from central.failure import Overloaded
from central.identity import IdentityFiles
from central.service import store as store_module
from central.service.opening import open_store
from central.service.running import run_service
from central.service.store import StoreUnavailable
from einvoice.verdict import Answer


@pytest.fixture
def url(own_postgresql: PostgresqlServer, request: pytest.FixtureRequest) -> str:
    name = "".join(c if c.isalnum() else "_" for c in request.node.name)
    return own_postgresql.create(f"t_{hash(name) & 0xFFFFFF:x}")


@asynccontextmanager
async def running(directory: Path, url: str) -> AsyncGenerator[tuple[CentralClient, str, Path]]:
    """A client that is enrolled, the service's address and the client's identity."""
    files = IdentityFiles(directory / "t1")
    place = directory / "service"
    async with run_service(place, "127.0.0.1", 0, ScriptedPlatform(), database=url) as service:
        at = f"https://localhost:{service.port}"
        identity = await enrolled(place, at, files, "t1")
        async with CentralClient(at, service.ca_file, "t1", identity_file=identity) as client:
            yield client, at, identity


async def until_taken(client: CentralClient, number: int) -> None:
    async with asyncio.timeout(60):
        while not isinstance(await client.send((printed(number),), "again", 20), OperationsAnswer):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["stopped", "killed"])
async def test_a_server_that_goes_and_comes_back(
    tmp_path: Path, own_postgresql: PostgresqlServer, url: str, how: signal.Signals
) -> None:
    async with running(tmp_path, url) as (client, _, _):
        assert isinstance(await client.send((printed(1),), "b1", 20), OperationsAnswer)
        assert isinstance(await client.ticket("SF-1", "s", 20), TicketAnswer)
        own_postgresql.stop(how)
        try:
            refused = await client.send((printed(2),), "b2", 20)
            assert isinstance(refused, Overloaded)
            assert 5 <= refused.retry_after_s <= 35
            assert isinstance(await client.ticket("SF-1", "s", 20), Overloaded)
            assert isinstance(await client.verify(REFERENCE, 20), Answer), "needs no database"
        finally:
            own_postgresql.start()
        assert isinstance(await client.ticket("SF-1", "s", 20), TicketAnswer)
        await until_taken(client, 2)
        again = await client.send((printed(1), printed(2)), "b1", 20)
        assert isinstance(again, OperationsAnswer)
        assert [r.receipt.value for r in again.results] == ["seen", "seen"]


async def test_what_is_said_meanwhile_is_a_problem_document(
    tmp_path: Path, own_postgresql: PostgresqlServer, url: str
) -> None:
    async with running(tmp_path, url) as (_, at, identity):
        own_postgresql.stop()
        try:
            tls = ssl.create_default_context(cafile=str(tmp_path / "service" / "ca.pem"))
            tls.load_cert_chain(identity)
            async with (
                aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as session,
                session.post(
                    f"{at}/v1/ticket", data=b'{"request_id":"r","number":"SF-1","secret":"s"}'
                ) as answer,
            ):
                problem = msgspec.json.decode(await answer.read(), type=Problem)
        finally:
            own_postgresql.start()
    assert (answer.status, problem.code) == (503, ProblemCode.STORE_UNAVAILABLE.value)
    assert answer.content_type == "application/problem+json"
    assert "postgres" not in msgspec.json.encode(problem).decode()


async def test_a_server_that_stands_still_is_not_waited_for(
    tmp_path: Path, own_postgresql: PostgresqlServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, url) as (client, _, _):
        assert isinstance(await client.send((printed(1),), "b1", 20), OperationsAnswer)
        monkeypatch.setattr(store_module, "MAY_TAKE_S", 0.3)
        own_postgresql.pause(paused=True)
        try:
            assert isinstance(await client.send((printed(2),), "b2", 20), Overloaded)
        finally:
            own_postgresql.pause(paused=False)
        monkeypatch.setattr(store_module, "MAY_TAKE_S", 20.0)
        await until_taken(client, 2)


async def test_a_store_ends_though_its_server_stands_still(
    own_postgresql: PostgresqlServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await open_store(Path(), url)
    monkeypatch.setattr(store_module, "MAY_TAKE_S", 0.3)
    own_postgresql.pause(paused=True)
    try:
        with pytest.raises(StoreUnavailable):
            await store.write(lambda c: c.execute("SELECT 1"))
        with pytest.raises(StoreUnavailable):
            await store.read(lambda c: c.execute("SELECT 1"), 0.3)
        async with asyncio.timeout(60):
            await store.close()
    finally:
        own_postgresql.pause(paused=False)


async def test_who_lost_the_session_cannot_write_once_another_has_the_lock(
    own_postgresql: PostgresqlServer, url: str
) -> None:
    first = await open_store(Path(), url)
    own_postgresql.run(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    )
    second = await open_store(Path(), url)
    with pytest.raises(StoreUnavailable, match="another service"):
        await first.write(lambda c: c.execute("SELECT 1"))
    await second.write(lambda c: c.execute("SELECT 1"))
    await second.close()
    assert (await first.write(lambda c: c.execute("SELECT 1").fetchone())) == (1,)
    await first.close()


@pytest.mark.parametrize("setting", ["synchronous_commit = off", "synchronous_commit = local"])
async def test_a_server_that_does_not_wait_for_its_disk_is_refused(
    own_postgresql: PostgresqlServer, url: str, setting: str
) -> None:
    name = url.partition("?")[0].rpartition("/")[2]
    own_postgresql.run(f"ALTER DATABASE {name} SET {setting}")
    if "local" in setting:
        await (await open_store(Path(), url)).close()
        return
    with pytest.raises(StoreUnavailable, match="synchronous_commit is off"):
        await open_store(Path(), url)


async def test_no_server_is_said_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable) as away:
        await open_store(tmp_path, f"postgresql://me:s3cret@/central?host={tmp_path}")
    assert "s3cret" not in str(away.value)
    with pytest.raises(ValueError, match="address") as wrong:
        await open_store(tmp_path, "postgresql://me:s3cret@[host/central")
    assert "s3cret" not in str(wrong.value)


async def test_acts_wait_while_the_loop_goes_on(url: str) -> None:
    store = await open_store(Path(), url)
    slept = asyncio.create_task(store.read(lambda c: c.execute("SELECT pg_sleep(0.2)").fetchone()))
    turns = 0

    def turn() -> bool:
        nonlocal turns
        turns += 1
        return slept.done()

    await until(turn)
    assert turns > 3
    await store.close()
