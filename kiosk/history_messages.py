"""What staff see of the last day or month: counts by hour or by day, without a person's data."""

from datetime import datetime
from typing import Literal

import msgspec

Span = Literal["24h", "30d"]
SPANS: tuple[Span, ...] = ("24h", "30d")
"""24 hours by the hour, 30 days by the day; the newest of each is not over yet."""
PRINTS = ("proven", "failed", "unknown")
"""Fields of `Bucket`: print outcomes."""
VERDICTS = ("normal", "other", "not_found", "cannot_say", "unavailable")
"""Fields of `Bucket`: what people were told. UNAVAILABLE stands for itself."""


class Bucket(msgspec.Struct, frozen=True, omit_defaults=True):
    """An hour, or a day in China.

    Attributes:
        at: where it begins.
        watched_s: seconds of it in which the terminal ran; 0 is "no data", not "nothing happened".
        up_s: seconds of those in which the service answered (ONLINE).
        queue_max: most operations that were owed at once, parked ones included, as seen once
            a minute.
        proven, failed, unknown: prints, by their outcome, on slip and on A4.
        normal: verdicts NORMAL.
        other: VOID, RED_FULL, RED_PARTIAL and MISMATCH.
        not_found: NOT_FOUND and NOT_YET.
        cannot_say: TOO_OLD, LIMIT_REACHED, UNSUPPORTED and INVALID_INPUT.
        unavailable: UNAVAILABLE, which says nothing about an invoice.
    """

    at: datetime
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

    @property
    def has_data(self) -> bool:
        """Whether the terminal ran in it, so that a zero is a zero."""
        return self.watched_s > 0

    @property
    def up_share(self) -> float | None:
        """Share of the watched time with an answering service, 0 to 1; None without data."""
        return min(1.0, self.up_s / self.watched_s) if self.has_data else None

    def count(self, name: str) -> int:
        """One of `PRINTS` or `VERDICTS`."""
        return int(getattr(self, name))


class AskHistory(msgspec.Struct, frozen=True, tag="ask_history"):
    """Counts of the last day or month."""

    span: Span = "24h"


class HistoryShown(msgspec.Struct, frozen=True, tag="history"):
    """24 hours or 30 days, the oldest first; none is left out."""

    span: Span
    buckets: tuple[Bucket, ...]
