"""No statement that runs while people wait may read a whole table.

Everything that the queue can do is done under SQLite's own trace, and SQLite is asked how it
runs what it was given: a statement that is forgotten here fails the test.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from queue_kit import Bench, body_of

from offline_queue import Deferred, Done, Outbox, OutboxFull, Parked
from offline_queue import statements as sql
from offline_queue.database import open_reader

# Run at the opening, for a rotation of keys, or for a copy: nobody waits.
COLD = {
    "COUNT_KEPT",
    "COUNT_PARKED",
    "HEAD",
    "SET_FACT",
    "BOX_HEADERS",
    "SEALED_AFTER",
    "RESEAL",
    "CLAMP_WAITS",
    "RESTART_WAITS",
    "WAITING_TIMES",
    "ALL_LINKS",
}
# One row for each cause or name there is, in the code: it never grows.
SMALL = {"refusals", "facts"}
# Hold only what waits for a time or for a person: walking them walks what was asked for.
PARTIAL = {"operations_parked", "operations_next"}

STATEMENTS = {
    name: text for name, text in vars(sql).items() if name.isupper() and isinstance(text, str)
}
PARAMETER = re.compile(r":\w+|\?\d*")


def _pattern(statement: str) -> re.Pattern[str]:
    """What the trace shows of a statement, whatever was bound."""
    parts = (r"\s+".join(map(re.escape, part.split())) for part in PARAMETER.split(statement))
    return re.compile(r"\s*.*?\s*".join(parts), re.DOTALL)


def _everything(bench: Bench) -> Iterator[str]:
    """Each act of the queue, named as its method is."""
    outbox = bench.outbox
    ids = [bench.put(body_of(number), key=f"k{number % 3}") for number in range(60)]
    with outbox.transaction() as connection:
        connection.execute("CREATE TABLE mine (x)")
    outbox.put("act", "k9", "{}", at=bench.clock.wall(), also=_beside)
    again = outbox.due(1, 1 << 20)[0]
    outbox.put(again.kind, again.order_key, again.body, at=again.at, op_id=again.op_id)
    yield from ("put", "transaction")
    assert len(outbox.due(100, 1 << 20)) == 61
    yield "due"
    outbox.settle([Done(op_id, "new") for op_id in ids[:20]])
    outbox.settle([Parked(op_id, "final") for op_id in ids[20:25]])
    outbox.settle([Deferred(op_id, 60.0, "later") for op_id in ids[25:30]])
    outbox.settle([Done(ids[20], "new")])
    yield "settle"
    assert outbox.next_due_in_s() == 0.0
    outbox.settle([Deferred(entry.op_id, 60.0, "later") for entry in outbox.due(100, 1 << 20)])
    assert outbox.next_due_in_s() == 60.0
    yield "next_due_in_s"
    assert outbox.hurry() == 6
    assert len(outbox.standings(10)) == 14, "four are parked"
    assert outbox.standing(ids[0]) is not None
    yield from ("hurry", "standings", "standing")
    outbox.replay(ids[21])
    outbox.release_key(ids[22])
    yield from ("replay", "release_key")
    outbox.counts()
    outbox.state_of(ids[0])
    outbox.parked()
    assert outbox.head.seq == 61
    assert outbox.generation == 1
    yield from ("counts", "state_of", "parked", "head", "generation")
    outbox._limits = bench.limits.__class__(kept=0, free_bytes=0, ballast_bytes=0)
    with pytest.raises(OutboxFull):
        bench.put()
    assert outbox.refusals() != []
    yield "refusals"
    assert outbox.prune(bench.clock.wall() + timedelta(days=31)) == 21
    yield "prune"


def _beside(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO mine VALUES (1)")


ELSEWHERE = {"open", "close", "migrate", "reseal"}


def test_no_hot_statement_walks_a_table(bench: Bench) -> None:
    traced: list[str] = []
    bench.outbox._store._connection.set_trace_callback(traced.append)
    done = set(_everything(bench))
    bench.outbox._store._connection.set_trace_callback(None)
    public = {name for name in dir(Outbox) if not name.startswith("_")}
    assert done | ELSEWHERE == public, "every method must have been called under the trace"

    seen = {
        name
        for name, statement in STATEMENTS.items()
        if any(_pattern(statement).fullmatch(line.strip()) for line in traced)
    }
    assert set(STATEMENTS) - seen == COLD, "every other statement must have been traced"

    with closing(open_reader(bench.path)) as reader:
        walks = {
            line: plan
            for line in {line for line in traced if _can_be_explained(line)}
            if (plan := [row[3] for row in reader.execute(f"EXPLAIN QUERY PLAN {line}")])
            and any(_walks_a_table(step) for step in plan)
        }
    assert walks == {}


def _can_be_explained(line: str) -> bool:
    return line.split(maxsplit=1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}


def _walks_a_table(step: str) -> bool:
    """SCAN reads a whole table or index; a temporary b-tree sorts what it read."""
    if step.startswith("USE TEMP B-TREE"):
        return True
    if not step.startswith("SCAN") or step == "SCAN CONSTANT ROW":
        return False
    return step.split()[1] not in SMALL and step.split()[-1] not in PARTIAL
