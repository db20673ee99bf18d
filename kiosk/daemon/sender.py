"""Sends what the terminal owes, whenever the link allows.

The table of what an answer means is that of the queue's design: an operation is done
only when an answer that proved itself says so, parked only when the service said a
final no, and otherwise sent again with the same id.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence

import uuid_utils

from central.client import CentralClient
from central.contract import MAX_OPERATIONS, Operation, OperationsAnswer, Receipt
from central.failure import (
    BadCertificate,
    Failure,
    NotAdmitted,
    NoTime,
    NotOurs,
    Overloaded,
    Refused,
    Unreachable,
)
from kiosk.daemon.acts import OperationParked
from kiosk.daemon.audit import Audit
from kiosk.daemon.link import Link
from kiosk.logs import fact
from offline_queue.entry import Deferred, Done, Entry, Parked, Settlement
from offline_queue.outbox import Outbox

FIRST_BATCH = 50
MAX_BATCH_BYTES = 256 * 1024
SEND_WITHIN_S = 10.0
RETRY_BASE_S = 1.0
RETRY_CAP_S = 300.0
LATER_S = 30.0
"""How long an operation rests that the service asked to see later."""

_log = logging.getLogger(__name__)

TOO_LARGE = 413
WHOLE_BATCH_REFUSED = frozenset({400, 404, 405, 422})


class Sender:
    """Drains the outbox: one batch in flight, its size found by additive growth and halving."""

    def __init__(
        self,
        outbox: Outbox,
        client: CentralClient,
        link: Link,
        *,
        audit: Audit | None = None,
        first_contact_within_s: float = 0.0,
        spread: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._link = link
        self._audit = audit
        self._spread = spread
        self._first_wait_s = spread(0.0, first_contact_within_s)
        self._batch = FIRST_BATCH
        self._failures = 0
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There is something new to send, or the link came back."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled."""
        await asyncio.sleep(self._first_wait_s)
        while True:
            self._wake.clear()
            wait_s = await self._send_what_is_due()
            try:
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _send_what_is_due(self) -> float | None:
        """Send all batches that are due; the seconds until it is worth looking again."""
        while not self._link.is_down:
            entries = await asyncio.to_thread(self._outbox.due, self._batch, MAX_BATCH_BYTES)
            if not entries:
                return await asyncio.to_thread(self._outbox.next_due_in_s)
            operations = tuple(_operation(entry) for entry in entries)
            report = await asyncio.to_thread(self._audit.report) if self._audit else None
            answer = await self._client.send(
                operations,
                batch_id=str(uuid_utils.uuid7()),
                within_s=SEND_WITHIN_S,
                audit=report,
            )
            if not isinstance(answer, OperationsAnswer):
                return await self._after_failure(answer, entries)
            self._link.answered()
            self._failures = 0
            self._batch = min(MAX_OPERATIONS, self._batch + FIRST_BATCH)
            settlements = _settlements(answer)
            await asyncio.to_thread(self._outbox.settle, settlements)
            self._tell(settlements)
            if report is not None and self._audit:
                self._audit.confirmed(answer.audit_n)
        return None

    async def _after_failure(self, failure: Failure, entries: Sequence[Entry]) -> float:
        self._link.failed(failure)
        self._failures += 1
        wait_s = self._spread(0.0, min(RETRY_CAP_S, RETRY_BASE_S * 2.0**self._failures))
        match failure:
            case Overloaded(retry_after_s):
                self._batch = max(1, self._batch // 2)
                return max(wait_s, retry_after_s)
            case Refused(problem) if problem.status == TOO_LARGE or (
                problem.status in WHOLE_BATCH_REFUSED
            ):
                # One operation of the batch is the trouble: halve until it stands alone.
                if len(entries) == 1:
                    parked = Parked(entries[0].op_id, problem.code)
                    await asyncio.to_thread(self._outbox.settle, [parked])
                    self._tell([parked])
                self._batch = max(1, len(entries) // 2)
                return 0.0
            case Refused() | NotAdmitted():
                return RETRY_CAP_S
            case Unreachable() | NoTime() | NotOurs() | BadCertificate():
                self._batch = max(1, self._batch // 2)
                return wait_s

    def _tell(self, settlements: Sequence[Settlement]) -> None:
        done = sum(isinstance(one, Done) for one in settlements)
        parked = [one for one in settlements if isinstance(one, Parked)]
        later = len(settlements) - done - len(parked)
        fact(_log, "batch.settled", done=done, parked=len(parked), later=later)
        for one in parked:
            fact(_log, "operation.parked", op_id=one.op_id, why=one.reason.replace(" ", "_"))
            if self._audit:
                self._audit.note(OperationParked(one.op_id, one.reason))


def _operation(entry: Entry) -> Operation:
    return Operation(
        seq=entry.seq,
        op_id=entry.op_id,
        kind=entry.kind,
        order_key=entry.order_key,
        at=entry.at,
        body=entry.body,
        sha256=entry.sha256,
    )


def _settlements(answer: OperationsAnswer) -> list[Settlement]:
    settlements: list[Settlement] = []
    for result in answer.results:
        match result.receipt:
            case Receipt.NEW | Receipt.SEEN:
                settlements.append(Done(result.op_id, result.receipt.value))
            case Receipt.CONFLICT | Receipt.REJECTED:
                settlements.append(Parked(result.op_id, f"{result.receipt.value}: {result.reason}"))
            case Receipt.LATER:
                settlements.append(Deferred(result.op_id, LATER_S, result.reason))
    return settlements
