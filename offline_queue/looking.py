"""Reading the queue without changing it."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from offline_queue import statements as sql
from offline_queue.chain import NO_HASH
from offline_queue.entry import Head, ParkedEntry, Refusal


@dataclass(slots=True)
class Tally:
    """What the queue keeps in memory about its file, so that nothing is counted while people wait.

    Attributes:
        waiting, parked: operations in these states.
        last_seq: the last number given out, even if nothing of it is left.
        head: the newest operation of which something is left.
    """

    waiting: int
    parked: int
    last_seq: int
    head: Head


def tally(connection: sqlite3.Connection) -> Tally:
    """Count anew. Reads the index of what waits."""
    (waiting,) = connection.execute(sql.COUNT_WAITING).fetchone()
    (parked,) = connection.execute(sql.COUNT_PARKED).fetchone()
    (last_seq,) = connection.execute(sql.LAST_SEQ).fetchone()
    row = connection.execute(sql.HEAD).fetchone()
    head = Head(0, NO_HASH.hex()) if row is None else Head(row[0], row[1].hex())
    return Tally(waiting, parked, max(head.seq, last_seq or 0), head)


def parked_entries(connection: sqlite3.Connection) -> list[ParkedEntry]:
    """Everything that a person must look at, oldest first."""
    return [
        ParkedEntry(seq, op_id, kind, key, datetime.fromisoformat(at), attempts, why, bool(holds))
        for seq, op_id, kind, key, at, attempts, why, holds in connection.execute(sql.PARKED)
    ]


def refusals(connection: sqlite3.Connection) -> list[Refusal]:
    """What was not taken, by cause."""
    return [
        Refusal(because, count, datetime.fromisoformat(first), datetime.fromisoformat(last))
        for because, count, first, last in connection.execute(sql.REFUSALS)
    ]
