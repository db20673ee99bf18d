"""The picture guides: which there are, and how many steps each has."""

from enum import Enum


class Guide(Enum):
    """A task that is shown in pictures. The value is part of its sentences' keys."""

    SCAN = "scan"
    NUMBER = "number"
    SLIP = "slip"
    PHONE = "phone"
    TICKET = "ticket"


STEPS: dict[Guide, int] = {
    Guide.SCAN: 3,
    Guide.NUMBER: 4,
    Guide.SLIP: 2,
    Guide.PHONE: 2,
    Guide.TICKET: 2,
}
"""Each has one picture and one sentence a step (`kiosk.widgets.pictures`, `guide.<value>`)."""
