"""What a terminal does not believe of an answer about a person's own things."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from central_kit import REFERENCE

from central.client_people import M, PeopleClient
from central.contract import Message
from central.contract_people import (
    MAX_DOCUMENT_BYTES,
    CompanyAnswer,
    DocumentAnswer,
    DocumentLinkAnswer,
    Form,
    FoundInvoice,
    IssuingTerms,
    LookUpAnswer,
    LookUpBy,
    Outcome,
    Title,
    TitleAnswer,
)
from central.failure import Failure, NoTime, NotOurs
from einvoice.kinds import Kind

FILE = b"%PDF-1.7 made up"
DIGEST = sha256(FILE).hexdigest()
FOUND = (FoundInvoice("T", "26112000000000770001"),)
UNTIL = datetime(2026, 11, 24, 12, tzinfo=UTC)
TAX_ID = "91110108YX000001XA"
TERMS = IssuingTerms(
    "91110108YX000002XB", "示例", (Kind.DIGITAL_ORDINARY,), (), Decimal(1), Decimal(1), UNTIL
)

Asked = Callable[[PeopleClient], Awaitable[Message | Failure]]


def orders(client: PeopleClient) -> Awaitable[Message | Failure]:
    return client.look_up(LookUpBy.ORDER, "300000000001")


def files(client: PeopleClient) -> Awaitable[Message | Failure]:
    return client.document_of_found("T", Form.PDF)


def proofs(client: PeopleClient) -> Awaitable[Message | Failure]:
    return client.document_of_reference(REFERENCE, Decimal("13.00"), Form.PDF)


def links(client: PeopleClient) -> Awaitable[Message | Failure]:
    return client.link("T")


def titles(client: PeopleClient) -> Awaitable[Message | Failure]:
    return client.title("28")


def companies(client: PeopleClient) -> Awaitable[Message | Failure]:
    return client.company(TAX_ID)


@dataclass
class Says:
    """A service that gives this answer to whatever is asked."""

    answer: Message | Failure

    async def __call__(
        self, path: str, asked: Message, answer_type: type[M], within_s: float
    ) -> M | Failure:
        assert isinstance(self.answer, (answer_type, NoTime))
        return self.answer


def asks(answer: Message | Failure) -> PeopleClient:
    return PeopleClient(Says(answer), lambda: "r")


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (orders, LookUpAnswer("r", Outcome.DONE, FOUND)),
        (orders, LookUpAnswer("r", Outcome.NONE)),
        (files, DocumentAnswer("r", Outcome.DONE, Form.PDF, FILE, DIGEST, "F")),
        # Too long for an answer: it goes by link.
        (files, DocumentAnswer("r", Outcome.DONE, Form.PDF, b"", DIGEST, "F")),
        (proofs, DocumentAnswer("r", Outcome.NOT_ENTITLED)),
        (links, DocumentLinkAnswer("r", Outcome.DONE, "https://h/v1/fetch/X", UNTIL)),
        (links, DocumentLinkAnswer("r", Outcome.NOT_SUPPORTED)),
        (titles, TitleAnswer("r", Outcome.DONE, Title("示例"))),
        (companies, CompanyAnswer("r", Outcome.NOT_SUPPORTED)),
        (companies, NoTime()),
    ],
)
async def test_what_answers_the_question_is_taken(ask: Asked, answer: Message | Failure) -> None:
    assert await ask(asks(answer)) == answer


@pytest.mark.parametrize(
    ("ask", "answer", "why"),
    [
        (orders, LookUpAnswer("x", Outcome.DONE, FOUND), "request_id"),
        (orders, LookUpAnswer("r", Outcome.DONE), "outcome"),
        (orders, LookUpAnswer("r", Outcome.NONE, FOUND), "outcome"),
        (files, DocumentAnswer("x", Outcome.DONE, Form.PDF, FILE, DIGEST, "F"), "request_id"),
        (files, DocumentAnswer("r", Outcome.DONE, Form.OFD, FILE, DIGEST, "F"), "request_id"),
        (files, DocumentAnswer("r", Outcome.DONE, Form.PDF, FILE + b"x", DIGEST, "F"), "digest"),
        (files, DocumentAnswer("r", Outcome.DONE, Form.PDF, FILE, DIGEST), "outcome"),
        (proofs, DocumentAnswer("r", Outcome.NOT_ENTITLED, token="F"), "outcome"),
        (
            proofs,
            DocumentAnswer("r", Outcome.DONE, Form.PDF, bytes(MAX_DOCUMENT_BYTES + 1), DIGEST, "F"),
            "too_long",
        ),
        (links, DocumentLinkAnswer("x", Outcome.DONE, "https://h/X", UNTIL), "request_id"),
        (links, DocumentLinkAnswer("r", Outcome.DONE), "outcome"),
        (links, DocumentLinkAnswer("r", Outcome.DONE, "https://h/X"), "outcome"),
        (titles, TitleAnswer("x", Outcome.NONE), "request_id"),
        (titles, TitleAnswer("r", Outcome.DONE), "outcome"),
        (companies, CompanyAnswer("x", Outcome.NONE), "request_id"),
        (companies, CompanyAnswer("r", Outcome.DONE, TERMS), "tax_id"),
    ],
)
async def test_what_answers_another_or_is_not_whole_is_not_ours(
    ask: Asked, answer: Message, why: str
) -> None:
    assert await ask(asks(answer)) == NotOurs(why)
