"""The tables, as numbered steps. A step that has been released is never changed, only followed."""

from typing import Final

from sqlite_utils import Database, Migrations

MIGRATIONS: Final = Migrations("offline_queue")


@MIGRATIONS()
def m001_operations(db: Database) -> None:
    """Operations, the trace of settled ones, refusals, and facts about the file.

    `next_at` is monotonic time of the boot named in `facts`: NULL means at once, infinity
    means not until a person says so. Whatever has one also holds back its key.
    """
    db.conn.execute("""
        CREATE TABLE operations (
            seq        INTEGER PRIMARY KEY,
            op_id      TEXT NOT NULL UNIQUE,
            order_key  TEXT NOT NULL,
            kind       TEXT NOT NULL,
            sealed     BLOB NOT NULL,
            sha256     BLOB NOT NULL CHECK (length(sha256) = 32),
            prev_hash  BLOB NOT NULL CHECK (length(prev_hash) = 32),
            hash       BLOB NOT NULL CHECK (length(hash) = 32),
            state      INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1)),
            attempts   INTEGER NOT NULL DEFAULT 0,
            next_at    REAL,
            wait_s     REAL NOT NULL DEFAULT 0,
            last_error TEXT NOT NULL DEFAULT '',
            at         TEXT NOT NULL,
            at_mono    REAL NOT NULL,
            boot_id    TEXT NOT NULL
        ) STRICT
    """)
    # All partial, so that an ordinary put writes none of them: each would be one more page
    # to make durable. What waits is found in the order of `seq`, which is that of the table.
    db.conn.execute("CREATE INDEX operations_parked ON operations (seq) WHERE state = 1")
    db.conn.execute(
        "CREATE INDEX operations_holding ON operations (order_key, seq, next_at)"
        " WHERE next_at IS NOT NULL"
    )
    db.conn.execute(
        "CREATE INDEX operations_next ON operations (next_at) WHERE next_at IS NOT NULL"
    )
    db.conn.execute("""
        CREATE TABLE done (
            seq        INTEGER PRIMARY KEY,
            op_id      TEXT NOT NULL UNIQUE,
            order_key  TEXT NOT NULL,
            kind       TEXT NOT NULL,
            sha256     BLOB NOT NULL,
            prev_hash  BLOB NOT NULL,
            hash       BLOB NOT NULL,
            at         TEXT NOT NULL,
            at_mono    REAL NOT NULL,
            boot_id    TEXT NOT NULL,
            verdict    TEXT NOT NULL,
            done_at    TEXT NOT NULL
        ) STRICT
    """)
    db.conn.execute("CREATE INDEX done_by_time ON done (done_at)")
    db.conn.execute("""
        CREATE TABLE refusals (
            because  TEXT PRIMARY KEY,
            count    INTEGER NOT NULL,
            first_at TEXT NOT NULL,
            last_at  TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
    """)
    db.conn.execute("CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
    db.conn.execute(
        "INSERT INTO facts VALUES"
        " ('boot_id', ''), ('generation', '1'), ('is_backup', '0'), ('seq_floor', '0')"
    )
