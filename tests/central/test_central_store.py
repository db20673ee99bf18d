"""The service's file: durable, shared commits, one owner."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from central.service.schema import MIGRATIONS
from central.service.store import FILE_NAME, Store, StoreUnavailable

INSERT = (
    "INSERT INTO staff_calls (op_id, terminal, seq, at, situation) VALUES (?, 't', 1, 'now', ?)"
)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    opened = await Store.open(tmp_path)
    yield opened
    await opened.close()


def call(op_id: str, situation: str = "help"):
    def act(connection: sqlite3.Connection) -> str:
        connection.execute(INSERT, (op_id, situation))
        return op_id

    return act


def calls(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT op_id FROM staff_calls")}


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2)])
async def test_a_commit_survives_a_power_cut(store: Store, pragma: str, value: object) -> None:
    found = await store.write(lambda c: c.execute(f"PRAGMA {pragma}").fetchone())
    assert found == (value,)


async def test_what_was_written_is_read(store: Store) -> None:
    assert await store.write(call("a")) == "a"
    assert await store.read(calls) == {"a"}


async def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(StoreUnavailable, match="readonly"):
        await store.read(call("a"))


async def test_writes_that_wait_share_one_commit(store: Store) -> None:
    entered, go = threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        entered.set()
        assert go.wait(20)

    first = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(entered.wait, 20)
    commits: list[str] = []
    store._writing.set_trace_callback(  # pyright: ignore[reportPrivateUsage]  # what is measured
        lambda sql: commits.append(sql) if sql == "COMMIT" else None
    )
    rest = [asyncio.create_task(store.write(call(str(n)))) for n in range(20)]
    await asyncio.sleep(0)  # all of them stand in the queue now
    go.set()
    await asyncio.gather(first, *rest)
    assert len(commits) == 2


async def test_an_act_that_fails_is_undone_alone(store: Store) -> None:
    def wrong(connection: sqlite3.Connection) -> None:
        connection.execute(INSERT, ("wrong", "help"))
        raise KeyError("a mistake of ours")

    results = await asyncio.gather(
        store.write(call("a")), store.write(wrong), store.write(call("b")), return_exceptions=True
    )
    assert [type(r) for r in results] == [str, KeyError, str]
    assert await store.read(calls) == {"a", "b"}


async def test_a_full_disk_is_said_and_keeps_what_was_there(store: Store) -> None:
    await store.write(call("before"))
    pages = await store.write(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await store.write(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(StoreUnavailable, match="full"):
        await store.write(call("large", "x" * 100_000))
    assert await store.read(calls) == {"before"}
    await store.write(lambda c: c.execute("PRAGMA max_page_count = 1000000"))
    await store.write(call("after", "x" * 100_000))
    assert await store.read(calls) == {"before", "after"}


async def test_a_second_service_on_the_same_file_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="another service"):
        await Store.open(tmp_path)


async def test_closing_finishes_what_was_accepted(tmp_path: Path) -> None:
    store = await Store.open(tmp_path)
    writes = [asyncio.create_task(store.write(call(str(n)))) for n in range(200)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*writes)
    with pytest.raises(StoreUnavailable, match="closing"):
        await store.write(call("late"))
    again = await Store.open(tmp_path)
    assert len(await again.read(calls)) == 200
    await again.close()


async def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(StoreUnavailable, match="schema"):
        await Store.open(tmp_path)


async def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreUnavailable):
        await Store.open(tmp_path)


async def test_the_file_is_for_its_owner_only(store: Store, tmp_path: Path) -> None:
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0
