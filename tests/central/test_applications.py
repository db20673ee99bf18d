"""Applications for invoices: judged by the register, issued by the platform, told by the ticket."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from central_kit import AT, TODAY, ScriptedPlatform, operation, ticket_operation, until
from hypothesis import given
from hypothesis import strategies as st

from central.business import Business, BusinessItem, WrongBusiness, check, read_business
from central.contract import (
    OperationResult,
    Receipt,
    TicketAnswer,
    TicketRequest,
    TicketState,
    sha256_hex,
)
from central.contract_people import OP_ISSUE_REQUESTED, IssueRequested, ItemSold, Title
from central.contract_tickets import ApplicationState
from central.platforms.issuing import Accepted, Application, IssueAnswer, Issued, Refused
from central.platforms.outcome import NotFound, NotSupported, PlatformDown
from central.service import applications, inbox
from central.service.alerts import AlertKind, Alerts
from central.service.applications import ApplicationWorker, application_of
from central.service.businesses import Businesses
from central.service.opening import open_store
from central.service.store import Store
from central.service.tickets import ticket_answer
from einvoice.kinds import Kind

TICKET, SECRET = "SF-1-261124-0009", "S3CRET"
BUSINESS = Business(
    tax_id="91110000MA00SHL15X",
    name="北京示例商贸有限公司",
    kinds=(Kind.DIGITAL_ORDINARY, Kind.DIGITAL_SPECIAL),
    items=(
        BusinessItem("meal", "餐饮服务", "3070401000000000000", Decimal("0.06")),
        BusinessItem("tea", "茶叶", "1030202000000000000", Decimal("0.13")),
    ),
    limit=Decimal(1000),
    offline_allowance=Decimal(2000),
)
REQUEST = IssueRequested(
    TICKET,
    sha256_hex(SECRET),
    BUSINESS.tax_id,
    Kind.DIGITAL_ORDINARY,
    Title("某某示例科技有限公司", "91110105MA00TEST1X"),
    (ItemSold("meal", Decimal("106.00")),),
    TODAY,
)
ISSUED = Issued("26112000000800000001", date(2026, 11, 24))


class Bureau(ScriptedPlatform):
    """Issues what it is told to, and remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.applied: list[Application] = []
        self.state: IssueAnswer = NotFound()
        self.on_issue: IssueAnswer = Accepted()
        self.asked_for_state = 0

    async def issue(self, application: Application) -> IssueAnswer:
        self.applied.append(application)
        if isinstance(self.on_issue, Accepted) and isinstance(self.state, NotFound):
            self.state = Accepted()
        return self.on_issue

    async def application_state(self, application_id: str) -> IssueAnswer:
        self.asked_for_state += 1
        return self.state


@dataclass
class Office:
    """A store with a register, a bureau, and a clock that is set by hand."""

    store: Store
    bureau: Bureau
    now: datetime = AT

    def __post_init__(self) -> None:
        self.alerts = Alerts(self.store, lambda: self.now)
        self.register = Businesses(self.store, lambda: self.now)

    async def apply(self, request: IssueRequested = REQUEST, number: int = 1) -> OperationResult:
        examined = inbox.examine(operation(number, request, OP_ISSUE_REQUESTED, request.ticket))
        (result,) = await self.store.write(lambda c: inbox.apply(c, "t1", (examined,), self.now))
        return result

    async def ask(self, secret: str = SECRET) -> TicketAnswer:
        return await self.store.read(lambda c: ticket_answer(c, TicketRequest("r", TICKET, secret)))

    @asynccontextmanager
    async def working(self) -> AsyncGenerator[ApplicationWorker]:
        worker = ApplicationWorker(
            self.store, self.bureau, self.alerts, lambda: self.now, first_pause_s=1.0
        )
        running = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def until_state(self, worker: ApplicationWorker, state: ApplicationState) -> TicketAnswer:
        async with asyncio.timeout(20):
            while True:
                answer = await self.ask()
                assert answer.application is not None
                if answer.application.state is state:
                    return answer
                self.now += timedelta(seconds=1)
                worker.wake()
                await asyncio.sleep(0.005)

    async def alert_kinds(self) -> set[AlertKind]:
        await self.alerts.flush()
        return {one.kind for one in await self.alerts.newest()}


@asynccontextmanager
async def office(directory: Path, database: str = "") -> AsyncGenerator[Office]:
    store = await open_store(directory, database)
    try:
        here = Office(store, Bureau())
        await here.register.add(BUSINESS)
        yield here
    finally:
        await store.close()


async def test_taken_then_issued_with_the_platforms_number(tmp_path: Path, database: str) -> None:
    async with office(tmp_path, database) as here:
        assert (await here.apply()).receipt is Receipt.NEW
        answer = await here.ask()
        assert answer.state is TicketState.PENDING
        assert answer.application is not None
        assert answer.application.number == ""
        async with here.working() as worker:
            await until(lambda: here.bureau.asked_for_state > 0 or _later(here, worker))
            assert (await here.ask()).state is TicketState.PENDING
            here.bureau.state = ISSUED
            answer = await here.until_state(worker, ApplicationState.ISSUED)
        assert answer.state is TicketState.ANSWERED
        assert answer.application is not None
        assert answer.application.number == ISSUED.number
        assert answer.application.total_with_tax == Decimal("106.00")
        (applied,) = here.bureau.applied
        assert applied.application_id == TICKET
        assert await here.alert_kinds() == set()


def _later(here: Office, worker: ApplicationWorker) -> bool:
    here.now += timedelta(seconds=1)
    worker.wake()
    return False


async def test_a_refusal_comes_to_the_ticket_and_to_staff(tmp_path: Path, database: str) -> None:
    async with office(tmp_path, database) as here:
        here.bureau.on_issue = Refused("buyer", "购买方税号有误")
        await here.apply()
        async with here.working() as worker:
            answer = await here.until_state(worker, ApplicationState.REFUSED)
        assert answer.application is not None
        assert answer.application.words == "购买方税号有误"
        assert await here.alert_kinds() == {AlertKind.APPLICATION_REFUSED}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seller_tax_id": "92110105MA00SHL16Q"}, applications.NOT_REGISTERED),
        ({"kind": Kind.TOLL}, applications.KIND_NOT_ALLOWED),
        ({"items": (ItemSold("gold", Decimal(1)),)}, applications.ITEM_NOT_REGISTERED),
        ({"items": (ItemSold("meal", Decimal("1000.01")),)}, applications.OVER_LIMIT),
        (
            {"kind": Kind.DIGITAL_SPECIAL, "title": Title("张三")},
            applications.TAX_ID_MISSING,
        ),
    ],
)
async def test_what_the_register_does_not_allow_never_reaches_the_platform(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    async with office(tmp_path) as here:
        await here.apply(msgspec.structs.replace(REQUEST, **change))
        async with here.working() as worker:
            answer = await here.until_state(worker, ApplicationState.REFUSED)
        assert answer.application is not None
        assert answer.application.words == words
        assert here.bureau.applied == []


async def test_a_service_that_issues_nothing_says_so(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        here.bureau.on_issue = NotSupported()
        await here.apply()
        async with here.working() as worker:
            answer = await here.until_state(worker, ApplicationState.REFUSED)
        assert answer.application is not None
        assert answer.application.words == applications.NOBODY_ISSUES


async def test_while_the_platform_is_away_it_stays_open_and_staff_hear_of_it(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as here:
        here.bureau.on_issue = here.bureau.state = PlatformDown("tests")
        await here.apply()
        async with here.working() as worker:
            await until(lambda: len(here.bureau.applied) > 0)
            here.now += timedelta(hours=25)
            worker.wake()
            await until(lambda: here.bureau.asked_for_state > 0)
            assert (await here.ask()).state is TicketState.PENDING
            here.bureau.state = ISSUED
            await here.until_state(worker, ApplicationState.ISSUED)
        assert AlertKind.APPLICATION_LATE in await here.alert_kinds()
        assert len(here.bureau.applied) == 1


async def test_killed_after_it_was_sent_no_second_is_applied_for(tmp_path: Path) -> None:
    async with office(tmp_path) as here:

        class Killed(Bureau):
            async def issue(self, application: Application) -> IssueAnswer:
                await super().issue(application)
                raise KeyboardInterrupt

        first = here.bureau = Killed()
        await here.apply()
        dying = ApplicationWorker(here.store, first, here.alerts, lambda: here.now)
        due = await here.store.read(lambda c: applications._due(c, here.now))
        assert due is not None
        with pytest.raises(KeyboardInterrupt):
            await dying._advance(due)
        # Meanwhile the register has changed: what was sent would now look different.
        await here.register.end(BUSINESS.tax_id)
        here.bureau = Bureau()
        here.bureau.state = ISSUED
        async with here.working() as worker:
            await here.until_state(worker, ApplicationState.ISSUED)
        assert (len(first.applied), here.bureau.applied) == (1, [])


async def test_nobody_learns_anything_without_the_secret(tmp_path: Path, database: str) -> None:
    async with office(tmp_path, database) as here:
        await here.apply()
        answer = await here.ask("guess")
        assert (answer.state, answer.application) == (TicketState.UNKNOWN, None)


async def test_a_ticket_number_is_given_once_whatever_for(tmp_path: Path, database: str) -> None:
    async with office(tmp_path, database) as here:
        await here.apply()
        other = inbox.examine(ticket_operation(2, TICKET, SECRET))
        (refused,) = await here.store.write(lambda c: inbox.apply(c, "t1", (other,), AT))
        assert refused.reason == "ticket_exists"


@pytest.mark.parametrize(
    "change",
    [
        {"items": ()},
        {"items": (ItemSold("meal", Decimal(0)),)},
        {"items": (ItemSold("meal", Decimal("0.001")),)},
        {"items": (ItemSold("meal", Decimal(-5)),)},
        {"items": (ItemSold("meal", Decimal("NaN")),)},
        {"title": Title("")},
        {"title": Title("x" * 101)},
    ],
)
def test_what_cannot_be_judged_is_not_taken(change: dict[str, object]) -> None:
    wrong = msgspec.structs.replace(REQUEST, **change)
    examined = inbox.examine(operation(1, wrong, OP_ISSUE_REQUESTED))
    assert isinstance(examined, inbox.Unsound)


@given(st.lists(st.decimals("0.01", "99999", places=2), min_size=1, max_size=8))
def test_the_lines_add_up_to_the_cent(totals: list[Decimal]) -> None:
    sold = tuple(ItemSold(("meal", "tea")[n % 2], total) for n, total in enumerate(totals))
    application = application_of(TICKET, msgspec.structs.replace(REQUEST, items=sold), BUSINESS)
    assert application.total_with_tax == sum(totals)
    for line, one in zip(application.lines, sold, strict=True):
        assert line.amount_without_tax + line.tax == one.total_with_tax
        assert abs(line.amount_without_tax * line.tax_rate - line.tax) <= Decimal("0.01")


FILE = """
tax_id = "91110000MA00SHL15X"
name = "北京示例商贸有限公司"
kinds = ["32", "31"]
limit = "1000"
offline_allowance = "2000"

[[items]]
id = "meal"
name = "餐饮服务"
tax_code = "3070401000000000000"
rate = "0.06"
"""


def test_the_office_writes_a_file(tmp_path: Path) -> None:
    path = tmp_path / "business.toml"
    path.write_text(FILE, encoding="utf-8")
    assert read_business(path).items[0].rate == Decimal("0.06")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("91110000MA00SHL15X", "9111 0000", "tax_id"),
        ('kinds = ["32", "31"]', "kinds = []", "kinds"),
        ('rate = "0.06"', 'rate = "6"', "rate"),
        ("3070401000000000000", "307", "tax_code"),
        ('limit = "1000"', 'limit = "0"', "limit"),
    ],
)
def test_a_wrong_file_is_said(tmp_path: Path, old: str, new: str, why: str) -> None:
    path = tmp_path / "business.toml"
    path.write_text(FILE.replace(old, new), encoding="utf-8")
    with pytest.raises(WrongBusiness, match=why):
        read_business(path)


def test_two_items_of_one_id_are_refused() -> None:
    with pytest.raises(WrongBusiness, match="item"):
        check(msgspec.structs.replace(BUSINESS, items=(BUSINESS.items[0],) * 2))


async def test_terms_end_with_the_registration(tmp_path: Path, database: str) -> None:
    async with office(tmp_path, database) as here:
        terms = await here.register.terms(BUSINESS.tax_id)
        assert terms is not None
        assert terms.good_until == AT + timedelta(days=7)
        assert [one.id for one in terms.items] == ["meal", "tea"]
        assert await here.register.end(BUSINESS.tax_id)
        assert not await here.register.end(BUSINESS.tax_id)
        assert await here.register.terms(BUSINESS.tax_id) is None
        assert await here.register.all() == ()
