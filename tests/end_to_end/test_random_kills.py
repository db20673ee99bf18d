"""Any process may be killed at any moment, many times, while people go on using the terminal.

A screen of the test's own notes down what the terminal promised: a ticket that it said was kept.
In the end the service must hold each promise exactly once.
"""

import os
import random
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from whole_terminal import Loop, WholeTerminal, eventually

from central.sandbox.link import LinkMode
from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.simulation.demo import DemoTerminal
from kiosk.supervisor import Patience

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROUNDS = 30
SEED = 20261124


class NotingScreen:
    """Connects as a screen, does what a person would, and notes what is promised."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._channel: socket.socket | None = None
        self._buffer = b""
        self.promised: set[str] = set()
        self.shown: m.Show | None = None

    def listen(self, for_s: float) -> None:
        """Take in what is shown, for a while; connect again when the daemon was killed."""
        end = time.monotonic() + for_s
        while (left := end - time.monotonic()) > 0:
            try:
                self._take(left)
            except (OSError, msgspec.DecodeError):
                self._channel, self._buffer = None, b""
                time.sleep(0.02)

    def print(self) -> None:
        """Press the button, if there is one."""
        if self.shown is not None and isinstance(self.shown.situation, m.VerdictShown):
            self._send(m.PrintSlip(self.shown.turn))

    def go_home(self) -> None:
        if self.shown is not None:
            self._send(m.GoHome(self.shown.turn))

    def _send(self, message: m.ToDaemon) -> None:
        try:
            if self._channel is not None:
                self._channel.sendall(msgspec.json.encode(message) + b"\n")
        except OSError:
            self._channel = None

    def _take(self, left_s: float) -> None:
        if self._channel is None:
            self._channel = socket.socket(socket.AF_UNIX)
            self._channel.connect(str(self._path))
            self._send(m.Hello(role=m.Role.SCREEN, version=m.PROTOCOL_VERSION))
        self._channel.settimeout(max(0.001, left_s))
        try:
            data = self._channel.recv(65536)
        except TimeoutError:
            return
        if not data:
            raise ConnectionResetError
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            shown = msgspec.json.decode(line, type=m.FromDaemon)
            assert isinstance(shown, m.Show)
            self.shown = shown
            situation = shown.situation
            if (
                isinstance(situation, m.VerdictShown)
                and situation.verdict is Verdict.UNAVAILABLE
                and situation.ticket is not None
            ):
                self.promised.add(situation.ticket.number)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[WholeTerminal]:
    loop = Loop()
    demo = DemoTerminal(
        tmp_path / "state",
        tmp_path / "slips",
        (1080, 1920),
        80,
        settings={"service": {"probe_up_s": 1.0, "probe_down_s": 1.0}},
        patience=Patience(restart_cap_s=0.5),
    )
    try:
        loop.run(demo.start(with_screen=False))
        yield WholeTerminal(demo, display="")
    finally:
        loop.run(demo.stop())
        loop.close()


def test_every_promise_is_kept_once(terminal: WholeTerminal) -> None:
    rng = random.Random(SEED)
    screen = NotingScreen(terminal.demo.daemon_socket)
    texts = list(terminal.samples.values())
    for _ in range(ROUNDS):
        terminal.steer.link(rng.choice([LinkMode.PASS, LinkMode.REFUSE, LinkMode.CUT_RESPONSE]))
        screen.listen(rng.uniform(0.1, 1.0))
        terminal.steer.scan(rng.choice(texts))
        screen.listen(rng.uniform(0.0, 0.6))
        screen.print()
        screen.listen(rng.uniform(0.0, 0.5))
        victim = terminal.demo.supervisor.children[rng.choice(["daemon", "daemon", "central"])]
        if victim.pid is not None:
            os.kill(victim.pid, signal.SIGKILL)
        screen.listen(rng.uniform(0.0, 1.5))
        screen.go_home()
    terminal.steer.link(LinkMode.PASS)
    for name in ("central", "daemon"):
        child = terminal.demo.supervisor.children[name]
        eventually(lambda child=child: child.pid is not None and child.ready.is_set(), name, 60)
    eventually(lambda: terminal.waiting_operations() == 0, "everything sent", 90)

    assert len(screen.promised) >= ROUNDS / 10
    held = terminal.tickets_held()
    assert screen.promised <= set(held)
    assert max(Counter(held).values()) == 1
    reported = terminal.rows(
        "central/central.db", "select slip, copy, count(*) from print_outcomes group by 1, 2"
    )
    assert all(count == 1 for _, _, count in reported)
    sequence = "select order_key, seq from inbox order by applied"
    seen: dict[str, int] = {}
    for key, seq in terminal.rows("central/central.db", sequence):
        assert seq > seen.get(key, 0), f"{key}: out of order"
        seen[key] = seq
    parked = terminal.rows("terminal/queue.db", "select count(*) from operations where state = 1")
    assert parked == [(0,)]
