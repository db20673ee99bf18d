"""What was kept is on the disk, once, and is found again after a crash."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from central.contract import (
    OP_PRINT_OUTCOME,
    OP_VERIFY_LATER,
    PrintOutcomeReport,
    Reference,
    VerifyLater,
    sha256_hex,
)
from central.contract_people import OP_CASE_OPENED, CaseOpened
from drivers.printers.status import Cause
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Verdict
from kiosk.clock import BEIJING
from kiosk.daemon import journal
from kiosk.daemon.journal import Job
from kiosk.daemon.keeping import Keeper, Kept
from kiosk.daemon.opening import open_queue
from offline_queue.entry import Done

INVOICE = InvoiceReference(
    Kind.DIGITAL_ORDINARY, "26112000000000000018", date(2026, 11, 23), amount=Decimal("106.00")
)
OTHER = InvoiceReference(
    Kind.DIGITAL_ORDINARY, "26112000000000000026", date(2026, 11, 23), amount=Decimal("9.00")
)


class HandClock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 10, 42, 7, tzinfo=BEIJING)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()


class Desk:
    """A keeper on a real file; `restart` is what a killed process leaves behind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = HandClock()
        self.sealer, self.outbox = open_queue(folder)
        self.keeper = Keeper(self.outbox, self.sealer, "03", self.clock)

    def restart(self) -> None:
        self.outbox.close()
        self.sealer, self.outbox = open_queue(self.folder)
        self.keeper = Keeper(self.outbox, self.sealer, "03", self.clock)

    def keep(self, reference: InvoiceReference = INVOICE) -> Kept:
        kept = self.keeper.verify_later(reference)
        assert isinstance(kept, Kept)
        return kept


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "state")


def test_an_order_to_look_for_it_survives_with_its_address_sealed(desk: Desk) -> None:
    address = "zhang.san@example.com"
    kept = desk.keeper.open_case(INVOICE, Verdict.NOT_FOUND, typed=True, address=address)
    assert isinstance(kept, Kept)
    for file in desk.folder.iterdir():
        assert address.encode() not in file.read_bytes()
    desk.restart()
    (entry,) = desk.outbox.due(10, 1 << 20)
    assert (entry.kind, entry.at) == (OP_CASE_OPENED, desk.clock.time)
    assert msgspec.json.decode(entry.body, type=CaseOpened) == CaseOpened(
        kept.ticket.number,
        sha256_hex(kept.ticket.secret),
        Reference.of(INVOICE),
        Verdict.NOT_FOUND,
        typed=True,
        address=address,
    )
    assert desk.keeper.ticket(kept.ticket.number) == kept.ticket


def test_the_same_order_on_the_same_day_is_one_case_and_one_with_an_address_is_its_own(
    desk: Desk,
) -> None:
    def order(address: str = "") -> Kept:
        kept = desk.keeper.open_case(INVOICE, Verdict.NOT_FOUND, typed=False, address=address)
        assert isinstance(kept, Kept)
        return kept

    later = desk.keep()  # a verification that was put off is another promise
    first = order()
    desk.restart()
    assert order() == first
    assert first.ticket != later.ticket
    assert order("a@example.com").ticket != first.ticket
    desk.clock.time += timedelta(days=1)
    assert order().ticket != first.ticket


def test_a_kept_request_survives_and_says_what_the_person_did(desk: Desk) -> None:
    kept = desk.keep()
    assert kept.ticket.number == "SF-03-261124-0001"
    desk.restart()
    (entry,) = desk.outbox.due(10, 1 << 20)
    assert (entry.kind, entry.at) == (OP_VERIFY_LATER, desk.clock.time)
    body = msgspec.json.decode(entry.body, type=VerifyLater)
    assert body.reference.to_invoice() == INVOICE
    assert body.ticket == kept.ticket.number
    assert body.secret_sha256 == sha256_hex(kept.ticket.secret)


def test_the_same_invoice_again_gives_the_same_ticket_while_it_waits(desk: Desk) -> None:
    first = desk.keep()
    desk.restart()
    assert desk.keep() == first
    assert desk.keep(OTHER) != first
    assert desk.outbox.counts().waiting == 2


def test_once_the_service_has_it_a_new_request_is_a_new_one(desk: Desk) -> None:
    first = desk.keep()
    (entry,) = desk.outbox.due(10, 1 << 20)
    desk.outbox.settle([Done(entry.op_id, "new")])
    assert desk.keep().ticket != first.ticket


def test_a_new_day_begins_with_one_again_and_never_repeats_a_ticket(desk: Desk) -> None:
    today = {desk.keep().ticket.number, desk.keep(OTHER).ticket.number}
    desk.clock.time += timedelta(days=1)
    assert desk.keep().ticket.number == "SF-03-261125-0001"
    assert len(today) == 2


def test_the_terminal_knows_its_own_tickets_and_whether_they_still_wait_here(desk: Desk) -> None:
    kept = desk.keep()
    own = desk.keeper.own_ticket(kept.ticket.number)
    assert own is not None
    assert (own.waiting, own.registered_at) == (True, desk.clock.time)
    (entry,) = desk.outbox.due(10, 1 << 20)
    desk.outbox.settle([Done(entry.op_id, "new")])
    own = desk.keeper.own_ticket(kept.ticket.number)
    assert own is not None
    assert not own.waiting
    assert desk.keeper.own_ticket("SF-99-261124-0001") is None


def test_nothing_of_the_person_lies_readable_on_the_disk(desk: Desk) -> None:
    kept = desk.keep()
    desk.outbox.close()
    for file in desk.folder.iterdir():
        content = file.read_bytes()
        assert INVOICE.number.encode() not in content
        assert kept.ticket.secret.encode() not in content


def test_a_job_is_on_the_disk_before_its_bytes_and_ends_once(desk: Desk) -> None:
    job = Job("job-1", "SF-03-261124-0001", 1, "SF-03-261124-0001", desk.clock.time, b"sealed")
    desk.keeper.begin_job(job)
    desk.restart()
    assert desk.keeper.interrupted_jobs() == [job]
    desk.keeper.end_job(job, "failed", Cause.PAPER_OUT.value)
    assert desk.keeper.interrupted_jobs() == []
    (entry,) = desk.outbox.due(10, 1 << 20)
    assert entry.kind == OP_PRINT_OUTCOME
    report = msgspec.json.decode(entry.body, type=PrintOutcomeReport)
    assert report == PrintOutcomeReport(job.slip, "failed", "paper_out", 1)


def test_copies_are_counted_across_restarts(desk: Desk) -> None:
    slip, copy = desk.keeper.next_print("")
    assert copy == 0
    for expected in (1, 2):
        desk.keeper.begin_job(Job(f"job-{expected}", slip, 0, slip, desk.clock.time, None))
        desk.restart()
        assert desk.keeper.next_print(slip) == (slip, expected)
    other, copy = desk.keeper.next_print("")
    assert other != slip
    assert copy == 0


def test_what_was_shown_is_forgotten_at_the_end_of_the_visit(desk: Desk) -> None:
    job = Job("job-1", "SF-03-261124-0001", 0, "x", desk.clock.time, b"sealed")
    desk.keeper.begin_job(job)
    desk.keeper.end_job(job, "proven", "")
    desk.keeper.forget_shown()
    with desk.outbox.transaction() as connection:
        assert connection.execute("select shown from job").fetchall() == [(None,)]
        assert journal.open_jobs(connection) == []


def test_forgetting_what_was_shown_walks_no_table(tmp_path: Path) -> None:
    _, outbox = open_queue(tmp_path)
    try:
        with outbox.transaction() as connection:
            statements: list[str] = []
            connection.set_trace_callback(statements.append)
            journal.forget_shown(connection)
            connection.set_trace_callback(None)
            (statement,) = statements
            plan = connection.execute(f"explain query plan {statement}").fetchall()
    finally:
        outbox.close()
    assert "job_shown" in plan[0][-1]
