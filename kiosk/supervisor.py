"""Starts the processes of a terminal, watches them, and restarts the right one.

Each child gets a notify socket of its own and speaks systemd's protocol on it. Once it has
sent READY=1 it must go on sending WATCHDOG=1: one that runs but says nothing is hung, gets
SIGABRT (so that faulthandler writes down where) and then SIGKILL, and is started
again. Restarts wait longer and longer while a child keeps failing, and never stop; while one
fails again and again, a stand-in says so (`Program.stand_in`). A child that has grown too
large, or that runs since yesterday, is restarted while nobody is at the terminal.

Under systemd the supervisor itself is the service: it passes READY=1 and WATCHDOG=1 on
as long as it is itself alive.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kiosk import notify
from kiosk.logs import fact
from kiosk.memory import Ceilings, resident_bytes
from kiosk.restarts import Because, Budget, Restarts

WATCHDOG_S = 10.0
"""A child that beats once a second and is silent for this long is hung."""
READY_WITHIN_S = 30.0
"""Time for the first READY=1: the first start after an installation compiles everything."""
STOP_WITHIN_S = 10.0
"""Time to end by itself after SIGTERM; a print needs some seconds to be proven."""
DUMP_WITHIN_S = 0.5
"""Time for a hung process to write down where it hangs, after SIGABRT: some milliseconds of work,
and every second of it is one in which people look at a frozen screen."""
RESTART_CAP_S = 30.0
LOOK_EVERY_S = 5.0
"""How often memory is looked at, and whether a restart that waits for a quiet moment may be."""

STARTED_BECAUSE = "KIOSK_STARTED_BECAUSE"
"""Tells a child why it is started (a value of `Because`)."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def no_stand_in(_why: str) -> AsyncIterator[None]:
    """Nobody says anything in the child's place."""
    yield


@dataclass(frozen=True, slots=True)
class Program:
    """A child.

    Attributes:
        name: of the process, in logs and status.
        command: how it is started.
        environment: what is set for it besides ours.
        stand_in: serves in its place while it fails again and again, told why.
        ceilings: how large it may grow; None for as large as it likes.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    stand_in: Callable[[str], AbstractAsyncContextManager[None]] = no_stand_in
    ceilings: Ceilings | None = None


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
    look_every_s: float = LOOK_EVERY_S
    budget: Budget = field(default_factory=Budget)


class Child:
    """One process, kept alive until it is stopped.

    Attributes:
        ready: is set while it says that it serves.
        says: what it said last about itself (`STATUS=`).
        is_idle: it said that nobody would notice a restart now.
    """

    def __init__(
        self,
        program: Program,
        sockets: Path,
        patience: Patience,
        *,
        nobody_there: Callable[[], bool] = lambda: True,
        before: Sequence[str] = (),
    ) -> None:
        self._program = program
        self._before = before
        self._patience = patience
        self._nobody_there = nobody_there
        self._address = sockets / f"notify-{program.name}"
        self._process: asyncio.subprocess.Process | None = None
        self._last_beat = 0.0
        self._restarts = Restarts(patience.budget, patience.restart_cap_s)
        self._because = Because.FIRST
        self._wanted: Because | None = None
        self.started_at_s = 0.0
        self.ready = asyncio.Event()
        self.says = ""
        self.is_idle = False

    @property
    def pid(self) -> int | None:
        """Process id, while it runs."""
        return None if self._process is None else self._process.pid

    @property
    def restarts(self) -> int:
        """How often it was started again."""
        return self._restarts.count

    @property
    def keeps_failing(self) -> bool:
        """Whether its stand-in is what people see, or would be, if it failed once more."""
        return self._restarts.is_spent

    def restart_when_idle(self, because: Because) -> None:
        """Restart it at the next moment at which nobody is there."""
        self._wanted = because

    async def run(self) -> None:
        """Start the process and start it again whenever it ends or hangs, until cancelled."""
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as channel:
            self._address.unlink(missing_ok=True)
            channel.bind(str(self._address))
            loop.add_reader(channel, self._heard, channel)
            try:
                while True:
                    self.started_at_s = loop.time()
                    self._because = await self._run_once()
                    await self._rest(loop.time())
            finally:
                loop.remove_reader(channel)
                self._address.unlink(missing_ok=True)

    async def _rest(self, now_s: float) -> None:
        """Wait before the next start, as long as the last ones failed."""
        restarts = self._restarts
        restarts.ended(self._because, now_s, now_s - self.started_at_s)
        fact(
            _log,
            "child.restart",
            name=self._program.name,
            because=self._because.value,
            wait_s=restarts.wait_s,
            keeps_failing=restarts.is_spent,
        )
        if not restarts.is_spent:
            await asyncio.sleep(restarts.wait_s)
            return
        async with self._program.stand_in(self._program.name):
            await asyncio.sleep(restarts.wait_s)

    async def _run_once(self) -> Because:
        self.ready.clear()
        self.is_idle = False
        self.says = ""
        self._wanted = None
        self._last_beat = asyncio.get_running_loop().time()
        self._process = await asyncio.create_subprocess_exec(
            *self._before,
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
        stopped_because: list[Because] = []
        watching = asyncio.create_task(self._watch(process, stopped_because.append))
        try:
            code = await process.wait()
            fact(_log, "child.ended", name=self._program.name, code=code)
        except asyncio.CancelledError:
            await self._stop(process)
            raise
        finally:
            watching.cancel()
            self._process = None
            self.ready.clear()
        return stopped_because[0] if stopped_because else Because.ENDED

    async def _watch(
        self, process: asyncio.subprocess.Process, stopping: Callable[[Because], None]
    ) -> None:
        """Stop the process when there is reason to; `stopping` is told first why."""
        loop = asyncio.get_running_loop()
        patience = self._patience
        while True:
            limit_s = patience.watchdog_s if self.ready.is_set() else patience.ready_within_s
            silent_s = loop.time() - self._last_beat
            if silent_s >= limit_s:
                fact(_log, "child.hung", name=self._program.name, silent_s=round(silent_s, 1))
                stopping(Because.HUNG)
                await self._stop(process, first=signal.SIGABRT, within_s=DUMP_WITHIN_S)
                return
            because = self._reason_to_restart(process.pid)
            if because is not None:
                stopping(because)
                await self._stop(process)
                return
            wait_s = min(limit_s - silent_s, patience.look_every_s)
            if self.ready.is_set():
                await asyncio.sleep(wait_s)
                continue
            try:
                async with asyncio.timeout(wait_s):
                    await self.ready.wait()
            except TimeoutError:
                continue

    def _reason_to_restart(self, pid: int) -> Because | None:
        ceilings = self._program.ceilings
        if ceilings is not None:
            resident = resident_bytes(pid)
            if resident > ceilings.soft_bytes and self._wanted is None:
                fact(_log, "child.large", name=self._program.name, mib=resident >> 20)
                self._wanted = Because.MEMORY
            if resident > ceilings.hard_bytes:
                fact(_log, "child.too_large", name=self._program.name, mib=resident >> 20)
                return Because.MEMORY
        if self._wanted is not None and self.ready.is_set() and self._nobody_there():
            return self._wanted
        return None

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
        for state in states:
            name, _, value = state.partition("=")
            match name:
                case "WATCHDOG":
                    self._last_beat = asyncio.get_running_loop().time()
                case "READY":
                    self._last_beat = asyncio.get_running_loop().time()
                    self.ready.set()
                case "STATUS":
                    self.says = value
                case notify.IDLE:
                    self.is_idle = value == "1"
                case notify.RESTART:
                    self._wanted = self._wanted or Because.ASKED
                case _:
                    pass  # others of sd_notify(3), which we have no use for


class Supervisor:
    """Runs children in their order: each is ready before the next one starts.

    Args:
        sockets: folder for the notify sockets.
        patience: how long children may be silent.
        asked: name of the child that says whether somebody is there (`X_IDLE`); while it does
            not run, nobody is.
        before: put before the command of each child, such as `setpriv --pdeathsig`.
    """

    def __init__(
        self,
        sockets: Path,
        patience: Patience = Patience(),
        asked: str = "",
        *,
        before: Sequence[str] = (),
    ) -> None:
        self._before = before
        self._sockets = sockets
        self._patience = patience
        self._asked = asked
        self._running: list[asyncio.Task[None]] = []
        self.children: dict[str, Child] = {}

    async def start(self, program: Program) -> Child:
        """Start a child and wait until it says that it is ready."""
        child = self.launch(program)
        await child.ready.wait()
        return child

    def launch(self, program: Program) -> Child:
        """Start a child; it may become ready later, or keep failing."""
        self._sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
        child = Child(
            program,
            self._sockets,
            self._patience,
            nobody_there=self.nobody_there,
            before=self._before,
        )
        self.children[program.name] = child
        self._running.append(asyncio.create_task(child.run(), name=program.name))
        return child

    def nobody_there(self) -> bool:
        """Whether a restart now would disturb nobody."""
        asked = self.children.get(self._asked)
        return asked is None or not asked.ready.is_set() or asked.is_idle

    @property
    def says(self) -> str:
        """How all children are, in a line."""
        return "; ".join(
            f"{name}: {_word(child)}{f', {child.says}' if child.says else ''}"
            for name, child in self.children.items()
        )

    async def stop(self) -> None:
        """Stop all children, the last started first."""
        for task in reversed(self._running):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._running.clear()


def _word(child: Child) -> str:
    if child.keeps_failing:
        return "keeps failing"
    return "well" if child.ready.is_set() else "starting"
