"""The paths for what people want beyond a verdict: admitted, read, counted, answered."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from aiohttp import web

from central.contract import Message, ProblemCode, sha256_hex
from central.contract_people import (
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
    LookUpAnswer,
    LookUpRequest,
    Outcome,
    TitleAnswer,
    TitleRequest,
)
from central.service.gate import Asking, Gate
from central.service.people import People
from central.service.problems import ProblemError
from central.service.reading import body_of, decoded, echoed, json_of
from central.service.waiting_room import Priority, WaitingRoom

MAX_SHOWN_CHARS = 512
"""Of an order number, a shown code or a token."""
_IN_VAIN = frozenset({Outcome.NONE, Outcome.NOT_ENTITLED, Outcome.DECLINED})
"""What guessing leads to: each new thing that ends so costs the terminal."""

Q = TypeVar("Q", bound=Message)


class PeoplePaths:
    """Handlers of these paths.

    Args:
        people: answers.
        gate: says who asks, and whether they may.
        room: bounds what is in work.
    """

    def __init__(self, people: People, gate: Gate, room: WaitingRoom) -> None:
        self._people = people
        self._gate = gate
        self._room = room

    def add_to(self, app: web.Application) -> None:
        """Serves the paths there."""
        app.router.add_post(PATH_LOOK_UP, self.look_up)
        app.router.add_post(PATH_DOCUMENT, self.document)
        app.router.add_post(PATH_DOCUMENT_LINK, self.link)
        app.router.add_post(PATH_TITLE, self.title)
        app.router.add_post(PATH_COMPANY, self.company)

    async def look_up(self, request: web.Request) -> web.Response:
        """The invoices of who shows an order number, a code or a ticket."""

        async def answer(terminal: str, asked: LookUpRequest) -> LookUpAnswer:
            _bounded(asked.value, asked.secret)
            if not self._may_look(terminal):
                return LookUpAnswer(asked.request_id, Outcome.TOO_OFTEN)
            said = await self._people.look_up(terminal, asked)
            self._note(terminal, said.outcome, f"{asked.by.value} {asked.value}")
            return said

        return await self._serve(request, _LOOK_UP, answer)

    async def document(self, request: web.Request) -> web.Response:
        """The file of an invoice, for who has shown that it is theirs."""

        async def answer(terminal: str, asked: DocumentRequest) -> DocumentAnswer:
            _bounded(asked.token)
            if not self._may_look(terminal):
                return DocumentAnswer(asked.request_id, Outcome.TOO_OFTEN, asked.form)
            said = await self._people.document(terminal, asked)
            if said.outcome is Outcome.TOO_OFTEN:
                self._gate.guessed(terminal)
            if said.outcome is Outcome.NOT_ENTITLED:
                reference = asked.reference
                named = asked.token if reference is None else reference.to_invoice().key
                # Another tax for the same fields is another try.
                self._note(terminal, said.outcome, f"file {named} {asked.proof_tax}")
            return said

        return await self._serve(request, _DOCUMENT, answer)

    async def link(self, request: web.Request) -> web.Response:
        """An address at which a phone gets a file that was fetched before."""

        async def answer(terminal: str, asked: DocumentLinkRequest) -> DocumentLinkAnswer:
            _bounded(asked.token)
            return await self._people.link(terminal, asked)

        return await self._serve(request, _LINK, answer)

    async def title(self, request: web.Request) -> web.Response:
        """The title behind a shown code."""

        async def answer(terminal: str, asked: TitleRequest) -> TitleAnswer:
            _bounded(asked.code)
            if not self._may_look(terminal):
                return TitleAnswer(asked.request_id, Outcome.TOO_OFTEN)
            said = await self._people.title(asked)
            self._note(terminal, said.outcome, f"title {asked.code}")
            return said

        return await self._serve(request, _TITLE, answer)

    async def company(self, request: web.Request) -> web.Response:
        """The terms on which a business may issue."""

        async def answer(terminal: str, asked: CompanyRequest) -> CompanyAnswer:
            _bounded(asked.tax_id)
            if not self._may_look(terminal):
                return CompanyAnswer(asked.request_id, Outcome.TOO_OFTEN)
            said = await self._people.company(asked)
            self._note(terminal, said.outcome, f"company {asked.tax_id}")
            return said

        return await self._serve(request, _COMPANY, answer)

    async def _serve(
        self,
        request: web.Request,
        decoder: msgspec.json.Decoder[Q],
        answer: Callable[[str, Q], Awaitable[Message]],
    ) -> web.Response:
        terminal = (await self._gate.admit(request, Asking.QUESTION)).terminal
        body = await body_of(request)
        async with self._room.enter(Priority.PERSON):
            asked = decoded(decoder, body)
            echoed(getattr(asked, "request_id", ""))
            return json_of(await answer(terminal, asked))

    def _may_look(self, terminal: str) -> bool:
        """Whether the terminal may go on after what it asked in vain; if not, there is an alert."""
        try:
            self._gate.may_look(terminal)
        except ProblemError as problem:
            if problem.code is not ProblemCode.TOO_MANY_NOT_FOUND:
                raise
            return False
        return True

    def _note(self, terminal: str, outcome: Outcome, asked: str) -> None:
        if outcome in _IN_VAIN:
            self._gate.not_found(terminal, sha256_hex(asked))


_LOOK_UP = msgspec.json.Decoder(LookUpRequest)
_DOCUMENT = msgspec.json.Decoder(DocumentRequest)
_LINK = msgspec.json.Decoder(DocumentLinkRequest)
_TITLE = msgspec.json.Decoder(TitleRequest)
_COMPANY = msgspec.json.Decoder(CompanyRequest)


def _bounded(*texts: str) -> None:
    if any(len(text) > MAX_SHOWN_CHARS for text in texts):
        raise ProblemError(ProblemCode.BODY_MALFORMED, "a field is too long")
