"""What an answer means for what is owed. A real outbox, and a service in the test's hand."""

import asyncio
from pathlib import Path

import pytest

from central.contract import Operation, OperationResult, OperationsAnswer, Receipt, batch_digest
from central.failure import Failure, NoTime, NotOurs, Overloaded, Unreachable
from kiosk.daemon.link import LinkState
from offline_queue.entry import State
from tests.daemon.sender_kit import NOON, Rig, all_are, failure, refusing, settled


@pytest.mark.parametrize("receipt", [Receipt.NEW, Receipt.SEEN])
async def test_what_the_service_holds_is_done(tmp_path: Path, receipt: Receipt) -> None:
    rig = Rig(tmp_path, all_are(receipt))
    rig.owe(3)
    await rig.run_until(settled(rig.outbox))
    assert rig.states() == [State.DONE] * 3
    assert rig.link.state is LinkState.ONLINE


@pytest.mark.parametrize("receipt", [Receipt.CONFLICT, Receipt.REJECTED])
async def test_a_final_no_is_parked_and_never_dropped(tmp_path: Path, receipt: Receipt) -> None:
    rig = Rig(tmp_path, all_are(receipt, "why"))
    rig.owe(2)
    await rig.run_until(settled(rig.outbox))
    assert rig.states() == [State.PARKED] * 2
    assert [one.reason for one in rig.outbox.parked()] == [f"{receipt.value}: why"] * 2


async def test_later_is_later_and_does_not_stop_the_others(tmp_path: Path) -> None:
    def first_later(operations: tuple[Operation, ...], batch_id: str) -> OperationsAnswer:
        results = tuple(
            OperationResult(one.op_id, Receipt.LATER if one.seq == 1 else Receipt.NEW)
            for one in operations
        )
        return OperationsAnswer(batch_id, batch_digest(operations), results)

    rig = Rig(tmp_path, first_later)
    rig.owe(3)
    await rig.run_until(lambda: rig.outbox.counts().waiting == 1)
    assert rig.states() == [State.WAITING, State.DONE, State.DONE]


@pytest.mark.parametrize(
    "trouble",
    [NoTime(), Unreachable("cut"), NotOurs("digest"), Overloaded(0.0)],
)
async def test_a_failure_acknowledges_nothing_and_the_same_ids_are_sent_again(
    tmp_path: Path, trouble: Failure
) -> None:
    rig = Rig(tmp_path, failure(trouble), all_are(Receipt.SEEN))
    rig.owe(2)
    await rig.run_until(settled(rig.outbox))
    assert [one.op_id for one in rig.service.batches[0]] == rig.ids
    sent_again = [one.op_id for batch in rig.service.batches[1:] for one in batch]
    assert sent_again == rig.ids
    assert rig.service.batches[0][0].sha256 == rig.service.batches[1][0].sha256


@pytest.mark.parametrize(("status", "code"), [(400, "malformed"), (413, "too_large")])
async def test_one_bad_operation_is_found_and_parked_and_the_others_arrive(
    tmp_path: Path, status: int, code: str
) -> None:
    def refuse_with_the_bad_one(
        operations: tuple[Operation, ...], batch_id: str
    ) -> OperationsAnswer | Failure:
        if any(one.seq == 5 for one in operations):
            return refusing(status, code)(operations, batch_id)
        return all_are(Receipt.NEW)(operations, batch_id)

    rig = Rig(tmp_path, refuse_with_the_bad_one)
    rig.owe(9)
    await rig.run_until(settled(rig.outbox))
    assert rig.states() == [State.DONE] * 4 + [State.PARKED] + [State.DONE] * 4


async def test_a_line_too_thin_for_the_batch_gets_smaller_ones(tmp_path: Path) -> None:
    def too_slow_for_more_than_ten(
        operations: tuple[Operation, ...], batch_id: str
    ) -> OperationsAnswer | Failure:
        if len(operations) > 10:
            return refusing(408, "body_too_slow")(operations, batch_id)
        return all_are(Receipt.NEW)(operations, batch_id)

    rig = Rig(tmp_path, too_slow_for_more_than_ten)
    rig.owe(40)
    await rig.run_until(lambda: State.DONE in rig.states())
    assert [len(batch) for batch in rig.service.batches[:3]] == [40, 20, 10]
    assert State.PARKED not in rig.states()


async def test_a_revoked_terminal_keeps_what_it_owes(tmp_path: Path) -> None:
    rig = Rig(tmp_path, refusing(403, "terminal_unknown"))
    rig.owe(2)
    await rig.run_until(lambda: len(rig.service.batches) == 1)
    await asyncio.sleep(0)
    assert rig.states() == [State.WAITING] * 2


async def test_nothing_is_sent_into_a_link_that_is_down(tmp_path: Path) -> None:
    rig = Rig(tmp_path, all_are(Receipt.NEW))
    rig.link.failed(Unreachable("x"))
    rig.link.failed(Unreachable("x"))
    rig.owe(1)
    running = asyncio.create_task(rig.sender.run())
    await asyncio.sleep(0.05)
    assert rig.service.batches == []
    rig.link.answered()
    rig.sender.wake()
    async with asyncio.timeout(10):
        while rig.outbox.counts().waiting:
            await asyncio.sleep(0.005)
    running.cancel()


async def test_a_large_backlog_goes_in_growing_batches(tmp_path: Path) -> None:
    rig = Rig(tmp_path, all_are(Receipt.NEW))
    rig.owe(320)
    await rig.run_until(settled(rig.outbox))
    sizes = [len(batch) for batch in rig.service.batches]
    assert sizes == [50, 100, 150, 20]


async def test_what_is_owed_meanwhile_is_sent_when_the_sender_is_woken(tmp_path: Path) -> None:
    rig = Rig(tmp_path, all_are(Receipt.NEW))
    rig.owe(1)

    def wake_when_idle() -> bool:
        if len(rig.ids) == 1 and rig.outbox.counts().waiting == 0:
            rig.owe(1)
            rig.sender.wake()
        return len(rig.ids) == 2 and rig.outbox.counts().waiting == 0

    await rig.run_until(wake_when_idle)
    assert len(rig.service.batches) == 2


@pytest.mark.parametrize(("receipt", "taken"), [(Receipt.NEW, True), (Receipt.REJECTED, False)])
async def test_who_waits_for_an_operation_is_told_what_the_service_said(
    tmp_path: Path, receipt: Receipt, taken: bool
) -> None:
    rig = Rig(tmp_path, all_are(receipt))
    op_id = "019aa000-0000-7000-8000-000000000001"
    waiting = rig.sender.awaited(op_id)
    rig.owe(1)
    await rig.run_until(settled(rig.outbox))
    assert not waiting.done(), "another operation says nothing of this one"
    rig.outbox.put("test", "key", "{}", at=NOON, op_id=op_id)
    await rig.run_until(waiting.done)
    assert waiting.result() is taken
