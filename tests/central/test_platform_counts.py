"""Questions are counted on the disk, on both databases, and none is forgotten."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from central_kit import REFERENCE

from central.platforms.counts import CountsUnavailable, Question, Taken, invoice_mark
from central.service.opening import open_store
from central.service.platform_counts import PLATFORM_DAYS_KEPT, StoredCounts
from central.service.store import Store
from einvoice.kinds import Kind

TODAY = date(2026, 11, 24)
FIRST = Question(TODAY, "tencent", "a" * 64)


@pytest_asyncio.fixture
async def store(tmp_path: Path, database: str) -> AsyncGenerator[Store]:
    opened = await open_store(tmp_path, database)
    yield opened
    await opened.close()


async def test_the_sixth_question_of_an_invoice_is_not_taken(store: Store) -> None:
    counts = StoredCounts(store)
    others = Question(TODAY, "baidu", FIRST.invoice)
    for question in (FIRST, others, FIRST, others, FIRST):
        assert await counts.take(question, 5, None) is Taken.TAKEN
    assert await counts.take(others, 5, None) is Taken.INVOICE_USED_UP
    assert await counts.take(Question(TODAY, "baidu", "b" * 64), 5, None) is Taken.TAKEN


async def test_the_days_budget_is_one_platforms_own(store: Store) -> None:
    counts = StoredCounts(store)
    assert await counts.take(FIRST, 5, 1) is Taken.TAKEN
    assert await counts.take(Question(TODAY, "tencent", "b" * 64), 5, 1) is Taken.BUDGET_USED_UP
    assert await counts.take(Question(TODAY, "baidu", "b" * 64), 5, 1) is Taken.TAKEN
    assert await counts.asked(TODAY, "tencent") == 1
    assert await counts.asked(TODAY, "nobody") == 0
    assert await counts.asked(TODAY + timedelta(days=1), "tencent") == 0


async def test_what_was_not_asked_is_given_back(store: Store) -> None:
    counts = StoredCounts(store)
    assert await counts.take(FIRST, 1, 1) is Taken.TAKEN
    await counts.give_back(FIRST)
    assert await counts.take(FIRST, 1, 1) is Taken.TAKEN
    assert await counts.take(FIRST, 1, 1) is Taken.INVOICE_USED_UP


async def test_the_next_day_begins_anew_and_forgets_the_invoices(store: Store) -> None:
    counts = StoredCounts(store)
    await counts.take(FIRST, 1, None)
    tomorrow = Question(TODAY + timedelta(days=1), "tencent", FIRST.invoice)
    assert await counts.take(tomorrow, 1, None) is Taken.TAKEN
    days = await store.read(
        lambda c: [row[0] for row in c.execute("SELECT day FROM invoice_questions")]
    )
    assert days == ["2026-11-25"]
    much_later = Question(TODAY + PLATFORM_DAYS_KEPT + timedelta(days=1), "tencent", "c" * 64)
    await counts.take(much_later, 1, None)
    kept = await store.read(
        lambda c: [r[0] for r in c.execute("SELECT day FROM platform_questions ORDER BY day")]
    )
    assert kept == ["2026-11-25", much_later.day.isoformat()]


async def test_a_restart_forgets_none(tmp_path: Path) -> None:
    for taken in (Taken.TAKEN, Taken.INVOICE_USED_UP):
        store = await open_store(tmp_path, "")
        assert await StoredCounts(store).take(FIRST, 1, None) is taken
        await store.close()


async def test_what_cannot_be_counted_is_said(tmp_path: Path) -> None:
    store = await open_store(tmp_path, "")
    counts = StoredCounts(store)
    await store.close()
    with pytest.raises(CountsUnavailable):
        await counts.take(FIRST, 5, None)
    await counts.give_back(FIRST)


def test_an_invoice_has_one_mark_whatever_else_was_entered() -> None:
    mark = invoice_mark(REFERENCE)
    assert invoice_mark(replace(REFERENCE, amount=None, kind=Kind.DIGITAL_ORDINARY)) == mark
    assert invoice_mark(replace(REFERENCE, number="26112000000000770002")) != mark
    assert REFERENCE.number not in mark
