"""What the terminal itself must remember: print jobs, tickets, and the running number.

The tables live in the outbox's file, so that a ticket and the operation behind it,
or a job's end and its report, become durable in one commit or not at all.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from sqlite_utils import Database, Migrations

InTransaction = Callable[[sqlite3.Connection], None]
"""What the journal writes inside a transaction of the outbox."""

migrations = Migrations("kiosk.journal")


@migrations()
def create(db: Database) -> None:
    """Jobs, tickets and running numbers."""
    db.table("job").create(
        {
            "job_id": str,
            "slip": str,
            "copy": int,
            "order_key": str,
            "begun_at": str,
            "shown": bytes,
            "ended_at": str,
            "outcome": str,
            "why": str,
        },
        pk="job_id",
        not_null={"slip", "copy", "begun_at"},
    )
    db.table("job").create_index(["ended_at"])
    db.table("job").create_index(["slip"])
    db.table("ticket").create(
        {
            "number": str,
            "reference_digest": str,
            "op_id": str,
            "secret": bytes,
            "registered_at": str,
            "day": str,
        },
        pk="number",
        not_null={"reference_digest", "op_id", "secret", "registered_at", "day"},
    )
    db.table("ticket").create_index(["reference_digest", "day"])
    db.table("running_number").create({"day": str, "last": int}, pk="day", not_null={"last"})


@migrations()
def remember_the_generation(db: Database) -> None:
    """Which generation of the queue's file these running numbers belong to."""
    db.table("journal_generation").create({"id": int, "generation": int}, pk="id")


RESTORE_GAP = 1_000
"""Running numbers left out after a restore: more slips than a terminal prints between copies."""


@migrations()
def name_medium(db: Database) -> None:
    """Documents on A4 are jobs too, and the printer has a number for each."""
    db.table("job").add_column("medium", str, not_null_default="slip")
    db.table("job").add_column("taken_as", int)


@migrations()
def find_what_was_shown(db: Database) -> None:
    """At the end of each visit what was shown is dropped: no walk over all jobs for that."""
    db.execute("create index job_shown on job (job_id) where shown is not null")


class Medium(Enum):
    """What a job is printed on."""

    SLIP = "slip"
    A4 = "a4"


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt to print one slip or document.

    Attributes:
        job_id: UUIDv7.
        slip: number of the slip or document.
        copy: 0, or n for the n-th reprint.
        order_key: reports of one key are sent in order.
        begun_at: when it was put on the disk.
        shown: the sealed verdict screen; it may be gone.
        medium: what it is printed on.
        taken_as: the A4 printer's own number of it; None before the printer has it.
    """

    job_id: str
    slip: str
    copy: int
    order_key: str
    begun_at: datetime
    shown: bytes | None
    medium: Medium = Medium.SLIP
    taken_as: int | None = None


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket that this terminal gave. `secret` is sealed."""

    number: str
    op_id: str
    secret: bytes
    registered_at: datetime


def next_number(connection: sqlite3.Connection, day: date) -> int:
    """The next running number of a day, from 1; the caller's transaction makes it durable."""
    row = connection.execute(
        "insert into running_number (day, last) values (?, 1)"
        " on conflict (day) do update set last = last + 1 returning last",
        [day.isoformat()],
    ).fetchone()
    return int(row[0])


def follow_restore(connection: sqlite3.Connection, generation: int, day: date) -> bool:
    """After a restore, leave out the numbers that the lost file may have given; whether it was one.

    The copy knows nothing of the slips that were printed after it: without this a number could
    stand on two slips.
    """
    row = connection.execute("select generation from journal_generation where id = 1").fetchone()
    connection.execute(
        "insert into journal_generation (id, generation) values (1, ?)"
        " on conflict (id) do update set generation = excluded.generation",
        [generation],
    )
    if generation == (1 if row is None else row[0]):
        return False
    connection.execute(
        "insert into running_number (day, last) values (?, ?)"
        " on conflict (day) do update set last = last + excluded.last",
        [day.isoformat(), RESTORE_GAP],
    )
    return True


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows were forgotten."""

    jobs: int
    tickets: int


def forget_before(connection: sqlite3.Connection, before: datetime) -> Erased:
    """Forget ended jobs, and tickets whose operation is no longer owed, from before a moment.

    All times here are written in China's time, so as text they sort like time.
    """
    moment = before.isoformat()
    jobs = connection.execute("delete from job where ended_at < ?", [moment]).rowcount
    tickets = connection.execute(
        "delete from ticket where registered_at < ?"
        " and op_id not in (select op_id from operations)",
        [moment],
    ).rowcount
    connection.execute("delete from running_number where day < ?", [before.date().isoformat()])
    return Erased(jobs, tickets)


def begin_job(connection: sqlite3.Connection, job: Job) -> None:
    """Remember a job before its first byte goes out."""
    connection.execute(
        "insert into job (job_id, slip, copy, order_key, begun_at, shown, medium)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [
            job.job_id,
            job.slip,
            job.copy,
            job.order_key,
            job.begun_at.isoformat(),
            job.shown,
            job.medium.value,
        ],
    )


def job_taken(connection: sqlite3.Connection, job_id: str, number: int) -> None:
    """Remember the number that the A4 printer gave to a job."""
    connection.execute("update job set taken_as = ? where job_id = ?", [number, job_id])


def copies(connection: sqlite3.Connection, slip: str) -> int:
    """How often a slip was given to the printer before: the count of its next copy (补打)."""
    row = connection.execute("select count(*) from job where slip = ?", [slip]).fetchone()
    return int(row[0])


def end_job(
    connection: sqlite3.Connection, job_id: str, ended_at: datetime, outcome: str, why: str
) -> None:
    """Remember how a job ended. A job ends once: a second end changes nothing."""
    connection.execute(
        "update job set ended_at = ?, outcome = ?, why = ? where job_id = ? and ended_at is null",
        [ended_at.isoformat(), outcome, why, job_id],
    )


def open_jobs(connection: sqlite3.Connection, medium: Medium = Medium.SLIP) -> list[Job]:
    """Jobs that were begun and whose end nobody wrote down, oldest first."""
    rows = connection.execute(
        "select job_id, slip, copy, order_key, begun_at, shown, taken_as from job"
        " where ended_at is null and medium = ? order by begun_at",
        [medium.value],
    )
    return [
        Job(job_id, slip, copy, order_key, datetime.fromisoformat(begun_at), shown, medium, number)
        for job_id, slip, copy, order_key, begun_at, shown, number in rows
    ]


@dataclass(frozen=True, slots=True)
class JobLine:
    """One attempt to print, for staff. `outcome` and `why` are "" while it runs."""

    begun_at: datetime
    slip: str
    copy: int
    outcome: str
    why: str
    medium: str


def newest_jobs(connection: sqlite3.Connection, limit: int) -> list[JobLine]:
    """The newest jobs, the newest first."""
    # Job ids are UUIDv7: their order is that of time, and they have an index.
    rows = connection.execute(
        "select begun_at, slip, copy, outcome, why, medium from job order by job_id desc limit ?",
        [limit],
    )
    return [
        JobLine(datetime.fromisoformat(at), slip, copy, outcome or "", why or "", medium)
        for at, slip, copy, outcome, why, medium in rows
    ]


def forget_shown(connection: sqlite3.Connection) -> None:
    """Drop what was on the screen when slips were printed: the visits are over."""
    connection.execute(
        "update job indexed by job_shown set shown = null"
        " where shown is not null and ended_at is not null"
    )


def add_ticket(connection: sqlite3.Connection, row: TicketRow, reference_digest: str) -> None:
    """Remember a ticket, in the transaction that puts its operation into the outbox."""
    connection.execute(
        "insert into ticket (number, reference_digest, op_id, secret, registered_at, day)"
        " values (?, ?, ?, ?, ?, ?)",
        [
            row.number,
            reference_digest,
            row.op_id,
            row.secret,
            row.registered_at.isoformat(),
            row.registered_at.date().isoformat(),
        ],
    )


def ticket_for(
    connection: sqlite3.Connection, reference_digest: str, day: date
) -> TicketRow | None:
    """The newest ticket that was given for a reference on a day, if any."""
    row = connection.execute(
        "select number, op_id, secret, registered_at from ticket"
        " where reference_digest = ? and day = ? order by registered_at desc limit 1",
        [reference_digest, day.isoformat()],
    ).fetchone()
    return _ticket(row)


def ticket_by_number(connection: sqlite3.Connection, number: str) -> TicketRow | None:
    """A ticket that this terminal gave, by its number."""
    row = connection.execute(
        "select number, op_id, secret, registered_at from ticket where number = ?", [number]
    ).fetchone()
    return _ticket(row)


def _kind(mark: str) -> str:
    """What a ticket is for, by what its repetition is known by (`Keeper.promise`)."""
    match mark.partition(":"):
        case ("", _, _):
            return "application"
        case (kind, ":", _):
            return kind
        case _:
            return "request"


@dataclass(frozen=True, slots=True)
class TicketHead:
    """A ticket without its secret. `kind` is "request", "case" or "application"."""

    number: str
    op_id: str
    registered_at: datetime
    kind: str


def newest_tickets(connection: sqlite3.Connection, limit: int) -> list[TicketHead]:
    """The newest tickets, the newest first."""
    # By row number, which is the order of giving: no index is needed, and nothing is sorted.
    rows = connection.execute(
        "select number, op_id, registered_at, reference_digest from ticket"
        " order by rowid desc limit ?",
        [limit],
    )
    return [
        TicketHead(
            number,
            op_id,
            datetime.fromisoformat(at),
            _kind(mark),
        )
        for number, op_id, at, mark in rows
    ]


def _ticket(row: tuple[str, str, bytes, str] | None) -> TicketRow | None:
    if row is None:
        return None
    number, op_id, secret, registered_at = row
    return TicketRow(number, op_id, secret, datetime.fromisoformat(registered_at))
