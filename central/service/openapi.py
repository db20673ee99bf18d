"""The contract as an OpenAPI 3.1 document, made from the message types themselves."""

from typing import Any

import msgspec

from central.contract import (
    HEADER_INSTANCE,
    HEADER_TERMINAL,
    OPEN_PATHS,
    PATH_AUTHORITY,
    PATH_BACKUP,
    PATH_BACKUP_LIST,
    PATH_BACKUP_PART,
    PATH_CERTIFICATE,
    PATH_ENROLMENT,
    PATH_HEALTH,
    PATH_OPENAPI,
    PATH_OPERATIONS,
    PATH_PING,
    PATH_TICKET,
    PATH_VERIFY,
    TYPE_PROBLEM,
    VERSION,
    AuthorityAnswer,
    AuthorityRequest,
    BackupListAnswer,
    BackupListRequest,
    BackupPart,
    BackupPartAnswer,
    BackupPartRequest,
    BackupPartTaken,
    CertificateAnswer,
    CertificateRequest,
    DeviceTrouble,
    EnrolmentRequest,
    HealthAnswer,
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
from central.contract_bundles import PATH_BUNDLE, BundlePart, BundlePartTaken
from central.contract_orders import (
    PATH_COMMANDS,
    PATH_SETTINGS,
    CommandsAnswer,
    CommandsRequest,
    OrderEnded,
    SettingsAnswer,
    SettingsRequest,
)
from central.contract_people import (
    PATH_COMPANY,
    PATH_DOCUMENT,
    PATH_DOCUMENT_LINK,
    PATH_LOOK_UP,
    PATH_TITLE,
    CaseOpened,
    CompanyAnswer,
    CompanyRequest,
    DocumentAnswer,
    DocumentLinkAnswer,
    DocumentLinkRequest,
    DocumentMailed,
    DocumentRequest,
    IssueRequested,
    LookUpAnswer,
    LookUpRequest,
    TitleAnswer,
    TitleRequest,
)

Json = dict[str, Any]

_POSTS: tuple[tuple[str, str, type[Message], type[Message]], ...] = (
    (PATH_VERIFY, "Verify one invoice for a person who waits", VerifyRequest, VerifyAnswer),
    (PATH_OPERATIONS, "Take a batch of owed operations", OperationsRequest, OperationsAnswer),
    (PATH_TICKET, "Say where a ticket stands", TicketRequest, TicketAnswer),
    (PATH_BACKUP, "Keep a part of a terminal's sealed backup", BackupPart, BackupPartTaken),
    (PATH_BACKUP_LIST, "Say which backups are kept", BackupListRequest, BackupListAnswer),
    (PATH_BACKUP_PART, "Give a part of a backup back", BackupPartRequest, BackupPartAnswer),
    (PATH_BUNDLE, "Keep a part of a terminal's support bundle", BundlePart, BundlePartTaken),
    (PATH_AUTHORITY, "Say whom to trust, to who has a code", AuthorityRequest, AuthorityAnswer),
    (PATH_ENROLMENT, "Give the first certificate, for a code", EnrolmentRequest, CertificateAnswer),
    (
        PATH_LOOK_UP,
        "List the invoices of who shows a number or a code",
        LookUpRequest,
        LookUpAnswer,
    ),
    (PATH_DOCUMENT, "Give the file of somebody's own invoice", DocumentRequest, DocumentAnswer),
    (
        PATH_DOCUMENT_LINK,
        "Give an address at which a phone gets a file",
        DocumentLinkRequest,
        DocumentLinkAnswer,
    ),
    (PATH_TITLE, "Give the title behind a shown code", TitleRequest, TitleAnswer),
    (PATH_COMPANY, "Say on what terms a business may issue", CompanyRequest, CompanyAnswer),
    (PATH_CERTIFICATE, "Give the next certificate", CertificateRequest, CertificateAnswer),
    (PATH_SETTINGS, "Give the newest signed settings", SettingsRequest, SettingsAnswer),
    (PATH_COMMANDS, "Give the signed commands that wait", CommandsRequest, CommandsAnswer),
)
# Bodies of operations travel as text inside `Operation.body`; no path refers to them.
_BODIES: tuple[type[Message], ...] = (
    VerifyLater,
    PrintOutcomeReport,
    StaffCalled,
    DeviceTrouble,
    CaseOpened,
    IssueRequested,
    DocumentMailed,
    OrderEnded,
)

_TERMINAL: Json = {
    "name": HEADER_TERMINAL,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[0-9A-Za-z._-]{1,64}$"},
}
_INSTANCE: Json = {
    "name": HEADER_INSTANCE,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 64},
}
_MUTUAL_TLS = "terminalCertificate"
_NONCE: Json = {
    "name": "nonce",
    "in": "query",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
}


def document() -> Json:
    """The OpenAPI document, as plain values ready to be written as JSON."""
    messages = [PingAnswer, HealthAnswer, Problem, *_BODIES]
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
        PATH_PING: {
            "get": _act(
                "Prove that the service answers this terminal",
                [_NONCE, _TERMINAL, _INSTANCE],
                PingAnswer,
            )
        },
        PATH_HEALTH: {"get": _act("Prove that the service runs", [_NONCE], HealthAnswer)},
        PATH_OPENAPI: {
            "get": {
                "summary": "This document",
                "responses": {"200": {"description": "OpenAPI 3.1", "content": _JSON_OBJECT}},
            }
        },
    }
    for path, summary, request, answer in _POSTS:
        act = _act(summary, [] if path in OPEN_PATHS else [_TERMINAL, _INSTANCE], answer)
        act["requestBody"] = {
            "required": True,
            "description": "May be sent with Content-Encoding: gzip",
            "content": {"application/json": {"schema": _ref(request)}},
        }
        paths[path] = {"post": act}
    for path in OPEN_PATHS:
        for act in paths[path].values():
            act["security"] = []
    return {
        "openapi": "3.1.0",
        "info": {"title": "Central service of invoice terminals", "version": f"{VERSION}.0.0"},
        "security": [{_MUTUAL_TLS: []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                _MUTUAL_TLS: {
                    "type": "mutualTLS",
                    "description": "A certificate from enrolment; it alone says who asks.",
                }
            },
        },
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
