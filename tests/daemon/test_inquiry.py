"""A service that turns people away is asked less; each of them gets a ticket all the same."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from central.client import CentralClient
from central.failure import Overloaded
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Verdict
from kiosk.clock import BEIJING
from kiosk.daemon.inquiry import Inquiry, PutOff
from kiosk.daemon.keeping import Keeper, NotKept
from kiosk.daemon.link import Link

INVOICE = InvoiceReference(
    Kind.DIGITAL_ORDINARY, "26112000000000000018", date(2026, 11, 23), amount=Decimal("106.00")
)


class HandClock:
    """Moved by the test only."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)

    def monotonic(self) -> float:
        return self.at_s


class Busy:
    """A service without a free place, and a keeper that counts what it was given."""

    def __init__(self) -> None:
        self.asked = self.kept = 0

    async def verify(self, reference: InvoiceReference, *, within_s: float) -> Overloaded:
        self.asked += 1
        return Overloaded(5.0)

    def verify_later(self, reference: InvoiceReference) -> NotKept:
        self.kept += 1
        return NotKept("disk_full")


async def test_a_busy_service_is_asked_less_and_nobody_is_left_without_an_answer() -> None:
    clock, busy = HandClock(), Busy()
    link = Link(clock, probe_up_s=30, probe_down_s=10, on_change=lambda _: None)
    inquiry = Inquiry(
        cast("CentralClient", cast("Any", busy)),
        link,
        cast("Keeper", cast("Any", busy)),
        clock,
        within_s=3.0,
    )
    for _ in range(80):
        put_off = await inquiry.verify(INVOICE)
        assert isinstance(put_off, PutOff)
        assert put_off.answer.verdict is Verdict.UNAVAILABLE
    assert busy.kept == 80
    assert 3 <= busy.asked < 60
    assert not link.is_down
