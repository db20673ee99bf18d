"""Bodies of operations: what each kind carries, and what makes one unfit to be taken."""

import re
from collections.abc import Callable

import msgspec

from central.contract import (
    OP_DEVICE_TROUBLE,
    OP_PRINT_OUTCOME,
    OP_STAFF_CALLED,
    OP_VERIFY_LATER,
    DeviceTrouble,
    OperationReason,
    PrintOutcomeReport,
    StaffCalled,
    VerifyLater,
)
from central.contract_orders import OP_ORDER_OUTCOME, OrderEnded, OrderOutcome
from central.contract_people import (
    MAX_ITEMS,
    OP_CASE_OPENED,
    OP_DOCUMENT_MAILED,
    OP_ISSUE_REQUESTED,
    CaseOpened,
    DocumentMailed,
    IssueRequested,
    is_address,
)
from central.contract_people import MAX_NAME_CHARS as PEOPLE_NAME_CHARS
from einvoice.verdict import Verdict

Body = (
    VerifyLater
    | PrintOutcomeReport
    | StaffCalled
    | DeviceTrouble
    | CaseOpened
    | IssueRequested
    | DocumentMailed
    | OrderEnded
)
Promise = VerifyLater | CaseOpened | IssueRequested
"""Bodies that give a ticket."""

BODIES: dict[str, msgspec.json.Decoder[Body]] = {
    OP_VERIFY_LATER: msgspec.json.Decoder(VerifyLater),
    OP_PRINT_OUTCOME: msgspec.json.Decoder(PrintOutcomeReport),
    OP_STAFF_CALLED: msgspec.json.Decoder(StaffCalled),
    OP_DEVICE_TROUBLE: msgspec.json.Decoder(DeviceTrouble),
    OP_CASE_OPENED: msgspec.json.Decoder(CaseOpened),
    OP_ISSUE_REQUESTED: msgspec.json.Decoder(IssueRequested),
    OP_DOCUMENT_MAILED: msgspec.json.Decoder(DocumentMailed),
    OP_ORDER_OUTCOME: msgspec.json.Decoder(OrderEnded),
}

MAY_BE_WATCHED = frozenset({Verdict.NOT_FOUND, Verdict.NOT_YET})
"""不一致 is not among them: the same fields will differ from the same record tomorrow."""

Seal = Callable[[str, str], str]
"""Seals a text for the ticket, or the operation, that is named second."""

NUL = "\0"
"""PostgreSQL keeps every character but this one."""
MAX_YUAN = 10**9
MAX_NAME_CHARS = 128
"""Characters of an order key, a slip number, a cause, a device or a state."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TICKET = re.compile(r"[0-9A-Za-z-]{1,32}")
_OUTCOMES = frozenset({"proven", "failed", "unknown"})
_ORDER_OUTCOMES = frozenset(OrderOutcome)


def fault(body: Body) -> OperationReason | None:
    """Why a body of the right shape can still not be taken."""
    match body:
        case VerifyLater():
            return _promise_fault(body)
        case CaseOpened():
            if body.verdict not in MAY_BE_WATCHED:
                return OperationReason.CASE_NOT_OPEN_TO_WATCH
            if body.address and not is_address(body.address):
                return OperationReason.ADDRESS_MALFORMED
            return _promise_fault(body)
        case IssueRequested():
            if not _is_sound_application(body):
                return OperationReason.APPLICATION_MALFORMED
            return _promise_fault(body)
        case DocumentMailed():
            if not is_address(body.address):
                return OperationReason.ADDRESS_MALFORMED
            return _unfit(body.token) if body.token else OperationReason.BODY_MALFORMED
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
        case OrderEnded():
            if body.outcome not in _ORDER_OUTCOMES:
                return OperationReason.OUTCOME_UNKNOWN
            return _unfit(body.order, body.why)


def sealed(body: Body, op_id: str, seal: Seal | None) -> Body:
    """The body as it may lie in the database; without a seal, no address is kept at all."""
    match body:
        case CaseOpened() if body.address:
            address = "" if seal is None else seal(body.address, body.ticket)
            return msgspec.structs.replace(body, address=address)
        case DocumentMailed():
            # The token opens the file: both lie in the place of the address.
            whole = msgspec.json.encode(body).decode()
            return DocumentMailed("", "" if seal is None else seal(whole, op_id))
        case _:
            return body


def _is_sound_application(body: IssueRequested) -> bool:
    """Whether it can be judged at all. Whether it is granted, the register and the bureau say."""
    title = body.title
    texts = (title.name, title.tax_id, title.address, title.phone, title.bank, title.account)
    fits = all(len(text) <= PEOPLE_NAME_CHARS and NUL not in text for text in texts)
    amounts = (one.total_with_tax for one in body.items)
    return (
        bool(title.name)
        and fits
        and 1 <= len(body.items) <= MAX_ITEMS
        and len(body.seller_tax_id) <= MAX_NAME_CHARS
        and all(len(one.item) <= MAX_NAME_CHARS for one in body.items)
        and all(a.is_finite() and 0 < a < MAX_YUAN and a == round(a, 2) for a in amounts)
    )


def _promise_fault(body: Promise) -> OperationReason | None:
    if _TICKET.fullmatch(body.ticket) is None:
        return OperationReason.TICKET_MALFORMED
    if _SHA256.fullmatch(body.secret_sha256) is None:
        return OperationReason.SECRET_SHA256_MALFORMED
    return None


def _unfit(*texts: str) -> OperationReason | None:
    if any(len(text) > MAX_NAME_CHARS for text in texts):
        return OperationReason.FIELD_TOO_LONG
    return OperationReason.BODY_MALFORMED if any(NUL in text for text in texts) else None
