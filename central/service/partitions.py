"""The months of the inbox on PostgreSQL: made ahead, dropped when they are past their time.

An operation's id is a UUIDv7: its first 48 bits are the milliseconds since 1970. The inbox
is partitioned by ranges of the id itself, so one month lies together and goes by dropping
one table, while the id stays unique over all of them: uniqueness cannot reach across
partitions that are cut by any other column. What a terminal with a wrong clock dates
outside of these months lies in `inbox_other` and is deleted row by row.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from central.service.schema import INBOX_KEPT
from central.service.store import Connection

MONTHS_AHEAD = 2

_NAME = re.compile(r"inbox_(\d{4})_(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month in UTC, as a range of operation ids."""

    year: int
    month: int

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        """The month in which a moment lies."""
        utc = moment.astimezone(UTC)
        return cls(utc.year, utc.month)

    @classmethod
    def named(cls, table: str) -> "Month | None":
        """The month of a partition, or None for another table."""
        found = _NAME.fullmatch(table)
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def following(self) -> "Month":
        """The month after."""
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)

    @property
    def table(self) -> str:
        """The name of its partition."""
        return f"inbox_{self.year:04d}_{self.month:02d}"

    @property
    def first_id(self) -> str:
        """The lowest UUID that a moment of this month can have."""
        start = datetime(self.year, self.month, 1, tzinfo=UTC)
        milliseconds = f"{int(start.timestamp()) * 1000:012x}"
        return f"{milliseconds[:8]}-{milliseconds[8:]}-0000-0000-000000000000"


def months(now: datetime) -> list[Month]:
    """The months that must have a partition: all that are kept, and some ahead."""
    wanted = [Month.of(now - INBOX_KEPT)]
    last = Month.of(now)
    for _ in range(MONTHS_AHEAD):
        last = last.following
    while wanted[-1] < last:
        wanted.append(wanted[-1].following)
    return wanted


def tend_inbox(connection: Connection, now: datetime) -> None:
    """Makes the partitions that are wanted and not there; drops those past their time."""
    there = _present(connection)
    wanted = months(now)
    for month in wanted:
        if month not in there:
            _add(connection, month)
    for month in there:
        if month < wanted[0]:
            connection.execute(f"DROP TABLE {month.table}")
    connection.execute("DELETE FROM inbox_other WHERE received_at < ?", (_text(now - INBOX_KEPT),))


def _present(connection: Connection) -> set[Month]:
    rows = connection.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = 'inbox'::regclass"
    )
    return {month for (name,) in rows if (month := Month.named(name)) is not None}


def _add(connection: Connection, month: Month) -> None:
    """A partition for one month, with what lies in `inbox_other` and belongs there."""
    bounds = (month.first_id, month.following.first_id)
    connection.execute(f"CREATE TABLE {month.table} (LIKE inbox INCLUDING DEFAULTS)")
    connection.execute(
        "WITH moved AS"  # noqa: S608  # the table's name is made of numbers
        " (DELETE FROM inbox_other WHERE op_id >= ? AND op_id < ? RETURNING *)"
        f" INSERT INTO {month.table} SELECT * FROM moved",
        bounds,
    )
    connection.execute(
        f"ALTER TABLE inbox ATTACH PARTITION {month.table}"
        f" FOR VALUES FROM ('{bounds[0]}') TO ('{bounds[1]}')"
    )


def _text(moment: datetime) -> str:
    return moment.isoformat()
