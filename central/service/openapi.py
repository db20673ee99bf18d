"""The contract as an OpenAPI 3.1 document, made from the message types themselves."""

from typing import Any

import msgspec

from central.contract import (
    HEADER_TERMINAL,
    PATH_BACKUP,
    PATH_BACKUP_LIST,
    PATH_BACKUP_PART,
    PATH_OPENAPI,
    PATH_OPERATIONS,
    PATH_PING,
    PATH_TICKET,
    PATH_VERIFY,
    TYPE_PROBLEM,
    VERSION,
    BackupListAnswer,
    BackupListRequest,
    BackupPart,
    BackupPartAnswer,
    BackupPartRequest,
    BackupPartTaken,
    DeviceTrouble,
    Message,
    OperationsAnswer,
    OperationsRequest,
    PingAnswer,
    PrintOutcomeReport,
    Problem,
    ProblemCode,
    StaffCalled,
    TicketAnswer,
    TicketRequest,
    VerifyAnswer,
    VerifyLater,
    VerifyRequest,
)

Json = dict[str, Any]

_POSTS: tuple[tuple[str, str, type[Message], type[Message]], ...] = (
    (PATH_VERIFY, "Verify one invoice for a person who waits", VerifyRequest, VerifyAnswer),
    (PATH_OPERATIONS, "Take a batch of owed operations", OperationsRequest, OperationsAnswer),
    (PATH_TICKET, "Say where a ticket stands", TicketRequest, TicketAnswer),
    (PATH_BACKUP, "Keep a part of a terminal's sealed backup", BackupPart, BackupPartTaken),
    (PATH_BACKUP_LIST, "Say which backups are kept", BackupListRequest, BackupListAnswer),
    (PATH_BACKUP_PART, "Give a part of a backup back", BackupPartRequest, BackupPartAnswer),
)
# Bodies of operations travel as text inside `Operation.body`; no path refers to them.
_BODIES: tuple[type[Message], ...] = (VerifyLater, PrintOutcomeReport, StaffCalled, DeviceTrouble)

_TERMINAL: Json = {
    "name": HEADER_TERMINAL,
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9A-Za-z._-]{1,64}$"},
}
_NONCE: Json = {
    "name": "nonce",
    "in": "query",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
}


def document() -> Json:
    """The OpenAPI document, as plain values ready to be written as JSON."""
    messages = [PingAnswer, Problem, *_BODIES]
    for _, _, request, answer in _POSTS:
        messages += [request, answer]
    _, schemas = msgspec.json.schema_components(
        messages, ref_template="#/components/schemas/{name}"
    )
    schemas["ProblemCode"] = {
        "title": "ProblemCode",
        "description": ProblemCode.__doc__,
        "enum": [code.value for code in ProblemCode],
    }
    paths: Json = {
        PATH_PING: {"get": _act("Prove that the service answers", [_NONCE], PingAnswer)},
        PATH_OPENAPI: {
            "get": {
                "summary": "This document",
                "responses": {"200": {"description": "OpenAPI 3.1", "content": _JSON_OBJECT}},
            }
        },
    }
    for path, summary, request, answer in _POSTS:
        act = _act(summary, [_TERMINAL], answer)
        act["requestBody"] = {
            "required": True,
            "description": "May be sent with Content-Encoding: gzip",
            "content": {"application/json": {"schema": _ref(request)}},
        }
        paths[path] = {"post": act}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Central service of invoice terminals", "version": f"{VERSION}.0.0"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


_JSON_OBJECT: Json = {"application/json": {"schema": {"type": "object"}}}


def _ref(message: type[Message]) -> Json:
    return {"$ref": f"#/components/schemas/{message.__name__}"}


def _act(summary: str, parameters: list[Json], answer: type[Message]) -> Json:
    return {
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "The answer",
                "content": {"application/json": {"schema": _ref(answer)}},
            },
            "default": {
                "description": "A problem document; `code` is one of ProblemCode or newer",
                "content": {TYPE_PROBLEM: {"schema": _ref(Problem)}},
            },
        },
    }
