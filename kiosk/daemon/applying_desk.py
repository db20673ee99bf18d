"""What applying for an invoice needs done: asking the service, and accepting without it."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Protocol

from central.client_people import PERSON_WAITS_S, PeopleClient
from central.contract_people import CompanyAnswer, Outcome, Title, TitleAnswer
from kiosk.daemon.allowance import Application, Known, NotGranted
from kiosk.daemon.applications import Applications
from kiosk.daemon.keeping import Kept, NotKept
from kiosk.daemon.link import Link
from kiosk.daemon.sender import Sender
from kiosk.logs import fact
from offline_queue.errors import OutboxFull, StorageFailed

_log = logging.getLogger(__name__)

COMPANY_WITHIN_S = 3.0
"""No platform stands behind this question."""


@dataclass(frozen=True, slots=True)
class SellerFound:
    """A business that may apply here.

    Attributes:
        known: its terms, and what is owed for it.
        asked: the service has just said so.
    """

    known: Known
    asked: bool


@dataclass(frozen=True, slots=True)
class SellerRefused:
    """Why it may not; as in `kiosk.applying_messages.NotAccepted`."""

    why: str


@dataclass(frozen=True, slots=True)
class NoTitle:
    """Why there is no title: "not_known", "too_often" or "unavailable"."""

    why: str


class ApplyingDesk(Protocol):
    """What the flow needs done by others."""

    async def seller(self, tax_id: str) -> SellerFound | SellerRefused:
        """On what terms a business may apply now."""
        ...

    async def buyer(self, tax_id: str) -> Title | NoTitle:
        """The title of a company by its tax id."""
        ...

    async def title(self, code: str) -> Title | NoTitle:
        """The title behind a code that is shown in an app."""
        ...

    async def apply(self, application: Application, *, asked: bool) -> Kept | NotKept | NotGranted:
        """Accept an application, or say why not; `asked`: the service has said the terms."""
        ...


class DaemonApplyingDesk:
    """The daemon's own."""

    def __init__(
        self, people: PeopleClient, link: Link, applications: Applications, sender: Sender
    ) -> None:
        self._people = people
        self._link = link
        self._applications = applications
        self._sender = sender

    async def seller(self, tax_id: str) -> SellerFound | SellerRefused:
        """On what terms a business may apply now: the service's, or those it gave before."""
        answer = await self._company(tax_id)
        asked = False
        try:
            match answer:
                case CompanyAnswer(outcome=Outcome.DONE, terms=terms):
                    await asyncio.to_thread(self._applications.keep_terms, tax_id, terms)
                    asked = True
                case CompanyAnswer(outcome=Outcome.NONE):
                    await asyncio.to_thread(self._applications.keep_terms, tax_id, None)
                    return SellerRefused("not_registered")
                case CompanyAnswer(outcome=Outcome.TOO_OFTEN):
                    return SellerRefused("too_often")
                case _:
                    pass
            return await asyncio.to_thread(self._known, tax_id, asked)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "terms.not_kept", why=type(error).__name__)
            return SellerRefused("storage")

    def _known(self, tax_id: str, asked: bool) -> SellerFound | SellerRefused:
        refusal = self._applications.standing(tax_id, asked=asked)
        known = self._applications.known(tax_id)
        if refusal is not None or known is None:
            return SellerRefused((refusal or NotGranted.NO_TERMS).value)
        return SellerFound(known, asked)

    async def buyer(self, tax_id: str) -> Title | NoTitle:
        """The title of a company that is registered for applying here itself."""
        answer = await self._company(tax_id)
        if isinstance(answer, CompanyAnswer) and answer.terms is not None:
            return Title(answer.terms.name, tax_id)
        return _no_title(answer.outcome if isinstance(answer, CompanyAnswer) else None)

    async def title(self, code: str) -> Title | NoTitle:
        """The title behind a code that is shown in an app."""
        if self._link.is_down:
            return NoTitle("unavailable")
        answer = await self._people.title(code, within_s=PERSON_WAITS_S)
        if not isinstance(answer, TitleAnswer):
            self._link.failed(answer)
            return NoTitle("unavailable")
        self._link.answered()
        return answer.title if answer.title is not None else _no_title(answer.outcome)

    async def apply(self, application: Application, *, asked: bool) -> Kept | NotKept | NotGranted:
        """Accept an application; with the service at hand only as long as the link is up."""
        result = await asyncio.to_thread(
            self._applications.apply, application, asked=asked and not self._link.is_down
        )
        self._sender.wake()
        return result

    async def _company(self, tax_id: str) -> CompanyAnswer | None:
        """The service's answer; None without one."""
        if self._link.is_down:
            return None
        answer = await self._people.company(tax_id, within_s=COMPANY_WITHIN_S)
        if isinstance(answer, CompanyAnswer):
            self._link.answered()
            return answer
        self._link.failed(answer)
        return None


def _no_title(outcome: Outcome | None) -> NoTitle:
    match outcome:
        case Outcome.NONE:
            return NoTitle("not_known")
        case Outcome.TOO_OFTEN:
            return NoTitle("too_often")
        case _:
            return NoTitle("unavailable")
