"""Tencent Cloud's VatInvoiceVerifyNew, as a stand-in."""

import json
import time
import uuid
from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import assert_never

from aiohttp import web

from central.platforms import reading, tc3
from central.platforms.outcome import (
    BadInput,
    Differs,
    Found,
    LimitReached,
    NotFound,
    NotSupported,
    NotYet,
    Outage,
    PlatformAnswer,
    PlatformDown,
    RecordState,
    TooOld,
)
from central.platforms.tencent import ACTION, VERSION, TencentKey
from central.sandbox.wire.faults import Fault, Steering, json_response
from central.sandbox.wire.ledger import Ledger, asked_for
from einvoice.verdict import RecordDetails

CLOCK_MAY_DIFFER_S = 300
STATE_FIELDS = frozenset({"IsAbandoned", "StateCode"})
_MARK = MappingProxyType(
    {
        RecordState.NORMAL: "N",
        RecordState.VOID: "Y",
        RecordState.RED_FULL: "HF",
        RecordState.RED_PARTIAL: "HP",
    }
)
_CODE_OF_OUTAGE = MappingProxyType(
    {
        Outage.THROTTLED: "RequestLimitExceeded",
        Outage.CONTRACT: "ResourceUnavailable.ResourcePackageRunOut",
    }
)


class TencentStandIn:
    """Answers one account's questions.

    Args:
        ledger: what is known.
        steering: what goes wrong.
        key: the account.
        clock: Unix seconds.
    """

    def __init__(
        self,
        ledger: Ledger,
        steering: Steering,
        key: TencentKey,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ledger = ledger
        self._steering = steering
        self._key = key
        self._clock = clock

    def app(self) -> web.Application:
        """The application to serve."""
        app = self._steering.app()
        app.router.add_post("/", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        refusal = self._refusal(request, body)
        if refusal is not None:
            return self._error(refusal)
        try:
            asked: dict[str, str] = json.loads(body)
        except ValueError:
            return self._error("InvalidParameter")
        issued_on = reading.day(asked.get("InvoiceDate"))
        if issued_on is None:
            return self._error("InvalidParameterValue.TicketDateParameterValueLimit")
        if len(asked.get("InvoiceNo", "")) not in {8, 20}:
            return self._error("InvalidParameterValue.TicketSnParameterValueLimit")
        if issued_on == self._ledger.today() and not asked.get("EnableTodayInvoice"):
            return self._error("ResourceNotFound.NotSupportCurrentInvoiceQuery")
        reference = asked_for(
            asked["InvoiceNo"],
            asked.get("InvoiceCode") or "",
            issued_on,
            reading.amount(asked.get("Amount")),
            asked.get("CheckCode") or "",
        )
        said = await self._ledger.say(reference, self._steering.fault)
        return self._said(said, reference.number, reference.code, issued_on)

    def _refusal(self, request: web.Request, body: bytes) -> str | None:
        if request.headers.get("X-TC-Action") != ACTION:
            return "InvalidAction"
        if request.headers.get("X-TC-Version") != VERSION:
            return "NoSuchVersion"
        told = request.headers.get("X-TC-Timestamp", "")
        if not told.isdigit() or abs(int(told) - self._clock()) > CLOCK_MAY_DIFFER_S:
            return "AuthFailure.SignatureExpire"
        authorization = request.headers.get("Authorization", "")
        if f"Credential={self._key.secret_id}/" not in authorization:
            return "AuthFailure.SecretIdNotFound"
        right = tc3.authorization(
            secret_id=self._key.secret_id,
            secret_key=self._key.secret_key,
            service="ocr",
            host=request.headers.get("Host", ""),
            content_type=request.headers.get("Content-Type", ""),
            body=body,
            timestamp=int(told),
        )
        return None if authorization == right else "AuthFailure.SignatureFailure"

    def _said(self, said: PlatformAnswer, number: str, code: str, issued_on: date) -> web.Response:
        match said:
            case Found():
                if self._steering.fault is Fault.ANOTHERS_ANSWER:
                    number = number[:-1] + ("0" if number[-1] != "0" else "1")
                invoice = _invoice(said, number, code, issued_on)
                return self._response({"Invoice": invoice})
            case Differs():
                return self._error("FailedOperation.InvoiceMismatch")
            case NotFound():
                return self._error("ResourceNotFound.NoInvoice")
            case NotYet():
                return self._error("ResourceNotFound.NotSupportCurrentInvoiceQuery")
            case TooOld() | BadInput():
                return self._error("InvalidParameterValue.TicketDateParameterValueLimit")
            case LimitReached():
                return self._error("FailedOperation.CountLimitError")
            case NotSupported():
                return self._error("ResourceNotFound.NoAreaCode")
            case PlatformDown(_, outage):
                return self._error(
                    _CODE_OF_OUTAGE.get(outage, "ResourceUnavailable.TaxNetworkError")
                )
            case _:
                assert_never(said)

    def _error(self, code: str) -> web.Response:
        return self._response({"Error": {"Code": code, "Message": "stand-in"}})

    def _response(self, inner: dict[str, object]) -> web.Response:
        whole: dict[str, object] = {"Response": inner | {"RequestId": str(uuid.uuid4())}}
        return json_response(self._steering.drifted(whole, STATE_FIELDS))


def _invoice(said: Found, number: str, code: str, issued_on: date) -> dict[str, object]:
    details = said.details
    return {
        "Code": code,
        "Number": number,
        "Date": f"{issued_on:%Y%m%d}",
        "BuyerName": details.buyer,
        "BuyerTaxCode": "",
        "SellerName": details.seller,
        "SellerTaxCode": "",
        "Remark": "",
        "IsAbandoned": _MARK[said.state] if said.extent_is_told else "H",
        "HasSellerList": "N",
        "AmountWithoutTax": _text(details.amount_without_tax),
        "TaxAmount": _text(details.tax),
        "AmountWithTax": _text(details.total_with_tax),
        "Items": [],
        "OriginalNumber": details.original_number,
        "RedLetterInvoices": _red_letters(details),
        "OfdUrl": None,
    }


def _red_letters(details: RecordDetails) -> list[dict[str, str]] | None:
    if not details.red_number:
        return None
    day = "" if details.red_on is None else f"{details.red_on:%Y%m%d}"
    return [{"Code": "", "Number": details.red_number, "Date": day, "State": "N"}]


def _text(amount: object) -> str:
    return "" if amount is None else str(amount)
