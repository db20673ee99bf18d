"""What keeps a terminal well for months: quiet restarts, ceilings, a budget, and honest words."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.schema import Settings
from kiosk import messages as m
from kiosk.clock import BEIJING
from kiosk.memory import Ceilings, resident_bytes
from kiosk.restarts import FIRST_WAIT_S, Because, Budget, Restarts
from kiosk.staff import NotRunning, ask_status
from kiosk.stand_in import RESTARTING_OFTEN, standing_in
from kiosk.supervisor import STARTED_BECAUSE, Child, Patience, Program, Supervisor
from kiosk.terminal import DailyRestart, terminal_programs

PATIENCE = Patience(
    ready_within_s=30,
    watchdog_s=20,
    stop_within_s=20,
    restart_cap_s=0.05,
    look_every_s=0.05,
    budget=Budget(failures=3, window_s=600, spent_wait_s=0.05),
)
SAYS = """
import os, pathlib, sys, time
from kiosk.notify import notify, READY, WATCHDOG
told = pathlib.Path(sys.argv[1])
with (told / "because").open("a") as file:
    file.write(os.environ["KIOSK_STARTED_BECAUSE"] + "\\n")
notify(READY)
ballast = bytearray(int(sys.argv[2]) << 20)
for at in range(0, len(ballast), 4096):
    ballast[at] = 1
while True:
    idle = (told / "idle").exists()
    notify(WATCHDOG, "X_IDLE=1" if idle else "X_IDLE=0", "STATUS=home" if idle else "STATUS=visit")
    time.sleep(0.02)
"""
FAILS_WHILE = """
import os, sys, time
from kiosk.notify import notify, READY, WATCHDOG
if os.path.exists(sys.argv[1]):
    sys.exit(1)
notify(READY)
while True:
    notify(WATCHDOG)
    time.sleep(0.02)
"""
STUCK_ON_ORDER = """
import asyncio, os, sys
from kiosk.process import Vitals, serving
async def main():
    vitals = lambda: Vitals(stuck="printer thread" if os.path.exists(sys.argv[1]) else "")
    async with serving(vitals) as stopped:
        await stopped.wait()
asyncio.run(main())
"""


async def until(condition: Callable[[], bool], within_s: float = 60.0) -> None:
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.01)


def talking(folder: Path, mib: int = 1, ceilings: Ceilings | None = None) -> Program:
    command = (sys.executable, "-c", SAYS, str(folder), str(mib))
    return Program("daemon", command, ceilings=ceilings)


def because(folder: Path) -> list[str]:
    return (folder / "because").read_text().split()


@asynccontextmanager
async def watched(folder: Path, program: Program, asked: str = "daemon") -> AsyncIterator[Child]:
    supervisor = Supervisor(folder / "notify", PATIENCE, asked=asked)
    try:
        yield await supervisor.start(program)
    finally:
        await supervisor.stop()


# --- restarts in a quiet moment -----------------------------------------------------------


async def test_a_planned_restart_waits_until_nobody_is_there(tmp_path: Path) -> None:
    looked: list[str] = []

    def nobody_there() -> bool:
        looked.append(child.says)
        return child.is_idle

    child = Child(talking(tmp_path), tmp_path, PATIENCE, nobody_there=nobody_there)
    running = asyncio.create_task(child.run())
    await until(lambda: child.says == "visit")
    first = child.pid
    child.restart_when_idle(Because.PLANNED)
    await until(lambda: len(looked) >= 3)
    assert set(looked) == {"visit"}
    assert child.pid == first
    (tmp_path / "idle").touch()
    await until(lambda: child.restarts == 1 and child.ready.is_set())
    assert because(tmp_path) == ["first", "planned"]
    assert not child.keeps_failing
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_one_that_grew_too_large_is_restarted_when_nobody_is_there(tmp_path: Path) -> None:
    ceilings = Ceilings(soft_bytes=60 << 20, hard_bytes=1 << 40)
    async with watched(tmp_path, talking(tmp_path, 100, ceilings)) as child:
        await until(lambda: child.says == "visit")
        pid = child.pid
        assert pid is not None
        await until(lambda: resident_bytes(pid) > ceilings.soft_bytes)
        assert child.pid == pid
        (tmp_path / "idle").touch()
        await until(lambda: child.restarts >= 1)
        await until(lambda: len(because(tmp_path)) > 1)
        assert because(tmp_path)[:2] == ["first", "memory"]


async def test_one_that_grew_far_too_large_is_restarted_at_once(tmp_path: Path) -> None:
    ceilings = Ceilings(soft_bytes=40 << 20, hard_bytes=60 << 20)
    async with watched(tmp_path, talking(tmp_path, 100, ceilings)) as child:
        await until(lambda: child.restarts >= 1)


def test_memory_is_that_of_the_process() -> None:
    before = resident_bytes(os.getpid())
    ballast = bytearray(50 << 20)
    ballast[::4096] = b"\1" * len(range(0, len(ballast), 4096))
    assert resident_bytes(os.getpid()) - before > 40 << 20
    assert resident_bytes(2**22 + 1) == 0


@pytest.mark.parametrize(
    ("hour", "moments", "due"),
    [
        (4, ["24 03:59", "24 04:00", "24 04:01", "25 04:30"], [False, True, False, True]),
        (4, ["23 04:00"], [False]),  # started in that very hour
        (-1, ["24 04:00"], [False]),
        (0, ["24 23:59", "25 00:00"], [False, True]),
    ],
)
def test_the_daily_restart_is_due_once_in_its_hour(
    hour: int, moments: list[str], due: list[bool]
) -> None:
    daily = DailyRestart(hour, date(2026, 11, 23))
    times = [datetime.strptime(f"2026-11-{one}", "%Y-%m-%d %H:%M") for one in moments]  # noqa: DTZ007
    assert [daily.is_due(one.replace(tzinfo=BEIJING)) for one in times] == due


# --- failing again and again ---------------------------------------------------------------


def test_waits_grow_while_it_keeps_failing_and_begin_anew_when_it_was_well() -> None:
    restarts = Restarts(Budget(failures=10), cap_s=3.0)
    waits: list[float] = []
    for ran_s in (1, 1, 1, 1, 90):
        restarts.ended(Because.ENDED, 1000.0, ran_s)
        waits.append(restarts.wait_s)
    assert waits == [FIRST_WAIT_S, 1.0, 2.0, 3.0, FIRST_WAIT_S]


def test_one_that_failed_all_night_is_still_started_again() -> None:
    restarts = Restarts(Budget(), cap_s=30.0)
    for minute in range(1_100):  # 2.0 ** 1024 is more than a float can be
        restarts.ended(Because.ENDED, minute * 60.0, ran_s=1.0)
    assert restarts.wait_s == Budget().spent_wait_s


@given(
    st.lists(
        st.tuples(st.sampled_from(list(Because)), st.floats(0, 400), st.floats(0, 400)), max_size=40
    )
)
def test_the_budget_is_spent_exactly_by_enough_failures_in_its_window(
    steps: list[tuple[Because, float, float]],
) -> None:
    budget = Budget(failures=4, window_s=600, spent_wait_s=60)
    restarts = Restarts(budget, cap_s=30)
    failed_at: list[float] = []
    now_s = 0.0
    for reason, later_s, ran_s in steps:
        now_s += later_s
        restarts.ended(reason, now_s, ran_s)
        if reason.is_failure:
            failed_at.append(now_s)
            recent = [at for at in failed_at if at > now_s - budget.window_s]
            assert restarts.is_spent == (len(recent) >= budget.failures)
            assert FIRST_WAIT_S <= restarts.wait_s <= 60
        else:
            assert restarts.wait_s == 0
    assert restarts.count == len(steps)


async def test_while_it_keeps_failing_another_says_so_and_stops_when_it_is_well(
    tmp_path: Path,
) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    said: list[str] = []

    @asynccontextmanager
    async def stand_in(why: str) -> AsyncIterator[None]:
        said.append(f"begin {why}")
        yield
        said.append("end")

    command = (sys.executable, "-c", FAILS_WHILE, str(broken))
    supervisor = Supervisor(tmp_path / "notify", PATIENCE)
    child = supervisor.launch(Program("daemon", command, stand_in=stand_in))
    try:
        await until(lambda: bool(said))
        assert child.keeps_failing
        assert "daemon: keeps failing" in supervisor.says
        broken.unlink()
        await until(child.ready.is_set)
        assert said[0] == "begin daemon"
        assert said[-1] == "end"
    finally:
        await supervisor.stop()


async def test_a_stuck_thread_ends_the_beats_and_the_process_is_replaced(tmp_path: Path) -> None:
    order = tmp_path / "stuck"
    command = (sys.executable, "-c", STUCK_ON_ORDER, str(order))
    patience = Patience(ready_within_s=30, watchdog_s=3.0, restart_cap_s=0.05)
    supervisor = Supervisor(tmp_path / "notify", patience)
    child = await supervisor.start(Program("daemon", command))
    try:
        order.touch()
        await until(lambda: child.says == "printer thread")
        await until(lambda: child.restarts == 1)
        order.unlink()
        await until(child.ready.is_set)
    finally:
        await supervisor.stop()


# --- the stand-in --------------------------------------------------------------------------


async def test_a_screen_is_told_that_the_terminal_is_out_of_service(tmp_path: Path) -> None:
    socket = tmp_path / "daemon.sock"
    async with asyncio.timeout(60), standing_in(socket, Settings()):
        reader, writer = await asyncio.open_unix_connection(socket)
        writer.write(b'{"type":"hello","role":"screen","version":1}\n{"type":"touched"}\n')
        shown = msgspec.json.decode(await reader.readline(), type=m.FromDaemon)
        assert isinstance(shown, m.Show)
        assert shown.situation == m.OutOfService(reason=RESTARTING_OFTEN)
        with pytest.raises(NotRunning, match="keeps failing"):
            await ask_status(socket)
    assert await reader.read() == b""  # let go of, so that it finds the daemon again
    writer.close()
    assert not socket.exists()


async def test_a_stranger_does_not_end_the_stand_in(tmp_path: Path) -> None:
    socket = tmp_path / "daemon.sock"
    async with asyncio.timeout(60), standing_in(socket, Settings()):
        for nonsense in (b"", b"\xff\xfe\n", b"{}\n", b"x" * (2 * m.MAX_LINE_BYTES) + b"\n"):
            reader, writer = await asyncio.open_unix_connection(socket)
            writer.write(nonsense)
            writer.write_eof()
            with contextlib.suppress(ConnectionResetError):  # hung up on before all was read
                await reader.read()
            writer.close()
        with pytest.raises(NotRunning):
            await ask_status(socket)


def test_a_terminals_programs_have_their_ceilings_and_the_daemon_its_stand_in() -> None:
    daemon, screen = terminal_programs(Settings(), [Path("a.toml")], ["--windowed"], {})
    assert daemon.ceilings == screen.ceilings == Ceilings(700 << 20, 1200 << 20)
    assert daemon.command[-2:] == ("--settings", "a.toml")
    assert screen.command[-1] == "--windowed"
    assert STARTED_BECAUSE not in daemon.environment
