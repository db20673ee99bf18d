"""Does what staff ask of the queue: look, send, send again, set aside."""

import asyncio
from collections.abc import Callable
from typing import Protocol, assert_never

from kiosk import queue_messages as q
from kiosk import staff_messages as s
from kiosk.daemon import acts
from kiosk.daemon.audit import Audit
from offline_queue.entry import Counts, Parked, Standing, State
from offline_queue.errors import UnknownOperation
from offline_queue.outbox import Outbox

PARKED_BY_STAFF = "staff"
"""Why an operation is parked that nothing was wrong with."""
AT_ONCE = 10_000
"""Operations that one act may change; whoever has more asks again."""


class Sends(Protocol):
    """Sends what is due: `kiosk.daemon.sender.Sender`."""

    @property
    def sent(self) -> int:
        """Operations that the service took since the start."""
        ...

    @property
    def held_by(self) -> str:
        """What keeps it from sending; "" while nothing does."""
        ...

    def hurry(self) -> None:
        """Send now."""
        ...


class QueueDesk:
    """Answers technicians. Every change that they make stands in the audit."""

    def __init__(self, outbox: Outbox, sender: Sends, audit: Audit) -> None:
        self._outbox = outbox
        self._sender = sender
        self._audit = audit
        self._drain_from: tuple[int, Counts] | None = None

    async def answer(self, asked: s.QueueAsk) -> s.StaffAnswer:
        """Do it, and say how that went.

        Raises:
            OutboxError: it could not be done.
        """
        try:
            match asked:
                case s.AskQueue(limit):
                    return await asyncio.to_thread(self._queue, limit)
                case s.AskOperation(op_id):
                    return await asyncio.to_thread(self._operation, op_id)
                case s.RetryOperation(op_id):
                    act = acts.OperationReplayed(op_id)
                    return await self._change(self._outbox.replay, op_id, act)
                case s.ReleaseKey(op_id):
                    act = acts.KeyReleased(op_id)
                    return await self._change(self._outbox.release_key, op_id, act)
                case s.ParkOperation(op_id):
                    return await self._park(op_id)
                case q.RetryMatching(kind, reason):
                    return await self._retry_all(kind, reason)
                case q.ParkMatching(kind):
                    return await self._park_all(kind)
                case s.Drain():
                    self._drain_from = self._sender.sent, self._outbox.counts()
                    await asyncio.to_thread(self._outbox.hurry)
                    self._sender.hurry()
                    return s.Acted()
                case _:
                    assert_never(asked)
        except UnknownOperation:
            return s.NotDone("no such operation")

    def _queue(self, limit: int) -> s.QueueShown:
        counts = self._outbox.counts()
        refusals = tuple(
            s.RefusalLine(one.because, one.count, one.first_at, one.last_at)
            for one in self._outbox.refusals()
        )
        lines = tuple(line_of(one) for one in self._outbox.standings(limit))
        return s.QueueShown(counts.waiting, counts.parked, lines, refusals, self._drain(counts))

    def _drain(self, counts: Counts) -> q.DrainStand | None:
        if self._drain_from is None:
            return None
        sent_before, before = self._drain_from
        return q.DrainStand(
            sent=self._sender.sent - sent_before,
            parked=max(0, counts.parked - before.parked),
            waiting=counts.waiting,
            held_by=self._sender.held_by if counts.waiting else "",
        )

    def _operation(self, op_id: str) -> s.OperationShown | s.NotDone:
        standing = self._outbox.standing(op_id)
        if standing is None:
            return s.NotDone("no such operation")
        return s.OperationShown(line_of(standing))

    async def _change(self, change: Callable[[str], None], op_id: str, act: acts.Act) -> s.Acted:
        await asyncio.to_thread(change, op_id)
        self._audit.note(act)
        self._sender.hurry()
        return s.Acted()

    async def _retry_all(self, kind: str, reason: str) -> s.Acted:
        parked = await asyncio.to_thread(self._outbox.parked)
        wanted = [
            one.op_id for one in parked if kind in ("", one.kind) and reason in ("", one.reason)
        ][:AT_ONCE]
        for op_id in wanted:
            await asyncio.to_thread(self._outbox.replay, op_id)
            self._audit.note(acts.OperationReplayed(op_id))
        if wanted:
            self._sender.hurry()
        return s.Acted(f"{len(wanted)} of {len(parked)} parked")

    async def _park(self, op_id: str) -> s.Acted | s.NotDone:
        state = await asyncio.to_thread(self._outbox.state_of, op_id)
        if state is not State.WAITING:
            return s.NotDone("no such operation" if state is None else f"it is {_word(state)}")
        await asyncio.to_thread(self._outbox.settle, [Parked(op_id, PARKED_BY_STAFF)])
        self._audit.note(acts.OperationParked(op_id, PARKED_BY_STAFF))
        return s.Acted()

    async def _park_all(self, kind: str) -> s.Acted:
        standings = await asyncio.to_thread(self._outbox.standings, AT_ONCE)
        waiting = [one for one in standings if one.state is State.WAITING]
        wanted = [one.op_id for one in waiting if one.kind == kind]
        await asyncio.to_thread(
            self._outbox.settle, [Parked(op_id, PARKED_BY_STAFF) for op_id in wanted]
        )
        for op_id in wanted:
            self._audit.note(acts.OperationParked(op_id, PARKED_BY_STAFF))
        return s.Acted(f"{len(wanted)} of {len(waiting)} waiting")


def line_of(standing: Standing) -> s.OperationLine:
    """One operation as staff see it."""
    return s.OperationLine(
        seq=standing.seq,
        op_id=standing.op_id,
        kind=standing.kind,
        order_key=standing.order_key,
        at=standing.at,
        state=_word(standing.state),
        attempts=standing.attempts,
        reason=standing.reason,
        holds_key=standing.holds_key,
    )


def _word(state: State) -> str:
    return state.name.lower()
