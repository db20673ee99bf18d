"""A platform made of a file: knows invoices of every verdict, and can be told to be down."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import assert_never

from central.platforms import reading
from central.platforms.issuing import Application, IssueAnswer
from central.platforms.lookups import (
    ByNumber,
    ByOrder,
    ByShownCode,
    DocumentAnswer,
    DocumentForm,
    Listed,
    ListedInvoice,
    LookUp,
    LookUpAnswer,
    TitleAnswer,
    TitleFound,
)
from central.platforms.platform import (
    Act,
    Capabilities,
    Differs,
    Found,
    LimitReached,
    NotFound,
    NotSupported,
    Platform,
    PlatformAnswer,
    PlatformDown,
    RecordState,
    TooOld,
)
from central.sandbox.files import file_of
from central.sandbox.issuing import SandboxBureau
from central.sandbox.records import Record, Says, read_records
from central.service.china import day_in_china, utc_now
from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind
from einvoice.structure import oldest
from einvoice.title_card import TitleCard

SHOWN_TITLE_CODE = "287700000000000001"
_TITLE = TitleCard(
    name="北京示例科技有限公司",
    tax_id="91110108YX000001XA",
    address_phone="北京市海淀区示例路1号|010-00000000",
    bank_account="示例银行北京分行|0000000000000000",
)


def _today() -> date:
    return day_in_china(utc_now())


class SandboxPlatform(Platform):
    """Stands in for a platform. Steer it while it runs through its attributes.

    Attributes:
        is_down: answers PlatformDown to everything.
        delay_s: waits before every answer.
        queries: how often it was asked.

    Args:
        records: what it knows; by default `invoices.toml`.
        today: the day in China.
    """

    # As of the published terms of one provider, air itineraries need another interface.
    capabilities = Capabilities(
        name="sandbox",
        kinds=frozenset(Kind) - {Kind.DIGITAL_AIR, Kind.FREIGHT},
        is_sandbox=True,
        acts=frozenset({Act.VERIFY, Act.LOOK_UP, Act.DOCUMENT, Act.TITLE, Act.ISSUE}),
    )

    def __init__(
        self, records: tuple[Record, ...] | None = None, today: Callable[[], date] = _today
    ) -> None:
        self._records = read_records() if records is None else records
        self._today = today
        self.is_down = False
        self.delay_s = 0.0
        self.queries = 0
        self._bureau = SandboxBureau(self.add, today)

    def add(self, record: Record) -> None:
        """Lets it know one more invoice."""
        self._records = (*self._records, record)

    def put_first(self, record: Record) -> None:
        """Lets it know something newer of an invoice that it knows."""
        self._records = (record, *self._records)

    @property
    def records(self) -> tuple[Record, ...]:
        """What it knows."""
        return self._records

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """What the records say."""
        self.queries += 1
        if self.delay_s > 0:
            await asyncio.sleep(self.delay_s)
        if self.is_down:
            return PlatformDown("the sandbox was told to be down")
        today = self._today()
        if reference.issued_on < oldest(today):
            return TooOld()
        for record in self._records:
            of_record = record.reference(today)
            if (of_record.code, of_record.number) == (reference.code, reference.number):
                return _answer(record, of_record, reference, today)
        return NotFound()

    async def look_up(self, what: LookUp) -> LookUpAnswer:
        """The records of an order, or of what is shown."""
        if self.is_down:
            return PlatformDown("the sandbox was told to be down")
        match what:
            case ByOrder(order_id, number):
                found = self._of(lambda record: record.order == order_id, number)
            case ByShownCode(code):
                found = self._of(lambda record: record.shown_code == code, "")
            case _:
                return NotSupported()
        today = self._today()
        return Listed(tuple(_listed(record, today) for record in found)) if found else NotFound()

    async def document(self, what: LookUp, form: DocumentForm) -> DocumentAnswer:
        """The file of a record."""
        if self.is_down:
            return PlatformDown("the sandbox was told to be down")
        match what:
            case ByOrder(order_id, number):
                found = self._of(lambda record: record.order == order_id, number)
            case ByNumber(number):
                found = self._of(lambda _: True, number)
            case _:
                return NotSupported()
        if not found:
            return NotFound()
        return await asyncio.to_thread(file_of, found[0], form, self._today())

    async def title(self, shown_code: str) -> TitleAnswer:
        """The made-up title of who shows `SHOWN_TITLE_CODE`."""
        if self.is_down:
            return PlatformDown("the sandbox was told to be down")
        return TitleFound(_TITLE) if shown_code == SHOWN_TITLE_CODE else NotFound()

    async def issue(self, application: Application) -> IssueAnswer:
        """A made-up invoice, at once."""
        if self.is_down:
            return PlatformDown("the sandbox was told to be down")
        return self._bureau.issue(application)

    async def application_state(self, application_id: str) -> IssueAnswer:
        """What became of an application."""
        if self.is_down:
            return PlatformDown("the sandbox was told to be down")
        return self._bureau.state(application_id)

    def _of(self, belongs: Callable[[Record], bool], number: str) -> tuple[Record, ...]:
        today = self._today()
        return tuple(
            record
            for record in self._records
            if belongs(record) and number in {"", record.reference(today).number}
        )


def _listed(record: Record, today: date) -> ListedInvoice:
    reference, details = record.reference(today), record.details(today)
    return ListedInvoice(
        number=reference.number,
        code=reference.code,
        issued_on=reference.issued_on,
        total_with_tax=details.total_with_tax,
        amount_without_tax=details.amount_without_tax,
        tax=details.tax,
        seller=record.seller,
        buyer=record.buyer,
    )


def _answer(
    record: Record, of_record: InvoiceReference, asked: InvoiceReference, today: date
) -> PlatformAnswer:
    match record.answer:
        case Says.DOWN:
            return PlatformDown("the sandbox has no answer for this invoice")
        case Says.LIMIT_REACHED:
            return LimitReached()
        case Says.NORMAL:
            state = RecordState.NORMAL
        case Says.VOID:
            state = RecordState.VOID
        case Says.RED_FULL:
            state = RecordState.RED_FULL
        case Says.RED_PARTIAL:
            state = RecordState.RED_PARTIAL
        case _:
            assert_never(record.answer)
    if not _agrees(of_record, asked):
        return Differs(
            reading.what_differs(
                replace(asked, kind=of_record.kind),
                number=of_record.number,
                issued_on=of_record.issued_on,
                amount_without_tax=of_record.amount,
                total_with_tax=of_record.amount,
            )
        )
    return Found(state, record.details(today))


def _agrees(of_record: InvoiceReference, asked: InvoiceReference) -> bool:
    """Whether the date agrees, and the field that the record's kind is verified by."""
    if of_record.issued_on != asked.issued_on:
        return False
    if of_record.kind.fourth_field is FourthField.CHECK_CODE:
        return of_record.check_code == asked.check_code
    return of_record.amount == asked.amount
