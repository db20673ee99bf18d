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

from central.contract import (
    OP_DEVICE_TROUBLE,
    OP_PRINT_OUTCOME,
    OP_STAFF_CALLED,
    OP_VERIFY_LATER,
    DeviceTrouble,
    Operation,
    OperationReason,
    OperationResult,
    PrintOutcomeReport,
    Receipt,
    StaffCalled,
    VerifyLater,
    encode,
    sha256_hex,
)
from central.service.store import Connection

Body = VerifyLater | PrintOutcomeReport | StaffCalled | DeviceTrouble

_BODIES: dict[str, msgspec.json.Decoder[Body]] = {
    OP_VERIFY_LATER: msgspec.json.Decoder(VerifyLater),
    OP_PRINT_OUTCOME: msgspec.json.Decoder(PrintOutcomeReport),
    OP_STAFF_CALLED: msgspec.json.Decoder(StaffCalled),
    OP_DEVICE_TROUBLE: msgspec.json.Decoder(DeviceTrouble),
}
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TICKET = re.compile(r"[0-9A-Za-z-]{1,32}")
_OUTCOMES = frozenset({"proven", "failed", "unknown"})

NUL = "\0"
"""PostgreSQL keeps every character but this one."""
MAX_OPERATION_BODY_BYTES = 16 * 1024
MAX_NAME_CHARS = 128
"""Characters of an order key, a slip number, a cause, a device or a state."""


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


def examine(operation: Operation) -> Examined:
    """Judges one operation by itself: form, digest, kind and body."""
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
    decoder = _BODIES.get(operation.kind)
    if decoder is None:
        return Unsound(operation, OperationReason.KIND_UNKNOWN)
    try:
        body = decoder.decode(operation.body)
    except msgspec.DecodeError:  # malformed JSON, or a field of the wrong kind
        return Unsound(operation, OperationReason.BODY_MALFORMED)
    reason = _fault(body)
    return Sound(operation, body) if reason is None else Unsound(operation, reason)


def _fault(body: Body) -> OperationReason | None:
    """Why a body of the right shape can still not be taken."""
    match body:
        case VerifyLater():
            if _TICKET.fullmatch(body.ticket) is None:
                return OperationReason.TICKET_MALFORMED
            if _SHA256.fullmatch(body.secret_sha256) is None:
                return OperationReason.SECRET_SHA256_MALFORMED
            return None
        case PrintOutcomeReport():
            if body.outcome not in _OUTCOMES:
                return OperationReason.OUTCOME_UNKNOWN
            if not 0 <= body.copy < 1 << 31:
                return OperationReason.COPY_OUT_OF_RANGE
            return _unfit(body.slip, body.why)
        case StaffCalled():
            return _unfit(body.situation)
        case DeviceTrouble():
            return _unfit(body.device, body.state)


def _unfit(*texts: str) -> OperationReason | None:
    if any(len(text) > MAX_NAME_CHARS for text in texts):
        return OperationReason.FIELD_TOO_LONG
    return OperationReason.BODY_MALFORMED if any(NUL in text for text in texts) else None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one terminal sent in one request."""

    terminal: str
    operations: tuple[Examined, ...]
    received_at: datetime


Row = dict[str, str | int | float | None]
Results = tuple[OperationResult, ...]


def apply_all(connection: Connection, batches: Sequence[Batch]) -> list[Results]:
    """Records and applies batches inside the caller's transaction, one after the other.

    Each is applied in the order of `seq`, answered in the order it came in. When an operation
    is refused, those of the same order key that come after it in the batch wait (LATER):
    what a person decides about the first must not be overtaken by the second.
    """
    sound = [o for batch in batches for o in batch.operations if isinstance(o, Sound)]
    given = _given(connection, [o.body.ticket for o in sound if isinstance(o.body, VerifyLater)])
    # Nearly always nothing was sent before: then it need not be looked up, the insert shows it.
    new = _New({}, given)
    results = [_apply(new, batch) for batch in batches]
    if new.count == len(sound):
        connection.execute("SAVEPOINT fresh")
        if new.record(connection):
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
    if isinstance(examined.body, VerifyLater) and examined.body.ticket in new.tickets:
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
        if isinstance(body, VerifyLater):
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
        table, row = _effect(batch, operation, body, at)
        self._effects.setdefault(table, []).append(row)

    def record(self, connection: Connection) -> bool:
        """Whether none of them was there already; effects are only taken then."""
        if connection.insert("inbox", self._inbox) < self.count:
            return False
        # A repetition from before the inbox forgot it finds its effect there: it stays as it is.
        for table, rows in self._effects.items():
            connection.insert(table, rows)
        return True


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
    rows = connection.execute(
        f"SELECT number FROM tickets WHERE {condition}",  # noqa: S608  # ours
        (parameter,),
    )
    return {number for (number,) in rows}


def _effect(batch: Batch, operation: Operation, body: Body, at: str) -> tuple[str, Row]:
    """The one row that an operation leaves beside its trace in the inbox, and its table."""
    about: Row = {
        "op_id": operation.op_id,
        "terminal": batch.terminal,
        "seq": operation.seq,
        "at": at,
    }
    match body:
        case VerifyLater():
            return "tickets", {
                "number": body.ticket,
                "op_id": operation.op_id,
                "terminal": batch.terminal,
                "secret_sha256": body.secret_sha256,
                "registered_at": at,
                "reference": encode(body.reference).decode(),
                "next_ask_at": batch.received_at.timestamp(),
            }
        case PrintOutcomeReport():
            return "print_outcomes", {
                **about,
                "slip": body.slip,
                "copy": body.copy,
                "outcome": body.outcome,
                "why": body.why,
            }
        case StaffCalled():
            return "staff_calls", {**about, "situation": body.situation}
        case DeviceTrouble():
            return "device_states", {**about, "device": body.device, "state": body.state}
