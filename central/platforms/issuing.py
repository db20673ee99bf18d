"""Applying for an invoice: what is asked, and what may become of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from central.platforms.outcome import NotFound, NotSupported, PlatformDown
from einvoice.kinds import Kind


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice to be issued.

    Attributes:
        name: goods or service.
        tax_code: 19-digit 商品和服务税收分类编码.
        amount_without_tax, tax: yuan.
        tax_rate: "0.13" and so on.
        specification, unit: empty where there is none.
        quantity: None where there is none.
    """

    name: str
    tax_code: str
    amount_without_tax: Decimal
    tax: Decimal
    tax_rate: Decimal
    specification: str = ""
    unit: str = ""
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class IssueApplication:
    """Asks the bureau to issue an invoice. Its number comes from the bureau only.

    Attributes:
        application_id: fixed when the person acted; the same id is the same application.
        seller_tax_id: who issues.
        kind: DIGITAL_ORDINARY or DIGITAL_SPECIAL.
        buyer, buyer_tax_id: whom it is made out to; a person has no tax id.
        lines: at least one.
        applied_on: the day in China when the person acted, which may have been offline.
        remark: printed on the invoice.
    """

    application_id: str
    seller_tax_id: str
    kind: Kind
    buyer: str
    buyer_tax_id: str
    lines: tuple[Line, ...]
    applied_on: date
    remark: str = ""

    @property
    def total_with_tax(self) -> Decimal:
        """价税合计, yuan."""
        return sum((line.amount_without_tax + line.tax for line in self.lines), Decimal(0))


class RedReason(Enum):
    """Why an invoice is reversed (红字信息确认单: 开票有误, 销货退回, 服务中止, 销售折让)."""

    WRONGLY_ISSUED = "wrongly_issued"
    GOODS_RETURNED = "goods_returned"
    SERVICE_ENDED = "service_ended"
    PRICE_REDUCED = "price_reduced"


@dataclass(frozen=True, slots=True)
class RedApplication:
    """Asks the bureau to reverse an invoice, all of it or the lines that are given.

    Attributes:
        application_id: fixed when the person acted.
        seller_tax_id: who issued it.
        number: of the invoice to be reversed.
        issued_on: its day of issue.
        reason: why.
        lines: what is reversed, in positive amounts; empty for all of it.
    """

    application_id: str
    seller_tax_id: str
    number: str
    issued_on: date
    reason: RedReason
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderApplication:
    """Asks a shop for the invoice of orders that an enterprise placed there.

    Attributes:
        application_id: ours; the invoices are looked up by it later.
        order_ids: of the shop.
        kind: DIGITAL_ORDINARY or DIGITAL_SPECIAL.
        buyer, buyer_tax_id: the enterprise.
        total_with_tax: of all orders, yuan.
        applied_on: the day in China.
    """

    application_id: str
    order_ids: tuple[str, ...]
    kind: Kind
    buyer: str
    buyer_tax_id: str
    total_with_tax: Decimal
    applied_on: date


Application = IssueApplication | RedApplication | OrderApplication


@dataclass(frozen=True, slots=True)
class Issued:
    """There is an invoice, and it was accepted in the records.

    Attributes:
        number: 20 digits, given by the platform.
        issued_on: day of issue.
    """

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Accepted:
    """The application was taken; the invoice comes later. Ask for its state."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A final no to the application.

    Attributes:
        code: the platform's own.
        words: what it says to the seller, as the platform wrote it.
    """

    code: str
    words: str


IssueAnswer = Issued | Accepted | Refused | NotFound | NotSupported | PlatformDown
"""NotFound: the platform has no such application."""
