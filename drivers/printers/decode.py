"""What the status bytes of a receipt printer mean. Masks only: other bits differ by model.

Sources: Epson TM-T88III guide pp. 84, 304, 317-320; Epson reference `dle_eot`;
SNBC BT-T080 programming manual p. 41.
"""

from dataclasses import dataclass

from drivers.printers.status import Cause, NotReady, PrinterStatus, Ready

# DLE EOT 1: printer
OFF_LINE = 0x08
# DLE EOT 2: cause of being off-line
COVER_OPEN = 0x04
STOPPED_PAPER_END = 0x20
ERROR = 0x40
# DLE EOT 3: cause of an error
RECOVERABLE = 0x04  # BT-T080: paper jam. Undefined on old TM models
CUTTER = 0x08
UNRECOVERABLE = 0x20
AUTO_RECOVERABLE = 0x40  # head hot; BT-T080: or head lifted
# DLE EOT 4: roll paper
NEAR_END = 0x0C
PAPER_END = 0x60

# Automatic status back, byte 1 to 3
ASB_OFF_LINE = 0x08
ASB_COVER_OPEN = 0x20
ASB_RECOVERABLE = 0x04
ASB_CUTTER = 0x08
ASB_UNRECOVERABLE = 0x20
ASB_AUTO_RECOVERABLE = 0x40
ASB_NEAR_END = 0x03
ASB_PAPER_END = 0x0C

# GS r 1: bits that must be 0 in a reply that can be believed, and the paper
ORDERED_FIXED = 0x90
ORDERED_PAPER_END = 0x0C

PASSING = frozenset((Cause.HEAD_HOT, Cause.OFFLINE))
"""Causes that end by themselves: worth waiting for, within the deadline."""


@dataclass(frozen=True, slots=True)
class RealTimeStatus:
    """The replies to DLE EOT 1 to 4, asked one after the other."""

    printer: int
    off_line: int
    error: int
    paper: int


def printer_status(replies: RealTimeStatus, *, near_end_sensor: bool = True) -> PrinterStatus:
    """The meaning of the four replies; the cause that a person must deal with first."""
    off_line = bool(replies.printer & OFF_LINE)
    cause = _real_time_cause(replies, off_line)
    if cause is not None:
        return NotReady(cause)
    if off_line:
        return NotReady(Cause.OFFLINE)
    return Ready(near_end=near_end_sensor and bool(replies.paper & NEAR_END))


def _real_time_cause(replies: RealTimeStatus, off_line: bool) -> Cause | None:
    if replies.off_line & COVER_OPEN:
        return Cause.COVER_OPEN
    if replies.paper & PAPER_END or replies.off_line & STOPPED_PAPER_END:
        return Cause.PAPER_OUT
    return _error_cause(
        cutter=bool(replies.error & CUTTER),
        unrecoverable=bool(replies.error & UNRECOVERABLE),
        auto_recoverable=bool(replies.error & AUTO_RECOVERABLE),
        # Undefined on some models: counts only when the printer says that something is wrong.
        recoverable=bool(replies.error & RECOVERABLE) and off_line,
        unnamed=bool(replies.off_line & ERROR),
    )


def auto_status_cause(four: bytes) -> Cause | None:
    """The fault that an automatic status (four bytes) names, None if none."""
    first, second, third = four[0], four[1], four[2]
    if first & ASB_COVER_OPEN:
        return Cause.COVER_OPEN
    if third & ASB_PAPER_END:
        return Cause.PAPER_OUT
    off_line = bool(first & ASB_OFF_LINE)
    cause = _error_cause(
        cutter=bool(second & ASB_CUTTER),
        unrecoverable=bool(second & ASB_UNRECOVERABLE),
        auto_recoverable=bool(second & ASB_AUTO_RECOVERABLE),
        recoverable=bool(second & ASB_RECOVERABLE) and off_line,
        unnamed=False,
    )
    return cause or (Cause.OFFLINE if off_line else None)


def auto_status_near_end(four: bytes) -> bool:
    """True when an automatic status says that the roll is near its end."""
    return bool(four[2] & ASB_NEAR_END)


def _error_cause(
    *, cutter: bool, unrecoverable: bool, auto_recoverable: bool, recoverable: bool, unnamed: bool
) -> Cause | None:
    if cutter:
        return Cause.CUTTER_JAM
    if unrecoverable:
        return Cause.HARDWARE
    if auto_recoverable:
        return Cause.HEAD_HOT
    if recoverable or unnamed:
        return Cause.HARDWARE
    return None


def ordered_status_proves(byte: int) -> bool:
    """True when a GS r 1 reply says that all before it is printed and paper is there."""
    return not byte & (ORDERED_FIXED | ORDERED_PAPER_END)
