"""Baidu's vat_invoice_verification, as a stand-in."""

import secrets
import time
from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import assert_never

from aiohttp import web

from central.platforms import reading
from central.platforms.baidu import TOKEN_PATH, VERIFY_PATH, BaiduKey
from central.platforms.baidu_codes import INVOICE_TYPE
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
from central.sandbox.wire.faults import Fault, Steering, json_response
from central.sandbox.wire.ledger import Ledger, asked_for

TOKEN_GOOD_S = 2_592_000
STATE_FIELDS = frozenset({"InvalidSign"})
_SIGN = MappingProxyType(
    {
        RecordState.NORMAL: "N",
        RecordState.VOID: "Y",
        RecordState.RED_FULL: "QH",
        RecordState.RED_PARTIAL: "BH",
    }
)
_ERROR_OF_OUTAGE = MappingProxyType(
    {
        Outage.THROTTLED: (18, "Open api qps request limit reached"),
        Outage.CONTRACT: (17, "Open api daily request limit reached"),
    }
)


class BaiduStandIn:
    """Answers one application's questions.

    Args:
        ledger: what is known.
        steering: what goes wrong.
        key: the application.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        ledger: Ledger,
        steering: Steering,
        key: BaiduKey,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._steering = steering
        self._key = key
        self._clock = clock
        self._tokens: dict[str, float] = {}

    def app(self) -> web.Application:
        """The application to serve."""
        app = self._steering.app()
        app.router.add_route("*", TOKEN_PATH, self._grant)
        app.router.add_post(VERIFY_PATH, self._answer)
        return app

    async def _grant(self, request: web.Request) -> web.Response:
        # The page shows these in the query, and the platform takes them in the body as well.
        asked = {**request.query, **await request.post()}
        is_right = (
            asked.get("grant_type") == "client_credentials"
            and asked.get("client_id") == self._key.api_key
            and asked.get("client_secret") == self._key.secret_key
        )
        if not is_right:
            body = {"error": "invalid_client", "error_description": "unknown client id"}
            return web.json_response(body, status=401)
        token = secrets.token_hex(16)
        self._tokens[token] = self._clock() + TOKEN_GOOD_S
        scope = "public brain_all_scope vis-ocr_vat_invoice_verification"
        grant = {"access_token": token, "expires_in": TOKEN_GOOD_S, "scope": scope}
        return json_response(self._steering.drifted(dict(grant), frozenset()))

    async def _answer(self, request: web.Request) -> web.Response:
        token = request.query.get("access_token", "")
        if self._steering.fault is Fault.EXPIRED_TOKEN:
            self._tokens.clear()
        until = self._tokens.get(token)
        if until is None:
            return self._error(110, "Access token invalid or no longer valid")
        if self._clock() >= until:
            return self._error(111, "Access token expired")
        form = {name: str(value) for name, value in (await request.post()).items()}
        issued_on = reading.day(form.get("invoice_date"))
        number = form.get("invoice_num", "")
        if not number or not form.get("invoice_type"):
            return self._result("1008", "字段不能为空")
        if form["invoice_type"] not in INVOICE_TYPE.values() or issued_on is None:
            return self._result("0005", "请求不合法")
        reference = asked_for(
            number,
            form.get("invoice_code", ""),
            issued_on,
            reading.amount(form.get("total_amount")),
            form.get("check_code", ""),
        )
        said = await self._ledger.say(reference, self._steering.fault)
        return self._said(said, number, reference.code, issued_on)

    def _said(self, said: PlatformAnswer, number: str, code: str, issued_on: date) -> web.Response:
        match said:
            case Found():
                if self._steering.fault is Fault.ANOTHERS_ANSWER:
                    number = number[:-1] + ("0" if number[-1] != "0" else "1")
                return self._found(said, number, code, issued_on)
            case Differs():
                return self._result("0006", "发票信息不一致")
            case NotFound():
                return self._result("0009", "发票不存在")
            case NotYet():
                return self._result("1014", "日期当天的不能查验")
            case TooOld():
                return self._result("1015", "超过5年的不能查验")
            case LimitReached():
                return self._result("0002", "超过该张票当天查验次数")
            case NotSupported() | BadInput():
                return self._result("1005", "查询发票不规范")
            case PlatformDown(_, outage):
                error = _ERROR_OF_OUTAGE.get(outage)
                if error is not None:
                    return self._error(*error)
                return self._result("1021", "网络超时")
            case _:
                assert_never(said)

    def _found(self, said: Found, number: str, code: str, issued_on: date) -> web.Response:
        details = said.details
        return self._response(
            {
                "VerifyResult": "0001",
                "VerifyMessage": "查验成功发票一致",
                "VerifyFrequency": "1",
                "InvalidSign": _SIGN[said.state] if said.extent_is_told else "H",
                "InvoiceNum": number,
                "InvoiceCode": code,
                "InvoiceDate": f"{issued_on:%Y%m%d}",
                "words_result": {
                    "PurchaserName": details.buyer,
                    "SellerName": details.seller,
                    "TotalAmount": _text(details.amount_without_tax),
                    "TotalTax": _text(details.tax),
                    "AmountInFiguers": _text(details.total_with_tax),
                    "CommodityName": [],
                },
            }
        )

    def _result(self, code: str, message: str) -> web.Response:
        return self._response({"VerifyResult": code, "VerifyMessage": message, "words_result": {}})

    def _error(self, code: int, message: str) -> web.Response:
        return self._response({"error_code": code, "error_msg": message})

    def _response(self, message: dict[str, object]) -> web.Response:
        whole: dict[str, object] = {"log_id": secrets.randbits(60), **message}
        return json_response(self._steering.drifted(whole, STATE_FIELDS))


def _text(amount: object) -> str:
    return "" if amount is None else str(amount)
