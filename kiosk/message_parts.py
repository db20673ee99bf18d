"""Values that stand in messages of several modules."""

from datetime import datetime

import msgspec


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of messages and of what stands in them."""


class TicketView(Part, frozen=True):
    """A registered request. `number` is printed and spoken; the QR stands only on the slip."""

    number: str
    registered_at: datetime


class CannotPrint(Part, frozen=True):
    """Why nothing can be printed now. `cause` is a value of `Cause`, or "silent"."""

    cause: str
