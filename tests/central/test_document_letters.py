"""The file of an invoice by letter, through a real SMTP server; late, it is said to be late."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from central_kit import enrolled, operation, rows
from identity_kit import PATIENT_S, Wall
from mail_kit import Mailbox, mail_server
from test_people import ORDER

from central.admin import Admin
from central.client import CentralClient
from central.contract import Operation, OperationReason, OperationsAnswer, Receipt
from central.contract_people import (
    OP_DOCUMENT_MAILED,
    DocumentAnswer,
    DocumentMailed,
    Form,
    LookUpAnswer,
    LookUpBy,
)
from central.identity import IdentityFiles
from central.sandbox.platform import SandboxPlatform
from central.service import document_letters
from central.service.grants import GOOD_FOR, Use
from central.service.letter_rounds import FIRST_PAUSE_S
from central.service.running import run_service
from central.service.store import StoreUnavailable

ADDRESS = "zhang.san@example.com"


@dataclass
class Office:
    """A service that sends letters, a terminal of it, and a file that was fetched there."""

    directory: Path
    database: str
    client: CentralClient
    mailbox: Mailbox
    wall: Wall
    file: DocumentAnswer

    def order(self, number: int = 1, address: str = ADDRESS) -> Operation:
        body = DocumentMailed(self.file.token, address)
        return operation(number, body, OP_DOCUMENT_MAILED, "letter")

    async def send(self, sent: Operation) -> tuple[Receipt, str]:
        answer = await self.client.send((sent,), f"batch-{sent.seq}", PATIENT_S)
        assert isinstance(answer, OperationsAnswer), answer
        (result,) = answer.results
        return result.receipt, result.reason

    def orders(self) -> list[tuple[Any, ...]]:
        query = "SELECT sealed, letter_tries FROM document_letters"
        return rows(self.directory, query, self.database)


@asynccontextmanager
async def office(directory: Path, database: str = "") -> AsyncGenerator[Office]:
    wall = Wall()
    (directory / "mail").mkdir()
    async with (
        mail_server(directory / "mail") as server,
        run_service(
            directory / "service",
            "127.0.0.1",
            0,
            SandboxPlatform(),
            database=database,
            now=wall,
            mail=server.mail(),
        ) as service,
    ):
        url = f"https://localhost:{service.port}"
        files = IdentityFiles(directory / "t1")
        identity = await enrolled(directory / "service", url, files, "t1")
        async with CentralClient(url, service.ca_file, "t1", identity_file=identity) as client:
            found = await client.people.look_up(LookUpBy.ORDER, ORDER, within_s=PATIENT_S)
            assert isinstance(found, LookUpAnswer)
            token = found.invoices[0].token
            file = await client.people.document_of_found(token, Form.OFD, PATIENT_S)
            assert isinstance(file, DocumentAnswer)
            yield Office(directory / "service", database, client, server.mailbox, wall, file)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)


async def test_the_file_comes_once_and_the_address_is_gone(tmp_path: Path, database: str) -> None:
    async with office(tmp_path, database) as here:
        here.mailbox.says = "451 come back later"
        assert await here.send(here.order()) == (Receipt.NEW, "")
        await until(lambda: [tries for _, tries in here.orders()] == [1])
        ((sealed, _),) = here.orders()
        for secret in (ADDRESS, here.file.token):
            assert secret not in sealed
        here.mailbox.says = ""
        here.wall.at += timedelta(seconds=FIRST_PAUSE_S + 1)
        assert await here.send(here.order()) == (Receipt.SEEN, "")  # wakes it, orders nothing new
        await until(lambda: here.orders() == [])
        if not database:
            kept = (here.directory / "central.db", here.directory / "central.db-wal")
            await until(lambda: not any(sealed.encode() in one.read_bytes() for one in kept))
    (told,) = here.mailbox.letters
    assert here.mailbox.was_tls
    assert told["To"] == ADDRESS
    (attached,) = told.iter_attachments()
    assert attached.get_content() == here.file.content
    assert attached.get_content_type() == "application/ofd"
    assert (attached.get_filename() or "").startswith("fapiao-")


async def test_an_order_that_is_late_gets_a_letter_that_says_so(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        here.wall.at += GOOD_FOR[Use.FILE]
        assert await here.send(here.order()) == (Receipt.NEW, "")
        await until(lambda: bool(here.mailbox.letters) and here.orders() == [])
    (told,) = here.mailbox.letters
    assert list(told.iter_attachments()) == []
    assert "重新取一次" in told.get_content()
    assert "fetch it once more" in told.get_content()


async def test_taken_and_not_noted_the_same_letter_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office(tmp_path) as here:

        def away(*_: object) -> None:
            raise StoreUnavailable("away")

        with monkeypatch.context() as breaking:
            breaking.setattr(document_letters.DocumentLetters, "_forget", away)
            assert await here.send(here.order()) == (Receipt.NEW, "")
            await until(lambda: len(here.mailbox.letters) == 1)
            assert len(here.orders()) == 1
        assert await here.send(here.order()) == (Receipt.SEEN, "")
        await until(lambda: here.orders() == [])
    assert len({told["Message-ID"] for told in here.mailbox.letters}) == 1


async def test_what_nobody_can_send_is_told_to_the_office_without_the_address(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as here:
        header = here.order(1, "a@b.example\nBcc: c@d.example")
        assert await here.send(header) == (Receipt.REJECTED, OperationReason.ADDRESS_MALFORMED)
        here.mailbox.says = "550 no such mailbox"
        assert await here.send(here.order(2)) == (Receipt.NEW, "")
        async with asyncio.timeout(20):
            while not (alerts := (await Admin(here.directory).alerts()).alerts):
                await asyncio.sleep(0.01)
        assert here.orders() == []
        assert here.mailbox.tries == 1
    (alert,) = alerts
    assert (alert.kind, alert.terminal) == ("letter_not_sent", "t1")
    assert "550" in alert.detail
    assert ADDRESS not in alert.detail
