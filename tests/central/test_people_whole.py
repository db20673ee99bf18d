"""Cases and applications through the whole: a terminal's batch, the service, the stand-ins."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from central_kit import enrolled, operation
from mail_kit import mail_server

from central.admin import Admin
from central.business import Business, BusinessItem
from central.client import CentralClient
from central.contract import (
    Operation,
    OperationsAnswer,
    PingAnswer,
    Receipt,
    Reference,
    TicketAnswer,
    TicketState,
    sha256_hex,
)
from central.contract_people import (
    OP_CASE_OPENED,
    OP_ISSUE_REQUESTED,
    CaseOpened,
    IssueRequested,
    ItemSold,
    Title,
)
from central.contract_tickets import ApplicationState, CaseState
from central.identity import IdentityFiles
from central.platforms.opening import open_platforms
from central.sandbox.wire.bureau import SELLERS
from central.sandbox.wire.ledger import Ledger
from central.sandbox.wire.running import stand_ins
from central.service.china import day_in_china
from central.service.running import run_service
from einvoice import qr
from einvoice.kinds import Kind
from einvoice.verdict import Verdict

SECRET, ADDRESS, WITHIN_S = "S3CRET", "zhang.san@example.com", 20.0


@dataclass
class Wall:
    """One clock for the service and the stand-ins; moved by the test."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()


def acted(number: int, body: CaseOpened | IssueRequested, kind: str, at: datetime) -> Operation:
    plain = operation(number, body, kind, body.ticket)
    return Operation(
        plain.seq, plain.op_id, plain.kind, plain.order_key, at, plain.body, plain.sha256
    )


async def send(client: CentralClient, sent: Operation) -> None:
    answer = await client.send((sent,), f"batch-{sent.seq}", WITHIN_S)
    assert isinstance(answer, OperationsAnswer), answer
    assert [one.receipt for one in answer.results] == [Receipt.NEW]


async def told(client: CentralClient, ticket: str) -> TicketAnswer:
    answer = await client.ticket(ticket, SECRET, WITHIN_S)
    assert isinstance(answer, TicketAnswer), answer
    return answer


async def until(
    ask: Callable[[], Awaitable[TicketAnswer]], holds: Callable[[TicketAnswer], bool]
) -> TicketAnswer:
    async with asyncio.timeout(30):
        while not holds(answer := await ask()):
            await asyncio.sleep(0.2)
    return answer


async def test_opened_at_one_terminal_found_later_told_at_another_and_by_letter(
    tmp_path: Path, database: str
) -> None:
    wall = Wall(datetime.now(UTC))
    ledger = Ledger(today=lambda: day_in_china(wall()), clock=wall.seconds)
    minted = ledger.mint(
        Kind.DIGITAL_ORDINARY,
        day_in_china(wall()) - timedelta(days=3),
        withheld_s=timedelta(days=1).total_seconds(),
    )
    (tmp_path / "mail").mkdir()
    directory = tmp_path / "service"
    async with (
        stand_ins(tmp_path / "stand-ins", ledger=ledger) as running,
        mail_server(tmp_path / "mail") as server,
        run_service(
            directory,
            "127.0.0.1",
            0,
            lambda counts: open_platforms(
                running.settings, counts, today=lambda: day_in_china(wall())
            ),
            now=wall,
            database=database,
            mail=server.mail(),
            first_pause_s=0.01,
        ) as service,
    ):
        url = f"https://localhost:{service.port}"
        files = {t: IdentityFiles(tmp_path / t) for t in ("03", "04")}
        paths = {t: await enrolled(directory, url, files[t], t) for t in files}
        async with (
            CentralClient(url, service.ca_file, "03", identity_file=paths["03"]) as here,
            CentralClient(url, service.ca_file, "04", identity_file=paths["04"]) as elsewhere,
        ):
            pong = await here.ping(WITHIN_S)
            assert isinstance(pong, PingAnswer)
            assert pong.sends_mail
            read = qr.parse(minted.qr())
            assert isinstance(read, qr.InvoiceCode)
            said = await here.verify(read.reference, WITHIN_S)
            assert getattr(said, "verdict", None) is Verdict.NOT_FOUND
            ticket = "SF-03-261124-0001"
            opened = CaseOpened(
                ticket,
                sha256_hex(SECRET),
                Reference.of(read.reference),
                Verdict.NOT_FOUND,
                address=ADDRESS,
            )
            # Kept by the terminal without a link for two days: it is asked at once.
            before = wall() - timedelta(days=2)
            await send(here, acted(1, opened, OP_CASE_OPENED, before))
            answer = await until(
                lambda: told(elsewhere, ticket),
                lambda a: a.case is not None and a.case.asked_at is not None,
            )
            assert answer.state is TicketState.PENDING
            assert answer.case is not None
            assert answer.case.state is CaseState.WATCHED

            wall.at += timedelta(days=2)  # uploaded meanwhile
            body = CaseOpened(
                "SF-04-261126-0001",
                sha256_hex(SECRET),
                Reference.of(read.reference),
                Verdict.NOT_FOUND,
            )
            await send(elsewhere, acted(2, body, OP_CASE_OPENED, wall()))  # wakes the service
            answer = await until(
                lambda: told(elsewhere, ticket), lambda a: a.state is TicketState.ANSWERED
            )
            assert answer.case is not None
            assert answer.case.state is CaseState.FOUND
            assert answer.ruling is not None
            assert answer.ruling.verdict is Verdict.NORMAL
            async with asyncio.timeout(20):
                await server.mailbox.arrived.wait()
    (letter,) = server.mailbox.letters
    assert letter["To"] == ADDRESS
    assert "现已能在税务系统中查到" in letter.get_content()


@pytest.mark.parametrize("is_known_seller", [True, False])
async def test_applied_for_issued_by_the_bureau_and_found_in_its_records(
    tmp_path: Path, database: str, *, is_known_seller: bool
) -> None:
    seller = min(SELLERS) if is_known_seller else "91110000MA00SHL99X"
    business = Business(
        tax_id=seller,
        name="北京示例商贸有限公司",
        kinds=(Kind.DIGITAL_ORDINARY,),
        items=(BusinessItem("meal", "餐饮服务", "3070401000000000000", Decimal("0.06")),),
        limit=Decimal(1000),
        offline_allowance=Decimal(0),
    )
    directory = tmp_path / "service"
    async with (
        stand_ins(tmp_path / "stand-ins", bureau_takes_s=0.0) as running,
        run_service(
            directory,
            "127.0.0.1",
            0,
            partial(open_platforms, running.settings),
            database=database,
            first_pause_s=0.01,
        ) as service,
    ):
        await Admin(directory).add_business(business)
        assert await Admin(directory).businesses() == (business,)
        url = f"https://localhost:{service.port}"
        identity = await enrolled(directory, url, IdentityFiles(tmp_path / "03"), "03")
        async with CentralClient(url, service.ca_file, "03", identity_file=identity) as here:
            ticket = "SF-03-261124-0002"
            now = datetime.now(UTC)
            wanted = IssueRequested(
                ticket,
                sha256_hex(SECRET),
                seller,
                Kind.DIGITAL_ORDINARY,
                Title("某某示例科技有限公司"),
                (ItemSold("meal", Decimal("106.00")),),
                day_in_china(now),
            )
            await send(here, acted(1, wanted, OP_ISSUE_REQUESTED, now))
            answer = await until(
                lambda: told(here, ticket), lambda a: a.state is TicketState.ANSWERED
            )
            application = answer.application
            assert application is not None
            if not is_known_seller:
                assert application.state is ApplicationState.REFUSED
                assert application.words == "销售方未登记"
                alerts = (await Admin(directory).alerts()).alerts
                assert [one.kind for one in alerts] == ["application_refused"]
                return
            assert application.state is ApplicationState.ISSUED
            assert len(application.number) == 20
            assert application.issued_on is not None
            numbers = {one.number for one in running.ledger._records.records}
            assert application.number in numbers
