"""Reading the queue without changing it."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from offline_queue import statements as sql
from offline_queue.chain import NO_HASH
from offline_queue.entry import ParkedEntry, Refusal, Standing, State


@dataclass(slots=True)
class Tally:
    """What the queue keeps in memory about its file, so that nothing is counted while people wait.

    Attributes:
        waiting, parked: operations in these states.
        floor: nothing with a lower number waits.
        last_seq: the last number given out, or left out by a restore.
        head_seq, head_hash: the newest operation of which something is left.
    """

    waiting: int
    parked: int
    floor: int
    last_seq: int
    head_seq: int
    head_hash: bytes


def tally(connection: sqlite3.Connection) -> Tally:
    """Count anew."""
    (kept,) = connection.execute(sql.COUNT_KEPT).fetchone()
    (parked,) = connection.execute(sql.COUNT_PARKED).fetchone()
    (seq_floor,) = connection.execute(sql.FACT, {"name": "seq_floor"}).fetchone()
    row = connection.execute(sql.HEAD).fetchone()
    head_seq, head_hash = (0, NO_HASH) if row is None else row
    last_seq = max(head_seq, int(seq_floor))
    return Tally(kept - parked, parked, 0, last_seq, head_seq, head_hash)


def parked_entries(connection: sqlite3.Connection) -> list[ParkedEntry]:
    """Everything that a person must look at, oldest first."""
    return [
        ParkedEntry(seq, op_id, kind, key, datetime.fromisoformat(at), attempts, why, bool(holds))
        for seq, op_id, kind, key, at, attempts, why, holds in connection.execute(sql.PARKED)
    ]


def waiting(connection: sqlite3.Connection, floor: int, limit: int) -> list[Standing]:
    """The oldest operations that wait."""
    rows = connection.execute(sql.WAITING, {"floor": floor, "limit": limit})
    return [_standing(row) for row in rows]


def standing(connection: sqlite3.Connection, op_id: str) -> Standing | None:
    """How one operation stands; None if it was never put or its trace is gone."""
    row = connection.execute(sql.STANDING, {"op_id": op_id}).fetchone()
    return None if row is None else _standing(row)


def _standing(row: tuple[Any, ...]) -> Standing:
    seq, op_id, kind, order_key, at, state, attempts, reason, holds = row
    when = datetime.fromisoformat(at)
    return Standing(seq, op_id, kind, order_key, when, State(state), attempts, reason, bool(holds))


def refusals(connection: sqlite3.Connection) -> list[Refusal]:
    """What was not taken, by cause."""
    return [
        Refusal(because, count, datetime.fromisoformat(first), datetime.fromisoformat(last))
        for because, count, first, last in connection.execute(sql.REFUSALS)
    ]
