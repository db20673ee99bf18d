"""How long an answer about an invoice is given again instead of asking once more."""

from datetime import datetime, time, timedelta
from types import MappingProxyType

from central.service.china import CHINA
from einvoice.verdict import Verdict

MINUTES = MappingProxyType(
    {
        # May be voided or reversed at any moment: only as long as one visit.
        Verdict.NORMAL: timedelta(minutes=5),
        Verdict.RED_PARTIAL: timedelta(minutes=5),
        # May be uploaded at any moment; within this time a second look costs one of five.
        Verdict.NOT_FOUND: timedelta(minutes=15),
        Verdict.NOT_YET: timedelta(minutes=15),
        Verdict.UNSUPPORTED: timedelta(minutes=5),
        Verdict.INVALID_INPUT: timedelta(minutes=5),
    }
)
UNTIL_MIDNIGHT = frozenset(
    {
        # A voided or wholly reversed invoice stays so.
        Verdict.VOID,
        Verdict.RED_FULL,
        # The same fields differ from the same record; other fields are another question.
        Verdict.MISMATCH,
        # The day's questions of an invoice come back with the next day.
        Verdict.LIMIT_REACHED,
        Verdict.TOO_OLD,
    }
)
"""In China, when the counts of questions begin anew."""


def kept_until(verdict: Verdict, said_at: datetime) -> datetime | None:
    """When the answer must be asked for anew; None if it is not given again at all.

    UNAVAILABLE is no answer and is never kept.
    """
    if verdict in UNTIL_MIDNIGHT:
        tomorrow = said_at.astimezone(CHINA).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time.min, tzinfo=CHINA)
    minutes = MINUTES.get(verdict)
    return None if minutes is None else said_at + minutes
