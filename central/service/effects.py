"""What an operation leaves in the tables beside its trace in the inbox."""

from datetime import datetime

from central.contract import (
    DeviceTrouble,
    Operation,
    PrintOutcomeReport,
    StaffCalled,
    VerifyLater,
    encode,
)
from central.contract_orders import OrderEnded
from central.contract_people import CaseOpened, DocumentMailed, IssueRequested
from central.service import applications, cases
from central.service.bodies import Body

Row = dict[str, str | int | float | None]
Effect = tuple[str, Row]
"""A table and its new row. A row that another one refers to comes before it."""


def effects_of(
    terminal: str, operation: Operation, body: Body, received_at: datetime, at: str
) -> list[Effect]:
    """The rows that an operation leaves; `at` is its time as text."""
    about: Row = {"op_id": operation.op_id, "terminal": terminal, "seq": operation.seq, "at": at}
    match body:
        case VerifyLater():
            ask_at = received_at.timestamp()
            return [("tickets", _ticket(terminal, operation, body, ask_at))]
        case CaseOpened():
            first = cases.first_asked_at(operation.at, received_at)
            return [
                ("tickets", _ticket(terminal, operation, body, first.timestamp())),
                (
                    "cases",
                    {
                        "number": body.ticket,
                        "watched_until": cases.watched_until(received_at).isoformat(),
                        "address": body.address or None,
                    },
                ),
            ]
        case IssueRequested():
            application: Row = {
                "number": body.ticket,
                "op_id": operation.op_id,
                "terminal": terminal,
                "secret_sha256": body.secret_sha256,
                "registered_at": at,
                "request": encode(body).decode(),
                "said": encode(applications.first_view(body)).decode(),
                "next_at": received_at.timestamp(),
            }
            return [("applications", application)]
        case DocumentMailed():
            if not body.address:  # this service sends no letters
                return []
            received_s = received_at.timestamp()
            order: Row = {
                "op_id": operation.op_id,
                "terminal": terminal,
                "sealed": body.address,
                "received_at": received_s,
                "letter_at": received_s,
            }
            return [("document_letters", order)]
        case PrintOutcomeReport():
            outcome: Row = {
                **about,
                "slip": body.slip,
                "copy": body.copy,
                "outcome": body.outcome,
                "why": body.why,
            }
            return [("print_outcomes", outcome)]
        case StaffCalled():
            return [("staff_calls", {**about, "situation": body.situation})]
        case DeviceTrouble():
            return [("device_states", {**about, "device": body.device, "state": body.state})]
        case OrderEnded():
            ended: Row = {
                **about,
                "name": body.order,
                "outcome": body.outcome,
                "why": body.why,
            }
            return [("order_outcomes", ended)]


def _ticket(
    terminal: str, operation: Operation, body: VerifyLater | CaseOpened, ask_at: float
) -> Row:
    return {
        "number": body.ticket,
        "op_id": operation.op_id,
        "terminal": terminal,
        "secret_sha256": body.secret_sha256,
        "registered_at": operation.at.isoformat(),
        "reference": encode(body.reference).decode(),
        "next_ask_at": ask_at,
    }
