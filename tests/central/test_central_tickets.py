"""Tickets: promised, asked for until there is an answer, given to who has the secret."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from central_kit import AT, REFERENCE, TODAY, ScriptedPlatform, ticket_operation, until

from central.contract import OperationResult, TicketAnswer, TicketRequest, TicketState
from central.platforms.platform import Found, NotFound, PlatformDown, RecordState
from central.service import inbox
from central.service.china import CHINA
from central.service.opening import open_store
from central.service.store import Connection, ConstraintBroken, Store
from central.service.tickets import TICKETS_KEPT, TicketWorker, next_morning, ticket_answer
from central.service.verification import Verification
from einvoice.verdict import RecordDetails, Verdict

NUMBER, SECRET = "SF-1-261124-0001", "S3CRET"
NORMAL = Found(RecordState.NORMAL, RecordDetails(seller="北京示例信息服务有限公司"))


@dataclass
class World:
    """A store, a worker that runs, a platform, and a clock that is set by hand."""

    store: Store
    worker: TicketWorker
    platform: ScriptedPlatform
    now: datetime = AT

    async def register(self, number: str = NUMBER, reference=REFERENCE) -> OperationResult:
        examined = inbox.examine(ticket_operation(len(number), number, SECRET, reference))
        (result,) = await self.store.write(lambda c: inbox.apply(c, "t1", (examined,), self.now))
        self.worker.wake()
        return result

    async def ask(self, number: str = NUMBER, secret: str = SECRET) -> TicketAnswer:
        return await self.store.read(lambda c: ticket_answer(c, TicketRequest("r", number, secret)))

    async def until_state(self, state: TicketState) -> TicketAnswer:
        async with asyncio.timeout(20):
            while (answer := await self.ask()).state is not state:
                await asyncio.sleep(0.005)
        return answer


@asynccontextmanager
async def world(
    directory: Path, database: str, platform: ScriptedPlatform
) -> AsyncGenerator[World]:
    store = await open_store(directory, database)
    here: World

    def now() -> datetime:
        return here.now

    verification = Verification(platform, now)
    worker = TicketWorker(store, verification, now, first_pause_s=0.001)
    here = World(store, worker, platform)
    running = asyncio.create_task(worker.run())
    try:
        yield here
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await verification.close()
        await store.close()


async def test_a_ticket_is_answered_with_its_reference(tmp_path: Path, database: str) -> None:
    async with world(tmp_path, database, ScriptedPlatform(NORMAL)) as here:
        await here.register()
        answer = await here.until_state(TicketState.ANSWERED)
        assert answer.ruling is not None
        assert answer.ruling.verdict is Verdict.NORMAL
        assert answer.reference is not None
        assert answer.reference.to_invoice() == REFERENCE
        assert answer.registered_at == AT


async def test_nobody_learns_anything_without_the_secret(tmp_path: Path, database: str) -> None:
    async with world(tmp_path, database, ScriptedPlatform(NORMAL)) as here:
        await here.register()
        await here.until_state(TicketState.ANSWERED)
        wrong = await here.ask(secret="guess")
        absent = await here.ask(number="SF-1-261124-9999")
        assert wrong == replace_number(absent, NUMBER)
        assert wrong.state is TicketState.UNKNOWN


def replace_number(answer: TicketAnswer, number: str) -> TicketAnswer:
    return TicketAnswer(answer.request_id, number, answer.state)


async def test_while_the_platform_is_down_it_is_asked_again_and_nothing_is_stored(
    tmp_path: Path,
    database: str,
) -> None:
    async with world(tmp_path, database, ScriptedPlatform(PlatformDown("tests"))) as here:
        await here.register()
        await until(lambda: len(here.platform.asked) > 0)
        async with asyncio.timeout(20):
            while len(here.platform.asked) < 3:
                here.now += timedelta(seconds=1)
                await asyncio.sleep(0.005)
        assert (await here.ask()).state is TicketState.PENDING
        stored = await here.store.read(lambda c: c.execute("SELECT ruling FROM tickets").fetchall())
        assert stored == [(None,)]
        here.platform.says = NORMAL
        async with asyncio.timeout(20):
            while (await here.ask()).state is not TicketState.ANSWERED:
                here.now += timedelta(seconds=1)
                await asyncio.sleep(0.005)


async def test_the_database_itself_refuses_unavailable_as_a_ruling(
    tmp_path: Path, database: str
) -> None:
    async with world(tmp_path, database, ScriptedPlatform(PlatformDown("tests"))) as here:
        await here.register()
        with pytest.raises(ConstraintBroken):
            await here.store.write(
                lambda c: c.execute('UPDATE tickets SET ruling = \'{"verdict":"UNAVAILABLE"}\'')
            )


async def test_one_that_is_never_answered_does_not_hold_up_the_others(
    tmp_path: Path, database: str
) -> None:
    class DownForOne(ScriptedPlatform):
        async def verify(self, reference):
            said = await super().verify(reference)
            return PlatformDown("tests") if reference.number == REFERENCE.number else said

    async with world(tmp_path, database, DownForOne(NORMAL)) as here:
        await here.register()
        await until(lambda: len(here.platform.asked) > 0)
        other = replace(REFERENCE, number="26112000000000770002")
        await here.register("SF-1-261124-00002", other)
        async with asyncio.timeout(20):
            while (await here.ask("SF-1-261124-00002")).state is not TicketState.ANSWERED:
                here.now += timedelta(seconds=1)
                await asyncio.sleep(0.005)
        assert (await here.ask()).state is TicketState.PENDING


async def test_a_platform_that_is_down_is_tried_with_one_ticket_at_a_time(
    tmp_path: Path, database: str
) -> None:
    class Counting(ScriptedPlatform):
        at_once = most_at_once = 0

        async def verify(self, reference):
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            await asyncio.sleep(0)
            self.at_once -= 1
            return await super().verify(reference)

    platform = Counting(PlatformDown("tests"))
    async with world(tmp_path, database, platform) as here:
        await here.register()
        await until(lambda: len(platform.asked) > 0)
        for n in range(5):
            other = replace(REFERENCE, number=f"2611200000000077001{n}")
            await here.register("SF-1-261124-" + "0" * (5 + n), other)
        platform.most_at_once = 0
        async with asyncio.timeout(20):
            while len(platform.asked) < 10:
                here.now += timedelta(seconds=1)
                await asyncio.sleep(0.005)
        assert platform.most_at_once == 1


async def test_not_yet_is_asked_again_the_next_morning(tmp_path: Path, database: str) -> None:
    async with world(tmp_path, database, ScriptedPlatform(NotFound())) as here:
        await here.register(reference=replace(REFERENCE, issued_on=TODAY))
        answer = await here.until_state(TicketState.ANSWERED)
        assert answer.ruling is not None
        assert answer.ruling.verdict is Verdict.NOT_YET
        here.platform.says = NORMAL
        here.now = next_morning(AT)
        here.worker.wake()
        async with asyncio.timeout(20):
            while (now := (await here.ask()).ruling) is None or now.verdict is Verdict.NOT_YET:
                await asyncio.sleep(0.005)
        assert now.verdict is Verdict.NORMAL


def test_the_next_morning_is_in_china() -> None:
    late_evening_in_beijing = datetime(2026, 11, 24, 23, 50, tzinfo=CHINA)
    assert next_morning(late_evening_in_beijing) == datetime(2026, 11, 25, 7, 0, tzinfo=CHINA)


async def test_what_is_past_its_time_is_forgotten(tmp_path: Path, database: str) -> None:
    def count(connection: Connection) -> int:
        return connection.execute("SELECT count(*) FROM tickets").fetchone()[0]

    async with world(tmp_path, database, ScriptedPlatform(NORMAL)) as here:
        await here.register()
        await here.until_state(TicketState.ANSWERED)
        here.now = AT + TICKETS_KEPT + timedelta(hours=2)
        here.worker.wake()
        async with asyncio.timeout(20):
            while await here.store.read(count):
                await asyncio.sleep(0.005)


async def test_tickets_survive_a_restart(tmp_path: Path, database: str) -> None:
    platform = ScriptedPlatform(PlatformDown("tests"))
    async with world(tmp_path, database, platform) as here:
        await here.register()
        await until(lambda: len(platform.asked) > 0)
    platform.says = NORMAL
    async with world(tmp_path, database, platform) as here:
        here.now = AT + timedelta(minutes=10)
        here.worker.wake()
        await here.until_state(TicketState.ANSWERED)
