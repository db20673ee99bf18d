"""Operations of terminals: each is applied once, or it is said why not.

An operation is first examined without the database (`examine`), then recorded
and applied in one transaction (`apply`): after a crash at any moment either both
are there or neither, and the terminal's repetition finds the truth.
"""

import re
import sqlite3
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
            return _too_long(body.slip, body.why)
        case StaffCalled():
            return _too_long(body.situation)
        case DeviceTrouble():
            return _too_long(body.device, body.state)


def _too_long(*texts: str) -> OperationReason | None:
    return (
        OperationReason.FIELD_TOO_LONG
        if any(len(text) > MAX_NAME_CHARS for text in texts)
        else None
    )


def apply(
    connection: sqlite3.Connection,
    terminal: str,
    batch: tuple[Examined, ...],
    received_at: datetime,
) -> tuple[OperationResult, ...]:
    """Records and applies a batch inside the caller's transaction.

    Applied in the order of `seq`, answered in the order of the batch. When an operation
    is refused, those of the same order key that come after it in the batch wait (LATER):
    what a person decides about the first must not be overtaken by the second.
    """
    results: dict[int, OperationResult] = {}
    stopped: set[str] = set()
    by_seq = sorted(range(len(batch)), key=lambda place: batch[place].operation.seq)
    for place in by_seq:
        examined = batch[place]
        result = _apply_one(connection, terminal, examined, received_at, stopped)
        if result.receipt not in (Receipt.NEW, Receipt.SEEN):
            stopped.add(examined.operation.order_key)
        results[place] = result
    return tuple(results[place] for place in range(len(batch)))


def _apply_one(
    connection: sqlite3.Connection,
    terminal: str,
    examined: Examined,
    received_at: datetime,
    stopped: set[str],
) -> OperationResult:
    operation = examined.operation
    if isinstance(examined, Unsound):
        return OperationResult(operation.op_id, Receipt.REJECTED, examined.reason)
    known = connection.execute(
        "SELECT sha256, kind FROM inbox WHERE op_id = ?", (operation.op_id,)
    ).fetchone()
    if known is not None:
        if known == (operation.sha256, operation.kind):
            return OperationResult(operation.op_id, Receipt.SEEN)
        return OperationResult(operation.op_id, Receipt.CONFLICT, OperationReason.OP_ID_REUSED)
    if operation.order_key in stopped:
        return OperationResult(operation.op_id, Receipt.LATER, OperationReason.BEHIND_A_REFUSED_ONE)
    if isinstance(examined.body, VerifyLater) and _ticket_exists(connection, examined.body.ticket):
        return OperationResult(operation.op_id, Receipt.REJECTED, OperationReason.TICKET_EXISTS)
    connection.execute(
        "INSERT INTO inbox (op_id, sha256, kind, terminal, seq, order_key, at, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            operation.op_id,
            operation.sha256,
            operation.kind,
            terminal,
            operation.seq,
            operation.order_key,
            operation.at.isoformat(),
            received_at.isoformat(),
        ),
    )
    _take_effect(connection, terminal, operation, examined.body, received_at)
    return OperationResult(operation.op_id, Receipt.NEW)


def _ticket_exists(connection: sqlite3.Connection, number: str) -> bool:
    row = connection.execute("SELECT 1 FROM tickets WHERE number = ?", (number,)).fetchone()
    return row is not None


def _take_effect(
    connection: sqlite3.Connection,
    terminal: str,
    operation: Operation,
    body: Body,
    received_at: datetime,
) -> None:
    about = (operation.op_id, terminal, operation.seq, operation.at.isoformat())
    match body:
        case VerifyLater():
            connection.execute(
                "INSERT INTO tickets (number, op_id, terminal, secret_sha256, registered_at,"
                " reference, next_ask_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    body.ticket,
                    operation.op_id,
                    terminal,
                    body.secret_sha256,
                    operation.at.isoformat(),
                    encode(body.reference).decode(),
                    received_at.timestamp(),
                ),
            )
        case PrintOutcomeReport():
            connection.execute(
                "INSERT INTO print_outcomes (op_id, terminal, seq, at, slip, copy, outcome, why)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*about, body.slip, body.copy, body.outcome, body.why),
            )
        case StaffCalled():
            connection.execute(
                "INSERT INTO staff_calls (op_id, terminal, seq, at, situation)"
                " VALUES (?, ?, ?, ?, ?)",
                (*about, body.situation),
            )
        case DeviceTrouble():
            connection.execute(
                "INSERT INTO device_states (op_id, terminal, seq, at, device, state)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (*about, body.device, body.state),
            )
