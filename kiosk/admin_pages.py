"""Pages of staff for what they look at beside devices and queue."""

from kiosk.admin_base import Page
from kiosk.history_messages import Bucket, Span
from kiosk.look_messages import LogLine, TicketLine

TICKET_FILTERS = ("all", "open", "case", "answered")
"""Of the tickets: all; without an answer as far as known; watched invoices; answered."""


class Tickets(Page, frozen=True, kw_only=True, tag="admin_tickets"):
    """The tickets of this terminal. `only` is one of `TICKET_FILTERS`."""

    only: str
    lines: tuple[TicketLine, ...] = ()


LOG_FILTERS: dict[str, tuple[str, ...]] = {
    "all": (),
    "trouble": (),
    "network": ("link", "identity", "sender", "orders"),
    "devices": ("print", "scan", "a4", "paper", "device", "voice", "drivers"),
    "queue": ("keeping", "backups", "retention", "audit", "offline_queue"),
}
"""Of the log: the parts whose lines are shown; "trouble" shows warnings and errors of all."""


class Logs(Page, frozen=True, kw_only=True, tag="admin_logs"):
    """The newest lines of the daemon's log. `only` is one of `LOG_FILTERS`."""

    only: str
    kept: int
    lines: tuple[LogLine, ...] = ()


class History(Page, frozen=True, kw_only=True, tag="admin_history"):
    """A day by the hour or a month by the day; as `kiosk.history_messages.HistoryShown`."""

    span: Span
    buckets: tuple[Bucket, ...] = ()


MorePages = Tickets | Logs | History
