"""What every connection to a device can do, and how it can fail."""

from typing import Protocol, runtime_checkable

from drivers.deadline import Deadline


class LinkError(Exception):
    """The connection cannot be used now."""


class LinkMissing(LinkError):
    """There is no device at the configured path, or it may not be opened."""


class LinkBusy(LinkError):
    """Another process holds the device."""


class LinkLost(LinkError):
    """The device went away. The link has closed itself; `open` tries again."""


class Link(Protocol):
    """Bytes to and from one device. One thread at a time; no call blocks beyond its deadline."""

    @property
    def is_open(self) -> bool:
        """True between a successful `open` and `close`, or the loss of the device."""
        ...

    @property
    def bytes_per_s(self) -> float:
        """The speed that can be counted on, in bytes per second."""
        ...

    def open(self) -> None:
        """Open the device; nothing happens when it is open. What it sent before is lost.

        Raises:
            LinkMissing: there is no such device.
            LinkBusy: somebody else has it.
        """
        ...

    def close(self) -> None:
        """Close the device; nothing happens when it is closed."""
        ...

    def write_some(self, data: bytes, deadline: Deadline) -> int:
        """Hand over as much as the device takes now, at least one byte.

        Returns:
            The number of bytes that were taken. It does not mean that the device has seen them.

        Raises:
            DeadlinePassed: the device took nothing in time.
            LinkLost: the device went away, or the link is not open.
        """
        ...

    def discard_output(self) -> int:
        """Throw away what was handed over and has not left for the device yet.

        Returns:
            How many bytes were thrown away, as far as the system can tell.

        Raises:
            LinkLost: the device went away, or the link is not open.
        """
        ...

    def read(self, deadline: Deadline) -> bytes:
        """What is there, at least one byte; waits for it until the deadline.

        Raises:
            DeadlinePassed: nothing came in time.
            LinkLost: the device went away, or the link is not open.
        """
        ...


@runtime_checkable
class NoticesLoss(Protocol):
    """A link that can be asked, at no cost, whether its device is still there."""

    def is_lost(self) -> bool:
        """Whether the device of an open link has gone away. Sends nothing and does not wait.

        The link stays open: the next call that uses it raises `LinkLost`.
        """
        ...


def write_all(link: Link, data: bytes, deadline: Deadline) -> None:
    """Hand over all of `data`.

    Raises:
        DeadlinePassed: the device did not take all of it in time; a part may be out.
        LinkLost: the device went away; a part may be out.
    """
    rest = data
    while rest:
        rest = rest[link.write_some(rest, deadline) :]
