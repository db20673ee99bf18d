"""Starts the processes of a terminal, watches them, and restarts the right one.

Each child gets a notify socket of its own and speaks systemd's protocol on it. Once it has
sent READY=1 it must go on sending WATCHDOG=1: one that runs but says nothing is hung, gets
SIGABRT (so that faulthandler writes down where) and then SIGKILL, and is started
again. Restarts wait longer and longer while a child keeps failing, and never stop: a
terminal in a hall has nobody who would start it by hand.

Under systemd the supervisor itself is the service: it passes READY=1 and WATCHDOG=1 on
as long as it is itself alive.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from kiosk import notify
from kiosk.logs import fact

WATCHDOG_S = 10.0
"""A child that beats once a second and is silent for this long is hung."""
READY_WITHIN_S = 30.0
"""Time for the first READY=1: the first start after an installation compiles everything."""
STOP_WITHIN_S = 10.0
"""Time to end by itself after SIGTERM; a print needs some seconds to be proven."""
DUMP_WITHIN_S = 2.0
"""Time for a hung process to write down where it hangs, after SIGABRT."""
RESTART_FIRST_S = 0.5
RESTART_CAP_S = 30.0
STEADY_S = 60.0
"""A child that ran this long is well again: its next restart is quick."""

STARTED_BECAUSE = "KIOSK_STARTED_BECAUSE"
"""Tells a child why it is started: "first", or how the one before it went (`Because`)."""

_log = logging.getLogger(__name__)


class Because(Enum):
    """Why a child is started."""

    FIRST = "first"
    ENDED = "ended"  # the one before ended by itself or was killed by somebody
    HUNG = "hung"  # it was silent for too long


@dataclass(frozen=True, slots=True)
class Program:
    """A child: its name, its command, and what is set in its environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])


def kiosk_command(*arguments: str) -> tuple[str, ...]:
    """The command that runs another part of this product, with this Python."""
    return (sys.executable, "-m", "kiosk", *arguments)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a child may be silent, and how long its next start may be put off; seconds."""

    ready_within_s: float = READY_WITHIN_S
    watchdog_s: float = WATCHDOG_S
    stop_within_s: float = STOP_WITHIN_S
    restart_cap_s: float = RESTART_CAP_S


class Child:
    """One process, kept alive until it is stopped."""

    def __init__(self, program: Program, sockets: Path, patience: Patience) -> None:
        self._program = program
        self._patience = patience
        self._address = sockets / f"notify-{program.name}"
        self._process: asyncio.subprocess.Process | None = None
        self._last_beat = 0.0
        self._failures = 0
        self._because = Because.FIRST
        self._is_hung = False
        self.restarts = 0
        self.ready = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """Process id, while it runs."""
        return None if self._process is None else self._process.pid

    async def run(self) -> None:
        """Start the process and start it again whenever it ends or hangs, until cancelled."""
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as channel:
            self._address.unlink(missing_ok=True)
            channel.bind(str(self._address))
            loop.add_reader(channel, self._heard, channel)
            try:
                while True:
                    started = loop.time()
                    self._because = await self._run_once()
                    self._failures = 0 if loop.time() - started > STEADY_S else self._failures + 1
                    self.restarts += 1
                    cap_s = self._patience.restart_cap_s
                    wait_s = min(cap_s, RESTART_FIRST_S * 2.0 ** (self._failures - 1))
                    fact(_log, "child.restart", name=self._program.name, wait_s=wait_s)
                    await asyncio.sleep(wait_s)
            finally:
                loop.remove_reader(channel)
                self._address.unlink(missing_ok=True)

    async def _run_once(self) -> Because:
        self.ready.clear()
        self._is_hung = False
        self._last_beat = asyncio.get_running_loop().time()
        self._process = await asyncio.create_subprocess_exec(
            *self._program.command,
            env={
                **os.environ,
                **self._program.environment,
                "NOTIFY_SOCKET": str(self._address),
                STARTED_BECAUSE: self._because.value,
            },
            stdin=asyncio.subprocess.DEVNULL,
        )
        process = self._process
        fact(_log, "child.started", name=self._program.name, pid=process.pid)
        watching = asyncio.create_task(self._watch(process))
        try:
            code = await process.wait()
            fact(_log, "child.ended", name=self._program.name, code=code)
        except asyncio.CancelledError:
            await self._stop(process)
            raise
        finally:
            watching.cancel()
            self._process = None
        return Because.HUNG if self._is_hung else Because.ENDED

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        loop = asyncio.get_running_loop()
        while True:
            patience = self._patience
            limit_s = patience.watchdog_s if self.ready.is_set() else patience.ready_within_s
            silent_s = loop.time() - self._last_beat
            if silent_s >= limit_s:
                self._is_hung = True
                fact(_log, "child.hung", name=self._program.name, silent_s=round(silent_s, 1))
                await self._stop(process, first=signal.SIGABRT, within_s=DUMP_WITHIN_S)
                return
            if self.ready.is_set():
                await asyncio.sleep(limit_s - silent_s)
                continue
            try:
                async with asyncio.timeout(limit_s - silent_s):
                    await self.ready.wait()
            except TimeoutError:
                continue

    async def _stop(
        self,
        process: asyncio.subprocess.Process,
        *,
        first: signal.Signals = signal.SIGTERM,
        within_s: float | None = None,
    ) -> None:
        if process.returncode is not None:
            return
        process.send_signal(first)
        # Not asyncio.timeout: this also runs in a task that is being cancelled, where Python
        # before 3.11.3 lets its time-out pass as that cancellation.
        ended = asyncio.ensure_future(process.wait())
        done, _ = await asyncio.wait({ended}, timeout=within_s or self._patience.stop_within_s)
        if not done:
            fact(_log, "child.killed", name=self._program.name)
            process.kill()
            await ended

    def _heard(self, channel: socket.socket) -> None:
        states = channel.recv(4096).decode(errors="replace").split("\n")
        self._last_beat = asyncio.get_running_loop().time()
        if notify.READY in states:
            self.ready.set()


class Supervisor:
    """Runs children in their order: each is ready before the next one starts."""

    def __init__(self, sockets: Path, patience: Patience = Patience()) -> None:
        self._sockets = sockets
        self._patience = patience
        self._running: list[asyncio.Task[None]] = []
        self.children: dict[str, Child] = {}

    async def start(self, program: Program) -> Child:
        """Start a child and wait until it says that it is ready."""
        self._sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
        child = Child(program, self._sockets, self._patience)
        self.children[program.name] = child
        self._running.append(asyncio.create_task(child.run(), name=program.name))
        await child.ready.wait()
        return child

    async def stop(self) -> None:
        """Stop all children, the last started first."""
        for task in reversed(self._running):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._running.clear()
