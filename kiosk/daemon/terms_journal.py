"""What the terminal remembers of businesses: their terms, and what it accepted for them.

The tables lie in the outbox's file. What is owed for a business is not counted up and down: it
is the sum over those of its applications whose operation is still in the queue, so that the
commit which settles an operation is the one that frees its part of the allowance. Who a business
is, its terms and what was applied for are sealed; amounts stand in clear, and nobody's name
beside them.
"""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlite_utils import Database, Migrations

migrations = Migrations("kiosk.terms")

_FEN_PER_YUAN = 100


@migrations()
def create(db: Database) -> None:
    """Businesses and applications."""
    db.execute("""
        CREATE TABLE business (
            id          INTEGER PRIMARY KEY AUTOINCREMENT,
            who         BLOB NOT NULL,
            terms       BLOB,
            received_at TEXT NOT NULL
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE application (
            op_id    TEXT PRIMARY KEY,
            business INTEGER NOT NULL REFERENCES business (id),
            ticket   TEXT NOT NULL,
            day      TEXT NOT NULL,
            content  BLOB NOT NULL,
            fen      INTEGER NOT NULL CHECK (fen > 0)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX application_of_business ON application (business, day)")


@dataclass(frozen=True, slots=True)
class BusinessRow:
    """A business. `who` and `terms` are sealed; `terms` is None when they hold no longer."""

    id: int
    who: bytes
    terms: bytes | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application that was accepted. `content` is sealed: a repetition is known by it."""

    op_id: str
    business: int
    ticket: str
    day: date
    content: bytes
    yuan: Decimal


def businesses(connection: sqlite3.Connection) -> list[BusinessRow]:
    """All that are known. Sealed, so they cannot be searched; a terminal knows tens of them."""
    rows = connection.execute("SELECT id, who, terms, received_at FROM business ORDER BY id")
    return [BusinessRow(one[0], one[1], one[2], datetime.fromisoformat(one[3])) for one in rows]


def new_business(connection: sqlite3.Connection, received_at: datetime) -> int:
    """A place for a business; `keep_terms` fills it in the same transaction."""
    row = connection.execute(
        "INSERT INTO business (who, received_at) VALUES (x'', ?) RETURNING id",
        [received_at.isoformat()],
    ).fetchone()
    return int(row[0])


def keep_terms(connection: sqlite3.Connection, row: BusinessRow) -> None:
    """Write down who a business is and its terms, in place of earlier ones."""
    connection.execute(
        "UPDATE business SET who = ?, terms = ?, received_at = ? WHERE id = ?",
        [row.who, row.terms, row.received_at.isoformat(), row.id],
    )


def forget_all_terms(connection: sqlite3.Connection) -> None:
    """After a restore nobody knows what was accepted on them: they must be asked for again."""
    connection.execute("UPDATE business SET terms = NULL")


def owed(connection: sqlite3.Connection, business: int) -> Decimal:
    """Yuan of its applications that the service has not got yet, parked ones among them."""
    row = connection.execute(
        "SELECT coalesce(sum(fen), 0) FROM application"
        " WHERE business = ? AND op_id IN (SELECT op_id FROM operations)",
        [business],
    ).fetchone()
    return Decimal(row[0]) / _FEN_PER_YUAN


def add_application(connection: sqlite3.Connection, row: ApplicationRow) -> None:
    """Remember an application, in the transaction that puts its operation into the outbox."""
    fen = row.yuan * _FEN_PER_YUAN
    if fen != int(fen):
        raise ValueError("not a whole number of fen")
    connection.execute(
        "INSERT INTO application (op_id, business, ticket, day, content, fen)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [row.op_id, row.business, row.ticket, row.day.isoformat(), row.content, int(fen)],
    )


def without_slip(
    connection: sqlite3.Connection, business: int, day: date
) -> list[tuple[str, str, bytes]]:
    """Applications of a day that nobody can hold a slip of: op_id, ticket, sealed content.

    A slip that is being printed, or of which it is not known how it ended, may be in a hand.
    """
    return connection.execute(
        "SELECT op_id, ticket, content FROM application WHERE business = ? AND day = ?"
        " AND NOT EXISTS (SELECT 1 FROM job WHERE slip = ticket"
        " AND (outcome IS NULL OR outcome <> 'failed'))",
        [business, day.isoformat()],
    ).fetchall()


def newest_moment(connection: sqlite3.Connection) -> datetime | None:
    """The newest moment that stands on a ticket or beside terms; None when there is none."""
    row = connection.execute(
        "SELECT max(moment) FROM (SELECT max(received_at) AS moment FROM business"
        " UNION ALL SELECT max(registered_at) FROM ticket)"
    ).fetchone()
    return None if row[0] is None else datetime.fromisoformat(row[0])


def forget_before(connection: sqlite3.Connection, before: datetime) -> None:
    """Forget applications that are not owed, and businesses that nobody asked for since."""
    connection.execute(
        "DELETE FROM application WHERE day < ? AND op_id NOT IN (SELECT op_id FROM operations)",
        [before.date().isoformat()],
    )
    connection.execute(
        "DELETE FROM business WHERE received_at < ?"
        " AND id NOT IN (SELECT business FROM application)",
        [before.isoformat()],
    )
