"""Sends what the terminal owes, whenever the link allows.

The table of what an answer means is that of the queue's design: an operation is done
only when an answer that proved itself says so, parked only when the service said a
final no, and otherwise sent again with the same id.
"""

import asyncio
import logging
import random
import time
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
from kiosk.daemon.link import Link, LinkState
from kiosk.logs import fact
from offline_queue.entry import Deferred, Done, Entry, Parked, Settlement
from offline_queue.outbox import Outbox

FIRST_BATCH = 50
MAX_BATCH_BYTES = 256 * 1024
SEND_WITHIN_S = 10.0
SLOWEST_LINE_BYTES_PER_S = 8_000
"""64 kbit/s: a batch gets the time that it needs on such a line, besides `SEND_WITHIN_S`."""
RETRY_BASE_S = 1.0
RETRY_CAP_S = 300.0
_DOUBLINGS = 10
"""More would pass every cap, and some day the range of a float."""
LATER_S = 30.0
"""How long an operation rests that the service asked to see later, doubled each time."""
LATER_CAP_S = 3600.0
LATER_AT_MOST = 8
"""So often may the service put an operation off: then a person has to look (two hours)."""
REFUSED_AT_SPEED = 3
"""Operations parked in a row, each refused alone: then the service is the trouble (240)."""

_log = logging.getLogger(__name__)

TOO_LARGE = 413
TOO_SLOW = 408
"""The service did not wait for the whole batch: on this line it must be smaller."""
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
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._link = link
        self._audit = audit
        self._spread = spread
        self._monotonic = monotonic
        self._first_contact_within_s = first_contact_within_s
        self._rest_until_s = monotonic() + spread(0.0, first_contact_within_s)
        self._down_since_s: float | None = None
        self._batch = FIRST_BATCH
        self._failures = 0
        self._refused_alone = 0
        self._wake = asyncio.Event()
        self._awaited: dict[str, asyncio.Future[bool]] = {}
        self.sent = 0
        """Operations that the service took since the start."""

    def awaited(self, op_id: str) -> asyncio.Future[bool]:
        """Whether the service took an operation, once it says so. Ask before it is kept."""
        taken: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._awaited[op_id] = taken
        taken.add_done_callback(lambda _: self._awaited.pop(op_id, None))
        return taken

    @property
    def held_by(self) -> str:
        """What keeps it from sending, in a technician's words; "" while nothing does."""
        return self._link.why if self._link.is_down or self._failures else ""

    def wake(self) -> None:
        """There is something new to send. A wait that a failure asked for goes on."""
        self._wake.set()

    def hurry(self) -> None:
        """Staff want it sent now, whatever wait was asked for."""
        self._rest_until_s = 0.0
        self._wake.set()

    def link_changed(self, state: LinkState) -> None:
        """The link changed. What an outage held back is not sent by a whole city at once.

        The wait is at most as long as the outage: a flicker costs nothing.
        """
        now_s = self._monotonic()
        if self._link.is_down:
            if self._down_since_s is None:
                self._down_since_s = now_s
        elif state is LinkState.ONLINE:
            if self._down_since_s is not None:
                outage_s = now_s - self._down_since_s
                within_s = min(self._first_contact_within_s, outage_s)
                self._rest_until_s = now_s + self._spread(0.0, within_s)
                self._down_since_s = None
            self._wake.set()

    async def run(self) -> None:
        """Send until cancelled."""
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
            rest_s = self._rest_until_s - self._monotonic()
            if rest_s > 0.0:
                return rest_s
            entries = await asyncio.to_thread(self._outbox.due, self._batch, MAX_BATCH_BYTES)
            if not entries:
                return await asyncio.to_thread(self._outbox.next_due_in_s)
            operations = tuple(_operation(entry) for entry in entries)
            report = await asyncio.to_thread(self._audit.report) if self._audit else None
            answer = await self._client.send(
                operations,
                batch_id=str(uuid_utils.uuid7()),
                within_s=_within_s(entries),
                audit=report,
            )
            if not isinstance(answer, OperationsAnswer):
                wait_s = await self._after_failure(answer, entries)
                self._rest_until_s = self._monotonic() + wait_s
                continue
            self._link.answered()
            self._failures = self._refused_alone = 0
            self._batch = min(MAX_OPERATIONS, self._batch + FIRST_BATCH)
            settlements = _settlements(answer, entries)
            await asyncio.to_thread(self._outbox.settle, settlements)
            self._tell(settlements)
            if report is not None and self._audit:
                self._audit.confirmed(answer.audit_n)
        return None

    async def _after_failure(self, failure: Failure, entries: Sequence[Entry]) -> float:
        self._link.failed(failure)
        self._failures += 1
        wait_s = self._spread(0.0, min(RETRY_CAP_S, _doubled(RETRY_BASE_S, self._failures)))
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
                    self._refused_alone += 1
                self._batch = max(1, len(entries) // 2)
                return 0.0 if self._refused_alone < REFUSED_AT_SPEED else RETRY_CAP_S
            case Refused(problem) if problem.status == TOO_SLOW:
                self._batch = max(1, len(entries) // 2)
                return wait_s
            case Refused() | NotAdmitted():
                return RETRY_CAP_S
            case Unreachable() | NoTime() | NotOurs() | BadCertificate():
                self._batch = max(1, self._batch // 2)
                return wait_s

    def _tell(self, settlements: Sequence[Settlement]) -> None:
        for one in settlements:
            taken = self._awaited.get(one.op_id)
            if taken is not None and not taken.done() and not isinstance(one, Deferred):
                taken.set_result(isinstance(one, Done))
        done = sum(isinstance(one, Done) for one in settlements)
        parked = [one for one in settlements if isinstance(one, Parked)]
        later = len(settlements) - done - len(parked)
        self.sent += done
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


def _within_s(entries: Sequence[Entry]) -> float:
    size = sum(len(entry.body.encode()) for entry in entries)
    return SEND_WITHIN_S + size / SLOWEST_LINE_BYTES_PER_S


def _doubled(base_s: float, times: int) -> float:
    return base_s * 2.0 ** min(times, _DOUBLINGS)


def _settlements(answer: OperationsAnswer, entries: Sequence[Entry]) -> list[Settlement]:
    """What each result means; there is one for each entry, in the same order."""
    settlements: list[Settlement] = []
    for result, entry in zip(answer.results, entries, strict=True):
        match result.receipt:
            case Receipt.NEW | Receipt.SEEN:
                settlements.append(Done(result.op_id, result.receipt.value))
            case Receipt.CONFLICT | Receipt.REJECTED:
                settlements.append(Parked(result.op_id, f"{result.receipt.value}: {result.reason}"))
            case Receipt.LATER if entry.attempts + 1 >= LATER_AT_MOST:
                tried = f"later, {LATER_AT_MOST} times: {result.reason}"
                settlements.append(Parked(result.op_id, tried))
            case Receipt.LATER:
                wait_s = min(LATER_CAP_S, _doubled(LATER_S, entry.attempts))
                settlements.append(Deferred(result.op_id, wait_s, result.reason))
    return settlements
