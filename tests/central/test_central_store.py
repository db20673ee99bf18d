"""What the service's memory promises, on SQLite and on PostgreSQL."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from central_kit import connected
from postgresql_kit import PostgresqlServer

from central.service.opening import open_store
from central.service.schema import MIGRATIONS
from central.service.store import (
    MAX_SHARED_WEIGHT,
    Connection,
    ConstraintBroken,
    Store,
    StoreUnavailable,
)

INSERT = (
    "INSERT INTO staff_calls (op_id, terminal, seq, at, situation) VALUES (?, 't', 1, 'now', ?)"
)


@pytest_asyncio.fixture
async def store(tmp_path: Path, database: str) -> AsyncGenerator[Store]:
    opened = await open_store(tmp_path, database)
    yield opened
    await opened.close()


def call(op_id: str, situation: str = "help"):
    def act(connection: Connection) -> str:
        connection.execute(INSERT, (op_id, situation))
        return op_id

    return act


def calls(connection: Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT op_id FROM staff_calls")}


async def test_what_was_written_is_read(store: Store) -> None:
    assert await store.write(call("a")) == "a"
    assert await store.read(calls) == {"a"}


async def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(StoreUnavailable, match=r"read-?only"):
        await store.read(call("a"))
    assert await store.read(calls) == set()


async def test_acts_that_wait_are_done_together(store: Store) -> None:
    entered, go = threading.Event(), threading.Event()
    together: list[int] = []

    def slow(connection: Connection) -> None:
        entered.set()
        assert go.wait(20)

    def shared(connection: Connection, items: Sequence[str]) -> list[str]:
        together.append(len(items))
        return [call(item)(connection) for item in items]

    first = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(entered.wait, 20)
    rest = [asyncio.create_task(store.write_together(shared, str(n))) for n in range(20)]
    await asyncio.sleep(0)  # all of them stand in the queue now
    go.set()
    await first
    assert await asyncio.gather(*rest) == [str(n) for n in range(20)]
    assert together == [20]
    assert len(await store.read(calls)) == 20


async def test_a_shared_act_that_fails_is_done_one_by_one(store: Store) -> None:
    def shared(connection: Connection, items: Sequence[str]) -> list[str]:
        return [call(item)(connection) for item in items]

    await store.write(call("there"))
    results = await asyncio.gather(
        *(store.write_together(shared, item) for item in ("a", "there", "b")),
        return_exceptions=True,
    )
    assert [type(r) for r in results] == [str, ConstraintBroken, str]
    assert await store.read(calls) == {"a", "b", "there"}


async def test_an_act_that_fails_is_undone_alone(store: Store) -> None:
    def wrong(connection: Connection) -> None:
        call("wrong")(connection)
        raise KeyError("a mistake of ours")

    def broken(connection: Connection) -> None:
        call("wrong")(connection)
        call("wrong")(connection)

    results = await asyncio.gather(
        *(store.write(act) for act in (call("a"), wrong, broken, call("b"))),
        return_exceptions=True,
    )
    assert [type(r) for r in results] == [str, KeyError, ConstraintBroken, str]
    assert await store.read(calls) == {"a", "b"}


async def test_a_broken_rule_repeats_no_value(store: Store) -> None:
    await store.write(call("a person's own number"))
    with pytest.raises(ConstraintBroken) as broken:
        await store.write(call("a person's own number"))
    assert "person" not in str(broken.value)


async def test_rows_that_are_there_already_stay(store: Store) -> None:
    def insert(connection: Connection) -> None:
        one = {"op_id": "a", "terminal": "t", "seq": 1, "at": "now", "situation": "help"}
        connection.insert("staff_calls", [one])
        connection.insert("staff_calls", [{**one, "situation": "other"}, {**one, "op_id": "b"}])
        connection.insert("staff_calls", [])

    await store.write(insert)
    query = "SELECT op_id, situation FROM staff_calls ORDER BY op_id"
    found = await store.read(lambda c: c.execute(query).fetchall())
    assert found == [("a", "help"), ("b", "help")]


async def test_a_heavy_transaction_leaves_the_rest_to_the_next(store: Store) -> None:
    entered, go = threading.Event(), threading.Event()
    together: list[int] = []

    def slow(connection: Connection) -> None:
        entered.set()
        assert go.wait(20)

    def shared(connection: Connection, items: Sequence[str]) -> list[str]:
        together.append(len(items))
        return list(items)

    half = MAX_SHARED_WEIGHT // 2
    first = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(entered.wait, 20)
    rest = [asyncio.create_task(store.write_together(shared, str(n), half)) for n in range(6)]
    await asyncio.sleep(0)  # all of them stand in the queue now
    go.set()
    await first
    assert await asyncio.gather(*rest) == [str(n) for n in range(6)]
    assert together == [2, 2, 2]


@pytest.mark.parametrize("count", [1, 100])
async def test_new_rows_keep_any_text(store: Store, count: int) -> None:
    texts = ["\t", "a\nb\r\n", "\\N", "\\.", "\x1f\x1e", "\\x1f", *STRANGE]
    rows = [
        {"number": f"{n}-{text}", "key": text, "n": n, "name": None if n % 2 else text}
        for n in range(count)
        for text in texts[: count + 1]
    ]

    def act(connection: Connection) -> list[tuple[object, ...]]:
        connection.execute("CREATE TABLE odd (number text, key text, n integer, name text)")
        assert connection.insert_new("odd", rows)
        found = connection.execute("SELECT number, key, n, name FROM odd ORDER BY n").fetchall()
        connection.execute("DROP TABLE odd")
        return [tuple(row) for row in found]

    found = await store.write(act)
    assert sorted(map(str, found)) == sorted(str(tuple(row.values())) for row in rows)


@pytest.mark.parametrize("count", [2, 100])
async def test_new_rows_one_of_which_was_there_can_be_undone(store: Store, count: int) -> None:
    row = {"terminal": "t", "seq": 1, "at": "now", "situation": "help"}
    rows = [{"op_id": str(n), **row} for n in range(count)]

    def act(connection: Connection) -> None:
        call("1", "first")(connection)
        connection.execute("SAVEPOINT fresh")
        assert not connection.insert_new("staff_calls", rows)
        connection.execute("ROLLBACK TO SAVEPOINT fresh")
        connection.execute("RELEASE SAVEPOINT fresh")

    await store.write(act)
    assert await store.read(calls) == {"1"}


STRANGE = ["plain", 'quo"te', "back\\slash", "com,ma", "{brace}", "", "NULL", "税务局", "it's", "?"]


async def test_among_finds_any_text_and_nothing_else(store: Store) -> None:
    def find(connection: Connection, values: list[str]) -> set[str]:
        condition, parameter = connection.among("op_id", values)
        found = connection.execute(
            f"SELECT op_id FROM staff_calls WHERE {condition}",  # noqa: S608
            (parameter,),
        )
        return {row[0] for row in found}

    for text in STRANGE:
        await store.write(call(text))
    assert await store.read(lambda c: find(c, STRANGE)) == set(STRANGE)
    assert await store.read(lambda c: find(c, ["other", STRANGE[1]])) == {STRANGE[1]}
    assert await store.read(lambda c: find(c, [])) == set()


async def test_what_a_statement_gives(store: Store) -> None:
    def act(connection: Connection) -> list[object]:
        call("a")(connection)
        call("b")(connection)
        changed = connection.execute("UPDATE staff_calls SET seq = seq + ?", (True,))
        none = connection.execute("SELECT seq FROM staff_calls WHERE op_id = ?", ("c",))
        one = connection.execute("DELETE FROM staff_calls WHERE op_id = ? RETURNING seq", ("a",))
        return [changed.rowcount, changed.fetchone(), none.fetchone(), none.fetchall(), *one]

    assert await store.write(act) == [2, None, None, [], (2,)]


async def test_a_second_service_on_the_same_database_is_refused(
    store: Store, tmp_path: Path, database: str
) -> None:
    with pytest.raises(StoreUnavailable, match="another service"):
        await open_store(tmp_path, database)


async def test_closing_finishes_what_was_accepted(tmp_path: Path, database: str) -> None:
    store = await open_store(tmp_path, database)
    writes = [asyncio.create_task(store.write(call(str(n)))) for n in range(200)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*writes)
    with pytest.raises(StoreUnavailable, match="closing"):
        await store.write(call("late"))
    again = await open_store(tmp_path, database)
    assert len(await again.read(calls)) == 200
    await again.close()


async def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    await (await open_store(tmp_path)).close()
    with connected(tmp_path, "") as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StoreUnavailable, match="schema"):
        await open_store(tmp_path)


async def test_a_database_of_a_newer_version_is_refused(
    tmp_path: Path, postgresql: PostgresqlServer
) -> None:
    with postgresql.fresh() as url:
        with connected(tmp_path, url) as connection:
            connection.execute(
                "INSERT INTO schema_steps (number) VALUES (?)", (len(MIGRATIONS) + 1,)
            )
        with pytest.raises(StoreUnavailable, match="schema"):
            await open_store(tmp_path, url)


async def test_other_databases_are_not_known(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="postgresql"):
        await open_store(tmp_path, "mysql://root@localhost/central")
