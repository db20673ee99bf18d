"""SQLite as a store: durable, for its owner, honest about a disk that is full."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from central.service.store import Connection, StoreUnavailable
from central.service.store_sqlite import FILE_NAME, SqliteStore

INSERT = (
    "INSERT INTO staff_calls (op_id, terminal, seq, at, situation) VALUES (?, 't', 1, 'now', ?)"
)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqliteStore]:
    opened = SqliteStore(tmp_path)
    yield opened
    await opened.close()


def situations(connection: Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT length(situation) FROM staff_calls")]


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2)])
async def test_a_commit_survives_a_power_cut(
    store: SqliteStore, pragma: str, value: object
) -> None:
    found = await store.write(lambda c: c.execute(f"PRAGMA {pragma}").fetchone())
    assert found == (value,)


async def test_a_full_disk_is_said_and_keeps_what_was_there(store: SqliteStore) -> None:
    await store.write(lambda c: c.execute(INSERT, ("before", "x")))
    pages = await store.write(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await store.write(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(StoreUnavailable, match="full"):
        await store.write(lambda c: c.execute(INSERT, ("large", "x" * 100_000)))
    assert await store.read(situations) == [1]
    await store.write(lambda c: c.execute("PRAGMA max_page_count = 1000000"))
    await store.write(lambda c: c.execute(INSERT, ("after", "x" * 100_000)))
    assert await store.read(situations) == [1, 100_000]


async def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreUnavailable):
        SqliteStore(tmp_path)


async def test_the_file_is_for_its_owner_only(store: SqliteStore, tmp_path: Path) -> None:
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0
