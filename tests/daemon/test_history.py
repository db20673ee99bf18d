"""What is counted by the hour: nothing is lost or made up by restarts, gaps and set clocks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.verdict import Verdict
from kiosk.clock import BEIJING
from kiosk.daemon import hour_journal
from kiosk.daemon.history import WRITE_EVERY_S, History
from kiosk.daemon.opening import open_queue
from kiosk.history_messages import AskHistory, Bucket, Span
from kiosk.history_table import BAR_CHARS, bar, table
from offline_queue.errors import StorageFailed
from offline_queue.outbox import Outbox

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=BEIJING)


class TwoClocks:
    def __init__(self) -> None:
        self.wall, self.at_s = TEN, 50.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.at_s

    def passes(self, minutes: float) -> None:
        self.wall += timedelta(minutes=minutes)
        self.at_s += minutes * 60


class Terminal:
    def __init__(self, outbox: Outbox) -> None:
        self.outbox, self.clock, self.up = outbox, TwoClocks(), True
        self.history = self.started()

    def started(self) -> History:
        return History(self.outbox, self.clock, is_up=lambda: self.up)

    def link(self, up: bool) -> None:
        self.up = up
        self.history.link_changed()

    def shown(self, span: Span = "24h") -> tuple[Bucket, ...]:
        return self.history.shown(AskHistory(span)).buckets

    def with_data(self, span: Span = "24h") -> dict[str, Bucket]:
        return {f"{one.at:%d %H}": one for one in self.shown(span) if one.has_data}


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    _, outbox = open_queue(tmp_path)
    yield Terminal(outbox)
    outbox.close()


def test_each_thing_is_in_its_hour_and_unavailable_in_a_place_of_its_own(
    terminal: Terminal,
) -> None:
    history, clock = terminal.history, terminal.clock
    for outcome in ("proven", "proven", "failed", "unknown"):
        history.printed(outcome)
    history.told(Verdict.NORMAL)
    clock.passes(65)
    for verdict in (Verdict.UNAVAILABLE, Verdict.NOT_FOUND, Verdict.NOT_YET, Verdict.VOID):
        history.told(verdict)
    terminal.outbox.put("test", "a", '{"n":1}', at=TEN)
    history.look()
    hours = terminal.with_data()
    assert hours["24 10"] == Bucket(
        TEN, watched_s=3600, up_s=3600, proven=2, failed=1, unknown=1, normal=1
    )
    assert hours["24 11"] == Bucket(
        TEN + timedelta(hours=1),
        watched_s=300,
        up_s=300,
        queue_max=1,
        other=1,
        not_found=2,
        unavailable=1,
    )
    assert len(terminal.shown()) == 24
    assert set(hours) == {"24 10", "24 11"}


def test_every_verdict_is_counted_somewhere(terminal: Terminal) -> None:
    for verdict in Verdict:
        terminal.history.told(verdict)
    terminal.clock.passes(1)
    one = terminal.with_data()["24 10"]
    counts = (one.normal, one.other, one.not_found, one.cannot_say, one.unavailable)
    assert sum(counts) == len(Verdict)
    assert (one.normal, one.unavailable) == (1, 1)


def test_an_hour_in_which_the_terminal_was_off_is_no_data_and_not_zero(terminal: Terminal) -> None:
    terminal.clock.passes(30)
    terminal.history.write()
    terminal.clock.passes(180)
    terminal.history = terminal.started()
    terminal.clock.passes(10)
    hours = terminal.with_data()
    assert {at: one.watched_s for at, one in hours.items()} == {"24 10": 1800, "24 13": 600}
    said = table(terminal.history.shown(AskHistory("24h")))
    off = next(line for line in said.splitlines() if line.startswith("11-24 12:00"))
    assert off == "11-24 12:00  no data"


def test_the_share_of_the_link_is_of_the_time_that_was_watched(terminal: Terminal) -> None:
    terminal.clock.passes(15)
    terminal.link(up=False)
    terminal.clock.passes(10)
    terminal.link(up=True)
    terminal.clock.passes(15)
    assert terminal.with_data()["24 10"].up_share == pytest.approx(30 / 40)


def test_a_clock_that_is_set_makes_no_time_and_loses_none(terminal: Terminal) -> None:
    terminal.clock.passes(10)
    terminal.history.look()
    terminal.clock.wall += timedelta(days=700)
    terminal.history.printed("proven")
    terminal.clock.passes(10)
    terminal.history.write()
    terminal.clock.wall -= timedelta(days=700)
    terminal.clock.passes(10)
    terminal.history.write()
    with terminal.outbox.transaction() as connection:
        everything = hour_journal.between(connection, 0, 10**9)
    assert sum(one.watched_s for one in everything.values()) == 1800
    hours = terminal.with_data()
    assert set(hours) == {"24 10"}
    assert hours["24 10"].watched_s == pytest.approx(1200)


def test_hours_of_a_wrong_clock_do_not_push_out_those_of_the_right_one(terminal: Terminal) -> None:
    with terminal.outbox.transaction() as connection:
        for hour in range(900_000, 900_000 + hour_journal.KEPT_HOURS):
            hour_journal.add(connection, hour, hour_journal.Counted(watched_s=60))
        hour_journal.add(connection, 5, hour_journal.Counted(proven=1, watched_s=60))
        kept = hour_journal.between(connection, 0, 10**9)
    assert len(kept) == hour_journal.KEPT_HOURS
    assert kept[5].proven == 1
    assert 900_000 not in kept


def test_a_month_is_thirty_days_in_china_and_the_deepest_queue_of_each(terminal: Terminal) -> None:
    terminal.clock.wall = datetime(2026, 11, 23, 22, 30, tzinfo=BEIJING)
    terminal.history = terminal.started()
    for number in range(3):
        terminal.outbox.put("test", "a", f'{{"n":{number}}}', at=TEN)
    terminal.history.look()
    terminal.clock.passes(120)
    terminal.history.write()
    days = terminal.shown("30d")
    assert (len(days), days[-1].at.day, days[-2].at.day) == (30, 24, 23)
    assert [one.watched_s for one in days[-2:]] == [5400, 1800]
    assert [one.queue_max for one in days[-2:]] == [3, 0]
    assert not days[-3].has_data


def test_it_is_written_now_and_then_and_a_disk_that_fails_loses_nothing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Outbox) -> None:
        raise StorageFailed("no")

    def on_disk() -> int:
        with terminal.outbox.transaction() as connection:
            return sum(one.proven for one in hour_journal.between(connection, 0, 10**9).values())

    terminal.history.printed("proven")
    terminal.clock.passes(WRITE_EVERY_S / 60 - 1)
    terminal.history.look()
    assert on_disk() == 0
    terminal.clock.passes(1)
    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "transaction", fails)
        terminal.history.look()
    assert on_disk() == 0
    terminal.history.write()
    assert on_disk() == 1
    assert terminal.started().shown(AskHistory("24h")).buckets[-1].proven == 1


@given(
    st.lists(
        st.tuples(
            st.floats(0, 5000), st.floats(-1e7, 1e7) | st.just(0.0), st.booleans(), st.booleans()
        ),
        max_size=12,
    )
)
def test_no_order_of_events_makes_more_time_than_passed(
    steps: list[tuple[float, float, bool, bool]],
) -> None:
    clock, up = TwoClocks(), True
    history = History(None, clock, is_up=lambda: up)  # type: ignore[arg-type] # nothing is written
    for passes_s, set_by_s, up, is_print in steps:  # noqa: B007 # `up` is read by the history
        clock.passes(passes_s / 60)
        clock.wall += timedelta(seconds=set_by_s)
        history.printed("proven") if is_print else history.link_changed()
    counted = history._pending.values()
    assert sum(one.watched_s for one in counted) == pytest.approx(clock.at_s - 50.0)
    assert all(0 <= one.up_s <= one.watched_s + 1e-6 for one in counted)
    assert sum(one.proven for one in counted) == sum(step[3] for step in steps)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_bar_has_its_width_and_shows_anything_above_nothing(value: float, most: float) -> None:
    drawn = bar(value, most)
    assert len(drawn) == BAR_CHARS
    assert bool(drawn.strip()) == (value > 0 and most > 0)
