"""No statement that runs while people wait may read a whole table."""

import re

import pytest
from queue_kit import Bench, body_of

from offline_queue import Done, Parked
from offline_queue import statements as sql

PARAMETERS = re.compile(r":(\w+)")


@pytest.mark.parametrize("name", sorted(sql.HOT))
def test_no_table_is_walked(bench: Bench, name: str) -> None:
    ids = [bench.put(body_of(number), key=f"k{number % 3}") for number in range(60)]
    bench.outbox.settle([Done(op_id, "new") for op_id in ids[:20]])
    bench.outbox.settle([Parked(op_id, "final") for op_id in ids[20:25]])
    statement = sql.HOT[name]
    bound = dict.fromkeys(PARAMETERS.findall(statement), 0)
    with bench.outbox.transaction() as connection:
        values = bound or (0,) * statement.count("?")
        plan = [row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + statement, values)]
    assert [step for step in plan if _walks_a_table(step)] == [], plan


def _walks_a_table(step: str) -> bool:
    """SCAN without an index reads a whole table; a temporary b-tree sorts what it read."""
    if step.startswith("USE TEMP B-TREE"):
        return True
    return step.startswith("SCAN") and "INDEX" not in step and "SUBQUERY" not in step
