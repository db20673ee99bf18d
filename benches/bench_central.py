"""What the central service's memory costs: `python benches/bench_central.py --database URL`.

One server process and one load process on the same machine, over kept plain connections, in
interleaved rounds; the median of the rounds is printed. The server does what the service does
with a batch (decode, digest, examine, take, encode) and differs only in where it takes it.
The database that is named is filled and emptied: give it one of its own.
"""

import asyncio
import json
import os
import sqlite3
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec
import psycopg
from aiohttp import web
from bench_certificates import contexts

from central.contract import (
    OP_PRINT_OUTCOME,
    Operation,
    OperationResult,
    OperationsAnswer,
    OperationsRequest,
    PrintOutcomeReport,
    Receipt,
    batch_digest,
    encode,
    sha256_hex,
)
from central.service import inbox, store
from central.service.intake import Sent, Taken, take_all
from central.service.opening import open_store

HOST = "127.0.0.1"
AT = datetime.now(UTC)
CONNECTIONS = {1: 32, 50: 16, 500: 4}
"""By the size of a batch."""
Take = Callable[[Sent], Awaitable[Taken]]


def bodies(size: int, count: int, start: int) -> list[bytes]:
    """Whole requests with ids that were never sent before."""
    milliseconds = int(time.time() * 1000)
    made: list[bytes] = []
    for batch in range(count):
        operations = tuple(
            _operation(milliseconds, start + batch * size + place) for place in range(size)
        )
        body = encode(OperationsRequest("b", batch_digest(operations), operations))
        head = f"POST /v1/operations HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        made.append(head.encode() + body)
    return made


def _operation(milliseconds: int, number: int) -> Operation:
    text = encode(PrintOutcomeReport(f"03-{number:08d}", "proven", "ASB")).decode()
    whole = f"{milliseconds:012x}7{number >> 60:03x}8{number & (1 << 60) - 1:015x}"
    op_id = "-".join((whole[:8], whole[8:12], whole[12:16], whole[16:20], whole[20:]))
    return Operation(number, op_id, OP_PRINT_OUTCOME, "slip", AT, text, sha256_hex(text))


class Server:
    """The service's way with a batch, before a memory that is chosen."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._decoder = msgspec.json.Decoder(OperationsRequest)

    async def operations(self, request: web.Request) -> web.Response:
        """As the service's own, without a terminal's identity and the waiting room."""
        asked = self._decoder.decode(await request.read())
        assert asked.digest == batch_digest(asked.operations)
        examined = tuple(inbox.examine(operation) for operation in asked.operations)
        taken = await self._take(Sent(inbox.Batch("t1", examined, datetime.now(UTC)), None))
        assert all(r.receipt is Receipt.NEW for r in taken.results)
        answer = OperationsAnswer(asked.batch_id, asked.digest, taken.results)
        return web.Response(body=encode(answer), content_type="application/json")

    async def ping(self, request: web.Request) -> web.Response:
        """The least that can be asked."""
        return web.Response(body=b'{"nonce":"n"}', content_type="application/json")


async def nowhere(sent: Sent) -> Taken:
    """No store: what HTTP and JSON cost."""
    return Taken(
        tuple(OperationResult(o.operation.op_id, Receipt.NEW) for o in sent.batch.operations)
    )


def recordset(database: str, *, with_effect: bool) -> Take:
    """What PostgreSQL gives at most: one json_to_recordset per request, eight connections.

    Args:
        database: where to.
        with_effect: writes the effect's row too, as the service must, not only the inbox's.
    """
    free: asyncio.Queue[psycopg.AsyncConnection[tuple[object, ...]]] = asyncio.Queue()
    statement = (
        b"INSERT INTO inbox (op_id, sha256, kind, terminal, seq, order_key, at, received_at)"
        b" SELECT op_id, sha256, kind, 't1', seq, order_key, at, now() FROM json_to_recordset(%s)"
        b" AS r(op_id uuid, sha256 text, kind text, seq bigint, order_key text, at text)"
        b" ON CONFLICT DO NOTHING"
    )
    effect = (
        b"INSERT INTO print_outcomes (op_id, terminal, seq, at, slip, copy, outcome, why)"
        b" SELECT op_id, 't1', seq, at, 'slip', 0, 'proven', '' FROM json_to_recordset(%s)"
        b" AS r(op_id text, seq bigint, at text) ON CONFLICT DO NOTHING"
    )

    async def take(sent: Sent) -> Taken:
        if free.empty() and take_state["made"] < 8:
            take_state["made"] += 1
            free.put_nowait(await psycopg.AsyncConnection.connect(database, autocommit=True))
        connection = await free.get()
        try:
            rows = encode([o.operation for o in sent.batch.operations]).decode()
            async with connection.transaction():
                await connection.execute(statement, (rows,))
                if with_effect:
                    await connection.execute(effect, (rows,))
        finally:
            free.put_nowait(connection)
        return await nowhere(sent)

    take_state = {"made": 0}
    return take


async def serve(where: str, database: str, tls: str, folder: str) -> None:
    """Runs one server until its standard input ends; prints its port."""
    opened = None
    if where in ("nowhere", "ping"):
        take: Take = nowhere
    elif where.startswith("recordset"):
        take = recordset(database, with_effect=where == "recordset-both")
    else:
        opened = await open_store(Path(tempfile.mkdtemp(dir=folder)), database)
        await opened.tend_inbox(datetime.now(UTC))
        kept = opened
        if where == "commit-each":
            store.MAX_SHARED = 1

        async def together(sent: Sent) -> Taken:
            return await kept.write_together(take_all, sent, weight=len(sent.batch.operations))

        take = together
    server = Server(take)
    app = web.Application(client_max_size=1 << 22)
    app.router.add_post("/v1/operations", server.operations)
    app.router.add_get("/v1/ping", server.ping)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    context = contexts(Path(folder))[0][tls] if tls else None
    await web.TCPSite(runner, HOST, 0, ssl_context=context).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()
    if opened is not None:
        await opened.close()


class Running:
    """A server as a process of its own."""

    def __init__(self, where: str, folder: Path, database: str = "", tls: str = "") -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, __file__, "--serve", where, "--database", database),
                *("--tls", tls, "--folder", str(folder)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def stop(self) -> None:
        """Ends it."""
        self._process.communicate("")


async def exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> None:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)


async def load(
    port: int, requests: list[bytes], connections: int, context: ssl.SSLContext | None
) -> tuple[float, list[float]]:
    """Sends all; gives the seconds it took and the seconds of each request."""
    waiting = iter(requests)
    took: list[float] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection(
            HOST, port, ssl=context, server_hostname="localhost" if context else None
        )
        for request in waiting:
            begun = time.perf_counter()
            await exchange(reader, writer, request)
            took.append(time.perf_counter() - begun)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return time.perf_counter() - begun, took


def rates(folder: Path, database: str, rounds: int, seconds: float) -> dict[str, dict[int, float]]:
    """Records a second by subject and size of batch: the median over the rounds."""
    subjects = {
        "no store": ("nowhere", "", ""),
        "SQLite, a commit per request": ("commit-each", "", ""),
        "SQLite": ("store", "", ""),
        "SQLite, mutual TLS": ("store", "", "mutual"),
    }
    if database:
        subjects["PostgreSQL"] = ("store", database, "")
        subjects["json_to_recordset, inbox alone"] = ("recordset", database, "")
        subjects["json_to_recordset, inbox and effect"] = ("recordset-both", database, "")
    contexts_by: dict[str, ssl.SSLContext | None] = {"": None, **contexts(folder)[1]}
    found: dict[str, dict[int, list[float]]] = {s: {n: [] for n in CONNECTIONS} for s in subjects}
    number = 0
    for round_ in range(rounds):
        for subject, (where, at, tls) in subjects.items():
            for size, connections in CONNECTIONS.items():
                server = Running(where, folder, at, tls)
                count = max(connections, int(seconds * {1: 1500, 50: 400, 500: 60}[size]))
                requests = bodies(size, count, number)
                number += count * size
                took, each = asyncio.run(load(server.port, requests, connections, contexts_by[tls]))
                server.stop()
                found[subject][size].append(count * size / took)
                p50 = statistics.median(each) * 1000
                print(
                    f"  {round_} {subject:36} batch {size:3}: {count * size / took:9,.0f}/s"
                    f"  p50 {p50:6.1f} ms",
                    file=sys.stderr,
                )
    return {s: {n: statistics.median(v) for n, v in by.items()} for s, by in found.items()}


def kept_connections(folder: Path, rounds: int, requests: int) -> dict[str, float]:
    """Median milliseconds of a small request on one kept connection, by kind of TLS."""
    _, clients = contexts(folder)
    kinds: dict[str, ssl.SSLContext | None] = {"": None, **clients}
    servers = {kind: Running("ping", folder, tls=kind) for kind in kinds}
    request = b"GET /v1/ping HTTP/1.1\r\nHost: localhost\r\n\r\n"
    found: dict[str, list[float]] = {kind: [] for kind in kinds}

    async def measure(kind: str) -> float:
        reader, writer = await asyncio.open_connection(
            HOST,
            servers[kind].port,
            ssl=kinds[kind],
            server_hostname="localhost" if kinds[kind] else None,
        )
        took: list[float] = []
        for _ in range(requests):
            begun = time.perf_counter()
            await exchange(reader, writer, request)
            took.append(time.perf_counter() - begun)
        writer.close()
        return statistics.median(took) * 1000

    for _ in range(rounds):
        for kind in kinds:
            found[kind].append(asyncio.run(measure(kind)))
    for server in servers.values():
        server.stop()
    return {kind or "plain": statistics.median(v) for kind, v in found.items()}


def report(by: dict[str, dict[int, float]], tls: dict[str, float]) -> None:
    print("| records a second | batch 1 | batch 50 | batch 500 |\n|---|---|---|---|")
    for subject, sizes in by.items():
        print(f"| {subject} | " + " | ".join(f"{v:,.0f}" for v in sizes.values()) + " |")
    print("\n| goal | wanted | measured |\n|---|---|---|")
    nothing, each, ours = by["no store"], by["SQLite, a commit per request"], by["SQLite"]
    goal = "SQLite, batch 1: together ÷ a commit per request"
    print(f"| {goal} | ≥ 2.5 | {ours[1] / each[1]:.2f} |")
    print(f"| SQLite, batch 50 ÷ no store | ≥ 0.13 | {ours[50] / nothing[50]:.2f} |")
    if "PostgreSQL" in by:
        city, alone = by["PostgreSQL"], by["json_to_recordset, inbox alone"]
        both = by["json_to_recordset, inbox and effect"]
        print(f"| PostgreSQL, batch 50 ÷ no store | ≥ 0.13 | {city[50] / nothing[50]:.2f} |")
        print(
            f"| the same ÷ json_to_recordset, the same rows | ≥ 0.9 | {city[50] / both[50]:.2f} |"
        )
        print(f"| the same ÷ json_to_recordset, inbox alone | | {city[50] / alone[50]:.2f} |")
    mutual = by["SQLite, mutual TLS"]
    for size in (1, 50):
        goal = f"mutual TLS ÷ plain, kept, time a record under load, batch {size}"
        print(f"| {goal} | ≤ 1.15 | {ours[size] / mutual[size]:.2f} |")
    goal = "mutual TLS ÷ plain, kept, p50 of the least exchange"
    print(f"| {goal} | ≤ 1.15 | {tls['mutual'] / tls['plain']:.2f} |")
    print(
        "\np50 in ms on a kept connection: " + json.dumps({k: round(v, 3) for k, v in tls.items()})
    )
    print(f"SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores, {sys.version.split()[0]}")


@click.command()
@click.option("--database", default="", help="postgresql://…, of its own; without it, SQLite only.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=2.0, show_default=True, help="About, of each measurement.")
@click.option("--serve", "where", default="", hidden=True)
@click.option("--tls", default="", hidden=True)
@click.option("--folder", default="", hidden=True)
def main(database: str, rounds: int, seconds: float, where: str, tls: str, folder: str) -> None:
    """Measure the central service's memory and print tables."""
    if where:
        asyncio.run(serve(where, database, tls, folder))
        return
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        tls_by = kept_connections(place, rounds, 1500)
        by = rates(place, database, rounds, seconds)
    report(by, tls_by)
    print(f"took {timedelta(seconds=int(time.monotonic() - begun))}")


if __name__ == "__main__":
    main()
