"""Real processes: what hangs is found, what dies comes back, what is asked to stop stops."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from kiosk.supervisor import Child, Patience, Program, Supervisor

PATIENCE = Patience(ready_within_s=5, watchdog_s=0.5, stop_within_s=1.0)

WELL = """
import time
from kiosk.notify import notify, READY, WATCHDOG
notify(READY)
while True:
    notify(WATCHDOG)
    time.sleep(0.05)
"""
HANGS_ON_ORDER = """
import os, pathlib, sys, time
from kiosk.notify import notify, READY, WATCHDOG
notify(READY)
while not os.path.exists(sys.argv[1]):
    notify(WATCHDOG)
    time.sleep(0.02)
pathlib.Path(sys.argv[1]).unlink()
time.sleep(60)
"""
NEVER_READY = "import time; time.sleep(60)"
IGNORES_TERM = """
import signal, time
from kiosk.notify import notify, READY, WATCHDOG
signal.signal(signal.SIGTERM, signal.SIG_IGN)
notify(READY)
while True:
    notify(WATCHDOG)
    time.sleep(0.05)
"""


def program(name: str, code: str, *arguments: str) -> Program:
    return Program(name, (sys.executable, "-c", code, *arguments))


async def until(condition: Callable[[], bool], within_s: float = 20.0) -> None:
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def supervised(folder: Path, *programs: Program) -> AsyncIterator[list[Child]]:
    supervisor = Supervisor(folder, PATIENCE)
    try:
        yield [await supervisor.start(one) for one in programs]
    finally:
        await supervisor.stop()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_killed_process_comes_back_and_the_others_are_left_alone(tmp_path: Path) -> None:
    async with supervised(tmp_path, program("a", WELL), program("b", WELL)) as (first, second):
        killed, other = first.pid, second.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await until(lambda: first.pid not in (None, killed) and first.ready.is_set())
        assert second.pid == other
        assert second.restarts == 0


async def test_a_hung_process_is_found_by_its_silence_and_replaced(tmp_path: Path) -> None:
    order = tmp_path / "hang"
    async with supervised(tmp_path / "s", program("a", HANGS_ON_ORDER, str(order))) as (child,):
        hung = child.pid
        order.touch()
        await until(lambda: child.restarts == 1 and child.ready.is_set())
        assert hung is not None
        assert not is_alive(hung)


async def test_a_stopped_process_is_hung_too(tmp_path: Path) -> None:
    async with supervised(tmp_path, program("a", WELL)) as (child,):
        frozen = child.pid
        assert frozen is not None
        os.kill(frozen, signal.SIGSTOP)
        await until(lambda: child.restarts == 1 and child.ready.is_set())
        assert not is_alive(frozen)


async def test_a_process_that_never_gets_ready_is_replaced(tmp_path: Path) -> None:
    child = Child(program("a", NEVER_READY), tmp_path, Patience(0.3, 0.3, 0.3))
    running = asyncio.create_task(child.run())
    await until(lambda: child.restarts == 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert child.pid is None


async def test_a_process_that_will_not_stop_is_killed(tmp_path: Path) -> None:
    async with supervised(tmp_path, program("a", IGNORES_TERM)) as (child,):
        stubborn = child.pid
    assert stubborn is not None
    assert not is_alive(stubborn)


async def test_children_stop_in_reverse_order(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = (
        "import signal, sys, time\n"
        "from kiosk.notify import notify, READY, WATCHDOG\n"
        "def bye(*_):\n"
        "    open(sys.argv[1], 'a').write(sys.argv[2])\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, bye)\n"
        "notify(READY)\n"
        "while True:\n"
        "    notify(WATCHDOG)\n"
        "    time.sleep(0.05)\n"
    )
    programs = [program(name, code, str(log), name) for name in ("a", "b", "c")]
    async with supervised(tmp_path / "s", *programs):
        pass
    assert log.read_text() == "cba"


async def test_processes_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys\n"
        "from kiosk.process import serving\n"
        "async def main():\n"
        "    async with serving() as stopped:\n"
        "        await stopped.wait()\n"
        "asyncio.run(main())\n"
    )
    supervisor = (
        "import asyncio, pathlib, sys\n"
        "from kiosk.supervisor import Program, Supervisor\n"
        "async def main():\n"
        f"    program = Program('a', (sys.executable, '-c', {code!r}))\n"
        "    child = await Supervisor(pathlib.Path(sys.argv[1])).start(program)\n"
        "    print(child.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", supervisor, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    child = int(await process.stdout.readline())
    process.kill()
    await process.wait()
    await until(lambda: not is_alive(child))
