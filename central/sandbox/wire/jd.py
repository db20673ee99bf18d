"""JD's enterprise calls, as a stand-in: every minted invoice belongs to one order.

The third invoice that was minted belongs to order 300000000003, and so on.
"""

import hmac
import json
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from central.platforms.jd import APPLY, DETAIL, DETAIL_OF_ORDER, OUTLINE
from central.platforms.jos import (
    CLOCK_MAY_DIFFER_S,
    PARAM_JSON,
    JosKey,
    answer_names,
    sign,
)
from central.sandbox.mint import MintedInvoice
from central.sandbox.wire.faults import Fault, Steering, json_response
from central.sandbox.wire.ledger import Ledger
from central.service.china import CHINA, utc_now
from einvoice.kinds import Kind

FIRST_ORDER = 300_000_000_001
NOT_FOUND = "3001"
"""Made up: which codes the platform has is in no source that could be read."""
STATE_FIELDS = frozenset({"success"})


class JdStandIn:
    """Answers one enterprise's calls.

    Args:
        ledger: its minted invoices are those of the orders.
        steering: what goes wrong.
        key: the application and the enterprise.
        now: the present moment, aware.
    """

    def __init__(
        self,
        ledger: Ledger,
        steering: Steering,
        key: JosKey,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._ledger = ledger
        self._steering = steering
        self._key = key
        self._now = now
        self._applied: dict[str, MintedInvoice] = {}
        self._calls: dict[str, Callable[[dict[str, object], str], dict[str, object]]] = {
            DETAIL_OF_ORDER: self._detail_of_order,
            OUTLINE: self._outline,
            DETAIL: self._detail,
            APPLY: self._apply,
        }

    def app(self) -> web.Application:
        """The application to serve."""
        app = self._steering.app()
        app.router.add_post("/routerjson", self._answer)
        app.router.add_get("/files/{name}", self._file)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        refusal = self._refusal(form)
        if refusal is not None:
            return self._error(*refusal)
        call = self._calls.get(form.get("method", ""))
        if call is None:
            return self._error("15", "Invalid Method")
        if self._steering.fault is Fault.OVERLOAD:
            return self._error("2", "App Call Limited")
        if self._steering.fault is Fault.CONTRACT:
            return self._error("19", "Invalid access_token")
        arguments: dict[str, object] = json.loads(form[PARAM_JSON])
        result = call(arguments, f"{request.scheme}://{request.host}/files/")
        name, _ = answer_names(form["method"])
        inner: dict[str, object] = {"code": "0", "openRpcResult": result}
        return json_response(self._steering.drifted({name: inner}, STATE_FIELDS))

    def _refusal(self, form: dict[str, str]) -> tuple[str, str] | None:
        told = form.pop("sign", None)
        if told is None:
            return "11", "Missing Signature"
        if form.get("app_key") != self._key.app_key:
            return "12", "Invalid Signature"
        if not hmac.compare_digest(told, sign(form, self._key.app_secret)):
            return "12", "Invalid Signature"
        try:
            at = datetime.strptime(form.get("timestamp", ""), "%Y-%m-%d %H:%M:%S").replace(
                tzinfo=CHINA
            )
        except ValueError:
            return "8", "Invalid Timestamp"
        apart = abs((at - self._now()).total_seconds())
        if apart > CLOCK_MAY_DIFFER_S:
            return "8", "Invalid Timestamp"
        if form.get("access_token") != self._key.access_token:
            return "19", "Invalid access_token"
        return None

    def _detail_of_order(self, arguments: dict[str, object], files: str) -> dict[str, object]:
        order = int(str(arguments.get("jdOrderId", 0)))
        at = order - FIRST_ORDER
        minted = self._ledger.minted
        bills: list[object] = []
        if 0 <= at < len(minted):
            if self._steering.fault is Fault.ANOTHERS_ANSWER:
                order += 1
            bills.append(_bill(minted[at], order, files))
        return _success({"invoiceActualBillICRespList": bills})

    def _outline(self, arguments: dict[str, object], files: str) -> dict[str, object]:
        minted = self._applied.get(str(arguments.get("markId")))
        return _success([] if minted is None else [_outline(minted, files)])

    def _detail(self, arguments: dict[str, object], files: str) -> dict[str, object]:
        minted = self._ledger.file_of(str(arguments.get("invoiceId")))
        if minted is None:
            return {"success": False, "resultCode": NOT_FOUND, "resultMessage": "stand-in"}
        return _success({"title": minted.invoice.buyer.name, "skuDetailList": []})

    def _apply(self, arguments: dict[str, object], files: str) -> dict[str, object]:
        mark = str(arguments.get("markId"))
        if mark not in self._applied:
            self._applied[mark] = self._ledger.mint(Kind.DIGITAL_ORDINARY, self._ledger.today())
        return _success(True)

    async def _file(self, request: web.Request) -> web.Response:
        number, _, ending = request.match_info["name"].partition(".")
        minted = self._ledger.file_of(number)
        if minted is None or request.query.get("Signature") != _file_key(number):
            return web.Response(status=403)
        content = minted.xml() if ending == "xml" else minted.ofd()
        return web.Response(body=content, content_type="application/octet-stream")

    def _error(self, code: str, words: str) -> web.Response:
        error: dict[str, object] = {"code": code, "zh_desc": words, "en_desc": words}
        return json_response(self._steering.drifted({"error_response": error}, frozenset()))


def _success(result: object) -> dict[str, object]:
    return {"success": True, "resultCode": "0000", "resultMessage": "", "result": result}


def _file_key(number: str) -> str:
    return f"signed-{number[-6:]}"


def _url(minted: MintedInvoice, files: str) -> str:
    number = minted.invoice.number
    return f"{files}{number}.ofd?Expires=1&Signature={_file_key(number)}"


def _bill(minted: MintedInvoice, order: int, files: str) -> dict[str, object]:
    invoice = minted.invoice
    return {
        "businessId": str(order),
        "ivcNo": invoice.number,
        "ivcCode": invoice.code,
        "ivcType": 3,
        "invoiceTime": f"{invoice.issued_on} 10:30:00.000",
        "ivcTitle": invoice.buyer.name,
        "totalPrice": float(invoice.total_with_tax or 0),
        "totalTaxPrice": float(invoice.tax or 0),
        "taxRate": 13,
        "iflag": 1,
        "yn": 1,
        "fileUrl": _url(minted, files),
        "remark": None,
    }


def _outline(minted: MintedInvoice, files: str) -> dict[str, object]:
    invoice = minted.invoice
    return {
        "invoiceId": invoice.number,
        "invoiceCode": invoice.code,
        "invoiceType": 3,
        "invoiceDate": f"{invoice.issued_on} 00:00:00",
        "invoiceAmount": float(invoice.total_with_tax or 0),
        "invoiceNakedAmount": float(invoice.amount_without_tax or 0),
        "invoiceTaxAmount": float(invoice.tax or 0),
        "fileUrl": _url(minted, files),
    }
