"""What every process of the terminal does: stop when asked, beat while it lives."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kiosk import notify

BEAT_EVERY_S = 1.0


@asynccontextmanager
async def serving() -> AsyncIterator[asyncio.Event]:
    """Say READY, and beat from the loop itself while the block runs: a stuck loop is silent.

    Gives an event that is set by SIGTERM, by SIGINT, and when the watcher is gone.
    """
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    notify.notify(notify.READY)
    _beat(stopped)
    try:
        yield stopped
    finally:
        stopped.set()
        notify.notify(notify.STOPPING)


def _beat(stopped: asyncio.Event) -> None:
    if stopped.is_set():
        return
    if notify.notify(notify.WATCHDOG):
        asyncio.get_running_loop().call_later(BEAT_EVERY_S, _beat, stopped)
    else:
        stopped.set()
