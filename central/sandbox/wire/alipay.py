"""Alipay's gateway, as a stand-in: checks what is signed, and signs what it says.

Codes to show: `2880000000000000NN` gives the title of a made-up firm, and the same with
29 in front shows the NN-th minted invoice. The person of every invoice is HOLDER.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from central.platforms import reading
from central.platforms.alipay import DETAIL, FILE, TITLE, TOKEN, VERIFY
from central.platforms.alipay_gateway import answer_name, is_signed, sign, sign_content
from central.platforms.outcome import (
    Differs,
    Found,
    LimitReached,
    NotFound,
    Outage,
    PlatformDown,
    RecordState,
)
from central.sandbox.mint import MintedInvoice
from central.sandbox.wire.faults import Fault, Steering, json_response
from central.sandbox.wire.ledger import Ledger, asked_for

HOLDER = "074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5"
"""An open_id, as long as a real one."""
TITLE_CODE = "288000000000000000"
SHOWN_CODE = "298000000000000000"
STATE_FIELDS = frozenset({"verify_result_code"})
RESULT_CODES = MappingProxyType(
    {
        "001": "normal",
        "101": "void",
        "102": "red_full",
        "103": "red_partial",
        "002": "limit_reached",
        "006": "differs",
        "009": "not_found",
    }
)
"""Made up after the codes of the tax bureau's page: those of the platform are in no source that
could be read. The settings that the stand-ins write say what each means."""
_CODE_OF_STATE = MappingProxyType(
    {
        RecordState.NORMAL: "001",
        RecordState.VOID: "101",
        RecordState.RED_FULL: "102",
        RecordState.RED_PARTIAL: "103",
    }
)


@dataclass(frozen=True, slots=True)
class AlipayAccount:
    """One application, as the platform knows it.

    Attributes:
        app_id: its id.
        app_public_key: what its calls are signed with.
        private_key: what the platform signs with.
    """

    app_id: str
    app_public_key: RSAPublicKey
    private_key: RSAPrivateKey


class AlipayStandIn:
    """Answers one application's calls.

    Args:
        ledger: what is known; its minted invoices are those of HOLDER.
        steering: what goes wrong.
        account: the application.
    """

    def __init__(self, ledger: Ledger, steering: Steering, account: AlipayAccount) -> None:
        self._ledger = ledger
        self._steering = steering
        self._account = account
        self._calls: dict[str, Callable[[dict[str, str]], dict[str, object]]] = {
            TITLE: self._title,
            TOKEN: self._shown,
            DETAIL: self._detail,
            FILE: self._file,
        }

    def app(self) -> web.Application:
        """The application to serve."""
        app = self._steering.app()
        app.router.add_post("/gateway.do", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        parameters = {**request.query, **form}
        method = parameters.get("method", "")
        refusal = self._refusal(parameters)
        if refusal is not None:
            return self._signed(method, _failed("40002", refusal))
        if self._steering.fault is Fault.OVERLOAD:
            return self._signed(method, _failed("40005", "isv.app-call-limited"))
        if self._steering.fault is Fault.CONTRACT:
            return self._signed(method, _failed("40006", "isv.insufficient-isv-permissions"))
        content: dict[str, str] = json.loads(parameters.get("biz_content", "{}"))
        if method == VERIFY:
            return self._signed(method, await self._verify(content))
        call = self._calls.get(method)
        if call is None:
            return self._signed(method, _failed("40001", "isv.invalid-method"))
        return self._signed(method, call(content))

    def _refusal(self, parameters: dict[str, str]) -> str | None:
        told = parameters.pop("sign", "")
        if parameters.get("app_id") != self._account.app_id:
            return "isv.invalid-app-id"
        if parameters.get("sign_type") != "RSA2":
            return "isv.invalid-signature-type"
        content = sign_content(parameters).encode()
        if not is_signed(content, told, self._account.app_public_key):
            return "isv.invalid-signature"
        return None

    async def _verify(self, content: dict[str, str]) -> dict[str, object]:
        issued_on = reading.day(content.get("invoice_date"))
        if issued_on is None:
            return _failed("40004", "INVALID_PARAMETER")
        reference = asked_for(
            content.get("invoice_no", ""),
            content.get("invoice_code", ""),
            issued_on,
            reading.amount(content.get("invoice_amount")),
            content.get("check_code", ""),
        )
        said = await self._ledger.say(reference, self._steering.fault)
        match said:
            case Found(state, details):
                return _succeeded(
                    verify_result_code=_CODE_OF_STATE[state],
                    verify_result_desc="stand-in",
                    buyer_name=details.buyer,
                    seller_name=details.seller,
                    invoice_amount=_text(details.total_with_tax),
                    invoice_amount_without_tax=_text(details.amount_without_tax),
                    invoice_tax_amount=_text(details.tax),
                )
            case Differs():
                return _succeeded(verify_result_code="006", verify_result_desc="不一致")
            case NotFound():
                return _succeeded(verify_result_code="009", verify_result_desc="查无此票")
            case LimitReached():
                return _succeeded(verify_result_code="002", verify_result_desc="超过次数")
            case PlatformDown(_, Outage.THROTTLED):
                return _failed("40005", "isv.app-call-limited")
            case _:
                return _failed("20000", "isp.unknow-error")

    def _title(self, content: dict[str, str]) -> dict[str, object]:
        code = content.get("bar_code", "")
        if not code.startswith(TITLE_CODE[:2]) or len(code) != len(TITLE_CODE):
            return _failed("40004", "BARCODE_NOT_EXIST")
        return _succeeded(
            title={
                "title_name": "北京示例科技有限公司",
                "title_type": "CORPORATION",
                "tax_register_no": "91110000MA00SHL15X",
                "user_address": "北京市示例区示例路1号",
                "tele_phone_no": "01000000000",
                "open_bank_name": "示例银行北京分行",
                "open_bank_account": "0000000000000000",
                "is_default": "true",
            }
        )

    def _shown(self, content: dict[str, str]) -> dict[str, object]:
        token = content.get("invoice_token", "")
        at = int(token[-2:]) - 1 if token[-2:].isdigit() else -1
        minted = self._ledger.minted
        if not token.startswith(SHOWN_CODE[:2]) or not 0 <= at < len(minted):
            return _failed("40004", "INVOICE_TOKEN_INVALID")
        return _succeeded(open_id=HOLDER, invoice_element_list=[_element(minted[at])])

    def _detail(self, content: dict[str, str]) -> dict[str, object]:
        minted = self._held(content)
        if minted is None:
            return _failed("40004", "INVOICE_NOT_EXIST")
        invoice = minted.invoice
        return _succeeded(
            invoice_no=invoice.number,
            invoice_code=invoice.code,
            invoice_date=str(invoice.issued_on),
            invoice_amount=_text(invoice.total_with_tax),
            ex_tax_amount=_text(invoice.amount_without_tax),
            sum_tax_amount=_text(invoice.tax),
            payee_register_name=invoice.seller.name,
            payer_name=invoice.buyer.name,
        )

    def _file(self, content: dict[str, str]) -> dict[str, object]:
        minted = self._held(content)
        if minted is None:
            return _failed("40004", "INVOICE_NOT_EXIST")
        packed = base64.b64encode(minted.ofd()).decode()
        return _succeeded(file_type="OFD", invoice_file_content=packed)

    def _held(self, content: dict[str, str]) -> MintedInvoice | None:
        if content.get("open_id") != HOLDER:
            return None
        return self._ledger.file_of(content.get("invoice_no", ""))

    def _signed(self, method: str, said: dict[str, object]) -> web.Response:
        raw = self._steering.drifted(said, STATE_FIELDS)
        key = self._account.private_key
        if self._steering.fault is Fault.UNSIGNED:
            key = rsa.generate_private_key(65537, 2048)
        signature = sign(raw.encode(), key)
        name = answer_name(method or "error")
        return json_response(f'{{"{name}":{raw},"sign":"{signature}"}}')


def _succeeded(**fields: object) -> dict[str, object]:
    return {"code": "10000", "msg": "Success", **fields}


def _failed(code: str, sub_code: str) -> dict[str, object]:
    return {"code": code, "msg": "stand-in", "sub_code": sub_code, "sub_msg": "stand-in"}


def _element(minted: MintedInvoice) -> dict[str, object]:
    invoice = minted.invoice
    return {
        "invoice_no": invoice.number,
        "invoice_code": invoice.code,
        "invoice_date": str(invoice.issued_on),
        "invoice_amount": _text(invoice.total_with_tax),
        "out_tax_amount": _text(invoice.tax),
        "payee_name": invoice.seller.name,
        "payer_name": invoice.buyer.name,
        "invoice_status": "INIT",
    }


def _text(amount: object) -> str:
    return "" if amount is None else str(amount)
