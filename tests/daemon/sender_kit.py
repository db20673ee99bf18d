"""A sender with a real outbox, and a service and a clock in the test's hand."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from central.contract import (
    AuditReport,
    Operation,
    OperationResult,
    OperationsAnswer,
    Problem,
    Receipt,
    batch_digest,
)
from central.failure import Failure, Refused
from kiosk.clock import BEIJING, SystemClock
from kiosk.daemon.link import Link
from kiosk.daemon.opening import open_queue
from kiosk.daemon.sender import Sender
from offline_queue.entry import State
from offline_queue.outbox import Outbox

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)
Reply = Callable[[tuple[Operation, ...], str], OperationsAnswer | Failure]


def all_are(receipt: Receipt, reason: str = "") -> Reply:
    def reply(operations: tuple[Operation, ...], batch_id: str) -> OperationsAnswer:
        results = tuple(OperationResult(one.op_id, receipt, reason) for one in operations)
        return OperationsAnswer(batch_id, batch_digest(operations), results)

    return reply


def failure(value: Failure) -> Reply:
    return lambda _operations, _batch: value


def refusing(status: int, code: str) -> Reply:
    return failure(Refused(Problem(type="x", title="x", status=status, code=code)))


class ScriptedService:
    """Replies from a list; the last reply goes on for ever."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.batches: list[tuple[Operation, ...]] = []
        self.deadlines_s: list[float] = []

    async def send(
        self,
        operations: tuple[Operation, ...],
        *,
        batch_id: str,
        within_s: float,
        audit: AuditReport | None,
    ) -> OperationsAnswer | Failure:
        self.deadlines_s.append(within_s)
        self.batches.append(operations)
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        return reply(operations, batch_id)


class Hand:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.at_s = 1_000.0

    def __call__(self) -> float:
        return self.at_s


Spread = Callable[[float, float], float]


def shortest(low: float, _high: float) -> float:
    """Nobody waits in a test."""
    return low


def longest(_low: float, high: float) -> float:
    return high


class Rig:
    def __init__(
        self, folder: Path, *replies: Reply, spread: Spread = shortest, first_contact_s: float = 0
    ) -> None:
        _, self.outbox = open_queue(folder)
        self.service = ScriptedService(*replies)
        self.link = Link(SystemClock(), probe_up_s=10, probe_down_s=15, on_change=lambda _: None)
        self.clock = Hand()
        self.sender = Sender(
            self.outbox,
            self.service,  # type: ignore[arg-type]  # a stand-in with the one call that is used
            self.link,
            first_contact_within_s=first_contact_s,
            spread=spread,
            monotonic=self.clock,
        )
        self.ids: list[str] = []

    def owe(self, count: int) -> None:
        for number in range(count):
            entry = self.outbox.put("test", f"key-{number}", f'{{"n":{number}}}', at=NOON)
            self.ids.append(entry.op_id)

    def states(self) -> list[State | None]:
        return [self.outbox.state_of(op_id) for op_id in self.ids]

    async def run_until(self, condition: Callable[[], bool]) -> None:
        running = asyncio.create_task(self.sender.run())
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.005)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def settled(outbox: Outbox) -> Callable[[], bool]:
    return lambda: outbox.counts().waiting == 0
