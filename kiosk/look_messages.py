"""What staff look at beside the queue and the devices: tickets, and the log."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from kiosk.history_messages import AskHistory, HistoryShown


class _Base(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class TicketLine(_Base, frozen=True):
    """One ticket, without its secret and without a word of the invoice that it is for.

    Attributes:
        kind: "request" for a verification that is owed, "case" for an invoice that is watched,
            "application" for an invoice that is applied for.
        here: "waiting" or "parked" while the service has not got it, else "sent".
        at_service: "answered", "watched", "pending" or "unknown", as the service last said;
            "" while nobody has asked since the terminal started.
        asked_at: when it said so.
        watched_until: of a case, the last day on which its invoice is looked for.
    """

    number: str
    kind: str
    registered_at: datetime
    here: str
    at_service: str = ""
    asked_at: datetime | None = None
    watched_until: date | None = None


class AskTickets(_Base, frozen=True, tag="ask_tickets"):
    """Which tickets this terminal gave, the newest first."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100


class TicketsShown(_Base, frozen=True, tag="tickets"):
    """They."""

    lines: tuple[TicketLine, ...] = ()


class AskTicketsAgain(_Base, frozen=True, tag="ask_tickets_again"):
    """Ask the service now how a ticket stands; without a number, the newest without an answer."""

    number: str = ""


class AskLogs(_Base, frozen=True, tag="ask_logs"):
    """The newest lines of the daemon's log.

    Attributes:
        grave_only: warnings and errors.
        sources: parts of loggers' names, any of them; all with none.
        text: what a line contains, in any case.
    """

    limit: Annotated[int, msgspec.Meta(ge=1, le=2000)] = 100
    grave_only: bool = False
    sources: tuple[str, ...] = ()
    text: str = ""


class LogLine(_Base, frozen=True):
    """One line. `level` in lower case; `source` is the logger's name."""

    at: datetime
    level: str
    source: str
    said: str


class LogsShown(_Base, frozen=True, tag="logs"):
    """Lines, the newest first. `kept` is how many are remembered in all."""

    lines: tuple[LogLine, ...] = ()
    kept: int = 0


LookAsk = AskTickets | AskTicketsAgain | AskLogs | AskHistory
LookAnswer = TicketsShown | LogsShown | HistoryShown
