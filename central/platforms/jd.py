"""JD's enterprise purchasing (VOP): the invoices of an enterprise's own orders.

Names of calls and fields: the Java SDK com.jd.open.api.sdk.request.vopfp and its users
(einvoice-formats §7.2). queryElectronicInvoiceDetail is seen with its full name; those of
the other calls are derived from the names of the SDK's classes, and none could be tried
against the platform (docs/limits.md).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from yarl import URL

from central.platforms import jos, reading
from central.platforms.files import download
from central.platforms.gateway import Gateway
from central.platforms.issuing import (
    Accepted,
    Application,
    IssueAnswer,
    Issued,
    OrderApplication,
    Refused,
)
from central.platforms.lookups import (
    ByApplication,
    ByNumber,
    ByOrder,
    Declined,
    DocumentAnswer,
    DocumentForm,
    Listed,
    ListedInvoice,
    LookUp,
    LookUpAnswer,
)
from central.platforms.outcome import (
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

DETAIL_OF_ORDER = "jingdong.vop.invoice.queryElectronicInvoiceDetail"
OUTLINE = "jingdong.vop.invoice.queryInvoiceOutline"
DETAIL = "jingdong.vop.invoice.queryInvoiceDetail"
APPLY = "jingdong.vop.invoice.submitInvoiceApply"

ELECTRONIC = 3
"""ivcType and invoiceType of an electronic invoice."""
ISSUER_JD = 10
"""invoiceOrg as the SDK's users send it."""
CONTENT_DETAILS = 1
"""bizInvoiceContent: the goods one by one."""
RED = 2
"""iflag; 1 is a blue invoice."""
FILE_HOSTS = ("jdcloud-oss.com", "jcloudcs.com", "storage.jd.com")
"""Where the platform keeps files (einvoice-formats §7.2). Others are never opened."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}

T = TypeVar("T")


class _Result(msgspec.Struct, Generic[T]):
    success: bool
    resultCode: str | int | None = None  # noqa: N815 - theirs, as are all below
    result: T | None = None


class _Electronic(msgspec.Struct):
    ivcNo: str  # noqa: N815
    ivcCode: str | None = None  # noqa: N815
    invoiceTime: str | None = None  # noqa: N815
    ivcTitle: str | None = None  # noqa: N815
    totalPrice: Decimal | None = None  # noqa: N815
    totalTaxPrice: Decimal | None = None  # noqa: N815
    iflag: int | None = None
    fileUrl: str | None = None  # noqa: N815
    businessId: str | int | None = None  # noqa: N815


class _ElectronicList(msgspec.Struct):
    invoiceActualBillICRespList: tuple[_Electronic, ...] = ()  # noqa: N815


class _Outline(msgspec.Struct):
    invoiceId: str  # noqa: N815
    invoiceCode: str | None = None  # noqa: N815
    invoiceDate: str | None = None  # noqa: N815
    invoiceAmount: Decimal | None = None  # noqa: N815
    invoiceNakedAmount: Decimal | None = None  # noqa: N815
    invoiceTaxAmount: Decimal | None = None  # noqa: N815
    fileUrl: str | None = None  # noqa: N815


class _Detail(msgspec.Struct):
    title: str | None = None


class JdPlatform(Platform):
    """Looks up, fetches and applies for invoices of an enterprise's orders at JD.

    Verifies nothing: what a shop says of its own invoice is not what the records say.

    Args:
        gateway: how to reach it; closed with this.
        key: whose account.
        name: how logs call it.
        url: "https://api.jd.com/routerjson".
        file_hosts: hosts, or what their names end in, from which files are fetched.
        limits: how it may be used.
        is_sandbox: the other side is a stand-in.
        now: the present moment, aware.
    """

    def __init__(
        self,
        gateway: Gateway,
        key: jos.JosKey,
        *,
        name: str = "jd",
        url: URL,
        file_hosts: tuple[str, ...] = FILE_HOSTS,
        limits: Limits | None = None,
        is_sandbox: bool = False,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.capabilities = Capabilities(
            name=name,
            kinds=frozenset(),
            is_sandbox=is_sandbox,
            acts=frozenset({Act.LOOK_UP, Act.DOCUMENT, Act.ISSUE}),
        )
        self.limits = limits or Limits()
        self._gateway = gateway
        self._key = key
        self._url = url
        self._file_hosts = file_hosts
        self._now = now

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Not done here."""
        return NotSupported()

    async def look_up(self, what: LookUp) -> LookUpAnswer:
        """By order, by our application, or one by its number."""
        match what:
            case ByOrder(order_id, number):
                return _only(number, await self._of_order(order_id))
            case ByApplication(application_id, number):
                return _only(number, await self._of_application(application_id))
            case ByNumber(number, code):
                return await self._of_number(number, code)
            case _:
                return NotSupported()

    async def document(self, what: LookUp, form: DocumentForm) -> DocumentAnswer:
        """The file of the first blue invoice that is found, in the form that is asked for.

        One that is named by its number alone has none here: the platform tells of it only the
        title and the goods.
        """
        if isinstance(what, ByNumber):
            return NotSupported()
        listed = await self.look_up(what)
        if not isinstance(listed, Listed):
            return listed
        for invoice in listed.invoices:
            has_form = invoice.file_url.partition("?")[0].endswith(f".{form.value}")
            is_wanted = not invoice.is_red or _number_of(what) == invoice.number
            if has_form and is_wanted:
                return await download(self._gateway, invoice.file_url, form, self._file_hosts)
        return NotFound()

    async def issue(self, application: Application) -> IssueAnswer:
        """Applies for an ordinary electronic invoice; a special one needs a postal address."""
        if not isinstance(application, OrderApplication) or not application.order_ids:
            return NotSupported()
        if application.kind is not Kind.DIGITAL_ORDINARY:
            return NotSupported()
        total = f"{application.total_with_tax:.2f}"
        arguments = {
            "supplierOrder": ",".join(application.order_ids),
            "markId": application.application_id,
            "settlementId": application.application_id,
            "settlementNum": len(application.order_ids),
            "invoiceType": ELECTRONIC,
            "invoiceOrg": ISSUER_JD,
            "bizInvoiceContent": CONTENT_DETAILS,
            "invoiceDate": application.applied_on.isoformat(),
            "title": application.buyer,
            "enterpriseTaxpayer": application.buyer_tax_id,
            "invoiceNum": len(application.order_ids),
            "invoicePrice": total,
            "totalBatch": 1,
            "currentBatch": 1,
            "totalBatchInvoiceAmount": total,
        }
        result = await self._ask(APPLY, arguments, _Result[bool])
        if isinstance(result, PlatformDown):
            return result
        if not result.success:
            return Refused(str(result.resultCode), "")
        if result.result is not True:
            return PlatformDown("neither taken nor refused", Outage.NONSENSE)
        return Accepted()

    async def application_state(self, application_id: str) -> IssueAnswer:
        """Issued once there is an outline."""
        found = await self._of_application(application_id)
        if isinstance(found, Declined):
            return Refused(found.code, "")
        if not isinstance(found, Listed):
            return found
        first = found.invoices[0]
        if first.issued_on is None:
            return PlatformDown("an invoice without a day", Outage.NONSENSE)
        return Issued(first.number, first.issued_on)

    async def close(self) -> None:
        """Ends its connections."""
        await self._gateway.close()

    async def _of_order(self, order_id: str) -> LookUpAnswer:
        if not (order_id.isascii() and order_id.isdigit() and len(order_id) <= 20):
            return NotFound()
        arguments = {"jdOrderId": int(order_id), "ivcType": ELECTRONIC}
        result = await self._ask(DETAIL_OF_ORDER, arguments, _Result[_ElectronicList])
        if isinstance(result, PlatformDown):
            return result
        if not result.success:
            return Declined(str(result.resultCode))
        bills = result.result.invoiceActualBillICRespList if result.result else ()
        if any(bill.businessId not in {None, order_id, int(order_id)} for bill in bills):
            return PlatformDown("invoices of another order", Outage.NONSENSE)
        return _listed(tuple(_of_bill(bill) for bill in bills))

    async def _of_application(self, application_id: str) -> LookUpAnswer:
        result = await self._ask(OUTLINE, {"markId": application_id}, _Result[tuple[_Outline, ...]])
        if isinstance(result, PlatformDown):
            return result
        if not result.success:
            return Declined(str(result.resultCode))
        return _listed(tuple(_of_outline(one) for one in result.result or ()))

    async def _of_number(self, number: str, code: str) -> LookUpAnswer:
        arguments = {"invoiceCode": code, "invoiceId": number}
        result = await self._ask(DETAIL, arguments, _Result[_Detail])
        if isinstance(result, PlatformDown):
            return result
        if not result.success:
            return Declined(str(result.resultCode))
        if result.result is None:
            return NotFound()
        return Listed((ListedInvoice(number, code, buyer=result.result.title or ""),))

    async def _ask(
        self, method: str, arguments: Mapping[str, object], answer: type[_Result[T]]
    ) -> _Result[T] | PlatformDown:
        form = jos.signed_call(self._key, method, arguments, self._now())
        reply = await self._gateway.call(
            "POST", self._url, headers=_FORM, body=urlencode(form).encode()
        )
        if isinstance(reply, PlatformDown):
            return reply
        if reply.status != 200:
            return PlatformDown(f"http {reply.status}", Outage.UNCERTAIN)
        inner = jos.opened(reply.body, method)
        if isinstance(inner, PlatformDown):
            return inner
        result = reading.decoded(msgspec.json.Decoder(answer), inner)
        if result is None:
            return PlatformDown("not the result of this call", Outage.NONSENSE)
        return result


def _number_of(what: LookUp) -> str:
    return what.number if isinstance(what, (ByOrder, ByApplication)) else ""


def _only(number: str, found: LookUpAnswer) -> LookUpAnswer:
    """Of what was found the invoice of this number; everything when it is empty."""
    if not number or not isinstance(found, Listed):
        return found
    return _listed(tuple(one for one in found.invoices if one.number == number))


def _listed(invoices: tuple[ListedInvoice, ...]) -> Listed | NotFound:
    return Listed(invoices) if invoices else NotFound()


def _of_bill(bill: _Electronic) -> ListedInvoice:
    total, tax = bill.totalPrice, bill.totalTaxPrice
    return ListedInvoice(
        number=bill.ivcNo,
        code=bill.ivcCode or "",
        issued_on=reading.day(bill.invoiceTime),
        total_with_tax=total,
        amount_without_tax=None if total is None or tax is None else total - tax,
        tax=tax,
        buyer=bill.ivcTitle or "",
        is_red=bill.iflag == RED,
        file_url=bill.fileUrl or "",
    )


def _of_outline(outline: _Outline) -> ListedInvoice:
    return ListedInvoice(
        number=outline.invoiceId,
        code=outline.invoiceCode or "",
        issued_on=reading.day(outline.invoiceDate),
        total_with_tax=outline.invoiceAmount,
        amount_without_tax=outline.invoiceNakedAmount,
        tax=outline.invoiceTaxAmount,
        file_url=outline.fileUrl or "",
    )
