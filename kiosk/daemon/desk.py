"""What a visit needs done, by those who can do it."""

import asyncio
import logging
from collections.abc import Callable

import msgspec
import uuid_utils

from einvoice.invoice import InvoiceReference
from einvoice.ticket import Ticket
from einvoice.verdict import Verdict
from kiosk.daemon.inquiry import Answered, Inquiry, PutOff, TicketFound
from kiosk.daemon.keeping import Keeper, Kept, NotKept
from kiosk.daemon.printing import Printing, Slip
from kiosk.daemon.sender import Sender
from kiosk.daemon.stations import Printed
from kiosk.daemon.surroundings import Place
from kiosk.logs import fact
from kiosk.messages import Printable
from kiosk.own_messages import OwnInvoice
from kiosk.receipts.batch import slip_of
from kiosk.receipts.slips import SlipHead
from kiosk.text.catalogue import catalogue
from offline_queue.errors import OutboxFull, StorageFailed

_log = logging.getLogger(__name__)

STAFF_TOLD_WITHIN_S = 5.0
"""Then the person is sent to the desk rather than left to wait."""


class DaemonDesk:
    """The daemon's own `kiosk.daemon.surroundings.Desk`.

    Attributes:
        is_sandbox: the service answers from made-up records; slips must say so.
    """

    def __init__(
        self,
        inquiry: Inquiry,
        keeper: Keeper,
        printing: Printing,
        sender: Sender,
        place: Place,
        columns: int,
        *,
        on_verdict: Callable[[Verdict], None],
        is_training: bool = False,
    ) -> None:
        self._inquiry = inquiry
        self._keeper = keeper
        self._printing = printing
        self._sender = sender
        self._place = place
        self._columns = columns
        self._on_verdict = on_verdict
        self._is_training = is_training
        self.is_sandbox = False

    async def verify(self, reference: InvoiceReference) -> Answered | PutOff:
        """What is true about an invoice, or a ticket for later."""
        result = await self._inquiry.verify(reference)
        self._on_verdict(result.answer.verdict)
        self._sender.wake()
        return result

    async def open_case(
        self, reference: InvoiceReference, verdict: Verdict, typed: bool, address: str
    ) -> Kept | NotKept:
        """Have an invoice looked for day by day."""
        kept = await asyncio.to_thread(
            self._keeper.open_case, reference, verdict, typed=typed, address=address
        )
        self._sender.wake()
        return kept

    async def ticket(self, ticket: Ticket) -> TicketFound:
        """The answer that a ticket was given for."""
        return await self._inquiry.ticket(ticket)

    async def next_print(self, slip: str) -> tuple[str, int] | None:
        """The number of a slip (a new one for "") and which copy of it the next print is."""
        try:
            return await asyncio.to_thread(self._keeper.next_print, slip)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "slip.no_number", why=type(error).__name__)
            return None

    async def print(
        self,
        shown: Printable,
        slip: str,
        copy: int,
        tickets: tuple[Ticket, ...],
        language: str,
    ) -> Printed | None:
        """Print the slip of what is shown; the outcome is owed to the service.

        None when the job could not be put on the disk first: then nothing was printed.
        """
        words = catalogue(language)
        hall = self._place.hall_zh if language == "zh" else self._place.hall_en
        head = SlipHead(
            hall,
            self._place.terminal,
            slip,
            copy,
            self._columns,
            is_sandbox=self.is_sandbox,
            is_training=self._is_training,
        )
        document = slip_of(shown, tickets, head, words)
        printed = await self._printing.print(
            Slip(slip, copy, document, msgspec.json.encode(_to_keep(shown)))
        )
        self._sender.wake()
        return printed

    async def call_staff(self, situation: str) -> bool:
        """Let the service know that somebody asks for help; whether it took the call in time."""
        op_id = str(uuid_utils.uuid7())
        taken = self._sender.awaited(op_id)
        try:
            await asyncio.to_thread(self._keeper.staff_called, situation, op_id)
            self._sender.wake()
            async with asyncio.timeout(STAFF_TOLD_WITHIN_S):
                return await taken
        except TimeoutError:
            # It stays owed: a later answer still brings somebody.
            return False
        except (OutboxFull, StorageFailed) as error:
            # The screen says it large all the same: that is what staff see first.
            fact(_log, "staff.not_told", why=type(error).__name__)
            return False
        finally:
            taken.cancel()

    async def visit_ended(self) -> None:
        """Let go of what was kept for this visit."""
        try:
            await asyncio.to_thread(self._keeper.forget_shown)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "visit.not_forgotten", why=type(error).__name__)


def _to_keep(shown: Printable) -> Printable:
    """What is kept of a screen while its slip is printed: no picture, nothing that opens a file."""
    if not isinstance(shown, OwnInvoice):
        return shown
    return msgspec.structs.replace(
        shown, picture=b"", why_no_picture="gone", has_file=False, can_link=False, can_mail=False
    )
