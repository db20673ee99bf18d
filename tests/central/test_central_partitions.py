"""The months of the inbox on PostgreSQL: made ahead, dropped when past their time."""

from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from central_kit import AT, printed
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from postgresql_kit import PostgresqlServer

from central.contract import Operation, Receipt
from central.service import inbox
from central.service.opening import open_store
from central.service.partitions import MONTHS_AHEAD, Month, months
from central.service.schema import INBOX_KEPT
from central.service.store import Connection, Store

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.fixture
def url(postgresql: PostgresqlServer) -> Generator[str]:
    with postgresql.fresh() as fresh:
        yield fresh


@pytest_asyncio.fixture
async def store(url: str) -> AsyncGenerator[Store]:
    opened = await open_store(Path(), url)
    yield opened
    await opened.close()


def made_at(moment: datetime, number: int = 1) -> Operation:
    """An operation whose id is of that moment."""
    milliseconds = int(moment.timestamp() * 1000)
    id_ = UUID(int=milliseconds << 80 | 0x7 << 76 | 0x8 << 60 | number)
    return replace(printed(number), op_id=str(id_), at=moment)


async def take(store: Store, operation: Operation, received_at: datetime = AT) -> Receipt:
    examined = inbox.examine(operation)
    (result,) = await store.write(lambda c: inbox.apply(c, "t1", (examined,), received_at))
    return result.receipt


def where(connection: Connection) -> dict[str, str]:
    """Table by operation."""
    return dict(connection.execute("SELECT op_id, tableoid::regclass::text FROM inbox").fetchall())


@given(MOMENTS, MOMENTS)
def test_ids_of_a_month_lie_between_its_bounds(moment: datetime, other: datetime) -> None:
    month = Month.of(moment)
    id_ = made_at(other).op_id
    inside = month.first_id <= id_ < month.following.first_id
    assert inside == (Month.of(other) == month)
    assert Month.named(month.table) == month


@given(MOMENTS)
def test_all_that_is_kept_and_some_ahead_have_a_month(now: datetime) -> None:
    wanted = months(now)
    assert wanted == sorted(set(wanted))
    assert wanted[0] == Month.of(now - INBOX_KEPT)
    assert wanted.index(Month.of(now)) == len(wanted) - 1 - MONTHS_AHEAD
    assert all(a.following == b for a, b in pairwise(wanted))


async def test_an_operation_lies_in_the_month_of_its_id(store: Store) -> None:
    await take(store, made_at(AT))
    await take(store, made_at(AT - timedelta(days=60)))
    await take(store, made_at(AT - timedelta(days=3000)))
    assert sorted((await store.read(where)).values()) == [
        "inbox_2026_09",
        "inbox_2026_11",
        "inbox_other",
    ]


async def test_months_are_made_ahead_and_dropped_behind(store: Store) -> None:
    old, new = made_at(AT - timedelta(days=100)), made_at(AT)
    for operation in (old, new):
        assert await take(store, operation) is Receipt.NEW
    later = AT + timedelta(days=115)
    await store.tend_inbox(later)
    assert set(await store.read(where)) == {new.op_id}
    assert await take(store, new, later) is Receipt.SEEN
    await take(store, made_at(later, 9))
    assert (await store.read(where))[made_at(later, 9).op_id] == "inbox_2027_03"


async def test_a_month_is_not_dropped_while_a_day_of_it_is_kept(store: Store) -> None:
    last = made_at(datetime(2026, 10, 31, 23, tzinfo=UTC))
    await take(store, last)
    await store.tend_inbox(datetime(2026, 10, 31, 23, tzinfo=UTC) + INBOX_KEPT)
    assert await take(store, last) is Receipt.SEEN


async def test_what_came_before_its_month_was_made_moves_into_it(store: Store) -> None:
    early = made_at(datetime(2027, 6, 15, tzinfo=UTC))  # a clock that runs ahead
    await take(store, early)
    assert await store.read(where) == {early.op_id: "inbox_other"}
    await store.tend_inbox(datetime(2027, 6, 1, tzinfo=UTC))
    assert await store.read(where) == {early.op_id: "inbox_2027_06"}
    assert await take(store, early) is Receipt.SEEN
    assert await take(store, made_at(datetime(2027, 6, 16, tzinfo=UTC), 2)) is Receipt.NEW


async def test_what_is_from_no_month_is_forgotten_by_the_day_it_came(store: Store) -> None:
    await take(store, made_at(AT - timedelta(days=3000)))
    await store.tend_inbox(AT + INBOX_KEPT)
    assert len(await store.read(where)) == 1
    await store.tend_inbox(AT + INBOX_KEPT + timedelta(hours=1))
    assert await store.read(where) == {}


async def test_tending_again_changes_nothing(store: Store) -> None:
    def tables(connection: Connection) -> list[str]:
        query = "SELECT inhrelid::regclass::text FROM pg_inherits ORDER BY 1"
        return [row[0] for row in connection.execute(query)]

    before = await store.read(tables)
    await store.tend_inbox(AT)
    assert await store.read(tables) == before
