"""What people want beyond a verdict: their invoices, the files of these, titles.

Whatever does not show that an invoice is somebody's gets one and the same answer, also when
there is no such invoice: a terminal cannot be used to find out which invoices exist. Nothing
that a person tells or gets is logged.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import TypeVar, assert_never

import msgspec

from central.contract_people import (
    MAX_DOCUMENT_BYTES,
    CompanyAnswer,
    CompanyRequest,
    DocumentAnswer,
    DocumentLinkAnswer,
    DocumentLinkRequest,
    DocumentRequest,
    Form,
    FoundInvoice,
    LookUpAnswer,
    LookUpBy,
    LookUpRequest,
    Outcome,
    Title,
    TitleAnswer,
    TitleRequest,
)
from central.platforms.counts import invoice_mark
from central.platforms.lookups import (
    ByHolder,
    ByNumber,
    ByOrder,
    ByShownCode,
    Declined,
    Document,
    DocumentForm,
    Listed,
    ListedInvoice,
    LookUp,
    TitleFound,
)
from central.platforms.outcome import NotFound, NotSupported, PlatformDown
from central.platforms.platform import Platform
from central.service.businesses import Businesses
from central.service.china import day_in_china, utc_now
from central.service.grants import Grants, Use
from central.service.proofs import Proofs
from central.service.verification import PERSON_WAITS_S, Verification
from einvoice.invoice import InvoiceReference
from einvoice.masking import mask_name
from einvoice.title_card import TitleCard
from einvoice.verdict import Verdict

_log = logging.getLogger(__name__)

MAX_LISTED = 50
"""Invoices of one order or code; a person chooses among them at a screen."""
MAX_FILE_BYTES = 4 << 20
"""Of a file that is handed on at all."""
PLATFORM_MAY_TAKE_S = 7.0
"""The terminal allows ten: a file is not as quick as a verdict."""

# Of these the record agrees with every field: what is left to show is 税额.
_ON_RECORD = frozenset({Verdict.NORMAL, Verdict.RED_FULL, Verdict.RED_PARTIAL})
_SAYS_NOTHING = {
    Verdict.UNAVAILABLE: Outcome.UNAVAILABLE,
    Verdict.UNSUPPORTED: Outcome.NOT_SUPPORTED,
    Verdict.TOO_OLD: Outcome.NOT_SUPPORTED,
    Verdict.LIMIT_REACHED: Outcome.TOO_OFTEN,
}
_ANY_FORM = (Form.PDF, Form.OFD, Form.XML)

A = TypeVar("A")
_No = NotFound | Declined | NotSupported | PlatformDown


class KeptFile(msgspec.Struct, frozen=True):
    """A file that a token stands for.

    Attributes:
        form: its form.
        number: of its invoice; digits.
        content: the file.
    """

    form: Form
    number: str
    content: bytes


class _Entitled(msgspec.Struct, frozen=True):
    """How an invoice is asked for that was shown to be somebody's."""

    number: str
    code: str = ""
    order_id: str = ""
    holder: str = ""

    def look_up(self) -> LookUp:
        if self.order_id:
            return ByOrder(self.order_id, self.number)
        if self.holder:
            return ByHolder(self.number, self.holder, self.code)
        return ByNumber(self.number, self.code)


LinkUrl = Callable[[str], str]
"""The address of a link's token."""


class People:
    """Answers what people want. Belongs to one event loop.

    Args:
        platform: whom to ask.
        verification: tells what the record says, within its own limits.
        grants: gives tokens.
        proofs: counts tries to show that an invoice is one's own.
        businesses: the register of those who may apply for invoices.
        link_url: where links lead; None for a service that phones cannot reach.
        now: the present moment, aware.
    """

    def __init__(
        self,
        platform: Platform,
        verification: Verification,
        grants: Grants,
        proofs: Proofs,
        businesses: Businesses,
        link_url: LinkUrl | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._platform = platform
        self._verification = verification
        self._grants = grants
        self._proofs = proofs
        self._businesses = businesses
        self._link_url = link_url
        self._now = now

    async def look_up(self, terminal: str, asked: LookUpRequest) -> LookUpAnswer:
        """The invoices of who shows an order number or a code.

        Raises:
            StoreUnavailable: no token can be given.
        """
        match asked.by:
            case LookUpBy.ORDER:
                what: LookUp = ByOrder(asked.value)
            case LookUpBy.SHOWN_CODE:
                what = ByShownCode(asked.value)
            case LookUpBy.TICKET:
                return LookUpAnswer(asked.request_id, Outcome.NOT_SUPPORTED)
            case _:
                assert_never(asked.by)
        said = await self._asked(lambda: self._platform.look_up(what))
        if not isinstance(said, Listed):
            return LookUpAnswer(asked.request_id, _outcome_of(said))
        order_id = asked.value if asked.by is LookUpBy.ORDER else ""
        found: list[FoundInvoice] = []
        for one in said.invoices[:MAX_LISTED]:
            entitled = _Entitled(one.number, one.code, order_id, said.holder)
            token, _ = await self._grants.give(
                Use.INVOICE, terminal, msgspec.msgpack.encode(entitled)
            )
            found.append(_found(token, one))
        return LookUpAnswer(asked.request_id, Outcome.DONE, tuple(found))

    async def document(self, terminal: str, asked: DocumentRequest) -> DocumentAnswer:
        """The file of an invoice, for who has shown that it is theirs.

        Raises:
            StoreUnavailable: nothing was answered.
        """
        if asked.token:
            box = await self._grants.find(Use.INVOICE, terminal, asked.token)
            if box is None:
                return DocumentAnswer(asked.request_id, Outcome.NOT_ENTITLED, asked.form)
            entitled = msgspec.msgpack.decode(box, type=_Entitled)
        else:
            reference = None if asked.reference is None else asked.reference.to_invoice()
            outcome = await self._shown(reference, asked.proof_tax)
            if outcome is not Outcome.DONE or reference is None:
                return DocumentAnswer(asked.request_id, outcome, asked.form)
            entitled = _Entitled(reference.number, reference.code)
        form = DocumentForm(asked.form.value)
        said = await self._asked(lambda: self._platform.document(entitled.look_up(), form))
        if not isinstance(said, Document):
            return DocumentAnswer(asked.request_id, _outcome_of(said), asked.form)
        if len(said.content) > MAX_FILE_BYTES:
            return DocumentAnswer(asked.request_id, Outcome.NOT_SUPPORTED, asked.form)
        kept = KeptFile(asked.form, entitled.number, said.content)
        token, _ = await self._grants.give(Use.FILE, terminal, msgspec.msgpack.encode(kept))
        is_short = len(said.content) <= MAX_DOCUMENT_BYTES
        return DocumentAnswer(
            asked.request_id,
            Outcome.DONE,
            asked.form,
            content=said.content if is_short else b"",
            sha256=sha256(said.content).hexdigest(),
            token=token,
        )

    async def link(self, terminal: str, asked: DocumentLinkRequest) -> DocumentLinkAnswer:
        """An address at which a phone gets a file that was fetched before.

        Raises:
            StoreUnavailable: there is none.
        """
        if self._link_url is None:
            return DocumentLinkAnswer(asked.request_id, Outcome.NOT_SUPPORTED)
        box = await self._grants.find(Use.FILE, terminal, asked.token)
        if box is None:
            return DocumentLinkAnswer(asked.request_id, Outcome.NOT_ENTITLED)
        token, until = await self._grants.give(Use.LINK, terminal, box)
        return DocumentLinkAnswer(asked.request_id, Outcome.DONE, self._link_url(token), until)

    async def title(self, asked: TitleRequest) -> TitleAnswer:
        """The title behind a shown code."""
        said = await self._asked(lambda: self._platform.title(asked.code))
        if not isinstance(said, TitleFound):
            return TitleAnswer(asked.request_id, _outcome_of(said))
        return TitleAnswer(asked.request_id, Outcome.DONE, _title(said.title))

    async def company(self, asked: CompanyRequest) -> CompanyAnswer:
        """The terms on which a registered business may apply for invoices."""
        terms = await self._businesses.terms(asked.tax_id)
        outcome = Outcome.NONE if terms is None else Outcome.DONE
        return CompanyAnswer(asked.request_id, outcome, terms)

    async def _shown(self, reference: InvoiceReference | None, tax: Decimal | None) -> Outcome:
        """DONE when the record has every field and this 税额, which stands in no QR code."""
        if reference is None or tax is None or not tax.is_finite():
            return Outcome.NOT_ENTITLED
        day, mark = day_in_china(self._now()), invoice_mark(reference)
        if not await self._proofs.take(day, mark):
            return Outcome.TOO_OFTEN
        answer = await self._verification.answer(reference, PERSON_WAITS_S)
        known = None if answer.details is None else answer.details.tax
        is_theirs = answer.verdict in _ON_RECORD and known == tax
        nothing_said = _SAYS_NOTHING.get(answer.verdict)
        if is_theirs or nothing_said is not None:
            await self._proofs.give_back(day, mark)
        return Outcome.DONE if is_theirs else nothing_said or Outcome.NOT_ENTITLED

    async def _asked(self, ask: Callable[[], Awaitable[A]]) -> A | PlatformDown:
        try:
            async with asyncio.timeout(PLATFORM_MAY_TAKE_S):
                return await ask()
        except TimeoutError:
            return PlatformDown("no answer in time")
        except Exception:  # noqa: BLE001
            # A mistake in one platform's connector must not stop the service for everybody. Its
            # text may hold what a person told, so only its kind is logged.
            _log.error("platform.connector_broke name=%s", self._platform.capabilities.name)
            return PlatformDown("its connector broke")


def _outcome_of(said: _No) -> Outcome:
    match said:
        case NotFound():
            return Outcome.NONE
        case Declined():
            return Outcome.DECLINED
        case NotSupported():
            return Outcome.NOT_SUPPORTED
        case PlatformDown():
            return Outcome.UNAVAILABLE
        case _:
            assert_never(said)


def _found(token: str, one: ListedInvoice) -> FoundInvoice:
    ending = one.file_url.partition("?")[0].rpartition(".")[2].lower()
    told = tuple(form for form in _ANY_FORM if form.value == ending)
    return FoundInvoice(
        token=token,
        number=one.number,
        code=one.code,
        issued_on=one.issued_on,
        total_with_tax=one.total_with_tax,
        seller_masked=mask_name(one.seller),
        is_red=one.is_red,
        forms=told or _ANY_FORM,
    )


def _title(card: TitleCard) -> Title:
    address, _, phone = card.address_phone.partition("|")
    bank, _, account = card.bank_account.partition("|")
    return Title(card.name, card.tax_id, address, phone, bank, account)
