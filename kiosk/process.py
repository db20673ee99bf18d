"""What every process of the terminal does: stop when asked, beat while it lives."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from kiosk import notify
from kiosk.logs import fact

BEAT_EVERY_S = 1.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Vitals:
    """How a process is, told with each beat.

    Attributes:
        stuck: what in it hangs although its event loop runs; "" for nothing. It then beats no
            more, and whoever watches it starts it anew.
        status: for people, in a line.
        idle: a restart now would disturb nobody; None where that is not known.
        restart: it wants one, in a quiet moment.
    """

    stuck: str = ""
    status: str = ""
    idle: bool | None = None
    restart: bool = False


@asynccontextmanager
async def serving(vitals: Callable[[], Vitals] = Vitals) -> AsyncIterator[asyncio.Event]:
    """Say READY, and beat from the loop itself while the block runs: a stuck loop is silent.

    Gives an event that is set by SIGTERM, by SIGINT, and when the watcher is gone.
    """
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    notify.notify(notify.READY)
    _beat(stopped, vitals)
    try:
        yield stopped
    finally:
        stopped.set()
        notify.notify(notify.STOPPING)


def _beat(stopped: asyncio.Event, vitals: Callable[[], Vitals]) -> None:
    if stopped.is_set():
        return
    now = vitals()
    if now.stuck:
        fact(_log, "process.stuck", what=now.stuck.replace(" ", "_"))
    if notify.notify(*_states(now)):
        asyncio.get_running_loop().call_later(BEAT_EVERY_S, _beat, stopped, vitals)
    else:
        stopped.set()


def _states(now: Vitals) -> list[str]:
    states = [f"STATUS={now.stuck or now.status}"]
    if now.idle is not None:
        states.append(f"{notify.IDLE}={int(now.idle)}")
    if now.restart:
        states.append(f"{notify.RESTART}=1")
    if not now.stuck:
        states.append(notify.WATCHDOG)
    return states
