"""The holder of the bureau's direct link, as a stand-in (`central.platforms.bureau_wire`).

Refused are: a seller that is not registered, and a special invoice to a buyer without a tax
id. What is issued gets into the records when its upload has been accepted, and not before.
"""

import asyncio
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import msgspec
from aiohttp import web

from central.platforms.bureau_wire import (
    PATH_APPLICATIONS,
    PATH_DOCUMENTS,
    ApplicationState,
    IssueMessage,
    RedMessage,
    StateMessage,
)
from central.platforms.lookups import Document, DocumentForm
from central.sandbox.files import file_of
from central.sandbox.records import Record, Says
from central.sandbox.wire.faults import Fault, Steering
from central.sandbox.wire.ledger import Ledger
from einvoice.kinds import Kind

SELLERS = frozenset({"91110000MA00SHL15X", "92110105MA00SHL16Q"})
"""Tax ids of made-up sellers that may issue."""
_MESSAGE = msgspec.json.Decoder(IssueMessage | RedMessage)


@dataclass(slots=True)
class _Application:
    body: bytes
    message: IssueMessage | RedMessage
    due_at: float
    state: StateMessage


class BureauStandIn:
    """Takes applications and issues.

    Args:
        ledger: gets what is issued.
        steering: what goes wrong.
        token: what a caller must show.
        clock: seconds that only go forward.
        takes_s: from an application to its invoice.
    """

    def __init__(
        self,
        ledger: Ledger,
        steering: Steering,
        token: str,
        clock: Callable[[], float] = time.monotonic,
        takes_s: float = 2.0,
    ) -> None:
        self._ledger = ledger
        self._steering = steering
        self._token = token
        self._clock = clock
        self._takes_s = takes_s
        self._applications: dict[str, _Application] = {}
        self._issued = 0

    def app(self) -> web.Application:
        """The application to serve."""
        app = self._steering.app()
        app.router.add_post(PATH_APPLICATIONS, self._apply)
        app.router.add_get(f"{PATH_APPLICATIONS}/{{id}}", self._ask)
        app.router.add_get(f"{PATH_DOCUMENTS}/{{number}}", self._document)
        return app

    async def _apply(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        body = await request.read()
        try:
            message = _MESSAGE.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return web.Response(status=400)
        known = self._applications.get(message.application_id)
        if known is not None and known.body != body:
            return web.Response(status=409)
        if known is None:
            known = self._take(body, message)
        return _json(known.state)

    async def _ask(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        known = self._applications.get(request.match_info["id"])
        if known is None:
            return web.Response(status=404)
        is_waiting = known.state.state is ApplicationState.ACCEPTED
        if is_waiting and self._clock() >= known.due_at:
            known.state = self._decide(known.message)
        return _json(known.state)

    async def _document(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        record = self._ledger.record_of(request.match_info["number"])
        forms = {form.value: form for form in DocumentForm}
        form = forms.get(request.query.get("form", ""))
        if record is None or form is None:
            return web.Response(status=404)
        said = await asyncio.to_thread(file_of, record, form, self._ledger.today())
        if not isinstance(said, Document):
            return web.Response(status=404)
        return web.Response(body=said.content, content_type="application/octet-stream")

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self._steering.fault is Fault.OVERLOAD:
            return web.Response(status=503)
        if self._steering.fault is Fault.CONTRACT:
            return web.Response(status=403)
        told = request.headers.get("Authorization", "")
        is_right = hmac.compare_digest(told.encode(), f"Bearer {self._token}".encode())
        return None if is_right else web.Response(status=401)

    def _take(self, body: bytes, message: IssueMessage | RedMessage) -> _Application:
        state = StateMessage(message.application_id, ApplicationState.ACCEPTED)
        taken = _Application(body, message, self._clock() + self._takes_s, state)
        self._applications[message.application_id] = taken
        return taken

    def _decide(self, message: IssueMessage | RedMessage) -> StateMessage:
        if message.seller_tax_id not in SELLERS:
            return _refused(message, "seller_unknown", "销售方未登记")
        if isinstance(message, RedMessage):
            if not self._ledger.reverse(message.number):
                return _refused(message, "invoice_unknown", "没有这张蓝字发票")
            return self._number(message)
        if message.kind is Kind.DIGITAL_SPECIAL and not message.buyer_tax_id:
            return _refused(message, "buyer_tax_id_missing", "专用发票须填购买方税号")
        said = self._number(message)
        net = sum((line.amount_without_tax for line in message.lines), Decimal(0))
        tax = sum((line.tax for line in message.lines), Decimal(0))
        self._ledger.add(
            Record(
                kind=message.kind,
                number=said.number,
                issued=said.issued_on,
                amount_without_tax=net,
                total_with_tax=net + tax,
                seller="北京示例商贸有限公司",
                buyer=message.buyer,
                answer=Says.NORMAL,
            )
        )
        return said

    def _number(self, message: IssueMessage | RedMessage) -> StateMessage:
        self._issued += 1
        today = self._ledger.today()
        number = f"{today:%y}112{0:06d}{800_000_000 + self._issued:09d}"
        return StateMessage(
            message.application_id, ApplicationState.ISSUED, number=number, issued_on=today
        )


def _refused(message: IssueMessage | RedMessage, code: str, words: str) -> StateMessage:
    return StateMessage(message.application_id, ApplicationState.REFUSED, code=code, words=words)


def _json(state: StateMessage) -> web.Response:
    return web.Response(body=msgspec.json.encode(state), content_type="application/json")
