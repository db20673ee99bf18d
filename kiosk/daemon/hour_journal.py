"""The table of hours: what was counted in each, and nothing of anybody.

In the outbox's file, as the journal of devices is: one connection writes.
"""

import sqlite3
from dataclasses import astuple, dataclass, fields, replace

from sqlite_utils import Database, Migrations

KEPT_HOURS = 31 * 24
"""Rows at the most: 30 days and the one that is not over."""

migrations = Migrations("kiosk.hours")


@dataclass(slots=True)
class Counted:
    """What was counted in one hour; all as in `kiosk.history_messages.Bucket`."""

    watched_s: float = 0.0
    up_s: float = 0.0
    queue_max: int = 0
    proven: int = 0
    failed: int = 0
    unknown: int = 0
    normal: int = 0
    other: int = 0
    not_found: int = 0
    cannot_say: int = 0
    unavailable: int = 0

    def add(self, more: "Counted") -> None:
        """Put more of the same time, or of another hour of the same day, to it."""
        for name in COLUMNS:
            ours, theirs = getattr(self, name), getattr(more, name)
            setattr(self, name, max(ours, theirs) if name == "queue_max" else ours + theirs)


COLUMNS = tuple(one.name for one in fields(Counted))


def copied(counted: Counted) -> Counted:
    """The same, to be added to."""
    return replace(counted)


@migrations()
def create(db: Database) -> None:
    """Hours, by the number of hours since 1970 (UTC), and in which order they were written."""
    columns = {name: float if name.endswith("_s") else int for name in COLUMNS}
    db.table("hour").create(
        {"hour": int, "written": int, **columns}, pk="hour", not_null={"written", *COLUMNS}
    )
    db.table("hour").create_index(["written"])


_NAMES = ", ".join(COLUMNS)


_SUMS = ", ".join(
    f"{name} = max({name}, excluded.{name})"
    if name == "queue_max"
    else f"{name} = {name} + excluded.{name}"
    for name in COLUMNS
)
# Nothing but names of columns of this file is put into these.
_ADD = (
    f"insert into hour (hour, written, {_NAMES})"  # noqa: S608
    f" values (?, (select coalesce(max(written), 0) + 1 from hour){', ?' * len(COLUMNS)})"
    f" on conflict (hour) do update set written = excluded.written, {_SUMS}"
)
_BETWEEN = f"select hour, {_NAMES} from hour where hour between ? and ?"  # noqa: S608


def add(connection: sqlite3.Connection, hour: int, counted: Counted) -> None:
    """Put what was counted to an hour, and let go of hours that nothing was put to for longest.

    Not of those that are oldest by the calendar: with a clock that was wrong for a while, these
    may be the only true ones.
    """
    connection.execute(_ADD, [hour, *astuple(counted)])
    connection.execute(
        "delete from hour where written <= (select written from hour order by written desc"
        " limit 1 offset ?)",
        [KEPT_HOURS],
    )


def between(connection: sqlite3.Connection, first: int, last: int) -> dict[int, Counted]:
    """What was counted in each hour from `first` to `last`, for those that have anything."""
    rows = connection.execute(_BETWEEN, [first, last])
    return {hour: Counted(*counted) for hour, *counted in rows}
