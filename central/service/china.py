"""The day in China, which decides what "issued today" and "five years" mean."""

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""No summer time since 1991, and no invoice is that old."""


def utc_now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


def day_in_china(moment: datetime) -> date:
    """The calendar day in China at `moment`, which must be aware."""
    return moment.astimezone(CHINA).date()
