"""What the tests of the central service share: operations, a service process, waiting."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import psycopg

from central.admin import Admin, CodeWanted
from central.client import CentralClient
from central.contract import (
    OP_PRINT_OUTCOME,
    OP_VERIFY_LATER,
    Message,
    Operation,
    PrintOutcomeReport,
    Reference,
    VerifyLater,
    encode,
    sha256_hex,
)
from central.enrolling import enrol
from central.enrolment_code import EnrolmentCode
from central.identity import Identity, IdentityFiles
from central.platforms.platform import Capabilities, NotFound, Platform, PlatformAnswer
from central.service.store import Connection
from central.service.store_postgresql import PostgresqlConnection
from central.service.store_sqlite import FILE_NAME, SqliteConnection
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 24)
REFERENCE = InvoiceReference(
    kind=Kind.DIGITAL_SPECIAL,
    number="26112000000000770001",
    issued_on=date(2026, 11, 10),
    amount=Decimal("113.00"),
)


def op_id(number: int) -> str:
    """A UUIDv7 that says its number."""
    return f"01900000-0000-7000-8000-{number:012x}"


def operation(
    number: int, body: Message, kind: str, order_key: str = "key", *, seq: int | None = None
) -> Operation:
    text = encode(body).decode()
    return Operation(
        seq=number if seq is None else seq,
        op_id=op_id(number),
        kind=kind,
        order_key=order_key,
        at=AT,
        body=text,
        sha256=sha256_hex(text),
    )


def printed(number: int, order_key: str = "key", outcome: str = "proven") -> Operation:
    body = PrintOutcomeReport(slip=f"slip-{number}", outcome=outcome)
    return operation(number, body, OP_PRINT_OUTCOME, order_key)


def ticket_operation(
    number: int, ticket: str, secret: str, reference: InvoiceReference = REFERENCE
) -> Operation:
    body = VerifyLater(ticket, sha256_hex(secret), Reference.of(reference))
    return operation(number, body, OP_VERIFY_LATER, ticket)


class ScriptedPlatform(Platform):
    """Gives the answer it is told to give, when it is let."""

    capabilities = Capabilities(name="scripted", kinds=frozenset(Kind) - {Kind.DIGITAL_AIR})

    def __init__(self, says: PlatformAnswer | None = None) -> None:
        self.says: PlatformAnswer = says or NotFound()
        self.asked: list[InvoiceReference] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.spares = True

    async def spares_a_question(self, reference: InvoiceReference) -> bool:
        return self.spares

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        self.asked.append(reference)
        await self.may_answer.wait()
        return self.says


async def until(condition: Callable[[], bool], within_s: float = 20.0) -> None:
    """Lets the loop run until the condition holds."""
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.005)


async def enrolled(directory: Path, url: str, files: IdentityFiles, terminal: str) -> Path:
    """Enrols a terminal with a service that runs in `directory`; its identity file."""
    code = await Admin(directory).issue_code(CodeWanted(terminal, url=url))
    identity = await enrol(files, EnrolmentCode.parse(code.qr_text), terminal)
    assert isinstance(identity, Identity), identity
    return files.identity_file


@dataclass
class ServiceProcess:
    """A service as a process of its own, that can be killed and started again."""

    directory: Path
    port: int = 0
    database: str = ""
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    def start(self, *under: str) -> Self:
        """Starts it, under another command if one is given; returns when it answers."""
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            [
                *under,
                sys.executable,
                "-m",
                "central.service",
                "--sandbox",
                *self.options,
                *("--dir", str(self.directory)),
                *("--database", self.database),
                *("--port", str(self.port)),
                *("--ready-fd", str(writing)),
            ],
            pass_fds=(writing,),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(writing)
        with os.fdopen(reading) as ready:
            line = ready.readline()
        assert line, "the service ended before it was ready"
        self.port = int(line)
        return self

    def identity(self, terminal: str = "t1") -> Path:
        """The identity of a terminal that is enrolled here; made at the first call."""
        files = IdentityFiles(self.directory.parent / f"{self.directory.name}-{terminal}")
        if not files.identity_file.exists():
            with ThreadPoolExecutor(1) as elsewhere:  # also from within a running loop
                elsewhere.submit(
                    asyncio.run, enrolled(self.directory, self.url, files, terminal)
                ).result()
        return files.identity_file

    def client(self, url: str = "", terminal: str = "t1") -> CentralClient:
        """A client of an enrolled terminal."""
        return CentralClient(
            url or self.url, self.ca_file, terminal, identity_file=self.identity(terminal)
        )

    def kill(self) -> None:
        """kill -9: nothing is said, nothing is closed."""
        assert self.process is not None
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def ca_file(self) -> Path:
        return self.directory / "ca.pem"


@contextmanager
def connected(directory: Path, database: str) -> Generator[Connection]:
    """A connection as the service's acts have it, for tests to look into its tables."""
    if database:
        with psycopg.connect(database, autocommit=True) as session:
            yield PostgresqlConnection(session)
        return
    with closing(sqlite3.connect(directory / FILE_NAME, isolation_level=None)) as raw:
        yield SqliteConnection(raw)


def rows(directory: Path, query: str, database: str = "") -> list[tuple[Any, ...]]:
    """What stands in a service's database."""
    with connected(directory, database) as connection:
        return connection.execute(query).fetchall()
