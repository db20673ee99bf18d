"""What all stand-ins know: one set of records, as there is one tax bureau.

The records are those of `invoices.toml` and whatever the mint adds. An invoice may be
withheld: it was issued and its upload has not arrived, so that nobody finds it yet.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from msgspec import structs

from central.platforms.outcome import (
    LimitReached,
    NotFound,
    Outage,
    PlatformAnswer,
    PlatformDown,
)
from central.sandbox.mint import Mint, MintedInvoice
from central.sandbox.platform import SandboxPlatform
from central.sandbox.records import Record, Says
from central.sandbox.wire.faults import Fault
from central.service.china import day_in_china, utc_now
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind

QUESTIONS_A_DAY = 5
_OUTAGE_OF_FAULT = {
    Fault.OVERLOAD: Outage.THROTTLED,
    Fault.CONTRACT: Outage.CONTRACT,
    Fault.TAX_NETWORK: Outage.UPSTREAM,
}


def _today() -> date:
    return day_in_china(utc_now())


class Ledger:
    """The records behind all stand-ins.

    Args:
        today: the day in China.
        clock: seconds that only go forward.
        seed: of the mint.
    """

    def __init__(
        self,
        today: Callable[[], date] = _today,
        clock: Callable[[], float] = time.monotonic,
        seed: str = "stand-ins",
    ) -> None:
        self.today = today
        self._clock = clock
        self._records = SandboxPlatform(today=today)
        self._mint = Mint(seed)
        self._minted: dict[str, MintedInvoice] = {}
        self._withheld: dict[str, float] = {}
        self._asked: Counter[tuple[date, str, str]] = Counter()

    @property
    def minted(self) -> tuple[MintedInvoice, ...]:
        """What the mint has added, in order."""
        return tuple(self._minted.values())

    def mint(self, kind: Kind, issued_on: date, withheld_s: float = 0.0) -> MintedInvoice:
        """One more invoice, in order in every respect, found after `withheld_s`.

        Raises:
            KeyError: a kind that is not minted.
        """
        minted = self._mint.invoice(kind, issued_on=issued_on)
        invoice = minted.invoice
        self._minted[invoice.number] = minted
        self.add(
            Record(
                kind=kind,
                number=invoice.number,
                code=invoice.code,
                issued=issued_on,
                check_code=invoice.check_code[-6:],
                amount_without_tax=invoice.amount_without_tax,
                total_with_tax=invoice.total_with_tax,
                seller=invoice.seller.name,
                buyer=invoice.buyer.name,
            ),
            withheld_s,
        )
        return minted

    def add(self, record: Record, withheld_s: float = 0.0) -> None:
        """One more record."""
        self._records.add(record)
        if withheld_s > 0:
            self.withhold(record.number, withheld_s)

    def withhold(self, number: str, seconds: float) -> None:
        """Lets nobody find an invoice until then."""
        self._withheld[number] = self._clock() + seconds

    def reverse(self, number: str) -> bool:
        """The invoice of that number is wholly reversed; False if there is none."""
        known = {record.number: record for record in self._records.records}
        record = known.get(number)
        if record is None:
            return False
        # The newest record of a number stands before the others.
        self._records.put_first(structs.replace(record, answer=Says.RED_FULL, red_days_ago=0))
        return True

    def record_of(self, number: str) -> Record | None:
        """The newest record of that number, unless it is withheld."""
        if self._clock() < self._withheld.get(number, 0.0):
            return None
        today = self.today()
        found = (one for one in self._records.records if one.reference(today).number == number)
        return next(found, None)

    def file_of(self, number: str) -> MintedInvoice | None:
        """The minted invoice of that number, which can be had in every form."""
        return self._minted.get(number)

    async def say(self, asked: InvoiceReference, fault: Fault) -> PlatformAnswer:
        """What a platform answers to one question."""
        outage = _OUTAGE_OF_FAULT.get(fault)
        if outage is not None:
            return PlatformDown("ordered", outage)
        if fault is Fault.DAY_LIMIT:
            return LimitReached()
        of_today = (self.today(), asked.code, asked.number)
        self._asked[of_today] += 1
        if self._asked[of_today] > QUESTIONS_A_DAY:
            return LimitReached()
        if self._clock() < self._withheld.get(asked.number, 0.0):
            return NotFound()
        return await self._records.verify(asked)


def asked_for(
    number: str, code: str, issued_on: date, amount: Decimal | None, check_code: str
) -> InvoiceReference:
    """The question as the records take it: they know the kind themselves."""
    reference = InvoiceReference(Kind.DIGITAL_OTHER, number, issued_on, code=code)
    return replace(reference, amount=amount, check_code=check_code)


def seeded(ledger: Ledger) -> Ledger:
    """The same ledger with some minted invoices: orders and files of stand-ins are theirs."""
    for days in range(2, 6):
        ledger.mint(Kind.DIGITAL_ORDINARY, ledger.today() - timedelta(days=days))
    return ledger
