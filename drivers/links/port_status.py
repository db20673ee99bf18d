"""What the port of a USB printer says about it, beside the bytes.

The printer class of USB has one status byte of its own (GET_PORT_STATUS, USB device class
definition for printing devices 1.1, section 4.2.2). It comes over the control pipe, so it is
there while the printer takes no data; many models fill it in carelessly.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

_PAPER_EMPTY = 0x20
_SELECTED = 0x10
_NO_ERROR = 0x08


@dataclass(frozen=True, slots=True)
class PortStatus:
    """One answer to GET_PORT_STATUS.

    Attributes:
        paper_empty: the printer says that it has no paper.
        selected: the printer says that it is on-line.
        error: the printer says that something is wrong.
    """

    paper_empty: bool
    selected: bool
    error: bool


def port_status(reply: int) -> PortStatus:
    """The meaning of the status byte. Idle is 18, out of paper is usually 30."""
    return PortStatus(
        paper_empty=bool(reply & _PAPER_EMPTY),
        selected=bool(reply & _SELECTED),
        error=not reply & _NO_ERROR,
    )


@runtime_checkable
class HasPortStatus(Protocol):
    """A link whose port can be asked, even while the printer takes no data."""

    def port_status(self) -> PortStatus | None:
        """What the port says; None when it does not say.

        Raises:
            LinkLost: the device went away, or the link is not open.
        """
        ...
