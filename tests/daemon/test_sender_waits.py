"""When the sender sends: after failures, after outages, and what is put off again and again."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from central.contract import Receipt
from central.failure import Failure, Overloaded, Unreachable
from kiosk.daemon.link import LinkState
from kiosk.daemon.sender import (
    LATER_AT_MOST,
    REFUSED_AT_SPEED,
    RETRY_CAP_S,
    SEND_WITHIN_S,
    SLOWEST_LINE_BYTES_PER_S,
)
from offline_queue.entry import State
from tests.daemon.sender_kit import NOON, Rig, all_are, failure, longest, refusing, settled

A_MOMENT_S = 0.05
"""In which a sender that does not keep its wait would send many times."""


@asynccontextmanager
async def running(rig: Rig) -> AsyncGenerator[None]:
    task = asyncio.create_task(rig.sender.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until_sent(rig: Rig, batches: int) -> None:
    async with asyncio.timeout(20):
        while len(rig.service.batches) < batches:
            await asyncio.sleep(0.005)


async def stays_at(rig: Rig, batches: int) -> bool:
    """Whether nothing is sent though people go on acting."""
    rig.sender.wake()
    await asyncio.sleep(A_MOMENT_S)
    return len(rig.service.batches) == batches


@pytest.mark.parametrize(
    ("trouble", "wait_s"), [(Overloaded(3600.0), 3600.0), (Unreachable("cut"), 2.0)]
)
async def test_a_wait_is_kept_whatever_people_do_meanwhile(
    tmp_path: Path, trouble: Failure, wait_s: float
) -> None:
    rig = Rig(tmp_path, failure(trouble), all_are(Receipt.NEW), spread=longest)
    rig.owe(1)
    async with running(rig):
        await until_sent(rig, 1)
        rig.clock.at_s += wait_s - 0.1
        rig.owe(1)
        assert await stays_at(rig, 1)
        rig.link.answered()  # somebody's question was answered meanwhile: still overloaded
        rig.sender.link_changed(LinkState.ONLINE)
        assert await stays_at(rig, 1)
        rig.clock.at_s += 0.2
        rig.sender.wake()
        await until_sent(rig, 2)


async def test_staff_may_send_in_spite_of_a_wait(tmp_path: Path) -> None:
    rig = Rig(tmp_path, failure(Overloaded(3600.0)), all_are(Receipt.NEW))
    rig.owe(1)
    async with running(rig):
        await until_sent(rig, 1)
        rig.sender.hurry()
        await until_sent(rig, 2)


@pytest.mark.parametrize(("outage_s", "wait_s"), [(5.0, 5.0), (7200.0, 60.0)])
async def test_after_an_outage_a_city_does_not_send_at_once(
    tmp_path: Path, outage_s: float, wait_s: float
) -> None:
    rig = Rig(tmp_path, all_are(Receipt.NEW), spread=longest, first_contact_s=60)
    rig.owe(1)
    rig.clock.at_s += 100  # past the spread of the start
    for _ in range(2):
        rig.link.failed(Unreachable("gone"))
    rig.sender.link_changed(rig.link.state)
    async with running(rig):
        rig.clock.at_s += outage_s
        rig.link.answered()
        rig.sender.link_changed(rig.link.state)
        rig.clock.at_s += wait_s - 0.1
        assert await stays_at(rig, 0)
        rig.clock.at_s += 0.2
        rig.sender.wake()
        await until_sent(rig, 1)


async def test_the_first_contact_is_spread(tmp_path: Path) -> None:
    rig = Rig(tmp_path, all_are(Receipt.NEW), spread=longest, first_contact_s=60)
    rig.owe(1)
    async with running(rig):
        rig.clock.at_s += 59.9
        assert await stays_at(rig, 0)
        rig.clock.at_s += 0.2
        rig.sender.wake()
        await until_sent(rig, 1)


async def test_a_service_that_fails_for_days_is_still_asked(tmp_path: Path) -> None:
    fails = 1_100  # 2.0 ** 1024 is more than a float can be
    rig = Rig(tmp_path, *[failure(Overloaded(0.0))] * fails, all_are(Receipt.NEW))
    rig.owe(1)
    await rig.run_until(settled(rig.outbox))
    assert len(rig.service.batches) == fails + 1


async def test_what_is_put_off_too_often_is_shown_to_a_person(tmp_path: Path) -> None:
    rig = Rig(tmp_path, all_are(Receipt.LATER, "not now"))
    rig.owe(1)

    def parked_at_last() -> bool:
        rig.outbox.hurry()
        rig.sender.wake()
        return rig.states() == [State.PARKED]

    await rig.run_until(parked_at_last)
    assert len(rig.service.batches) == LATER_AT_MOST
    assert rig.outbox.parked()[0].reason == "later, 8 times: not now"


async def test_it_is_put_off_longer_each_time(tmp_path: Path) -> None:
    rig = Rig(tmp_path, all_are(Receipt.LATER))
    rig.owe(1)
    async with running(rig):
        for tried, at_least_s in enumerate((20, 50), start=1):
            async with asyncio.timeout(20):
                while rig.outbox.standings(1)[0].attempts < tried:
                    await asyncio.sleep(0.005)
            due_in_s = rig.outbox.next_due_in_s()
            assert due_in_s is not None
            assert due_in_s > at_least_s
            rig.outbox.hurry()
            rig.sender.wake()


async def test_a_service_that_refuses_everything_does_not_park_the_whole_queue(
    tmp_path: Path,
) -> None:
    rig = Rig(tmp_path, refusing(404, "not_found"))
    rig.owe(20)

    def parked() -> int:
        return rig.outbox.counts().parked

    async with running(rig):
        async with asyncio.timeout(20):
            while parked() < REFUSED_AT_SPEED:
                await asyncio.sleep(0.005)
        rig.sender.wake()
        await asyncio.sleep(A_MOMENT_S)
        assert parked() == REFUSED_AT_SPEED
        rig.clock.at_s += RETRY_CAP_S + 1
        rig.sender.wake()
        async with asyncio.timeout(20):
            while parked() == REFUSED_AT_SPEED:
                await asyncio.sleep(0.005)
        assert parked() == REFUSED_AT_SPEED + 1


async def test_a_large_batch_has_the_time_that_a_thin_line_needs(tmp_path: Path) -> None:
    rig = Rig(tmp_path, all_are(Receipt.NEW))
    body = "x" * 2 * SLOWEST_LINE_BYTES_PER_S
    rig.outbox.put("test", "key", body, at=NOON)
    await rig.run_until(settled(rig.outbox))
    assert rig.service.deadlines_s == [SEND_WITHIN_S + 2.0]
