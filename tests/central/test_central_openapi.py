"""The published document is valid and says what the contract says."""

import json
import ssl
from typing import Any
from urllib.request import urlopen

import msgspec
import pytest
from central_kit import AT, REFERENCE, ServiceProcess, printed
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from central import contract, contract_bundles, contract_orders, contract_people, contract_tickets
from central.contract import (
    AuthorityAnswer,
    AuthorityRequest,
    CertificateAnswer,
    CertificateRequest,
    EnrolmentRequest,
    HealthAnswer,
    Message,
    OperationResult,
    OperationsAnswer,
    OperationsRequest,
    PingAnswer,
    Problem,
    ProblemCode,
    Receipt,
    Reference,
    Ruling,
    TicketAnswer,
    TicketRequest,
    TicketState,
    VerifyAnswer,
    VerifyRequest,
    encode,
)
from central.service.app import Service
from central.service.bundles import BundlePaths
from central.service.openapi import document
from central.service.order_paths import OrderPaths
from central.service.people_paths import PeoplePaths
from einvoice.verdict import Source, Verdict

MESSAGES = {
    name: kind
    for name, kind in vars(contract).items()
    if isinstance(kind, type) and issubclass(kind, Message) and kind is not Message
}
RULING = Ruling(Verdict.NORMAL, Source.TAX_SERVICE, AT)
EXAMPLES: tuple[Message, ...] = (
    VerifyRequest("r", Reference.of(REFERENCE)),
    VerifyAnswer("r", REFERENCE.digest, RULING),
    OperationsRequest("b", "0" * 64, (printed(1),)),
    OperationsAnswer("b", "0" * 64, (OperationResult("o", Receipt.NEW),)),
    TicketRequest("r", "SF-1", "s"),
    TicketAnswer("r", "SF-1", TicketState.ANSWERED, AT, Reference.of(REFERENCE), RULING),
    PingAnswer("n", 1, AT),
    HealthAnswer("n", 1, AT),
    AuthorityRequest("0" * 64, "n"),
    AuthorityAnswer("n", "pem", "0" * 64),
    EnrolmentRequest("r", "0" * 16, "03", "pem"),
    CertificateRequest("r", "pem"),
    CertificateAnswer("r", "03", "pem", "pem"),
    Problem("urn:x", "t", 400, ProblemCode.BODY_MALFORMED.value),
)


def test_the_document_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(json.loads(json.dumps(document()))).iter_errors()) == []


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_message_of_the_contract_is_in_it_with_its_fields(name: str) -> None:
    schema = document()["components"]["schemas"][name]
    fields = {f.encode_name for f in msgspec.structs.fields(MESSAGES[name])}
    assert set(schema["properties"]) == fields


def test_it_has_no_schema_that_the_contract_does_not_have() -> None:
    schemas = document()["components"]["schemas"]
    ours = (contract, contract_bundles, contract_orders, contract_people, contract_tickets)
    extra = {name for name in schemas if not any(hasattr(module, name) for module in ours)}
    assert extra == set()


def test_every_path_of_the_contract_is_in_it() -> None:
    modules = (contract, contract_bundles, contract_orders, contract_people)
    ours = {name: value for module in modules for name, value in vars(module).items()}
    paths = {value for name, value in ours.items() if name.startswith("PATH_")}
    # Phones open that one, at another listener; see `central.service.fetching`.
    assert set(document()["paths"]) == paths - {contract_people.PATH_FETCH}


def test_every_path_in_it_is_served() -> None:
    served = {
        (route.method.lower(), route.resource.canonical)
        for route in Service.app(_unserved()).router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    written = {(act, path) for path, acts in document()["paths"].items() for act in acts}
    assert served == written


def _unserved() -> Any:
    """A service whose handlers are never called."""
    nobody: Any = None
    people = PeoplePaths(nobody, nobody, nobody)
    orders = OrderPaths(nobody, nobody, nobody)
    bundles = BundlePaths(nobody, nobody, nobody)
    return Service(
        nobody,
        nobody,
        nobody,
        nobody,
        nobody,
        nobody,
        nobody,
        nobody,
        nobody,
        people,
        orders,
        bundles,
        nobody,
    )


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)
def test_what_is_really_sent_agrees_with_it(message: Message) -> None:
    whole = document()
    reference = {"$ref": f"#/components/schemas/{type(message).__name__}"}
    validator = Draft202012Validator({**reference, "components": whole["components"]})
    assert list(validator.iter_errors(json.loads(encode(message)))) == []
    assert list(validator.iter_errors({"nothing": "of it"})) != []


def test_the_service_gives_it_out(service: ServiceProcess) -> None:
    tls = ssl.create_default_context(cafile=str(service.ca_file))
    with urlopen(service.url + contract.PATH_OPENAPI, context=tls, timeout=20) as answer:  # noqa: S310
        assert json.load(answer) == json.loads(json.dumps(document()))
