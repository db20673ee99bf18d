"""The sandbox issues: at once, the same for the same application, and it can be verified."""

from datetime import date
from decimal import Decimal

import pytest

from central.platforms.issuing import IssueApplication, Issued, Line, Refused
from central.platforms.outcome import NotFound, PlatformDown
from central.platforms.platform import Found
from central.sandbox.platform import SandboxPlatform
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind

TODAY = date(2026, 11, 24)
MEAL = Line("餐饮服务", "3070401000000000000", Decimal("100.00"), Decimal("6.00"), Decimal("0.06"))


def applied(kind: Kind = Kind.DIGITAL_ORDINARY, buyer_tax_id: str = "") -> IssueApplication:
    return IssueApplication(
        "0191", "91110105MA00TEXT0W", kind, "某某示例公司", buyer_tax_id, (MEAL,), TODAY
    )


@pytest.fixture
def platform() -> SandboxPlatform:
    return SandboxPlatform(records=(), today=lambda: TODAY)


async def test_what_is_issued_is_genuine_and_is_not_issued_twice(platform: SandboxPlatform) -> None:
    assert await platform.application_state("0191") == NotFound()
    issued = await platform.issue(applied())
    assert isinstance(issued, Issued)
    assert await platform.issue(applied()) == issued == await platform.application_state("0191")
    assert len(platform.records) == 1
    reference = InvoiceReference(
        Kind.DIGITAL_ORDINARY, issued.number, TODAY, amount=Decimal("106.00")
    )
    assert isinstance(await platform.verify(reference), Found)


async def test_the_same_number_after_a_restart(platform: SandboxPlatform) -> None:
    again = SandboxPlatform(records=(), today=lambda: TODAY)
    assert await platform.issue(applied()) == await again.issue(applied())


async def test_a_special_invoice_needs_a_tax_id_and_a_platform_that_is_down_says_so(
    platform: SandboxPlatform,
) -> None:
    refused = await platform.issue(applied(Kind.DIGITAL_SPECIAL))
    assert isinstance(refused, Refused)
    platform.is_down = True
    assert isinstance(await platform.issue(applied()), PlatformDown)
    assert isinstance(await platform.application_state("0191"), PlatformDown)
