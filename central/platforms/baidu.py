"""Baidu, vat_invoice_verification: another contracted way to the records of the tax bureau.

A form goes to aip.baidubce.com with an access token in the query; the token comes from
oauth/2.0/token and is good for 30 days. Sources: see `central.platforms.baidu_codes`.
Answers are not signed: that they come from the platform is what TLS says, and each must
repeat the invoice that was asked for.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec
from yarl import URL

from central.platforms import reading
from central.platforms.baidu_codes import (
    AGREES,
    ANSWER_OF_RESULT,
    INVOICE_TYPE,
    SIGN_WITHOUT_EXTENT,
    STATE_OF_SIGN,
    TOKEN_ERRORS,
    answer_of_error,
)
from central.platforms.gateway import Gateway, Reply
from central.platforms.outcome import (
    Differs,
    Found,
    NotSupported,
    Outage,
    PlatformAnswer,
    PlatformDown,
)
from central.platforms.platform import Capabilities, Limits, Platform
from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind
from einvoice.verdict import RecordDetails

TOKEN_PATH = "/oauth/2.0/token"  # noqa: S105
VERIFY_PATH = "/rest/2.0/ocr/v1/vat_invoice_verification"
KINDS = frozenset(INVOICE_TYPE)
RENEWED_BEFORE_S = 3600.0
"""A token is not used in its last hour."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class BaiduKey:
    """An application of Baidu's. Its secret half is in no repr and no log."""

    api_key: str
    secret_key: str = field(repr=False)


class _Grant(msgspec.Struct):
    access_token: str
    expires_in: float


class _Words(msgspec.Struct):
    VerifyResult: str | None = None
    InvalidSign: str | None = None
    InvoiceNum: str | None = None
    InvoiceCode: str | None = None
    InvoiceDate: str | None = None
    PurchaserName: str | None = None
    SellerName: str | None = None
    TotalAmount: str | None = None
    TotalTax: str | None = None
    AmountInFiguers: str | None = None  # sic


class _Body(_Words):
    error_code: int | None = None
    words_result: _Words | None = None


_GRANT = msgspec.json.Decoder(_Grant)
_BODY = msgspec.json.Decoder(_Body)


class BaiduPlatform(Platform):
    """Verifies through Baidu.

    Args:
        gateway: how to reach it; closed with this.
        key: whose account pays.
        name: how logs call it.
        url: "https://aip.baidubce.com/".
        limits: how it may be used.
        kinds: what it is asked for.
        is_sandbox: the other side is a stand-in.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        gateway: Gateway,
        key: BaiduKey,
        *,
        name: str = "baidu",
        url: URL,
        limits: Limits | None = None,
        kinds: frozenset[Kind] = KINDS,
        is_sandbox: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.capabilities = Capabilities(name=name, kinds=kinds & KINDS, is_sandbox=is_sandbox)
        self.limits = limits or Limits()
        self._gateway = gateway
        self._key = key
        self._url = url
        self._clock = clock
        self._token = ""
        self._token_until = 0.0
        self._fetching = asyncio.Lock()

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Asks for one invoice.

        A token that is refused is replaced once: the refusal says that nothing was asked.
        """
        form = request_of(reference)
        if form is None:
            return NotSupported()
        deadline = asyncio.get_running_loop().time() + self._gateway.within_s
        body = urlencode(form).encode()
        refused = ""
        for _ in range(2):
            token = await self._fresh_token(refused, deadline)
            if isinstance(token, PlatformDown):
                return token
            url = self._url.with_path(VERIFY_PATH).with_query(access_token=token)
            reply = await self._gateway.call(
                "POST", url, headers=_FORM, body=body, deadline=deadline
            )
            if isinstance(reply, PlatformDown):
                return reply
            if not _refuses_token(reply):
                return _read(reply, reference)
            refused = token
        return answer_of_error(min(TOKEN_ERRORS))

    async def close(self) -> None:
        """Ends its connections."""
        await self._gateway.close()

    async def _fresh_token(self, refused: str, deadline: float) -> str | PlatformDown:
        """A token that is not the refused one; many callers at once fetch it once."""
        try:
            async with asyncio.timeout_at(deadline), self._fetching:
                is_good = self._token != refused and self._clock() < self._token_until
                if self._token and is_good:
                    return self._token
                return await self._fetch_token(deadline)
        except TimeoutError:
            return PlatformDown("no token in time", Outage.UNREACHABLE)

    async def _fetch_token(self, deadline: float) -> str | PlatformDown:
        # In the body, not in the query as the page shows it too: addresses get into logs.
        form = urlencode(
            {
                "grant_type": "client_credentials",
                "client_id": self._key.api_key,
                "client_secret": self._key.secret_key,
            }
        )
        url = self._url.with_path(TOKEN_PATH)
        reply = await self._gateway.call(
            "POST", url, headers=_FORM, body=form.encode(), deadline=deadline
        )
        if isinstance(reply, PlatformDown):
            return PlatformDown(f"token: {reply.why}", Outage.UNREACHABLE)
        if reply.status in {400, 401, 403}:
            return PlatformDown(f"token: http {reply.status}", Outage.CONTRACT)
        grant = reading.decoded(_GRANT, reply.body)
        if grant is None:
            return PlatformDown("token: not the JSON of this call", Outage.UNREACHABLE)
        self._token = grant.access_token
        self._token_until = self._clock() + grant.expires_in - RENEWED_BEFORE_S
        return self._token


def request_of(reference: InvoiceReference) -> dict[str, str] | None:
    """The form of one question; None for a kind that has no name there."""
    invoice_type = INVOICE_TYPE.get(reference.kind)
    if invoice_type is None:
        return None
    asked = {
        "invoice_code": reference.code,
        "invoice_num": reference.number,
        "invoice_date": f"{reference.issued_on:%Y%m%d}",
        "invoice_type": invoice_type,
    }
    if reference.kind.fourth_field is FourthField.CHECK_CODE:
        asked["check_code"] = reference.check_code
    elif reference.amount is not None:
        asked["total_amount"] = f"{reference.amount:.2f}"
    return asked


def _refuses_token(reply: Reply) -> bool:
    body = reading.decoded(_BODY, reply.body)
    return body is not None and body.error_code in TOKEN_ERRORS


def _read(reply: Reply, asked: InvoiceReference) -> PlatformAnswer:
    if reply.status != 200:
        return PlatformDown(f"http {reply.status}", Outage.UNCERTAIN)
    return read_answer(reply.body, asked)


def read_answer(body: bytes, asked: InvoiceReference) -> PlatformAnswer:
    """What one answer says; PlatformDown for whatever is not wholly as it should be.

    Fields may stand at the top or in words_result; where both have one, they must agree.
    """
    top = reading.decoded(_BODY, body)
    if top is None:
        return PlatformDown("not the JSON of this call", Outage.NONSENSE)
    if top.error_code is not None:
        return answer_of_error(top.error_code)
    words = top.words_result or _Words()
    result = top.VerifyResult or words.VerifyResult
    if words.VerifyResult not in {None, result} or result is None:
        return PlatformDown("no VerifyResult, or two", Outage.NONSENSE)
    if result != AGREES:
        meant = ANSWER_OF_RESULT.get(
            result, PlatformDown(f"VerifyResult {result[:20]}", Outage.NONSENSE)
        )
        return _which(top, words, asked) if meant == Differs() else meant
    sign = top.InvalidSign or words.InvalidSign
    state = STATE_OF_SIGN.get(sign or "")
    if state is None or words.InvalidSign not in {None, sign}:
        return PlatformDown("no InvalidSign that is known", Outage.NONSENSE)
    details = RecordDetails(
        seller=words.SellerName or top.SellerName or "",
        buyer=words.PurchaserName or top.PurchaserName or "",
        total_with_tax=reading.amount(words.AmountInFiguers or top.AmountInFiguers),
        amount_without_tax=reading.amount(words.TotalAmount or top.TotalAmount),
        tax=reading.amount(words.TotalTax or top.TotalTax),
    )
    wrong = reading.says_another(
        asked,
        number=top.InvoiceNum or words.InvoiceNum,
        code=top.InvoiceCode or words.InvoiceCode,
        issued_on=top.InvoiceDate or words.InvoiceDate,
        amount_without_tax=details.amount_without_tax,
        total_with_tax=details.total_with_tax,
    )
    if wrong is not None:
        return PlatformDown(f"the answer is about another invoice: {wrong}", Outage.NONSENSE)
    return Found(state, details, sign != SIGN_WITHOUT_EXTENT)


def _which(top: _Body, words: _Words, asked: InvoiceReference) -> Differs:
    """不一致, with whatever values came along; the documented answer has none."""
    return Differs(
        reading.what_differs(
            asked,
            number=top.InvoiceNum or words.InvoiceNum,
            issued_on=reading.day(top.InvoiceDate or words.InvoiceDate),
            amount_without_tax=reading.amount(words.TotalAmount or top.TotalAmount),
            total_with_tax=reading.amount(words.AmountInFiguers or top.AmountInFiguers),
        )
    )
