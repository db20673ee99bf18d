"""Writing down what became of operations."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from offline_queue import statements as sql
from offline_queue.entry import Deferred, Done, Parked, Settlement


@dataclass(frozen=True, slots=True)
class Moved:
    """By how much the numbers of waiting and parked operations changed."""

    waiting: int
    parked: int


def write_settlements(
    connection: sqlite3.Connection, settlements: Sequence[Settlement], *, done_at: str, now_s: float
) -> Moved:
    """Done beats Parked beats Deferred, whatever their order; what is unknown stays unknown.

    Args:
        connection: the database, in a transaction.
        settlements: what became of which operation.
        done_at: wall time in the form that sorts.
        now_s: monotonic time of this boot.
    """
    done: list[tuple[str, str, str]] = []
    parked: list[dict[str, Any]] = []
    deferred: list[dict[str, Any]] = []
    for settlement in settlements:
        match settlement:
            case Done(op_id, verdict):
                done.append((op_id, verdict, done_at))
            case Parked(op_id, reason):
                parked.append({"op_id": op_id, "reason": reason})
            case Deferred(op_id, until_s_from_now, reason):
                wait_s = max(0.0, until_s_from_now)
                row = {"op_id": op_id, "reason": reason, "wait_s": wait_s}
                deferred.append(row | {"next_at": now_s + wait_s})
            case _:
                assert_never(settlement)
    waiting_gone = parked_gone = parked_new = 0
    if done:
        connection.executemany(sql.TRACE, done)
        ids = [(row[0],) for row in done]
        waiting_gone = connection.executemany(sql.REMOVE_WAITING, ids).rowcount
        if waiting_gone < len(ids):
            parked_gone = connection.executemany(sql.REMOVE_PARKED, ids).rowcount
    if parked:
        parked_new = connection.executemany(sql.PARK, parked).rowcount
    if deferred:
        connection.executemany(sql.DEFER, deferred)
    return Moved(waiting=-waiting_gone - parked_new, parked=parked_new - parked_gone)
