"""What a person did while the service was gone, kept until the service has it.

A request is kept in one commit: the operation in the outbox and the ticket that the
person takes home. Only then may anybody say that it was kept.
"""

import logging
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import uuid_utils

from central.contract import (
    OP_DEVICE_TROUBLE,
    OP_PRINT_OUTCOME,
    OP_STAFF_CALLED,
    OP_VERIFY_LATER,
    DeviceTrouble,
    PrintOutcomeReport,
    Reference,
    StaffCalled,
    VerifyLater,
    encode,
    sha256_hex,
)
from central.contract_orders import OP_ORDER_OUTCOME, OrderEnded, OrderOutcome
from central.contract_people import (
    OP_CASE_OPENED,
    OP_DOCUMENT_MAILED,
    CaseOpened,
    DocumentMailed,
)
from drivers.printers.consumption import Roll
from einvoice.invoice import InvoiceReference
from einvoice.ticket import CROCKFORD, SECRET_LENGTH, Ticket, make_number
from einvoice.verdict import Verdict
from kiosk.clock import Clock
from kiosk.daemon import acts, device_journal, journal, terms_journal
from kiosk.daemon.audit import NoteIn, unnoted_in
from kiosk.logs import fact
from offline_queue.entry import State
from offline_queue.errors import OutboxFull, StorageFailed
from offline_queue.outbox import Outbox
from offline_queue.sealing import Sealer

ORDERS = "orders"
"""Order key of what became of the office's orders: the last word about each comes last."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """The request is durable and this ticket answers for it."""

    ticket: Ticket
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class NotKept:
    """Nothing was kept, and why (a technician's words)."""

    why: str


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """A ticket that this terminal gave; `waiting` while the service has not got it."""

    registered_at: datetime
    waiting: bool


@dataclass(frozen=True, slots=True)
class GivenTicket:
    """A ticket that this terminal gave, for staff.

    Attributes:
        kind: "request", "case" or "application".
        here: "waiting", "parked" or "sent".
    """

    number: str
    kind: str
    registered_at: datetime
    here: str


class Keeper:
    """Puts acts into the outbox. Blocking calls: run them in a worker thread."""

    def __init__(
        self,
        outbox: Outbox,
        sealer: Sealer,
        terminal: str,
        clock: Clock,
        *,
        note_in: NoteIn = unnoted_in,
        on_print_ended: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._outbox = outbox
        self._sealer = sealer
        self._terminal = terminal
        self._clock = clock
        self._note_in = note_in
        self._on_print_ended = on_print_ended

    def verify_later(self, reference: InvoiceReference) -> Kept | NotKept:
        """Keep a verification that cannot be made now.

        The same invoice again on the same day, while the service has not got the first
        request yet, gives the same ticket: a person who scans twice, or whose terminal
        was restarted before the slip came out, is registered once.
        """
        now = self._clock.now()
        try:
            with self._outbox.transaction() as connection:
                earlier = journal.ticket_for(connection, reference.digest, now.date())
            if earlier is not None and self._outbox.state_of(earlier.op_id) is State.WAITING:
                return Kept(self._unsealed(earlier), earlier.registered_at)
            return self._keep_new(reference, now)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "request.not_kept", why=type(error).__name__)
            return NotKept(type(error).__name__)

    def open_case(
        self, reference: InvoiceReference, verdict: Verdict, *, typed: bool, address: str
    ) -> Kept | NotKept:
        """Keep the order to look for an invoice day by day.

        The same order again on the same day gives the same ticket, unless an address comes with
        it: the answer goes to whoever left one.
        """
        now = self._clock.now()
        mark = f"case:{reference.digest}"
        try:
            with self._outbox.transaction() as connection:
                earlier = journal.ticket_for(connection, mark, now.date())
            if earlier is not None and not address:
                return Kept(self._unsealed(earlier), earlier.registered_at)

            def body(ticket: str, secret_sha256: str) -> CaseOpened:
                told = Reference.of(reference)
                return CaseOpened(ticket, secret_sha256, told, verdict, typed, address)

            return self.promise(OP_CASE_OPENED, body, mark, now)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "request.not_kept", why=type(error).__name__)
            return NotKept(type(error).__name__)

    def _keep_new(self, reference: InvoiceReference, now: datetime) -> Kept:
        def body(ticket: str, secret_sha256: str) -> VerifyLater:
            return VerifyLater(ticket, secret_sha256, Reference.of(reference))

        return self.promise(OP_VERIFY_LATER, body, reference.digest, now)

    def promise(
        self,
        kind: str,
        body: Callable[[str, str], msgspec.Struct],
        mark: str,
        now: datetime,
        *,
        also: Callable[[sqlite3.Connection, str, str], None] | None = None,
    ) -> Kept:
        """A new ticket and the operation behind it, in one commit.

        Args:
            kind: of the operation.
            body: makes it of the ticket's number and the digest of its secret.
            mark: what a repetition on the same day is known by; "" for nothing.
            now: when the person acted.
            also: writes more in that commit, told the operation's id and the ticket's number.

        Raises:
            OutboxFull, StorageFailed: nothing was kept.
        """
        op_id = str(uuid_utils.uuid7())
        secret = "".join(secrets.choice(CROCKFORD) for _ in range(SECRET_LENGTH))
        with self._outbox.transaction() as connection:
            running = journal.next_number(connection, now.date())
        ticket = Ticket(self._slip_number(now, running), secret)
        row = journal.TicketRow(
            ticket.number, op_id, self._sealer.seal(secret.encode(), op_id), now
        )

        def remember(connection: sqlite3.Connection) -> None:
            journal.add_ticket(connection, row, mark)
            if also is not None:
                also(connection, op_id, ticket.number)
            self._note_in(connection, acts.TicketGiven(ticket.number, op_id))

        owed = body(ticket.number, sha256_hex(secret))
        self._put(kind, ticket.number, owed, now, op_id=op_id, also=remember)
        fact(_log, "request.kept", ticket=ticket.number)
        return Kept(ticket, now)

    def own_ticket(self, number: str) -> OwnTicket | None:
        """What this terminal knows of a ticket that it gave; None for other terminals' tickets."""
        with self._outbox.transaction() as connection:
            row = journal.ticket_by_number(connection, number)
        if row is None:
            return None
        waiting = self._outbox.state_of(row.op_id) in (State.WAITING, State.PARKED)
        return OwnTicket(row.registered_at, waiting)

    def kept(self, number: str) -> Kept | None:
        """What was promised with a ticket that this terminal gave."""
        with self._outbox.transaction() as connection:
            row = journal.ticket_by_number(connection, number)
        return None if row is None else Kept(self._unsealed(row), row.registered_at)

    def mail_document(self, token: str, address: str) -> None:
        """Owe the service the order to send a file to an address; raises as `next_print`."""
        body = DocumentMailed(token, address)
        self._put(OP_DOCUMENT_MAILED, "letter", body, self._clock.now())

    def newest_tickets(self, limit: int) -> list[GivenTicket]:
        """The newest tickets that this terminal gave, the newest first."""
        with self._outbox.transaction() as connection:
            rows = journal.newest_tickets(connection, limit)
        states = {one.op_id: self._outbox.state_of(one.op_id) for one in rows}
        return [
            GivenTicket(
                one.number,
                one.kind,
                one.registered_at,
                # What was sent so long ago that its trace is gone was sent.
                (states[one.op_id] or State.DONE).name.lower().replace("done", "sent"),
            )
            for one in rows
        ]

    def next_print(self, slip: str) -> tuple[str, int]:
        """The number of a slip, a new one for "", and which copy of it the next print is.

        Raises:
            OutboxFull, StorageFailed: it cannot be made durable.
        """
        now = self._clock.now()
        with self._outbox.transaction() as connection:
            if slip:
                return slip, journal.copies(connection, slip)
            return self._slip_number(now, journal.next_number(connection, now.date())), 0

    def _slip_number(self, now: datetime, running: int) -> str:
        return make_number(self._terminal, now.date(), running)

    def begin_job(self, job: journal.Job) -> None:
        """Remember a print job before its first byte; raises StorageFailed."""
        with self._outbox.transaction() as connection:
            journal.begin_job(connection, job)
            self._note_in(connection, acts.PrintBegun(job.slip, job.copy))

    def end_job(
        self,
        job: journal.Job,
        outcome: str,
        why: str,
        roll: tuple[str, Roll] | None = None,
    ) -> None:
        """Write down how a job ended and owe the report, in one commit.

        Args:
            job: what was begun.
            outcome: "proven", "failed" or "unknown".
            why: the cause or the doubt.
            roll: the printer that printed, and what is counted on its roll now.
        """
        now = self._clock.now()

        def end(connection: sqlite3.Connection) -> None:
            journal.end_job(connection, job.job_id, now, outcome, why)
            self._note_in(connection, acts.PrintEnded(job.slip, job.copy, outcome, why))
            if roll is not None:
                device_journal.keep_roll(connection, *roll)

        report = PrintOutcomeReport(slip=job.slip, outcome=outcome, why=why, copy=job.copy)
        self._put(OP_PRINT_OUTCOME, job.slip, report, now, also=end)
        self._on_print_ended(outcome)

    def job_taken(self, job_id: str, number: int) -> None:
        """Remember the number that the A4 printer gave to a job; raises StorageFailed."""
        with self._outbox.transaction() as connection:
            journal.job_taken(connection, job_id, number)

    def interrupted_jobs(self, medium: journal.Medium = journal.Medium.SLIP) -> list[journal.Job]:
        """Jobs that were running when the terminal was stopped."""
        with self._outbox.transaction() as connection:
            return journal.open_jobs(connection, medium)

    def newest_jobs(self, limit: int) -> list[journal.JobLine]:
        """The newest prints, the newest first."""
        with self._outbox.transaction() as connection:
            return journal.newest_jobs(connection, limit)

    def rolls(self) -> dict[str, Roll]:
        """What was counted on the roll of each printer."""
        with self._outbox.transaction() as connection:
            return device_journal.rolls(connection)

    def keep_roll(self, printer: str, roll: Roll) -> None:
        """Remember what was counted on a printer's roll."""
        with self._outbox.transaction() as connection:
            device_journal.keep_roll(connection, printer, roll)

    def device_tests(self) -> list[device_journal.DeviceTest]:
        """The last test of each device."""
        with self._outbox.transaction() as connection:
            return device_journal.tests(connection)

    def keep_device_test(self, test: device_journal.DeviceTest) -> None:
        """Remember a test in place of the one before it."""
        with self._outbox.transaction() as connection:
            device_journal.keep_test(connection, test)

    def forget_shown(self) -> None:
        """Drop what print jobs remember of the screens of visits that are over."""
        with self._outbox.transaction() as connection:
            journal.forget_shown(connection)

    def follow_restore(self, generation: int) -> bool:
        """Leave out numbers that a lost file may have given; whether there was a restore."""
        with self._outbox.transaction() as connection:
            is_new = journal.follow_restore(connection, generation, self._clock.now().date())
            if is_new:
                terms_journal.forget_all_terms(connection)
                self._note_in(connection, acts.Restored(generation))
            return is_new

    def forget_before(self, before: datetime) -> journal.Erased:
        """Forget jobs and tickets that are over since before a moment."""
        with self._outbox.transaction() as connection:
            terms_journal.forget_before(connection, before)
            return journal.forget_before(connection, before)

    def ticket(self, number: str) -> Ticket | None:
        """A ticket that this terminal gave, with its secret."""
        with self._outbox.transaction() as connection:
            row = journal.ticket_by_number(connection, number)
        return None if row is None else self._unsealed(row)

    def _unsealed(self, row: journal.TicketRow) -> Ticket:
        return Ticket(row.number, self._sealer.unseal(row.secret, row.op_id).decode())

    def staff_called(self, situation: str, op_id: str | None = None) -> None:
        """Owe the service the news that somebody asks for help, as an operation of this id."""

        def note(connection: sqlite3.Connection) -> None:
            self._note_in(connection, acts.StaffCalled(situation))

        body = StaffCalled(situation=situation)
        self._put(OP_STAFF_CALLED, "staff", body, self._clock.now(), op_id=op_id, also=note)

    def device_trouble(self, device: str, state: str) -> None:
        """Owe the service the news that a device changed its state."""

        def note(connection: sqlite3.Connection) -> None:
            self._note_in(connection, acts.DeviceChanged(device, state))

        body = DeviceTrouble(device=device, state=state)
        self._put(OP_DEVICE_TROUBLE, f"device.{device}", body, self._clock.now(), also=note)

    def order_ended(self, order: str, outcome: OrderOutcome, why: str) -> str:
        """Owe the service what became of an order of the office; the operation's id."""

        def note(connection: sqlite3.Connection) -> None:
            self._note_in(connection, acts.OrderEnded(order, outcome.value))

        op_id = str(uuid_utils.uuid7())
        body = OrderEnded(order, outcome.value, why)
        self._put(OP_ORDER_OUTCOME, ORDERS, body, self._clock.now(), op_id=op_id, also=note)
        return op_id

    def is_delivered(self, op_id: str) -> bool:
        """Whether the service has an operation for certain."""
        return self._outbox.state_of(op_id) is State.DONE

    def _put(
        self,
        kind: str,
        order_key: str,
        body: msgspec.Struct,
        at: datetime,
        *,
        op_id: str | None = None,
        also: journal.InTransaction | None = None,
    ) -> None:
        text = encode(body).decode()
        self._outbox.put(kind, order_key, text, at=at, op_id=op_id, also=also)
