"""The terminal's side of what people want beyond a verdict, by the same rules as `central.client`.

One deadline holds over each whole call. An answer counts only when it echoes the question's id;
a file only when its digest agrees with its bytes.
"""

from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from typing import Protocol, TypeVar

from central.contract import Message, Reference
from central.contract_people import (
    MAX_DOCUMENT_BYTES,
    PATH_COMPANY,
    PATH_DOCUMENT,
    PATH_DOCUMENT_LINK,
    PATH_LOOK_UP,
    PATH_TITLE,
    CompanyAnswer,
    CompanyRequest,
    DocumentAnswer,
    DocumentLinkAnswer,
    DocumentLinkRequest,
    DocumentRequest,
    Form,
    LookUpAnswer,
    LookUpBy,
    LookUpRequest,
    Outcome,
    TitleAnswer,
    TitleRequest,
)
from central.failure import Failure, NotOurs
from einvoice.invoice import InvoiceReference

PERSON_WAITS_S = 10.0
"""For a list or a file, with a platform behind the service; the screen says that it takes time."""

M = TypeVar("M", bound=Message)


class Asks(Protocol):
    """Asks one question of somebody who waits."""

    async def __call__(
        self, path: str, asked: Message, answer_type: type[M], within_s: float
    ) -> M | Failure:
        """The answer, not yet compared with the question."""
        ...


class PeopleClient:
    """Asks for what people want.

    Args:
        ask: asks one question.
        new_id: makes ids for requests.
    """

    def __init__(self, ask: Asks, new_id: Callable[[], str]) -> None:
        self._ask = ask
        self._new_id = new_id

    async def look_up(
        self, by: LookUpBy, value: str, secret: str = "", within_s: float = PERSON_WAITS_S
    ) -> LookUpAnswer | Failure:
        """The invoices of who shows this."""
        asked = LookUpRequest(self._new_id(), by, value, secret)
        answer = await self._ask(PATH_LOOK_UP, asked, LookUpAnswer, within_s)
        if isinstance(answer, LookUpAnswer):
            if answer.request_id != asked.request_id:
                return NotOurs("request_id")
            if bool(answer.invoices) is not (answer.outcome is Outcome.DONE):
                return NotOurs("outcome")
        return answer

    async def document_of_found(
        self, token: str, form: Form, within_s: float = PERSON_WAITS_S
    ) -> DocumentAnswer | Failure:
        """The file of an invoice that `look_up` has found."""
        return await self._document(
            DocumentRequest(self._new_id(), form=form, token=token), within_s
        )

    async def document_of_reference(
        self,
        reference: InvoiceReference,
        proof_tax: Decimal,
        form: Form,
        within_s: float = PERSON_WAITS_S,
    ) -> DocumentAnswer | Failure:
        """The file of an invoice whose holder has entered its 税额, yuan."""
        asked = DocumentRequest(
            self._new_id(),
            form=form,
            reference=Reference.of(reference),
            proof_tax=proof_tax,
        )
        return await self._document(asked, within_s)

    async def link(
        self, token: str, within_s: float = PERSON_WAITS_S
    ) -> DocumentLinkAnswer | Failure:
        """An address for a phone, for the token of a `DocumentAnswer`."""
        asked = DocumentLinkRequest(self._new_id(), token)
        answer = await self._ask(PATH_DOCUMENT_LINK, asked, DocumentLinkAnswer, within_s)
        if isinstance(answer, DocumentLinkAnswer):
            if answer.request_id != asked.request_id:
                return NotOurs("request_id")
            is_whole = bool(answer.url) and answer.good_until is not None
            if is_whole is not (answer.outcome is Outcome.DONE):
                return NotOurs("outcome")
        return answer

    async def title(self, code: str, within_s: float = PERSON_WAITS_S) -> TitleAnswer | Failure:
        """The title behind a shown code."""
        asked = TitleRequest(self._new_id(), code)
        answer = await self._ask(PATH_TITLE, asked, TitleAnswer, within_s)
        if isinstance(answer, TitleAnswer):
            if answer.request_id != asked.request_id:
                return NotOurs("request_id")
            if (answer.title is not None) is not (answer.outcome is Outcome.DONE):
                return NotOurs("outcome")
        return answer

    async def company(
        self, tax_id: str, within_s: float = PERSON_WAITS_S
    ) -> CompanyAnswer | Failure:
        """The terms on which a business may issue."""
        asked = CompanyRequest(self._new_id(), tax_id)
        answer = await self._ask(PATH_COMPANY, asked, CompanyAnswer, within_s)
        if isinstance(answer, CompanyAnswer):
            if answer.request_id != asked.request_id:
                return NotOurs("request_id")
            if (answer.terms is not None) is not (answer.outcome is Outcome.DONE):
                return NotOurs("outcome")
            if answer.terms is not None and answer.terms.tax_id != tax_id:
                return NotOurs("tax_id")
        return answer

    async def _document(self, asked: DocumentRequest, within_s: float) -> DocumentAnswer | Failure:
        answer = await self._ask(PATH_DOCUMENT, asked, DocumentAnswer, within_s)
        if not isinstance(answer, DocumentAnswer):
            return answer
        if (answer.request_id, answer.form) != (asked.request_id, asked.form):
            return NotOurs("request_id")
        if bool(answer.token) is not (answer.outcome is Outcome.DONE):
            return NotOurs("outcome")
        # A file that is too long for an answer has a token and no bytes.
        if len(answer.content) > MAX_DOCUMENT_BYTES:
            return NotOurs("too_long")
        if answer.content and sha256(answer.content).hexdigest() != answer.sha256:
            return NotOurs("digest")
        return answer
