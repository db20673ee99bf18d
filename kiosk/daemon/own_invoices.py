"""The daemon's own `kiosk.daemon.own_desk.OwnDesk`.

A list or a file cannot be had later on behalf of somebody who has gone: where the service cannot
be reached, that is said at once, and nothing is kept.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from central.client_people import PeopleClient
from central.contract import Message
from central.contract_people import (
    DocumentAnswer,
    DocumentLinkAnswer,
    Form,
    LookUpAnswer,
    LookUpBy,
    Outcome,
)
from central.failure import Failure, Overloaded
from drivers.documents.outcome import A4Outcome, A4Progress
from einvoice.invoice import InvoiceReference
from kiosk.clock import Clock
from kiosk.daemon.a4 import A4Document, A4Printing
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.link import Link
from kiosk.daemon.own_desk import File, Linked, Listed, NotHad
from kiosk.daemon.sender import Sender
from kiosk.logs import fact
from kiosk.preview.preview import NoPicture, Picture, preview
from offline_queue.errors import OutboxFull, StorageFailed

_log = logging.getLogger(__name__)

LINK_GOOD_FOR = timedelta(minutes=5)
"""At most, whatever the two clocks say of each other."""

A = TypeVar("A", LookUpAnswer, DocumentAnswer, DocumentLinkAnswer)


class OwnInvoices:
    """Asks the service, prints on A4, and draws.

    Args:
        people: asks.
        link: whether the service can be reached, as everybody sees it.
        keeper: keeps the order of a letter.
        sender: sends it on.
        a4: prints.
        clock: the terminal's.
    """

    def __init__(
        self,
        people: PeopleClient,
        link: Link,
        keeper: Keeper,
        sender: Sender,
        a4: A4Printing,
        clock: Clock,
    ) -> None:
        self._people = people
        self._link = link
        self._keeper = keeper
        self._sender = sender
        self._a4 = a4
        self._clock = clock

    async def look_up(self, by: LookUpBy, value: str, secret: str = "") -> Listed | NotHad:
        """The invoices of who shows this."""
        answer = await self._asked(lambda: self._people.look_up(by, value, secret))
        return answer if isinstance(answer, NotHad) else Listed(answer.invoices)

    async def file_of_found(self, token: str) -> File | NotHad:
        """The file of an invoice that was listed."""
        return _file(await self._asked(lambda: self._people.document_of_found(token, Form.PDF)))

    async def file_of_reference(self, reference: InvoiceReference, tax: Decimal) -> File | NotHad:
        """The file of an invoice whose holder knows its 税额, yuan."""
        return _file(
            await self._asked(lambda: self._people.document_of_reference(reference, tax, Form.PDF))
        )

    async def link(self, token: str) -> Linked | NotHad:
        """A link to a file, for a phone."""
        answer = await self._asked(lambda: self._people.link(token))
        if isinstance(answer, NotHad):
            return answer
        good_for = LINK_GOOD_FOR
        if answer.good_until is not None:
            good_for = min(good_for, answer.good_until - self._clock.now())
        if good_for <= timedelta(
            0
        ):  # the terminal's clock is ahead; the link is fresh all the same
            good_for = LINK_GOOD_FOR
        return Linked(answer.url, good_for)

    async def mail(self, token: str, address: str) -> bool:
        """Have a file sent; whether the order was kept."""
        try:
            await asyncio.to_thread(self._keeper.mail_document, token, address)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "mail.not_kept", why=type(error).__name__)
            return False
        self._sender.wake()
        return True

    async def picture(self, pdf: bytes) -> Picture | NoPicture:
        """What the first page looks like."""
        return await preview(pdf)

    async def print_a4(
        self, document: A4Document, on_progress: Callable[[A4Progress], None]
    ) -> A4Outcome | None:
        """Print a file to its end."""
        outcome = await self._a4.print(document, on_progress)
        self._sender.wake()
        return outcome

    def cancel_a4(self) -> None:
        """Take back what is being printed."""
        self._a4.cancel()

    async def _asked(self, ask: Callable[[], Awaitable[A | Failure]]) -> A | NotHad:
        """An answer that says yes, or why there is none."""
        if self._link.is_down:
            return NotHad("link_down")
        answer = await ask()
        if not isinstance(answer, Message):
            self._link.failed(answer)
            return NotHad("busy" if isinstance(answer, Overloaded) else "unreachable")
        self._link.answered()
        if answer.outcome is not Outcome.DONE:
            return NotHad(answer.outcome.value)
        return answer


def _file(answer: DocumentAnswer | NotHad) -> File | NotHad:
    return answer if isinstance(answer, NotHad) else File(answer.content, answer.token)
