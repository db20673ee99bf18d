"""What the simulated printer senses about itself, and how it says so in status bytes.

The byte tables are those of the Epson TM-T88III guide (pp. 84, 304, 317-320) and of the on-line
reference pages of DLE EOT, GS a, GS r; SNBC BT-T080 and BTP-M300 list the same bits.
"""

from dataclasses import dataclass

_FIXED = 0x12
"""Bits 1 and 4 are always set in an answer to DLE EOT."""

ASB_ON_OFF_LINE = 0x02
ASB_ERROR = 0x04
ASB_PAPER = 0x08


@dataclass(slots=True)
class Sensors:
    """The state that status bytes are made of. True means: something is wrong there."""

    paper_end: bool = False
    near_end: bool = False
    cover_open: bool = False
    cover_opened_in_print: bool = False
    feed_button: bool = False
    cutter_error: bool = False
    hardware_error: bool = False
    head_hot: bool = False

    @property
    def auto_recoverable(self) -> bool:
        """An error that goes away by itself: the head is hot, or the cover opened in print."""
        return self.head_hot or self.cover_opened_in_print

    @property
    def error(self) -> bool:
        """Any error, as distinct from paper end, an open cover or a pressed button."""
        return self.cutter_error or self.hardware_error or self.auto_recoverable

    @property
    def offline(self) -> bool:
        """Whether the printer takes nothing out of its receive buffer."""
        return self.paper_end or self.cover_open or self.feed_button or self.error


def dle_eot(n: int, sensors: Sensors) -> int:
    """The answer byte to DLE EOT n, n from 1 to 4.

    Raises:
        ValueError: for any other n.
    """
    if n == 1:
        return _FIXED | 0x08 * sensors.offline | 0x40 * sensors.feed_button
    if n == 2:
        return (
            _FIXED
            | 0x04 * sensors.cover_open
            | 0x08 * sensors.feed_button
            | 0x20 * sensors.paper_end
            | 0x40 * sensors.error
        )
    if n == 3:
        return (
            _FIXED
            | 0x08 * sensors.cutter_error
            | 0x20 * sensors.hardware_error
            | 0x40 * sensors.auto_recoverable
        )
    if n == 4:
        return _FIXED | 0x0C * sensors.near_end | 0x60 * sensors.paper_end
    raise ValueError(f"DLE EOT {n} does not exist")


def paper_sensor(sensors: Sensors) -> int:
    """The answer byte to GS r 1: 00 paper, 03 near end, 0C end."""
    return 0x03 * sensors.near_end | 0x0C * sensors.paper_end


def automatic_status(sensors: Sensors) -> bytes:
    """The four bytes of automatic status back (GS a)."""
    return bytes(
        (
            0x10 | 0x08 * sensors.offline | 0x20 * sensors.cover_open | 0x40 * sensors.feed_button,
            0x02 * sensors.feed_button
            | 0x08 * sensors.cutter_error
            | 0x20 * sensors.hardware_error
            | 0x40 * sensors.auto_recoverable,
            0x03 * sensors.near_end | 0x0C * sensors.paper_end,
            0x00,
        )
    )


def watched(status: bytes, mask: int) -> tuple[int, int, int]:
    """The bits of an automatic status whose change is reported under the mask of GS a."""
    first = 0x68 if mask & ASB_ON_OFF_LINE else 0
    second = (0x03 if mask & ASB_ON_OFF_LINE else 0) | (0x6C if mask & ASB_ERROR else 0)
    third = 0x0F if mask & ASB_PAPER else 0
    return (status[0] & first, status[1] & second, status[2] & third)
