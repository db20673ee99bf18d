"""Telling whoever watches this process how it is, by systemd's own protocol.

Under systemd the datagrams go to systemd; otherwise to `kiosk.supervisor`, which
listens in the same way. Source of the protocol: sd_notify(3).
"""

import os
import socket

READY = "READY=1"
WATCHDOG = "WATCHDOG=1"
STOPPING = "STOPPING=1"
IDLE = "X_IDLE"
"""Our own variable (sd_notify(3) leaves `X_` to us): 1 while nobody would notice a restart."""

RESTART = "X_RESTART"
"""Our own too: 1 when the process wants to be started anew in a quiet moment."""


def notify(*states: str) -> bool:
    """Send states to the watcher named by NOTIFY_SOCKET; does nothing where nobody watches.

    False when there was a watcher and it is gone: whoever started this process died without
    stopping it, and a process that nobody watches should end, not hold devices and files.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return True
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.setblocking(False)
        try:
            channel.sendto("\n".join(states).encode(), address)
        except BlockingIOError:
            # The watcher is busy. It will hear the next beat.
            return True
        except (ConnectionRefusedError, FileNotFoundError):
            return False
    return True
