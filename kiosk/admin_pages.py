"""Pages of staff for what they look at beside devices and queue."""

from kiosk.admin_base import Page
from kiosk.look_messages import TicketLine

TICKET_FILTERS = ("all", "open", "case", "answered")
"""Of the tickets: all; without an answer as far as known; watched invoices; answered."""


class Tickets(Page, frozen=True, kw_only=True, tag="admin_tickets"):
    """The tickets of this terminal. `only` is one of `TICKET_FILTERS`."""

    only: str
    lines: tuple[TicketLine, ...] = ()


MorePages = Tickets
