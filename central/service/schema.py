"""The tables of the service. Migrations are only ever added at the end, never edited.

They are written for SQLite; PostgreSQL gets the same with the names of its own types
(`central.service.schema_postgresql`). A statement that has to be another one there is
written twice, as `Two`.
"""

import sqlite3
from dataclasses import dataclass
from datetime import timedelta

INBOX_KEPT = timedelta(days=180)
"""Twice the longest time that a terminal is believed to be cut off (queue-and-sync §4.3)."""


@dataclass(frozen=True, slots=True)
class Two:
    """One statement for SQLite, and what does the same on PostgreSQL."""

    sqlite: str
    postgresql: tuple[str, ...]


MIGRATIONS: tuple[tuple[str | Two, ...], ...] = (
    (
        # One row per operation that was applied; written in the same transaction as its effect.
        # `applied` grows in the order of application. The body is not kept: its digest is
        # enough to tell a repetition from a conflict, and what is not kept cannot leak.
        Two(
            """
            CREATE TABLE inbox (
                applied INTEGER PRIMARY KEY AUTOINCREMENT,
                op_id TEXT NOT NULL UNIQUE,
                sha256 TEXT NOT NULL,
                kind TEXT NOT NULL,
                terminal TEXT NOT NULL,
                seq INTEGER NOT NULL,
                order_key TEXT NOT NULL,
                at TEXT NOT NULL,
                received_at TEXT NOT NULL
            ) STRICT
            """,
            (
                # Numbered by a sequence: partitions cannot share an identity column.
                "CREATE SEQUENCE inbox_applied",
                # Cut into months by the id itself; see `central.service.partitions`.
                """
                CREATE TABLE inbox (
                    applied bigint NOT NULL DEFAULT nextval('inbox_applied'),
                    op_id uuid PRIMARY KEY,
                    sha256 text NOT NULL,
                    kind text NOT NULL,
                    terminal text NOT NULL,
                    seq bigint NOT NULL,
                    order_key text NOT NULL,
                    at text NOT NULL,
                    received_at timestamptz NOT NULL
                ) PARTITION BY RANGE (op_id)
                """,
                "CREATE TABLE inbox_other PARTITION OF inbox DEFAULT",
            ),
        ),
        Two(
            "CREATE INDEX inbox_received ON inbox (received_at)",
            ("CREATE INDEX inbox_other_received ON inbox_other (received_at)",),
        ),
        # What a person was promised. `next_ask_at` (Unix seconds) is when the platform is to be
        # asked next; empty when the ruling is final. `ruling` is never UNAVAILABLE: `unavailable`
        # counts those in a row. `mornings` counts rulings that the next day may change.
        """
        CREATE TABLE tickets (
            number TEXT PRIMARY KEY,
            op_id TEXT NOT NULL UNIQUE,
            terminal TEXT NOT NULL,
            secret_sha256 TEXT NOT NULL,
            registered_at TEXT NOT NULL,
            reference TEXT NOT NULL,
            ruling TEXT CHECK (json_extract(ruling, '$.verdict') <> 'UNAVAILABLE'),
            ruled_at REAL,
            unavailable INTEGER NOT NULL DEFAULT 0,
            mornings INTEGER NOT NULL DEFAULT 0,
            next_ask_at REAL
        ) STRICT
        """,
        "CREATE INDEX tickets_due ON tickets (next_ask_at) WHERE next_ask_at IS NOT NULL",
        "CREATE INDEX tickets_ruled ON tickets (ruled_at) WHERE next_ask_at IS NULL",
        """
        CREATE TABLE print_outcomes (
            op_id TEXT PRIMARY KEY,
            terminal TEXT NOT NULL,
            seq INTEGER NOT NULL,
            at TEXT NOT NULL,
            slip TEXT NOT NULL,
            copy INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('proven', 'failed', 'unknown')),
            why TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX print_outcomes_slip ON print_outcomes (slip)",
        """
        CREATE TABLE staff_calls (
            op_id TEXT PRIMARY KEY,
            terminal TEXT NOT NULL,
            seq INTEGER NOT NULL,
            at TEXT NOT NULL,
            situation TEXT NOT NULL
        ) STRICT
        """,
        # Every change; a device's present state is the row with the highest `seq`, so that
        # a report that arrives late never overrules a newer one.
        """
        CREATE TABLE device_states (
            op_id TEXT PRIMARY KEY,
            terminal TEXT NOT NULL,
            seq INTEGER NOT NULL,
            at TEXT NOT NULL,
            device TEXT NOT NULL,
            state TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX device_states_newest ON device_states (terminal, device, seq)",
    ),
    (
        # How far each terminal's story is proven to go, and what did not fit (`audit_heads`).
        """
        CREATE TABLE audit_heads (
            terminal TEXT PRIMARY KEY,
            n INTEGER NOT NULL,
            hash TEXT NOT NULL,
            generation INTEGER NOT NULL,
            received_at TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE audit_alerts (
            alert INTEGER PRIMARY KEY AUTOINCREMENT,
            terminal TEXT NOT NULL,
            found TEXT NOT NULL CHECK (found IN ('cut', 'rewritten', 'restored')),
            kept_n INTEGER NOT NULL,
            kept_hash TEXT NOT NULL,
            told_n INTEGER NOT NULL,
            told_hash TEXT NOT NULL,
            received_at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX audit_alerts_terminal ON audit_alerts (terminal, alert)",
    ),
    (
        # Questions to platforms by day in China (`platform_counts`). Invoices by a digest, and
        # only those of the present day.
        """
        CREATE TABLE invoice_questions (
            day TEXT NOT NULL,
            invoice TEXT NOT NULL,
            questions INTEGER NOT NULL,
            PRIMARY KEY (day, invoice)
        ) STRICT
        """,
        """
        CREATE TABLE platform_questions (
            day TEXT NOT NULL,
            platform TEXT NOT NULL,
            questions INTEGER NOT NULL,
            PRIMARY KEY (day, platform)
        ) STRICT
        """,
    ),
    (
        # Every certificate that was issued to a terminal. One that does not stand here, or has
        # ended, lets nobody in, whoever signed it. `pem` is public; there is no key here.
        """
        CREATE TABLE certificates (
            fingerprint TEXT PRIMARY KEY,
            terminal TEXT NOT NULL,
            machine TEXT NOT NULL,
            key_sha256 TEXT NOT NULL,
            pem TEXT NOT NULL,
            not_before TEXT NOT NULL,
            not_after TEXT NOT NULL,
            issued_at TEXT NOT NULL,
            first_used_at TEXT,
            ended TEXT CHECK (ended IN ('revoked', 'superseded')),
            ended_at TEXT
        ) STRICT
        """,
        # One-time codes. A code is 80 random bits, so neither its hash nor the key with which the
        # service proves to know it leads back to it.
        """
        CREATE TABLE enrolment_codes (
            code_id TEXT PRIMARY KEY,
            proof_key TEXT NOT NULL,
            terminal TEXT NOT NULL,
            issued_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            used_at TEXT,
            used_by_key TEXT,
            cancelled_at TEXT
        ) STRICT
        """,
        "CREATE INDEX enrolment_codes_terminal ON enrolment_codes (terminal)",
        """
        CREATE TABLE alerts (
            kind TEXT NOT NULL,
            terminal TEXT NOT NULL,
            hour TEXT NOT NULL,
            first_at TEXT NOT NULL,
            last_at TEXT NOT NULL,
            count INTEGER NOT NULL,
            detail TEXT NOT NULL,
            PRIMARY KEY (kind, terminal, hour)
        ) STRICT
        """,
        "CREATE INDEX alerts_newest ON alerts (last_at)",
    ),
    (
        # Tickets that are watched (`cases`). `watched_until` is a day in China. `address` is
        # sealed, and there only until the letter was sent or given up; `letter_at` (Unix
        # seconds) is when that is tried next.
        """
        CREATE TABLE cases (
            number TEXT PRIMARY KEY REFERENCES tickets (number) ON DELETE CASCADE,
            state TEXT NOT NULL DEFAULT 'watched'
                CHECK (state IN ('watched', 'found', 'closed')),
            watched_until TEXT NOT NULL,
            address TEXT,
            letter_at REAL,
            letter_tries INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """,
        "CREATE INDEX cases_letter ON cases (letter_at) WHERE letter_at IS NOT NULL",
    ),
    (
        # What tokens stand for (`grants`), sealed with the token itself, for some minutes
        # (`good_until`, Unix seconds); and tries to show an invoice to be one's own (`proofs`).
        """
        CREATE TABLE grants (
            token_sha256 TEXT PRIMARY KEY,
            used_for TEXT NOT NULL CHECK (used_for IN ('invoice', 'file', 'link')),
            terminal TEXT NOT NULL,
            good_until REAL NOT NULL,
            openings INTEGER NOT NULL DEFAULT 0,
            box BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX grants_old ON grants (good_until)",
        "CREATE INDEX grants_of_terminal ON grants (terminal, used_for, good_until)",
        """
        CREATE TABLE proof_tries (
            day TEXT NOT NULL,
            invoice TEXT NOT NULL,
            tries INTEGER NOT NULL,
            PRIMARY KEY (day, invoice)
        ) STRICT
        """,
    ),
    (
        # What the office registered, and what was applied for at terminals (`applications`).
        # `may_be_there`: it was sent, or is about to be. `next_at` (Unix seconds) is when the
        # platform is asked next; empty at the end. `said` is what the ticket tells.
        """
        CREATE TABLE businesses (
            tax_id TEXT PRIMARY KEY,
            business TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            ended_at TEXT
        ) STRICT
        """,
        """
        CREATE TABLE applications (
            number TEXT PRIMARY KEY,
            op_id TEXT NOT NULL UNIQUE,
            terminal TEXT NOT NULL,
            secret_sha256 TEXT NOT NULL,
            registered_at TEXT NOT NULL,
            request TEXT NOT NULL,
            said TEXT NOT NULL,
            may_be_there INTEGER NOT NULL DEFAULT 0,
            tries INTEGER NOT NULL DEFAULT 0,
            next_at REAL,
            ended_at REAL
        ) STRICT
        """,
        "CREATE INDEX applications_due ON applications (next_at) WHERE next_at IS NOT NULL",
        "CREATE INDEX applications_ended ON applications (ended_at) WHERE ended_at IS NOT NULL",
    ),
    (
        # What the office signed for terminals (`orders`), as it is carried, and what each terminal
        # said became of it: every word of it, the last by `seq` counts.
        """
        CREATE TABLE orders (
            name TEXT NOT NULL,
            terminal TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('settings', 'command')),
            act TEXT NOT NULL,
            serial INTEGER NOT NULL,
            at TEXT NOT NULL,
            expires_at TEXT,
            signed BLOB NOT NULL,
            PRIMARY KEY (name, terminal)
        ) STRICT
        """,
        "CREATE INDEX orders_of_terminal ON orders (terminal, kind, serial)",
        """
        CREATE TABLE order_outcomes (
            op_id TEXT PRIMARY KEY,
            terminal TEXT NOT NULL,
            seq INTEGER NOT NULL,
            at TEXT NOT NULL,
            name TEXT NOT NULL,
            outcome TEXT NOT NULL,
            why TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX order_outcomes_of_order ON order_outcomes (name, terminal, seq)",
    ),
    (
        # Files that are to be sent by letter (`document_letters`): which and to whom, sealed. The
        # row is there until the letter was sent or given up; times are Unix seconds.
        """
        CREATE TABLE document_letters (
            op_id TEXT PRIMARY KEY,
            terminal TEXT NOT NULL,
            sealed TEXT NOT NULL,
            received_at REAL NOT NULL,
            letter_at REAL NOT NULL,
            letter_tries INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """,
        "CREATE INDEX document_letters_due ON document_letters (letter_at)",
    ),
)


class SchemaTooNew(Exception):
    """The database was written by a newer version of the service."""


def migrate_sqlite(connection: sqlite3.Connection) -> None:
    """Brings the file to the newest schema, one transaction per step.

    Raises:
        SchemaTooNew: the file has steps that this version does not know.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise SchemaTooNew(f"schema {version}, this version knows {len(MIGRATIONS)}")
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(statement.sqlite if isinstance(statement, Two) else statement)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
