"""Operations of terminals: each is applied once, or it is said why not.

An operation is first examined without the database (`examine`), then recorded
and applied in one transaction (`apply_all`): after a crash at any moment either both
are there or neither, and the terminal's repetition finds the truth.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from central.contract import Operation, OperationReason, OperationResult, Receipt, sha256_hex
from central.service.bodies import BODIES, MAX_NAME_CHARS, NUL, Body, Promise, Seal, fault, sealed
from central.service.effects import Row, effects_of
from central.service.store import Connection

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MAX_OPERATION_BODY_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Sound:
    """An operation that can be applied, with its body read."""

    operation: Operation
    body: Body


@dataclass(frozen=True, slots=True)
class Unsound:
    """An operation that can never be applied, and why."""

    operation: Operation
    reason: OperationReason


Examined = Sound | Unsound


def examine(operation: Operation, seal: Seal | None = None) -> Examined:
    """Judges one operation by itself: form, digest, kind and body.

    Args:
        operation: as it came.
        seal: what an address is sealed with; without it, this service sends no letters and
            keeps no address.
    """
    if _UUID7.fullmatch(operation.op_id) is None:
        return Unsound(operation, OperationReason.OP_ID_MALFORMED)
    if operation.seq < 0 or operation.seq >= 1 << 63:
        return Unsound(operation, OperationReason.SEQ_OUT_OF_RANGE)
    if len(operation.order_key) > MAX_NAME_CHARS:
        return Unsound(operation, OperationReason.ORDER_KEY_TOO_LONG)
    if NUL in operation.order_key:
        return Unsound(operation, OperationReason.ORDER_KEY_MALFORMED)
    if len(operation.body.encode()) > MAX_OPERATION_BODY_BYTES:
        return Unsound(operation, OperationReason.BODY_TOO_LONG)
    if operation.sha256 != sha256_hex(operation.body):
        return Unsound(operation, OperationReason.SHA256_MISMATCH)
    decoder = BODIES.get(operation.kind)
    if decoder is None:
        return Unsound(operation, OperationReason.KIND_UNKNOWN)
    try:
        body = decoder.decode(operation.body)
    except msgspec.DecodeError:  # malformed JSON, or a field of the wrong kind
        return Unsound(operation, OperationReason.BODY_MALFORMED)
    reason = fault(body)
    if reason is not None:
        return Unsound(operation, reason)
    return Sound(operation, sealed(body, operation.op_id, seal))


@dataclass(frozen=True, slots=True)
class Batch:
    """What one terminal sent in one request."""

    terminal: str
    operations: tuple[Examined, ...]
    received_at: datetime


Results = tuple[OperationResult, ...]


def apply_all(connection: Connection, batches: Sequence[Batch]) -> list[Results]:
    """Records and applies batches inside the caller's transaction, one after the other.

    Each is applied in the order of `seq`, answered in the order it came in. When an operation
    is refused, those of the same order key that come after it in the batch wait (LATER):
    what a person decides about the first must not be overtaken by the second.
    """
    sound = [o for batch in batches for o in batch.operations if isinstance(o, Sound)]
    given = _given(connection, [o.body.ticket for o in sound if isinstance(o.body, Promise)])
    # Nearly always nothing was sent before: then it need not be looked up, the insert shows it.
    new = _New({}, given)
    results = [_apply(new, batch) for batch in batches]
    if new.count == len(sound):
        connection.execute("SAVEPOINT fresh")
        if new.record_fresh(connection):
            connection.execute("RELEASE SAVEPOINT fresh")
            return results
        connection.execute("ROLLBACK TO SAVEPOINT fresh")
        connection.execute("RELEASE SAVEPOINT fresh")
    new = _New(_known(connection, [o.operation.op_id for o in sound]), given)
    results = [_apply(new, batch) for batch in batches]
    new.record(connection)
    return results


def apply(
    connection: Connection,
    terminal: str,
    operations: tuple[Examined, ...],
    received_at: datetime,
) -> Results:
    """As `apply_all`, for one batch."""
    return apply_all(connection, (Batch(terminal, operations, received_at),))[0]


def _apply(new: "_New", batch: Batch) -> Results:
    results: dict[int, OperationResult] = {}
    stopped: set[str] = set()
    operations = batch.operations
    received_at = batch.received_at.isoformat()
    for place in sorted(range(len(operations)), key=lambda p: operations[p].operation.seq):
        examined = operations[place]
        receipt, reason = _decide(new, examined, stopped)
        if receipt is Receipt.NEW and isinstance(examined, Sound):
            new.add(batch, examined, received_at)
        elif receipt is not Receipt.SEEN:
            stopped.add(examined.operation.order_key)
        results[place] = OperationResult(examined.operation.op_id, receipt, reason)
    return tuple(results[place] for place in range(len(operations)))


def _decide(new: "_New", examined: Examined, stopped: set[str]) -> tuple[Receipt, str]:
    operation = examined.operation
    if isinstance(examined, Unsound):
        return Receipt.REJECTED, examined.reason
    known = new.known.get(operation.op_id)
    if known is not None:
        if known == (operation.sha256, operation.kind):
            return Receipt.SEEN, ""
        return Receipt.CONFLICT, OperationReason.OP_ID_REUSED
    if operation.order_key in stopped:
        return Receipt.LATER, OperationReason.BEHIND_A_REFUSED_ONE
    if isinstance(examined.body, Promise) and examined.body.ticket in new.tickets:
        return Receipt.REJECTED, OperationReason.TICKET_EXISTS
    return Receipt.NEW, ""


class _New:
    """What batches bring, against what was there; written at once.

    Attributes:
        known: digest and kind of each operation that was applied, by its id.
        tickets: numbers that are given.
    """

    def __init__(self, known: dict[str, tuple[str, str]], tickets: set[str]) -> None:
        self.known = known
        self.tickets = set(tickets)
        self._inbox: list[Row] = []
        self._effects: dict[str, list[Row]] = {}

    @property
    def count(self) -> int:
        """Operations that are to be recorded."""
        return len(self._inbox)

    def add(self, batch: Batch, examined: Sound, received_at: str) -> None:
        operation, body = examined.operation, examined.body
        at = operation.at.isoformat()
        self.known[operation.op_id] = (operation.sha256, operation.kind)
        if isinstance(body, Promise):
            self.tickets.add(body.ticket)
        self._inbox.append(
            {
                "op_id": operation.op_id,
                "sha256": operation.sha256,
                "kind": operation.kind,
                "terminal": batch.terminal,
                "seq": operation.seq,
                "order_key": operation.order_key,
                "at": at,
                "received_at": received_at,
            }
        )
        for table, row in effects_of(batch.terminal, operation, body, batch.received_at, at):
            self._effects.setdefault(table, []).append(row)

    def record_fresh(self, connection: Connection) -> bool:
        """Whether nothing of it was there already; else to be undone, and done with `record`."""
        return connection.insert_new("inbox", self._inbox) and all(
            connection.insert_new(table, rows) for table, rows in self._effects.items()
        )

    def record(self, connection: Connection) -> None:
        """For what was looked up before."""
        connection.insert("inbox", self._inbox)
        # A repetition from before the inbox forgot it finds its effect there: it stays as it is.
        for table, rows in self._effects.items():
            connection.insert(table, rows)


def _known(connection: Connection, op_ids: list[str]) -> dict[str, tuple[str, str]]:
    if not op_ids:
        return {}
    condition, parameter = connection.among("op_id", op_ids)
    rows = connection.execute(
        f"SELECT op_id, sha256, kind FROM inbox WHERE {condition}",  # noqa: S608  # ours
        (parameter,),
    )
    return {op_id: (sha256, kind) for op_id, sha256, kind in rows}


def _given(connection: Connection, numbers: list[str]) -> set[str]:
    if not numbers:
        return set()
    condition, parameter = connection.among("number", numbers)
    given: set[str] = set()
    for table in ("tickets", "applications"):
        rows = connection.execute(
            f"SELECT number FROM {table} WHERE {condition}",  # noqa: S608  # ours
            (parameter,),
        )
        given |= {number for (number,) in rows}
    return given
