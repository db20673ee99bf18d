"""Alipay's invoice calls: the title behind a shown code, one's own invoices, verification.

Names of calls and fields are those of alipay-sdk-python 3.7.1411 (einvoice-formats §7.3),
which does not say what the values mean. Where that decides over a verdict
(verify_result_code), the meaning is read from the settings, where whoever has the
agreement writes it; a value that is not there says nothing about the invoice.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlencode

import msgspec
from yarl import URL

from central.platforms import alipay_gateway, reading
from central.platforms.alipay_gateway import SUCCESS, AlipayKey, Answer
from central.platforms.files import recognised
from central.platforms.gateway import Gateway
from central.platforms.lookups import (
    ByHolder,
    ByShownCode,
    Declined,
    DocumentAnswer,
    DocumentForm,
    Listed,
    ListedInvoice,
    LookUp,
    LookUpAnswer,
    TitleAnswer,
    TitleFound,
)
from central.platforms.outcome import (
    Differs,
    Found,
    NotFound,
    NotSupported,
    Outage,
    PlatformAnswer,
    PlatformDown,
)
from central.platforms.platform import Act, Capabilities, Limits, Platform
from central.service.china import utc_now
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.title_card import TitleCard
from einvoice.verdict import RecordDetails

VERIFY = "alipay.ebpp.industry.invoice.verify"
TITLE = "alipay.ebpp.invoice.title.dynamic.get"
TOKEN = "alipay.ebpp.invoice.token.batchquery"  # noqa: S105
DETAIL = "alipay.ebpp.invoice.detail.output.query"
FILE = "alipay.ebpp.invoice.file.output.query"
_FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}


class _Verified(msgspec.Struct):
    verify_result_code: str
    buyer_name: str | None = None
    seller_name: str | None = None
    invoice_amount: str | None = None
    invoice_amount_without_tax: str | None = None
    invoice_tax_amount: str | None = None


class _TitleModel(msgspec.Struct):
    title_name: str
    tax_register_no: str | None = None
    user_address: str | None = None
    tele_phone_no: str | None = None
    open_bank_name: str | None = None
    open_bank_account: str | None = None


class _Titled(msgspec.Struct):
    title: _TitleModel | None = None


class _Element(msgspec.Struct):
    invoice_no: str
    invoice_code: str | None = None
    invoice_date: str | None = None
    invoice_amount: str | None = None
    out_tax_amount: str | None = None
    payee_name: str | None = None
    payer_name: str | None = None


class _Elements(msgspec.Struct):
    invoice_element_list: tuple[_Element, ...] = ()
    open_id: str | None = None
    user_id: str | None = None


class _Detail(msgspec.Struct):
    invoice_no: str
    invoice_code: str | None = None
    invoice_date: str | None = None
    invoice_amount: str | None = None
    ex_tax_amount: str | None = None
    sum_tax_amount: str | None = None
    payee_register_name: str | None = None
    payer_name: str | None = None


class _File(msgspec.Struct):
    file_type: str
    invoice_file_content: str


_VERIFIED = msgspec.json.Decoder(_Verified)
_TITLED = msgspec.json.Decoder(_Titled)
_ELEMENTS = msgspec.json.Decoder(_Elements)
_DETAIL = msgspec.json.Decoder(_Detail)
_FILE = msgspec.json.Decoder(_File)


class AlipayPlatform(Platform):
    """Titles and one's own invoices from Alipay; verification where its codes are known.

    Args:
        gateway: how to reach it; closed with this.
        key: whose application.
        name: how logs call it.
        url: "https://openapi.alipay.com/gateway.do".
        scene: the `scene` of the agreement.
        result_codes: what each verify_result_code of the agreement means; without it nothing
            is verified here.
        invoice_kinds: the `invoice_kind` of each kind that may be verified.
        limits: how it may be used.
        is_sandbox: the other side is a stand-in.
        now: the present moment, aware.
    """

    def __init__(
        self,
        gateway: Gateway,
        key: AlipayKey,
        *,
        name: str = "alipay",
        url: URL,
        scene: str,
        result_codes: Mapping[str, PlatformAnswer] = MappingProxyType({}),
        invoice_kinds: Mapping[Kind, str] = MappingProxyType({}),
        limits: Limits | None = None,
        is_sandbox: bool = False,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        acts = {Act.TITLE, Act.LOOK_UP, Act.DOCUMENT}
        if result_codes:
            acts.add(Act.VERIFY)
        self.capabilities = Capabilities(
            name=name,
            kinds=frozenset(invoice_kinds) if result_codes else frozenset(),
            is_sandbox=is_sandbox,
            acts=frozenset(acts),
        )
        self.limits = limits or Limits()
        self._gateway = gateway
        self._key = key
        self._url = url
        self._scene = scene
        self._result_codes = result_codes
        self._invoice_kinds = invoice_kinds
        self._now = now

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Asks for one invoice.

        The answer does not repeat the invoice's number; it is bound to the question by the
        connection alone, and its amount must agree.
        """
        kind = self._invoice_kinds.get(reference.kind)
        if kind is None or not self._result_codes:
            return NotSupported()
        content = {
            "invoice_code": reference.code,
            "invoice_no": reference.number,
            "invoice_date": reference.issued_on.isoformat(),
            "invoice_kind": kind,
            "check_code": reference.check_code,
            "invoice_amount": "" if reference.amount is None else f"{reference.amount:.2f}",
        }
        answer = await self._ask(VERIFY, {name: v for name, v in content.items() if v})
        if isinstance(answer, PlatformDown):
            return answer
        said = reading.decoded(_VERIFIED, answer.body)
        if said is None or answer.code != SUCCESS:
            return PlatformDown(f"no result: {answer.sub_code[:60]}", Outage.NONSENSE)
        meant = self._result_codes.get(said.verify_result_code)
        if meant is None:
            return PlatformDown("an unknown verify_result_code", Outage.NONSENSE)
        if isinstance(meant, Found):
            return self._with_details(meant, said, reference)
        return _which(said, reference) if isinstance(meant, Differs) else meant

    @staticmethod
    def _with_details(meant: Found, said: _Verified, asked: InvoiceReference) -> PlatformAnswer:
        details = RecordDetails(
            seller=said.seller_name or "",
            buyer=said.buyer_name or "",
            total_with_tax=reading.amount(said.invoice_amount),
            amount_without_tax=reading.amount(said.invoice_amount_without_tax),
            tax=reading.amount(said.invoice_tax_amount),
        )
        wrong = reading.says_another(
            asked,
            number=asked.number,
            code="",
            issued_on=None,
            amount_without_tax=details.amount_without_tax,
            total_with_tax=details.total_with_tax,
        )
        if wrong is not None:
            return PlatformDown(f"the answer is about another invoice: {wrong}", Outage.NONSENSE)
        return Found(meant.state, details, meant.extent_is_told)

    async def title(self, shown_code: str) -> TitleAnswer:
        """The title of the person who shows a payment code."""
        answer = await self._ask(TITLE, {"bar_code": shown_code})
        if isinstance(answer, PlatformDown):
            return answer
        if answer.code != SUCCESS:
            return Declined(answer.sub_code)
        said = reading.decoded(_TITLED, answer.body)
        if said is None:
            return PlatformDown("not the answer of this call", Outage.NONSENSE)
        if said.title is None:
            return NotFound()
        return TitleFound(_card(said.title))

    async def look_up(self, what: LookUp) -> LookUpAnswer:
        """What a person has chosen in the app and shows, or one invoice after authorisation."""
        match what:
            case ByShownCode(code):
                return await self._shown(code)
            case ByHolder():
                return await self._held(what)
            case _:
                return NotSupported()

    async def document(self, what: LookUp, form: DocumentForm) -> DocumentAnswer:
        """The file of an invoice after authorisation. Its content is Base64, as is assumed."""
        if not isinstance(what, ByHolder):
            return NotSupported()
        answer = await self._ask(FILE, self._of_holder(what))
        if isinstance(answer, PlatformDown):
            return answer
        if answer.code != SUCCESS:
            return Declined(answer.sub_code)
        said = reading.decoded(_FILE, answer.body)
        if said is None:
            return PlatformDown("not the answer of this call", Outage.NONSENSE)
        if said.file_type.lower() != form.value:
            return NotFound()
        try:
            content = base64.b64decode(said.invoice_file_content, validate=True)
        except (binascii.Error, ValueError):
            return PlatformDown("a file that is not Base64", Outage.NONSENSE)
        return recognised(content, form)

    async def close(self) -> None:
        """Ends its connections."""
        await self._gateway.close()

    async def _shown(self, code: str) -> LookUpAnswer:
        answer = await self._ask(TOKEN, {"invoice_token": code, "scene": self._scene})
        if isinstance(answer, PlatformDown):
            return answer
        if answer.code != SUCCESS:
            return Declined(answer.sub_code)
        said = reading.decoded(_ELEMENTS, answer.body)
        if said is None:
            return PlatformDown("not the answer of this call", Outage.NONSENSE)
        listed = tuple(_of_element(one) for one in said.invoice_element_list)
        return Listed(listed, said.open_id or said.user_id or "") if listed else NotFound()

    async def _held(self, what: ByHolder) -> LookUpAnswer:
        answer = await self._ask(DETAIL, self._of_holder(what))
        if isinstance(answer, PlatformDown):
            return answer
        if answer.code != SUCCESS:
            return Declined(answer.sub_code)
        said = reading.decoded(_DETAIL, answer.body)
        if said is None or said.invoice_no != what.number:
            return PlatformDown("not the answer of this call", Outage.NONSENSE)
        return Listed((_of_detail(said),), what.holder)

    def _of_holder(self, what: ByHolder) -> dict[str, str]:
        return {
            "invoice_code": what.code,
            "invoice_no": what.number,
            "open_id": what.holder,
            "scene": self._scene,
        }

    async def _ask(self, method: str, content: Mapping[str, object]) -> Answer | PlatformDown:
        query, form = alipay_gateway.signed_call(self._key, method, content, self._now())
        reply = await self._gateway.call(
            "POST", self._url.with_query(query), headers=_FORM, body=urlencode(form).encode()
        )
        if isinstance(reply, PlatformDown):
            return reply
        if reply.status != 200:
            return PlatformDown(f"http {reply.status}", Outage.UNCERTAIN)
        return alipay_gateway.opened(reply.body, method, self._key.alipay_public_key)


def _card(title: _TitleModel) -> TitleCard:
    halves = (title.user_address or "", title.tele_phone_no or "")
    bank = (title.open_bank_name or "", title.open_bank_account or "")
    return TitleCard(
        name=title.title_name,
        tax_id=title.tax_register_no or "",
        address_phone="|".join(halves) if any(halves) else "",
        bank_account="|".join(bank) if any(bank) else "",
    )


def _of_element(one: _Element) -> ListedInvoice:
    total, tax = reading.amount(one.invoice_amount), reading.amount(one.out_tax_amount)
    return ListedInvoice(
        number=one.invoice_no,
        code=one.invoice_code or "",
        issued_on=reading.day(one.invoice_date),
        total_with_tax=total,
        tax=tax,
        seller=one.payee_name or "",
        buyer=one.payer_name or "",
    )


def _of_detail(one: _Detail) -> ListedInvoice:
    return ListedInvoice(
        number=one.invoice_no,
        code=one.invoice_code or "",
        issued_on=reading.day(one.invoice_date),
        total_with_tax=reading.amount(one.invoice_amount),
        amount_without_tax=reading.amount(one.ex_tax_amount),
        tax=reading.amount(one.sum_tax_amount),
        seller=one.payee_register_name or "",
        buyer=one.payer_name or "",
    )


def _which(said: _Verified, asked: InvoiceReference) -> Differs:
    """不一致, with the amount if one came along; no number is repeated in this answer."""
    return Differs(
        reading.what_differs(
            asked,
            number=asked.number,
            issued_on=None,
            amount_without_tax=reading.amount(said.invoice_amount_without_tax),
            total_with_tax=reading.amount(said.invoice_amount),
        )
    )
