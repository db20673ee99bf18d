"""kill -9 at any moment, to daemon and central service, while somebody uses the terminal.

usage: python -m benches.torture.kills [--kills 1000] [--halls 2] [--seed 1] [--keep DIRECTORY]
                                       [--minutes M]

Each hall is what `kiosk demo` starts, without a screen: the real daemon, the real service,
simulated devices, a line that is cut and healed. In the end all books are compared
(`benches.torture.books`): nothing promised is lost, nothing is applied twice, the order of
each key holds, no slip came out twice, and none is called proven that is not there.
"""

import argparse
import asyncio
import math
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from benches.torture.books import (
    Books,
    faults,
    read_papers,
    read_service,
    read_terminal,
)
from benches.torture.person import Person
from central.sandbox.link import LinkMode
from drivers.simulated import steering
from kiosk.clock import BEIJING
from kiosk.restarts import Budget
from kiosk.simulation.demo import DemoTerminal, Ports
from kiosk.simulation.steer import Steer
from kiosk.staff import NotRunning, ask_status
from kiosk.supervisor import Child, Patience

READY_WITHIN_S = 300.0
"""Not a promise of the terminal: a machine that does other work starts a process slowly."""
SENT_WITHIN_S = 180.0
LONGEST_PAUSE_S = 4.0
"""A visit with its print takes two or three seconds: every moment of it is hit."""
DAEMON = ("daemon",)
SERVICE = ("central",)
VICTIMS = (DAEMON, DAEMON, DAEMON, SERVICE, SERVICE, ("daemon", "central"))
LINKS = (LinkMode.PASS, LinkMode.PASS, LinkMode.REFUSE, LinkMode.CUT_RESPONSE)

ENDLESS = Budget(failures=sys.maxsize)
"""We are why they fail: a spent budget would make them wait a minute before each start."""
PATIENCE = Patience(ready_within_s=120.0, restart_cap_s=0.02, budget=ENDLESS)
"""Many halls start their processes on a few cores: slow is not hung."""

T = TypeVar("T")


class Loop:
    """An event loop in a thread of its own: the supervisor runs while others look and touch."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], within_s: float = READY_WITHIN_S) -> T:
        """Run this there, and wait for its end."""
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(within_s)

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass(slots=True)
class Tally:
    """What was done to a hall, and what came of it."""

    kills: Counter[str] = field(default_factory=Counter[str])
    during: Counter[str] = field(default_factory=Counter[str])
    books: Books = field(default_factory=Books)
    faults: list[str] = field(default_factory=list[str])


class Hall:
    """One terminal with its service, and somebody who uses it. A context manager."""

    def __init__(
        self, directory: Path, seed: int, longest_pause_s: float = LONGEST_PAUSE_S
    ) -> None:
        self._rnd = random.Random(seed)
        self._longest_pause_s = longest_pause_s
        self._directory = directory
        self._loop = Loop()
        self._demo = DemoTerminal(
            directory / "state",
            directory / "slips",
            (1080, 1920),
            80,
            settings={"service": {"probe_up_s": 1.0, "probe_down_s": 1.0}},
            patience=PATIENCE,
            ports=Ports.any(),
        )
        self._steer = Steer(self._demo.panel_url)
        self.tally = Tally()

    def __enter__(self) -> "Hall":
        self._loop.run(self._demo.start(with_screen=False))
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._demo.stop())
        self._loop.close()

    def torture(self, kills: int, within_s: float = math.inf) -> None:
        """Kill so often, or so long, while somebody acts; then let all be sent, and compare."""
        end_s = time.monotonic() + within_s

        def until_killed_enough(person: Person) -> None:
            while self.tally.kills.total() < kills and time.monotonic() < end_s:
                self._disturb()
                self._kill(person)

        self._compare(self._used(until_killed_enough))

    def use(self, disturbances: int) -> None:
        """Let somebody act while only the line and the paper fail; then as `torture`."""

        def until_disturbed_enough(person: Person) -> None:
            del person  # only the world around changes
            for _ in range(disturbances):
                self._disturb()
                threading.Event().wait(self._rnd.uniform(0.5, 2.5))

        self._compare(self._used(until_disturbed_enough))

    def _used(self, meanwhile: Callable[[Person], None]) -> Person:
        """Somebody who acted while this was done."""
        person = Person(
            self._demo.daemon_socket,
            self._steer.scan,
            [sample.text for sample in self._steer.samples()],
            random.Random(self._rnd.random()),
            datetime.now(BEIJING).date(),
        )
        stopped = threading.Event()
        acting = threading.Thread(target=person.act_until, args=(stopped,))
        acting.start()
        try:
            meanwhile(person)
            self._heal()
        finally:
            stopped.set()
            acting.join()
        person.listen(threading.Event(), 1.0)
        return person

    def _disturb(self) -> None:
        if self._rnd.random() < 0.5:
            self._steer.link(self._rnd.choice(LINKS))
        chance = self._rnd.random()
        if chance < 0.05:
            self._steer.order(steering.PaperOut(after_lines=self._rnd.randrange(30)))
        elif chance < 0.3:
            self._steer.order(steering.HealPrinter())

    def _kill(self, person: Person) -> None:
        victims = self._rnd.choice(VICTIMS)
        children = [self._demo.supervisor.children[name] for name in victims]
        # Now and then one that has only just begun.
        half_started = self._rnd.random() < 0.15
        for child in children:
            eventually(lambda c=child: c.pid is not None and (half_started or c.ready.is_set()))
        threading.Event().wait(self._rnd.uniform(0, 0.6 if half_started else self._longest_pause_s))
        shown = person.shown
        for name, child in zip(victims, children, strict=True):
            if _killed(child):
                self.tally.kills[name] += 1
                tag = "nothing" if shown is None else shown.situation.__struct_config__.tag
                self.tally.during[str(tag)] += name == "daemon"

    def _heal(self) -> None:
        self._steer.link(LinkMode.PASS)
        self._steer.order(steering.HealPrinter())
        for name in (*DAEMON, *SERVICE):
            child = self._demo.supervisor.children[name]
            eventually(lambda c=child: c.pid is not None and c.ready.is_set())

    def _compare(self, person: Person) -> None:
        eventually(lambda: self._waiting() == 0, SENT_WITHIN_S)
        state = self._demo.settings_file.parent
        papers = self._steer.state().slips
        self._loop.run(self._demo.stop())
        books = self.tally.books
        books.notes = person.notes
        read_terminal(books, state / "terminal" / "queue.db")
        read_service(books, state / "central" / "central.db")
        read_papers(books, papers)
        self.tally.faults = faults(books)

    def _waiting(self) -> int:
        """Operations, questions and print jobs that have not ended."""
        try:
            status = self._loop.run(ask_status(self._demo.daemon_socket))
        except NotRunning:
            return -1
        return status.waiting + (status.situation in ("printing", "checking"))


def _killed(child: Child) -> bool:
    pid = child.pid
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def eventually(condition: Callable[[], bool], within_s: float = READY_WITHIN_S) -> None:
    """Wait for a condition; TimeoutError when it does not come."""
    end = time.monotonic() + within_s
    pause = threading.Event()
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {within_s:.0f} s")
        pause.wait(0.02)


def torture(
    directory: Path,
    halls: int,
    kills: int,
    seed: int,
    longest_pause_s: float = LONGEST_PAUSE_S,
    within_s: float = math.inf,
) -> list[Tally]:
    """Several halls at once, since each mostly waits for its printer and its restarts.

    Args:
        directory: gets a directory for each hall.
        halls: how many.
        kills: how many in all.
        seed: of what is done; when it happens is never the same.
        longest_pause_s: between a process that is ready and its end.
        within_s: no hall kills for longer than this, however few it was.
    """
    with ExitStack() as stack:
        open_halls: list[Hall] = []
        for number in range(halls):
            # One after the other, since each takes ports that are free when it starts.
            place = directory / f"hall-{number}"
            open_halls.append(stack.enter_context(Hall(place, seed + number, longest_pause_s)))
        each = -(-kills // halls)
        failed: list[BaseException] = []

        def run(hall: Hall) -> None:
            try:
                hall.torture(each, within_s)
            except TimeoutError as error:
                # What the other halls show is not thrown away for one that was too slow.
                hall.tally.faults.append(f"not compared: {error}")
            except BaseException as error:  # noqa: BLE001 (raised again below)
                failed.append(error)

        threads = [threading.Thread(target=run, args=(hall,)) for hall in open_halls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        return [hall.tally for hall in open_halls]


def report(tallies: list[Tally], took_s: float) -> None:
    """One row of the table in docs/proofs.md."""
    kills = sum((tally.kills for tally in tallies), Counter[str]())
    during = sum((tally.during for tally in tallies), Counter[str]())
    books = [tally.books for tally in tallies]
    print(f"{kills.total()} kills in {took_s:.0f} s: {dict(kills)}")
    print(f"the daemon was killed while the screen showed {dict(during.most_common())}")
    print(
        f"{sum(len(one.notes.tickets) for one in books)} tickets promised,"
        f" {sum(len(one.notes.prints) for one in books)} ends of prints shown,"
        f" {sum(len(one.held) for one in books)} operations applied,"
        f" {sum(len(one.jobs) for one in books)} print jobs,"
        f" {sum(len(one.papers) for one in books)} pieces of paper,"
        f" {sum(paper.complete for one in books for paper in one.papers)} of them complete"
    )
    outcomes = Counter(job.outcome for one in books for job in one.jobs)
    seen = sum(owed.verdict == "seen" for one in books for owed in one.owed)
    print(f"outcomes {dict(outcomes)}; {seen} operations were answered 'seen' on their repetition")
    for number, tally in enumerate(tallies):
        for fault in tally.faults:
            print(f"FAULT in hall {number}: {fault}")
    print(f"faults: {sum(len(tally.faults) for tally in tallies)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--halls", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf, help="end earlier than this")
    parser.add_argument("--keep", type=Path, help="leave the books there; a new directory")
    asked = parser.parse_args()
    with ExitStack() as stack:
        place = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        begin = time.monotonic()
        tallies = torture(place, asked.halls, asked.kills, asked.seed, within_s=asked.minutes * 60)
        report(tallies, time.monotonic() - begin)
    sys.exit(any(tally.faults for tally in tallies))


if __name__ == "__main__":
    main()
