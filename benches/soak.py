"""Many visits at a whole terminal, by real clicks: what grows?

usage: PYTHONPATH=. python -m benches.soak [--visits 10000] [--every 50] [--size 1080x1920]

Starts the demonstration terminal on a display of its own. Each visit is one of a fixed round:
an invoice is held up, looked at, asked about, fetched as a picture, helped with, and the visit is
ended. After each
`--every` visits the terminal stands at home in Chinese, and one line says: visit, memory of
screen and daemon (MiB), widgets and textures that are still reachable after a full collection,
objects that were garbage until then, restarts so far (a missed heartbeat is a restart).

Prints the growth from the count at `--settled` (500) to the end, and ends with 1 when memory
grew by more than 5 %, when widgets or textures grew, or when anything was restarted.
"""

import argparse
import asyncio
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.simulation.demo import DemoTerminal, Ports
from kiosk.simulation.display import virtual_display
from kiosk.simulation.robot import Robot
from kiosk.simulation.steer import Steer

MAX_GROWTH = 0.05
START_WITHIN_S = 120.0
ANSWER_WITHIN_S = 30.0
LOOK_EVERY_S = 0.01
ORDER = "300000000002"
"""Of the sandbox's shop."""


class Counts(msgspec.Struct, frozen=True):
    """What the screen says of itself; see `kiosk.screens.living`."""

    widgets: int
    textures: int
    garbage: int
    resident_kib: int


class Reading(msgspec.Struct, frozen=True):
    """One line of the soak. Memory in KiB."""

    visit: int
    screen: Counts
    daemon_kib: int
    restarts: int


class Round:
    """The visits, one after another."""

    def __init__(self, robot: Robot, steer: Steer) -> None:
        self._robot = robot
        self._steer = steer
        self._scans = {one.verdict: one.text for one in reversed(steer.samples())}
        self._scanned = 0
        self._visits: tuple[Callable[[], None], ...] = (
            self._looks_at_details,
            self._asks_why,
            self._reads_help,
            self._reads_large_and_english,
            self._sees_the_own_invoice,
        )

    def visit(self, number: int) -> None:
        """One person, from home to home."""
        self._visits[number % len(self._visits)]()
        self._robot.tap("footer.end")
        self._robot.wait(
            "home again",
            lambda seen: seen.screen == "home" and seen.find("footer.end") is None,
        )

    def _scan(self, verdict: str) -> None:
        # The same code within a moment is the same scan: its tail is new each time.
        self._scanned += 1
        text = self._scans[verdict]
        self._steer.scan(f"{text}{self._scanned:04X}" if text.endswith(",") else text)
        self._robot.wait_for("verdict", ANSWER_WITHIN_S)

    def _looks_at_details(self) -> None:
        self._scan("NORMAL")
        self._robot.tap("verdict.details")

    def _asks_why(self) -> None:
        self._scan("NOT_FOUND")
        self._robot.tap("verdict.find_reason")
        self._robot.wait_for("why_not_found")

    def _reads_help(self) -> None:
        self._robot.tap("footer.help")
        self._robot.wait_for("help")

    def _reads_large_and_english(self) -> None:
        self._robot.tap("home.enter")
        self._robot.wait_for("enter_number")
        self._robot.tap("footer.language")
        self._robot.tap("footer.large")

    def _sees_the_own_invoice(self) -> None:
        self._robot.tap("home.own")
        self._robot.wait_for("own_ways")
        self._steer.scan(ORDER)
        self._robot.wait(
            "the invoice's picture",
            lambda seen: seen.screen == "own_invoice",
            ANSWER_WITHIN_S,
        )


class Soak:
    """Counts around the visits."""

    def __init__(self, demo: DemoTerminal, display: str) -> None:
        self._demo = demo
        self._robot = Robot(display, demo.testport, LOOK_EVERY_S)
        self._round = Round(self._robot, Steer(demo.panel_url))
        self._pids = self._now()
        self._restarts = 0

    def run(self, visits: int, every: int) -> list[Reading]:
        """All visits; each line is printed when it is taken."""
        self._robot.wait_for("home", START_WITHIN_S)
        self._pids = self._now()
        readings = [self._read(0)]
        for number in range(1, visits + 1):
            self._round.visit(number)
            if number % every == 0 or number == visits:
                readings.append(self._read(number))
        return readings

    def _read(self, visit: int) -> Reading:
        pids = self._now()
        self._restarts += sum(pids[name] != self._pids[name] for name in pids)
        self._pids = pids
        with socket.socket(socket.AF_UNIX) as channel:
            channel.settimeout(ANSWER_WITHIN_S)
            channel.connect(f"{self._demo.testport}.living")
            answer = b"".join(iter(lambda: channel.recv(65536), b""))
        reading = Reading(
            visit=visit,
            screen=msgspec.json.decode(answer, type=Counts),
            daemon_kib=_resident_kib(pids["daemon"]),
            restarts=self._restarts,
        )
        _print(reading)
        return reading

    def _now(self) -> dict[str, int | None]:
        return {name: child.pid for name, child in self._demo.supervisor.children.items()}


def _resident_kib(pid: int | None) -> int:
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError(f"process {pid} has no VmRSS")


def _print(reading: Reading) -> None:
    screen = reading.screen
    print(
        f"visit {reading.visit:6d}  screen {screen.resident_kib / 1024:6.1f} MiB"
        f"  daemon {reading.daemon_kib / 1024:6.1f} MiB  widgets {screen.widgets:4d}"
        f"  textures {screen.textures:4d}  garbage {screen.garbage:5d}"
        f"  restarts {reading.restarts}",
        flush=True,
    )


def grown(readings: list[Reading], settled: int) -> list[str]:
    """What grew after the visit `settled`, in words; nothing when the soak is well."""
    after = [one for one in readings if one.visit >= settled]
    if len(after) < 2:
        return [f"too few visits after {settled} to say anything"]
    first, last = after[0], after[-1]
    words = [
        f"{name} memory grew from {before / 1024:.1f} to {now / 1024:.1f} MiB"
        for name, before, now in (
            ("screen", first.screen.resident_kib, last.screen.resident_kib),
            ("daemon", first.daemon_kib, last.daemon_kib),
        )
        if now > before * (1 + MAX_GROWTH)
    ]
    words += [
        f"{name} grew from {before} to {now}"
        for name, before, now in (
            ("widgets", first.screen.widgets, last.screen.widgets),
            ("textures", first.screen.textures, last.screen.textures),
        )
        if now > before
    ]
    if last.restarts:
        words.append(f"{last.restarts} restarts")
    return words


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--visits", type=int, default=10_000)
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("--settled", type=int, default=500)
    parser.add_argument("--size", type=_size, default=(1080, 1920), help="of the screen, px")
    wanted = parser.parse_args()
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder, virtual_display(*wanted.size) as display:
        demo = DemoTerminal(
            Path(folder, "state"),
            Path(folder, "slips"),
            wanted.size,
            80,
            environment={"DISPLAY": display, "SDL_VIDEODRIVER": "x11"},
            ports=Ports.any(),
        )
        try:
            asyncio.run_coroutine_threadsafe(demo.start(), loop).result(START_WITHIN_S)
            began = time.monotonic()
            readings = Soak(demo, display).run(wanted.visits, wanted.every)
            print(f"{wanted.visits} visits in {time.monotonic() - began:.0f} s")
        finally:
            asyncio.run_coroutine_threadsafe(demo.stop(), loop).result(START_WITHIN_S)
            loop.call_soon_threadsafe(loop.stop)
    complaints = grown(readings, wanted.settled)
    print("\n".join(complaints) or "nothing grew")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
