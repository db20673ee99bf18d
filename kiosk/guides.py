"""The picture guides: which there are, and how many steps each has."""

from enum import Enum


class Guide(Enum):
    """A task that is shown in pictures. The value is part of its sentences' keys."""

    SCAN = "scan"
    NUMBER = "number"
    SLIP = "slip"
    PHONE = "phone"
    TICKET = "ticket"
    REFILL = "refill"
    """For staff: a new roll of paper."""


STEPS: dict[Guide, int] = {
    Guide.SCAN: 3,
    Guide.NUMBER: 4,
    Guide.SLIP: 2,
    Guide.PHONE: 2,
    Guide.TICKET: 2,
    Guide.REFILL: 5,
}
"""Each has one picture and one sentence a step (`kiosk.widgets.pictures`, `guide.<value>`)."""

OF_STAFF = frozenset({Guide.REFILL})
"""These open a cover: people in the hall are not shown them."""
