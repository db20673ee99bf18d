"""kill -9 while terminals send: nothing acknowledged is lost, nothing is applied twice."""

import asyncio
import os
import shutil
import signal
import subprocess
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from central_kit import ServiceProcess, printed, rows, until
from postgresql_kit import PostgresqlServer

from central.client import CentralClient
from central.contract import Operation, OperationsAnswer, PingAnswer, Receipt

ROUNDS = int(os.environ.get("KILL_ROUNDS", "6"))
DATABASE_ROUNDS = int(os.environ.get("KILL_ROUNDS", "2"))
TERMINALS = 4
BATCH = 20
ACKNOWLEDGED_PER_ROUND = 200


def can_trace() -> bool:
    """Whether strace is here and may trace (containers often forbid it)."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], check=False).returncode == 0


class Terminal:
    """Sends its backlog in batches and takes off only what was acknowledged."""

    def __init__(self, number: int, client: CentralClient) -> None:
        self._client = client
        self._keys = tuple(f"t{number}-{key}" for key in "abc")
        self._next = number * 1_000_000
        self.backlog: list[Operation] = []
        self.acknowledged: list[str] = []

    def act(self, count: int) -> None:
        for _ in range(count):
            self._next += 1
            self.backlog.append(printed(self._next, self._keys[self._next % 3]))

    async def send_one(self) -> bool:
        batch = tuple(self.backlog[:BATCH])
        answer = await self._client.send(batch, f"batch-{batch[0].seq}", 20)
        if not isinstance(answer, OperationsAnswer):
            return False
        for result in answer.results:
            assert result.receipt in (Receipt.NEW, Receipt.SEEN)
        self.acknowledged += [r.op_id for r in answer.results]
        self.backlog = self.backlog[BATCH:]
        return True

    async def send_until_cut(self) -> None:
        while True:
            self.act(BATCH)
            if not await self.send_one():
                return

    async def drain(self) -> None:
        while self.backlog:
            assert await self.send_one()


@pytest.mark.slow
async def test_killed_under_load_nothing_acknowledged_is_lost(
    tmp_path: Path, database: str
) -> None:
    service = ServiceProcess(tmp_path / "service", database=database).start()
    async with AsyncExitStack() as stack:
        stack.callback(service.kill)
        terminals = [
            Terminal(
                n,
                await stack.enter_async_context(service.client(terminal=f"t{n}")),
            )
            for n in range(1, TERMINALS + 1)
        ]
        for round_ in range(1, ROUNDS + 1):
            enough = round_ * ACKNOWLEDGED_PER_ROUND
            sending = [asyncio.create_task(t.send_until_cut()) for t in terminals]
            await until(lambda: sum(len(t.acknowledged) for t in terminals) >= enough, 60)  # noqa: B023
            service.kill()
            await asyncio.gather(*sending)
            service.start()
        for terminal in terminals:
            await terminal.drain()

    check(terminals, service.directory, database)
    if not database:
        assert rows(service.directory, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.slow
async def test_the_database_killed_under_load_loses_nothing_acknowledged(
    tmp_path: Path, own_postgresql: PostgresqlServer
) -> None:
    url = own_postgresql.create("killed")
    service = ServiceProcess(tmp_path / "service", database=url).start()
    async with AsyncExitStack() as stack:
        stack.callback(service.kill)
        terminals = [
            Terminal(
                n,
                await stack.enter_async_context(service.client(terminal=f"t{n}")),
            )
            for n in range(1, TERMINALS + 1)
        ]
        for round_ in range(1, DATABASE_ROUNDS + 1):
            enough = round_ * ACKNOWLEDGED_PER_ROUND
            sending = [asyncio.create_task(t.send_until_cut()) for t in terminals]
            await until(lambda: sum(len(t.acknowledged) for t in terminals) >= enough, 60)  # noqa: B023
            await asyncio.to_thread(own_postgresql.stop, signal.SIGKILL)
            await asyncio.gather(*sending)
            await asyncio.to_thread(own_postgresql.start)
        for terminal in terminals:
            async with asyncio.timeout(60):
                while terminal.backlog:
                    await terminal.send_one()
        check(terminals, service.directory, url)


def check(terminals: list[Terminal], directory: Path, database: str) -> None:
    """What was acknowledged is there, once, in the order of its key; and nothing else is."""
    stored = [row[0] for row in rows(directory, "SELECT op_id FROM inbox", database)]
    effects = [row[0] for row in rows(directory, "SELECT op_id FROM print_outcomes", database)]
    acknowledged = [i for t in terminals for i in t.acknowledged]
    assert sorted(stored) == sorted(acknowledged)
    assert sorted(effects) == sorted(acknowledged)
    assert len(set(acknowledged)) == len(acknowledged)
    query = "SELECT order_key, seq FROM inbox ORDER BY applied"
    in_order = rows(directory, query, database)
    for key in {key for key, _ in in_order}:
        seqs = [seq for of, seq in in_order if of == key]
        assert seqs == sorted(seqs)


@pytest.mark.slow
@pytest.mark.skipif(not can_trace(), reason="strace is what kills at a system call")
@pytest.mark.parametrize(
    ("call", "at", "receipt"),
    [
        # In the middle of writing the log: not committed, so the repetition is new.
        ("pwrite64", 20, Receipt.NEW),
        ("pwrite64", 31, Receipt.NEW),
        ("pwrite64", 44, Receipt.NEW),
        # In the sync that ends the commit: written, not answered.
        ("fdatasync", 5, Receipt.SEEN),
        ("fdatasync", 12, Receipt.SEEN),
    ],
)
async def test_killed_at_a_system_call_a_batch_is_there_wholly_or_not_at_all(
    tmp_path: Path, call: str, at: int, receipt: Receipt
) -> None:
    service = ServiceProcess(tmp_path / "service").start()
    async with service.client() as client:  # enrolled, and written down that it came
        assert isinstance(await client.ping(20), PingAnswer)
    assert service.stop() == 0
    service.start(
        *("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"),
        *("-e", f"inject={call}:signal=SIGKILL:when={at}"),
    )
    async with AsyncExitStack() as stack:
        stack.callback(service.kill)
        client = await stack.enter_async_context(service.client())
        terminal = Terminal(1, client)
        await terminal.send_until_cut()
        service.kill()
        service.start()
        cut = tuple(terminal.backlog[:BATCH])
        again = await client.send(cut, "again", 20)
    assert isinstance(again, OperationsAnswer)
    assert {r.receipt for r in again.results} == {receipt}
    stored = [row[0] for row in rows(service.directory, "SELECT op_id FROM print_outcomes")]
    assert sorted(stored) == sorted(terminal.acknowledged + [o.op_id for o in cut])


def test_a_service_that_is_told_to_stop_ends_cleanly(tmp_path: Path) -> None:
    service = ServiceProcess(tmp_path / "service").start()
    assert service.stop() == 0
    assert not (tmp_path / "service" / "central.db-wal").exists(), "the log is folded in"
