"""What the sandbox platform issues: at once, for any business that the service registered."""

import hashlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from central.platforms.issuing import (
    Application,
    IssueAnswer,
    IssueApplication,
    Issued,
    Refused,
)
from central.platforms.outcome import NotFound, NotSupported
from central.sandbox.records import Record, Says
from einvoice.kinds import Kind

_SELLER = "北京示例商贸有限公司"
_NUMBERS = 10**9


class SandboxBureau:
    """Takes applications and issues; the same application has the same number, always.

    Args:
        add: gets what is issued, so that it can be verified afterwards.
        today: the day in China.
    """

    def __init__(self, add: Callable[[Record], None], today: Callable[[], date]) -> None:
        self._add = add
        self._today = today
        self._said: dict[str, IssueAnswer] = {}

    def issue(self, application: Application) -> IssueAnswer:
        """The invoice, or why there is none. Reversals and shops' orders are not made up here."""
        if not isinstance(application, IssueApplication):
            return NotSupported()
        said = self._said.get(application.application_id)
        if said is None:
            said = self._said[application.application_id] = self._decided(application)
        return said

    def state(self, application_id: str) -> IssueAnswer:
        """What became of an application."""
        return self._said.get(application_id, NotFound())

    def _decided(self, application: IssueApplication) -> IssueAnswer:
        if application.kind is Kind.DIGITAL_SPECIAL and not application.buyer_tax_id:
            return Refused("buyer_tax_id_missing", "专用发票须填购买方税号")
        today = self._today()
        drawn = int.from_bytes(hashlib.sha256(application.application_id.encode()).digest()[:8])
        issued = Issued(f"{today:%y}112{8:06d}{drawn % _NUMBERS:09d}", today)
        net = sum((line.amount_without_tax for line in application.lines), Decimal(0))
        self._add(
            Record(
                kind=application.kind,
                number=issued.number,
                issued=issued.issued_on,
                amount_without_tax=net,
                total_with_tax=application.total_with_tax,
                seller=_SELLER,
                buyer=application.buyer,
                answer=Says.NORMAL,
            )
        )
        return issued
