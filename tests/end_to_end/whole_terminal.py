"""What a person does and sees at the running terminal, in a person's words."""

import asyncio
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from central.sandbox.link import LinkMode
from drivers.simulated import steering
from kiosk.simulation.demo import DemoTerminal
from kiosk.simulation.robot import NotSeen, Robot, Seen
from kiosk.simulation.steer import Steer
from kiosk.text.catalogue import catalogue

ZH = catalogue("zh")
EN = catalogue("en")
PRINTING = {"printing", "print_ended"}


T = TypeVar("T")


class Loop:
    """An event loop in a thread of its own: the supervisor runs while the test looks and clicks."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], within_s: float = 90) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return future.result(within_s)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class WholeTerminal:
    def __init__(self, demo: DemoTerminal, display: str, sounds: Path) -> None:
        self.demo = demo
        self.sounds = sounds
        self.robot = Robot(display, demo.testport)
        self.steer = Steer(demo.panel_url)
        self._scans = 0
        self.samples = {one.verdict: one.text for one in reversed(self.steer.samples())}

    # --- what is around ---------------------------------------------------------------------

    def everything_well(self) -> None:
        self.steer.link(LinkMode.PASS)
        for order in (
            steering.HealPrinter(),
            steering.ReplugPrinter(),
            steering.PowerOn(),
            steering.ReplugScanner(),
        ):
            self.steer.order(order)
        self.go_home()
        self.robot.wait("no trouble", lambda seen: not ribbons(seen), within_s=30)

    def go_home(self) -> None:
        """End whatever visit there is."""

        def at_home(seen: Seen) -> bool:
            if seen.screen == "home" and seen.language == "zh":
                return True
            if seen.find("footer.end") is not None:
                try:
                    self.robot.tap("footer.end", within_s=5)
                except NotSeen:
                    return False  # the visit ended by itself in this moment
            elif seen.screen == "home":
                self.robot.tap("footer.language")
            return False

        self.robot.wait("home", at_home, within_s=60)

    def cut_the_link(self) -> None:
        self.steer.link(LinkMode.REFUSE)
        self.robot.wait("the outage said", lambda seen: "ribbon.link_down" in ribbons(seen), 30)

    def restore_the_link(self) -> None:
        self.steer.link(LinkMode.PASS)
        self.robot.wait("the return", lambda seen: "ribbon.link_down" not in ribbons(seen), 30)

    # --- what a person does -----------------------------------------------------------------

    def scan(self, verdict: str) -> None:
        """Hold up an invoice of this verdict; the code's tail means nothing and is new each time.

        The scanner takes the same code within a moment for the same scan.
        """
        self._scans += 1
        text = self.samples[verdict]
        self.steer.scan(f"{text}{self._scans:04X}" if text.endswith(",") else text)

    def press_print(self) -> None:
        self.robot.tap("verdict.print")

    def press_print_until_it_prints(self) -> None:
        """As a person does whose printer is lost and found in this moment: press again."""

        def begun() -> bool:
            self.press_print()
            try:
                self.robot.wait("printing", lambda seen: seen.screen in PRINTING, within_s=5)
            except NotSeen:
                return False
            return True

        eventually(begun, "printing", within_s=60)

    # --- what a person sees ------------------------------------------------------------------

    def sees_verdict(self, verdict: str, within_s: float = 15) -> Seen:
        title = ZH.say(f"verdict.{verdict}.title")
        return self.sees("verdict.title", title, within_s)

    def sees(self, tid: str, text: str, within_s: float = 15) -> Seen:
        return self.robot.wait(
            f"{tid}: {text}", lambda seen: text in seen.text(tid).replace("\n", ""), within_s
        )

    def sees_print_end(self, key: str, within_s: float = 40) -> Seen:
        return self.sees("print_ended.title", ZH.say(key), within_s)

    def new_slips(self, after: int, count: int = 1) -> list[steering.SlipLine]:
        """Slips with a higher number; waits until so many are there."""

        def came() -> bool:
            return len(self.slips(after)) >= count

        eventually(came, f"{count} slip(s) after {after}")
        return self.slips(after)

    def slips(self, after: int) -> list[steering.SlipLine]:
        return [slip for slip in self.steer.state().slips if slip.number > after]

    @property
    def last_slip(self) -> int:
        return max((slip.number for slip in self.steer.state().slips), default=0)

    # --- what is behind ---------------------------------------------------------------------

    def kill(self, name: str) -> None:
        """SIGKILL, and wait until the supervisor has replaced it."""
        child = self.demo.supervisor.children[name]
        killed = child.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: child.pid not in (None, killed) and child.ready.is_set(), name, 60)

    def waiting_operations(self) -> int:
        return self.rows("terminal/queue.db", "select count(*) from operations where state = 0")[0][
            0
        ]

    def everything_sent(self) -> None:
        eventually(lambda: self.waiting_operations() == 0, "everything sent", 60)

    def tickets_held(self) -> list[str]:
        """Numbers of the tickets that the service holds."""
        return [row[0] for row in self.rows("central/central.db", "select number from tickets")]

    def prints_reported(self, slip: str) -> list[tuple[int, str, str]]:
        """Copy, outcome and cause of each print of a slip, as the service holds them."""
        query = f"select copy, outcome, why from print_outcomes where slip = '{slip}' order by copy"  # noqa: S608 (own value)
        return self.rows("central/central.db", query)

    def rows(self, file: str, query: str) -> list[tuple]:
        path = Path(self.demo.settings_file).parent / file
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            return connection.execute(query).fetchall()


def ribbons(seen: Seen) -> set[str]:
    """Troubles that are said; that the records are made up is none."""
    said = {widget.tid for widget in seen.widgets if widget.tid.startswith("ribbon.")}
    return said - {"ribbon.sandbox"}


def eventually(condition: Callable[[], bool], what: str, within_s: float = 30) -> None:
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {within_s:.0f} s"
        time.sleep(0.05)
