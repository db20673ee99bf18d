"""Waiting for a file descriptor, up to a deadline."""

import select

from drivers.deadline import Deadline, DeadlinePassed


def wait_for(fd: int, event: int, deadline: Deadline, act: str) -> int:
    """Return the poll events of `fd` once `event`, an error or a hang-up is there.

    Args:
        fd: what to wait for.
        event: `select.POLLIN` or `select.POLLOUT`.
        deadline: when to give up.
        act: named in the error.

    Raises:
        DeadlinePassed: nothing happened in time.
    """
    poller = select.poll()
    poller.register(fd, event)
    ready = poller.poll(deadline.left_s * 1000)
    if not ready:
        raise DeadlinePassed(act)
    return ready[0][1]


def is_hung_up(fd: int) -> bool:
    """Whether the other end of `fd` has gone away, as far as the kernel knows by now."""
    poller = select.poll()
    poller.register(fd, select.POLLRDHUP)
    seen = poller.poll(0)
    gone = select.POLLHUP | select.POLLERR | select.POLLNVAL | select.POLLRDHUP
    return bool(seen and seen[0][1] & gone)
