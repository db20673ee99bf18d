"""An invoice that was not found is watched, once a day, and its holder is told."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from central_kit import AT, REFERENCE, ScriptedPlatform, operation, rows, until

from central.contract import (
    OP_VERIFY_LATER,
    OperationResult,
    Receipt,
    Reference,
    TicketAnswer,
    TicketRequest,
    TicketState,
    VerifyLater,
    sha256_hex,
)
from central.contract_people import OP_CASE_OPENED, CaseOpened
from central.contract_tickets import CaseState
from central.platforms.platform import (
    Differs,
    Found,
    LimitReached,
    NotFound,
    PlatformAnswer,
    PlatformDown,
    RecordState,
    TooOld,
)
from central.service import cases, inbox
from central.service.addresses import AddressKey, SealBroken
from central.service.bodies import MAY_BE_WATCHED
from central.service.china import day_in_china
from central.service.opening import open_store
from central.service.store import Store
from central.service.tickets import TicketWorker, ticket_answer
from central.service.verification import Verification
from einvoice.verdict import RecordDetails, Verdict

NUMBER, SECRET, ADDRESS = "SF-1-261124-0007", "S3CRET", "zhang.san@example.com"
NORMAL = Found(RecordState.NORMAL, RecordDetails())


def case_operation(
    number: int = 1, verdict: Verdict = Verdict.NOT_FOUND, address: str = "", ticket: str = NUMBER
):
    body = CaseOpened(ticket, sha256_hex(SECRET), Reference.of(REFERENCE), verdict, address=address)
    return operation(number, body, OP_CASE_OPENED, ticket)


@dataclass
class World:
    """A store, a worker that runs, a platform, and a clock that is set by hand."""

    store: Store
    worker: TicketWorker
    platform: ScriptedPlatform
    key: AddressKey
    now: datetime = AT

    async def open(self, address: str = "", received_at: datetime | None = None) -> OperationResult:
        examined = inbox.examine(case_operation(address=address), self.key.seal)
        at = received_at or self.now
        (result,) = await self.store.write(lambda c: inbox.apply(c, "t1", (examined,), at))
        self.worker.wake()
        return result

    async def ask(self) -> TicketAnswer:
        return await self.store.read(lambda c: ticket_answer(c, TicketRequest("r", NUMBER, SECRET)))

    async def morning(self) -> None:
        """The next morning, and the question of that day with its answer."""
        asked = len(self.platform.asked)
        self.now = cases.next_asked_at(self.now) + timedelta(hours=1)
        self.worker.wake()
        await until(lambda: len(self.platform.asked) > asked)
        async with asyncio.timeout(20):
            while not await self.store.read(self.is_written):
                await asyncio.sleep(0.005)

    def is_written(self, connection) -> bool:
        due = connection.execute(
            "SELECT count(*) FROM tickets WHERE next_ask_at <= ?", (self.now.timestamp(),)
        )
        return due.fetchone()[0] == 0


@asynccontextmanager
async def world(
    directory: Path, database: str, says: PlatformAnswer | None = None
) -> AsyncGenerator[World]:
    store = await open_store(directory, database)
    here: World

    def now() -> datetime:
        return here.now

    platform = ScriptedPlatform(says)
    verification = Verification(platform, now)
    worker = TicketWorker(store, verification, now, first_pause_s=0.001)
    here = World(store, worker, platform, AddressKey.ensured(directory))
    running = asyncio.create_task(worker.run())
    try:
        yield here
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await verification.close()
        await store.close()


async def test_watched_day_by_day_until_it_is_there(tmp_path: Path, database: str) -> None:
    async with world(tmp_path, database, NotFound()) as here:
        assert (await here.open()).receipt is Receipt.NEW
        answer = await here.ask()
        assert (answer.state, answer.ruling) == (TicketState.PENDING, None)
        assert answer.case is not None
        assert answer.case.state is CaseState.WATCHED
        assert answer.case.watched_until == day_in_china(AT) + timedelta(days=30)
        assert answer.case.asked_at is None
        assert here.platform.asked == []  # today's question was asked at the terminal

        await here.morning()
        answer = await here.ask()
        assert (answer.state, answer.ruling) == (TicketState.PENDING, None)
        assert answer.case is not None
        assert answer.case.asked_at == here.now

        here.platform.says = NORMAL
        await here.morning()
        answer = await here.ask()
        assert answer.state is TicketState.ANSWERED
        assert answer.ruling is not None
        assert answer.ruling.verdict is Verdict.NORMAL
        assert answer.case is not None
        assert answer.case.state is CaseState.FOUND
        assert len(here.platform.asked) == 2
        assert await here.store.read(
            lambda c: c.execute("SELECT next_ask_at FROM tickets").fetchall()
        ) == [(None,)]


async def test_waits_a_day_when_the_budget_is_for_people_but_not_over_its_last(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, "", NotFound()) as here:
        await here.open()
        here.platform.spares = False
        first = cases.next_asked_at(here.now)
        here.now = first + timedelta(hours=1)
        here.worker.wake()
        async with asyncio.timeout(20):
            while not await here.store.read(here.is_written):
                await asyncio.sleep(0.005)
        assert here.platform.asked == []
        assert (await here.ask()).state is TicketState.PENDING
        here.now = AT + timedelta(days=30)
        await here.morning()
        assert len(here.platform.asked) == 1


async def test_closed_when_its_time_is_over(tmp_path: Path) -> None:
    async with world(tmp_path, "", NotFound()) as here:
        await here.open()
        here.now = AT + timedelta(days=28)
        await here.morning()
        assert (await here.ask()).state is TicketState.PENDING
        here.platform.says = LimitReached()
        await here.morning()
        answer = await here.ask()
        assert answer.state is TicketState.ANSWERED
        assert answer.case is not None
        assert answer.case.state is CaseState.CLOSED
        assert answer.ruling is not None
        assert answer.ruling.verdict is Verdict.NOT_FOUND  # what was last said of the invoice


async def test_one_that_comes_late_is_asked_at_once(tmp_path: Path) -> None:
    async with world(tmp_path, "", NORMAL) as here:
        here.now = AT + timedelta(days=3)
        await here.open()
        async with asyncio.timeout(20):
            while (await here.ask()).state is not TicketState.ANSWERED:
                await asyncio.sleep(0.005)
        assert len(here.platform.asked) == 1


async def test_a_platform_that_is_down_closes_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, "", PlatformDown("tests")) as here:
        await here.open()
        here.now = AT + timedelta(days=40)
        here.worker.wake()
        await until(lambda: len(here.platform.asked) > 0)
        answer = await here.ask()
        assert answer.case is not None
        assert answer.case.state is CaseState.WATCHED


@pytest.mark.parametrize(
    ("said", "state"),
    [(Differs(), CaseState.FOUND), (TooOld(), CaseState.CLOSED), (NORMAL, CaseState.FOUND)],
)
async def test_a_final_answer_is_never_asked_again(
    tmp_path: Path, said: PlatformAnswer, state: CaseState
) -> None:
    async with world(tmp_path, "", said) as here:
        await here.open()
        await here.morning()
        answer = await here.ask()
        assert answer.case is not None
        assert answer.case.state is state
        assert await here.store.read(
            lambda c: c.execute("SELECT next_ask_at FROM tickets").fetchall()
        ) == [(None,)]


async def test_a_plain_ticket_is_no_case(tmp_path: Path) -> None:
    async with world(tmp_path, "", NORMAL) as here:
        body = VerifyLater(NUMBER, sha256_hex(SECRET), Reference.of(REFERENCE))
        examined = inbox.examine(operation(1, body, OP_VERIFY_LATER))
        await here.store.write(lambda c: inbox.apply(c, "t1", (examined,), AT))
        here.worker.wake()
        async with asyncio.timeout(20):
            while (answer := await here.ask()).state is not TicketState.ANSWERED:
                await asyncio.sleep(0.005)
        assert answer.case is None


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in MAY_BE_WATCHED])
def test_only_what_may_come_is_watched(verdict: Verdict) -> None:
    examined = inbox.examine(case_operation(verdict=verdict))
    assert isinstance(examined, inbox.Unsound)
    assert examined.reason == "case_not_open_to_watch"


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "a@b",
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com,b@example.com",
        "@x.cn",
    ],
)
def test_an_address_is_one_address(address: str) -> None:
    examined = inbox.examine(case_operation(address=address), lambda *_: "")
    assert isinstance(examined, inbox.Unsound)
    assert examined.reason == "address_malformed"


async def test_no_address_lies_in_the_database_unsealed(tmp_path: Path, database: str) -> None:
    async with world(tmp_path, database) as here:
        await here.open(ADDRESS)
        ((sealed,),) = rows(tmp_path, "SELECT address FROM cases", database)
        assert here.key.unseal(sealed, NUMBER) == ADDRESS
        assert "example" not in sealed


def test_a_service_without_mail_keeps_no_address() -> None:
    examined = inbox.examine(case_operation(address=ADDRESS))
    assert isinstance(examined, inbox.Sound)
    assert isinstance(examined.body, CaseOpened)
    assert examined.body.address == ""


async def test_the_ticket_of_a_case_is_given_once(tmp_path: Path, database: str) -> None:
    async with world(tmp_path, database) as here:
        await here.open()
        other = inbox.examine(case_operation(2))
        (refused,) = await here.store.write(lambda c: inbox.apply(c, "t1", (other,), AT))
        assert refused.reason == "ticket_exists"


def test_mornings_are_spread_over_an_hour() -> None:
    moments = {cases.next_asked_at(AT) for _ in range(20)}
    assert len(moments) > 1
    assert {m.hour for m in moments} <= {7, 8}
    assert {m.date() for m in moments} == {day_in_china(AT) + timedelta(days=1)}


def test_an_address_opens_for_its_own_ticket_only(tmp_path: Path) -> None:
    key = AddressKey.ensured(tmp_path)
    sealed = key.seal(ADDRESS, NUMBER)
    assert AddressKey.ensured(tmp_path).unseal(sealed, NUMBER) == ADDRESS
    assert (tmp_path / "addresses.key").stat().st_mode & 0o077 == 0
    with pytest.raises(SealBroken):
        key.unseal(sealed, NUMBER.replace("7", "8"))
