"""Tencent Cloud, VatInvoiceVerifyNew: one contracted way to the records of the tax bureau.

POST to ocr.tencentcloudapi.com, action in a header, JSON in and out, TC3 signature.
Source: see `central.platforms.tencent_codes`. Answers are not signed: that they come
from the platform is what TLS says, and each must repeat the invoice that was asked for.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import msgspec
from yarl import URL

from central.platforms import reading, tc3
from central.platforms.gateway import Gateway
from central.platforms.outcome import Found, Outage, PlatformAnswer, PlatformDown
from central.platforms.platform import Capabilities, Limits, Platform
from central.platforms.tencent_codes import (
    INVOICE_KIND,
    MARK_WITHOUT_EXTENT,
    STATE_OF_MARK,
    STATE_OF_TICKET,
    TICKET_WITHOUT_EXTENT,
    answer_of,
)
from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind
from einvoice.verdict import RecordDetails

ACTION = "VatInvoiceVerifyNew"
VERSION = "2018-11-19"
SERVICE = "ocr"
CONTENT_TYPE = "application/json"
KINDS = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class TencentKey:
    """An API key of Tencent Cloud. Its secret half is in no repr and no log."""

    secret_id: str
    secret_key: str = field(repr=False)


class _Error(msgspec.Struct):
    Code: str


class _RedLetter(msgspec.Struct):
    Number: str | None = None
    Date: str | None = None


class _Invoice(msgspec.Struct):
    Number: str
    IsAbandoned: str
    Code: str | None = None
    Date: str | None = None
    SellerName: str | None = None
    BuyerName: str | None = None
    AmountWithoutTax: str | None = None
    TaxAmount: str | None = None
    AmountWithTax: str | None = None
    OriginalNumber: str | None = None
    RedLetterInvoices: tuple[_RedLetter, ...] | None = None


class _Train(msgspec.Struct):
    Number: str
    StateCode: str
    Date: str | None = None
    BuyerName: str | None = None
    Amount: str | None = None
    Tax: str | None = None
    Total: str | None = None


class _Air(msgspec.Struct):
    Number: str
    StateCode: str
    Date: str | None = None
    BuyerName: str | None = None
    Tax: str | None = None
    Total: str | None = None


class _Response(msgspec.Struct):
    RequestId: str
    Error: _Error | None = None
    Invoice: _Invoice | None = None
    ElectronicTrainTicket: _Train | None = None
    ElectronicAirTransport: _Air | None = None


class _Body(msgspec.Struct):
    Response: _Response


_BODY = msgspec.json.Decoder(_Body)


class TencentPlatform(Platform):
    """Verifies through Tencent Cloud.

    Args:
        gateway: how to reach it; closed with this.
        key: whose account pays.
        name: how logs call it.
        url: "https://ocr.tencentcloudapi.com/".
        region: one that has the product ("ap-beijing").
        limits: how it may be used.
        kinds: what it is asked for.
        is_sandbox: the other side is a stand-in.
        clock: Unix seconds.
    """

    def __init__(
        self,
        gateway: Gateway,
        key: TencentKey,
        *,
        name: str = "tencent",
        url: URL,
        region: str = "ap-beijing",
        limits: Limits | None = None,
        kinds: frozenset[Kind] = KINDS,
        is_sandbox: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.capabilities = Capabilities(name=name, kinds=kinds, is_sandbox=is_sandbox)
        self.limits = limits or Limits()
        self._gateway = gateway
        self._key = key
        self._url = url
        self._region = region
        self._clock = clock

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Asks for one invoice. One HTTP call, never a second."""
        body = msgspec.json.encode(request_of(reference))
        timestamp = int(self._clock())
        host = self._url.raw_authority
        headers = {
            "Host": host,
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": ACTION,
            "X-TC-Version": VERSION,
            "X-TC-Region": self._region,
            "X-TC-Timestamp": str(timestamp),
            "Authorization": tc3.authorization(
                secret_id=self._key.secret_id,
                secret_key=self._key.secret_key,
                service=SERVICE,
                host=host,
                content_type=CONTENT_TYPE,
                body=body,
                timestamp=timestamp,
            ),
        }
        reply = await self._gateway.call("POST", self._url, headers=headers, body=body)
        if isinstance(reply, PlatformDown):
            return reply
        if reply.status != 200:
            return PlatformDown(f"http {reply.status}", Outage.UNCERTAIN)
        return read_answer(reply.body, reference)

    async def close(self) -> None:
        """Ends its connections."""
        await self._gateway.close()


def request_of(reference: InvoiceReference) -> dict[str, str | bool]:
    """The parameters of one question, as the page of the call names them."""
    asked: dict[str, str | bool] = {
        "InvoiceNo": reference.number,
        "InvoiceDate": reference.issued_on.isoformat(),
        # What was issued today is found if it has been uploaded; else 查无此票, which the
        # service reads as "not yet".
        "EnableTodayInvoice": True,
    }
    if reference.code:
        asked["InvoiceCode"] = reference.code
    kind = INVOICE_KIND.get(reference.kind)
    if kind is not None:
        asked["InvoiceKind"] = kind
    if reference.kind.fourth_field is FourthField.CHECK_CODE:
        asked["CheckCode"] = reference.check_code
    elif reference.amount is not None:
        asked["Amount"] = f"{reference.amount:.2f}"
    return asked


def read_answer(body: bytes, asked: InvoiceReference) -> PlatformAnswer:
    """What one answer says; PlatformDown for whatever is not wholly as it should be."""
    whole = reading.decoded(_BODY, body)
    if whole is None:
        return PlatformDown("not the JSON of this call", Outage.NONSENSE)
    response = whole.Response
    if response.Error is not None:
        return answer_of(response.Error.Code)
    ticket = response.ElectronicTrainTicket or response.ElectronicAirTransport
    if response.Invoice is not None:
        said = _of_invoice(response.Invoice, asked)
        if ticket is not None and isinstance(said, Found):
            also = _of_ticket(ticket, asked)
            if not isinstance(also, Found) or also.state is not said.state:
                return PlatformDown("its two parts disagree", Outage.NONSENSE)
        return said
    if ticket is not None:
        return _of_ticket(ticket, asked)
    return PlatformDown("neither error nor invoice", Outage.NONSENSE)


def _of_invoice(invoice: _Invoice, asked: InvoiceReference) -> PlatformAnswer:
    state = STATE_OF_MARK.get(invoice.IsAbandoned)
    if state is None:
        return PlatformDown("an unknown IsAbandoned", Outage.NONSENSE)
    # Several when it was reversed piece by piece: the newest says how it stands now.
    reds = sorted(
        invoice.RedLetterInvoices or (), key=lambda red: reading.day(red.Date) or date.min
    )
    red = reds[-1] if reds else _RedLetter()
    details = RecordDetails(
        seller=invoice.SellerName or "",
        buyer=invoice.BuyerName or "",
        total_with_tax=reading.amount(invoice.AmountWithTax),
        amount_without_tax=reading.amount(invoice.AmountWithoutTax),
        tax=reading.amount(invoice.TaxAmount),
        red_on=reading.day(red.Date),
        red_number=reading.invoice_number(red.Number),
        original_number=reading.invoice_number(invoice.OriginalNumber),
    )
    wrong = _another(asked, invoice.Number, invoice.Code, invoice.Date, details)
    return wrong or Found(state, details, invoice.IsAbandoned != MARK_WITHOUT_EXTENT)


def _of_ticket(ticket: _Train | _Air, asked: InvoiceReference) -> PlatformAnswer:
    state = STATE_OF_TICKET.get(ticket.StateCode)
    if state is None:
        return PlatformDown("the state of the ticket is not known yet", Outage.UPSTREAM)
    details = RecordDetails(
        buyer=ticket.BuyerName or "",
        total_with_tax=reading.amount(ticket.Total),
        amount_without_tax=reading.amount(ticket.Amount) if isinstance(ticket, _Train) else None,
        tax=reading.amount(ticket.Tax),
    )
    wrong = _another(asked, ticket.Number, "", ticket.Date, details)
    return wrong or Found(state, details, ticket.StateCode != TICKET_WITHOUT_EXTENT)


def _another(
    asked: InvoiceReference,
    number: str,
    code: str | None,
    issued_on: str | None,
    details: RecordDetails,
) -> PlatformDown | None:
    field_name = reading.says_another(
        asked,
        number=number,
        code=code,
        issued_on=issued_on,
        amount_without_tax=details.amount_without_tax,
        total_with_tax=details.total_with_tax,
    )
    if field_name is None:
        return None
    return PlatformDown(f"the answer is about another invoice: {field_name}", Outage.NONSENSE)
