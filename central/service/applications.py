"""Applications for invoices: taken from terminals, handed to the bureau, followed to their end.

The ticket's number is the application's id at the platform, and the same id is the same
application there: whatever is killed when, asking again makes no second invoice. Numbers come
from the platform only. An application is asked for until its upload was accepted (ISSUED) or
there is a final no; both end it, and nothing else does.
"""

import asyncio
import hmac
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import assert_never

import msgspec

from central.business import Business
from central.contract import TicketAnswer, TicketRequest, TicketState, encode, sha256_hex
from central.contract_people import IssueRequested
from central.contract_tickets import ApplicationState, ApplicationView
from central.platforms.issuing import Accepted, IssueAnswer, IssueApplication, Issued, Line, Refused
from central.platforms.outcome import NotFound, NotSupported, PlatformDown
from central.platforms.platform import Platform
from central.service import businesses
from central.service.alerts import AlertKind, Alerts
from central.service.china import utc_now
from central.service.store import Connection, Store, StoreUnavailable
from einvoice.kinds import Kind

_log = logging.getLogger(__name__)

ASKED_AT_LEAST_EVERY_S = 1800.0
LOOKED_AT_EVERY_S = 30.0
STORE_PAUSE_S = 5.0
LATE_AFTER = timedelta(hours=24)
"""An application that is open so long is told to staff: an invoice belongs to its day."""
KEPT_FOR = timedelta(days=30)
"""After its end: as long as other tickets."""

NOT_REGISTERED = "该企业未登记在自助终端开票，或登记已终止"
KIND_NOT_ALLOWED = "该企业未登记开具此种发票"
ITEM_NOT_REGISTERED = "项目未在该企业登记"
OVER_LIMIT = "超过该企业单张发票限额"
TAX_ID_MISSING = "开具专用发票须填写购买方税号"
NOBODY_ISSUES = "本服务未接入开票平台"

_REQUEST = msgspec.json.Decoder(IssueRequested)
_VIEW = msgspec.json.Decoder(ApplicationView)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class _Due:
    number: str
    request: IssueRequested
    may_be_there: bool
    tries: int
    registered_at: datetime
    business: Business | None


def application_answer(connection: Connection, request: TicketRequest) -> TicketAnswer | None:
    """Where an application stands; None if there is none of this number and secret."""
    row = connection.execute(
        "SELECT secret_sha256, registered_at, said, ended_at FROM applications WHERE number = ?",
        (request.number,),
    ).fetchone()
    if row is None or not hmac.compare_digest(row[0], sha256_hex(request.secret)):
        return None
    return TicketAnswer(
        request.request_id,
        request.number,
        TicketState.PENDING if row[3] is None else TicketState.ANSWERED,
        datetime.fromisoformat(row[1]),
        application=_VIEW.decode(row[2]),
    )


def first_view(request: IssueRequested) -> ApplicationView:
    """What the ticket of an application tells that was just taken."""
    return ApplicationView(ApplicationState.TAKEN, total_of(request))


def total_of(request: IssueRequested) -> Decimal:
    """Of all items, yuan with tax."""
    return sum((one.total_with_tax for one in request.items), Decimal(0))


def judged(request: IssueRequested, business: Business | None) -> str:
    """Why an application can never be handed on, in words for the seller; "" if it can.

    The register decides, not what a terminal believed: its terms may be older.
    """
    if business is None:
        return NOT_REGISTERED
    if request.kind not in business.kinds:
        return KIND_NOT_ALLOWED
    if any(business.item(one.item) is None for one in request.items):
        return ITEM_NOT_REGISTERED
    if total_of(request) > business.limit:
        return OVER_LIMIT
    if request.kind is Kind.DIGITAL_SPECIAL and not request.title.tax_id:
        return TAX_ID_MISSING
    return ""


def application_of(number: str, request: IssueRequested, business: Business) -> IssueApplication:
    """What the platform is asked for. Amounts with tax are split by the register's rates."""
    lines: list[Line] = []
    for sold in request.items:
        item = business.item(sold.item)
        if item is None:
            raise LookupError(sold.item)
        net = (sold.total_with_tax / (1 + item.rate)).quantize(_CENT, ROUND_HALF_UP)
        lines.append(Line(item.name, item.tax_code, net, sold.total_with_tax - net, item.rate))
    return IssueApplication(
        application_id=number,
        seller_tax_id=request.seller_tax_id,
        kind=request.kind,
        buyer=request.title.name,
        buyer_tax_id=request.title.tax_id,
        lines=tuple(lines),
        applied_on=request.applied_on,
    )


class ApplicationWorker:
    """Hands on what is due, one after the other. Run it as one task.

    Args:
        store: where applications are.
        platform: issues.
        alerts: are told of what staff must look at.
        now: the present moment, aware.
        first_pause_s: after the first answer that is no end, up to half an hour; it doubles, and
            each pause is drawn between half and the whole of itself.
    """

    def __init__(
        self,
        store: Store,
        platform: Platform,
        alerts: Alerts,
        now: Callable[[], datetime] = utc_now,
        first_pause_s: float = 5.0,
    ) -> None:
        self._store = store
        self._platform = platform
        self._alerts = alerts
        self._now = now
        self._first_pause_s = first_pause_s
        self._news = asyncio.Event()
        self._draw = random.SystemRandom()

    def wake(self) -> None:
        """There may be a new application: look now."""
        self._news.set()

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            self._news.clear()
            pause_s = LOOKED_AT_EVERY_S
            try:
                await self._store.write(lambda c: _forget_old(c, self._now()))
                while (due := await self._store.read(lambda c: _due(c, self._now()))) is not None:
                    await self._advance(due)
                next_at = await self._store.read(_next_at)
                if next_at is not None:
                    pause_s = max(0.0, min(pause_s, next_at - self._now().timestamp()))
            except StoreUnavailable as error:
                _log.error("applications.store_unavailable error=%s", error)
                pause_s = STORE_PAUSE_S
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._news.wait()

    async def _advance(self, due: _Due) -> None:
        if due.may_be_there:
            said = await self._platform.application_state(due.number)
            if not isinstance(said, NotFound):
                await self._take(due, said)
                return
        words = judged(due.request, due.business)
        if words or due.business is None:
            await self._refuse(due, "", words)
            return
        # Written before it is sent: whoever is killed after it asks first what became of it.
        await self._store.write(lambda c: _may_be_there(c, due.number))
        application = application_of(due.number, due.request, due.business)
        await self._take(due, await self._platform.issue(application))

    async def _take(self, due: _Due, said: IssueAnswer) -> None:
        match said:
            case Issued(number, issued_on):
                await self._end(due, ApplicationState.ISSUED, number=number, issued_on=issued_on)
                _log.info("application.issued ticket=%s", due.number)
            case Refused(code, words):
                await self._refuse(due, code, words)
            case NotSupported():
                await self._refuse(due, "not_supported", NOBODY_ISSUES)
            case Accepted() | NotFound():
                await self._later(due)
            case PlatformDown(why):
                if due.tries == 0:
                    _log.warning("application.put_off ticket=%s why=%s", due.number, why)
                await self._later(due)
            case _:
                assert_never(said)

    async def _later(self, due: _Due) -> None:
        now = self._now()
        whole = min(ASKED_AT_LEAST_EVERY_S, self._first_pause_s * 2.0 ** min(due.tries, 10))
        at = now.timestamp() + self._draw.uniform(whole / 2, whole)
        await self._store.write(lambda c: _put_off(c, due.number, at))
        if now - due.registered_at > LATE_AFTER:
            self._alerts.tell(AlertKind.APPLICATION_LATE, detail=due.number)

    async def _refuse(self, due: _Due, code: str, words: str) -> None:
        await self._end(due, ApplicationState.REFUSED, words=words)
        _log.warning("application.refused ticket=%s code=%s", due.number, code)
        self._alerts.tell(AlertKind.APPLICATION_REFUSED, detail=f"{due.number}: {code} {words}")

    async def _end(
        self,
        due: _Due,
        state: ApplicationState,
        *,
        number: str = "",
        issued_on: date | None = None,
        words: str = "",
    ) -> None:
        view = ApplicationView(state, total_of(due.request), number, issued_on, words)
        at = self._now().timestamp()
        await self._store.write(lambda c: _ended(c, due.number, view, at))


def _due(connection: Connection, now: datetime) -> _Due | None:
    row = connection.execute(
        "SELECT number, request, may_be_there, tries, registered_at FROM applications"
        " WHERE next_at <= ? ORDER BY next_at LIMIT 1",
        (now.timestamp(),),
    ).fetchone()
    if row is None:
        return None
    request = _REQUEST.decode(row[1])
    return _Due(
        row[0],
        request,
        bool(row[2]),
        row[3],
        datetime.fromisoformat(row[4]),
        businesses.registered(connection, request.seller_tax_id),
    )


def _next_at(connection: Connection) -> float | None:
    (at,) = connection.execute(
        "SELECT min(next_at) FROM applications WHERE next_at IS NOT NULL"
    ).fetchone()
    return at


def _may_be_there(connection: Connection, number: str) -> None:
    connection.execute("UPDATE applications SET may_be_there = 1 WHERE number = ?", (number,))


def _put_off(connection: Connection, number: str, at: float) -> None:
    connection.execute(
        "UPDATE applications SET next_at = ?, tries = tries + 1 WHERE number = ?", (at, number)
    )


def _ended(connection: Connection, number: str, view: ApplicationView, at: float) -> None:
    connection.execute(
        "UPDATE applications SET said = ?, ended_at = ?, next_at = NULL WHERE number = ?",
        (encode(view).decode(), at, number),
    )


def _forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(
        "DELETE FROM applications WHERE ended_at < ?", ((now - KEPT_FOR).timestamp(),)
    )
