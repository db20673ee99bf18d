"""The caller's own tables in the same file, written in the same transaction."""

import sqlite3

import pytest
from queue_kit import NOON, Bench
from sqlite_utils import Database, Migrations

from offline_queue import (
    Outbox,
)

TICKETS = Migrations("tickets")


@TICKETS()
def m001_tickets(db: Database) -> None:
    db.execute("CREATE TABLE tickets (number TEXT PRIMARY KEY)")


def _tickets(outbox: Outbox) -> list[str]:
    with outbox.transaction() as connection:
        return [number for (number,) in connection.execute("SELECT number FROM tickets")]


def test_the_callers_row_is_written_with_the_operation(bench: Bench) -> None:
    bench.outbox.migrate(TICKETS)
    bench.outbox.migrate(TICKETS)

    def also(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO tickets VALUES ('T1')")

    bench.outbox.put("act", "a", "{}", at=NOON, also=also)
    bench.reopen()
    assert _tickets(bench.outbox) == ["T1"]
    assert bench.outbox.counts().waiting == 1


def test_neither_is_written_when_the_callers_row_fails(bench: Bench) -> None:
    bench.outbox.migrate(TICKETS)

    def twice(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO tickets VALUES ('T1')")
        connection.execute("INSERT INTO tickets VALUES ('T1')")

    with pytest.raises(sqlite3.IntegrityError):
        bench.outbox.put("act", "a", "{}", at=NOON, also=twice)
    assert _tickets(bench.outbox) == []
    assert bench.due_ids() == []
    assert bench.outbox.put("act", "a", "{}", at=NOON).seq == 1


def test_a_transaction_inside_another_is_a_fault_in_code(bench: Bench) -> None:
    with pytest.raises(RuntimeError, match="already"), bench.outbox.transaction():
        bench.put()
    assert bench.outbox.counts().waiting == 0
    bench.put()
