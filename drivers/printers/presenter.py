"""A presenter holds the end of a slip out of the machine, and can draw the slip back in.

Sources: Custom KPM210/216 user manual pp. 36 (DLE EOT 20) and 76 (GS e); Pyramid Reliance
command set, paper_movement (GS e) and reliance_status (DLE EOT 20). Both have the same bits.
"""

from enum import Enum

TICKET_AT_OUTPUT = 0x20
"""DLE EOT 20, first byte after 10 0F: a slip is at the output."""
EJECTOR_JAM = 0x40
"""DLE EOT 20, third byte after 10 0F: paper jam."""


class Bezel(Enum):
    """What a presenter's sensor says of its outlet."""

    EMPTY = "empty"
    """No slip there. The sensor cannot tell a hand from anything else that took it away."""
    HOLDS_SLIP = "holds_slip"
    """A slip sticks out and waits for a hand."""
    SILENT = "silent"
    """The printer did not say."""


def bezel_of(full_status: bytes | None) -> Bezel:
    """What a reply to DLE EOT 20 (four bytes, without 10 0F) says; None: there was none."""
    if full_status is None:
        return Bezel.SILENT
    return Bezel.HOLDS_SLIP if full_status[0] & TICKET_AT_OUTPUT else Bezel.EMPTY


def is_jammed(full_status: bytes) -> bool:
    """Whether the paper's way out is blocked."""
    return bool(full_status[2] & EJECTOR_JAM)
