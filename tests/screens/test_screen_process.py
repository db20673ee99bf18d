"""The screen as its own process under a real X server, with real clicks and keys."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from samples import show

from kiosk import messages as m
from kiosk.picture_messages import DescribeScreen, ScreenPicture
from kiosk.staff import SOCKET_NAME

pytestmark = pytest.mark.skipif(
    shutil.which("Xvfb") is None or shutil.which("xdotool") is None,
    reason="needs Xvfb and xdotool",
)

REPO = Path(__file__).parents[2]
SIZE = (1280, 800)
START_WITHIN_S = 20.0
SOON_S = 5.0

Found = TypeVar("Found")


def until(look: Callable[[], Found | None], within_s: float = SOON_S) -> Found:
    """The first thing that `look` finds."""
    end = time.monotonic() + within_s
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end, "did not happen in time"
        os.sched_yield()


class Daemon:
    """Stands in for the daemon: shows what a test wants, keeps what the screen asks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        self.server.listen()
        self.server.settimeout(START_WITHIN_S)
        self._decoder = msgspec.json.Decoder(m.ToDaemon)
        self._pending = b""

    def accept(self) -> m.Hello:
        self.line, _ = self.server.accept()
        self.line.settimeout(SOON_S)
        hello = self.next()
        assert isinstance(hello, m.Hello)
        return hello

    def show(self, what: m.Show) -> None:
        self.line.sendall(msgspec.json.encode(what) + b"\n")

    def next(self) -> object:
        while b"\n" not in self._pending:
            received = self.line.recv(65536)
            assert received, "the screen hung up"
            self._pending += received
        text, _, self._pending = self._pending.partition(b"\n")
        return self._decoder.decode(text)

    def next_intent(self) -> object:
        """The next that is more than a sign of life."""
        while isinstance(message := self.next(), m.Touched):
            continue
        return message

    def hang_up(self) -> None:
        self.line.close()
        self._pending = b""

    def close(self) -> None:
        self.server.close()
        self.path.unlink(missing_ok=True)


class Screen:
    """The process, its clicks and its widget tree."""

    def __init__(self, folder: Path, display: str) -> None:
        self.port = folder / "port"
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(folder / "notify"))
        self.notify.settimeout(START_WITHIN_S)
        self.env = {
            **os.environ,
            "DISPLAY": display,
            "SDL_VIDEODRIVER": "x11",
            "KIVY_HOME": str(folder),
            "KIOSK_TESTPORT": str(self.port),
            "NOTIFY_SOCKET": str(folder / "notify"),
            "KIOSK__PATHS__STATE_DIR": str(folder),
            "KIOSK__SCREEN__WIDTH_PX": str(SIZE[0]),
            "KIOSK__SCREEN__HEIGHT_PX": str(SIZE[1]),
        }
        self.errors = (folder / "errors").open("w+b")
        self.process = subprocess.Popen(
            (sys.executable, "-m", "kiosk", "screen"),
            cwd=REPO,
            env=self.env,
            stderr=self.errors,
        )

    def tree(self) -> dict[str, object]:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(SOON_S)
            line.connect(str(self.port))
            return msgspec.json.decode(b"".join(iter(lambda: line.recv(65536), b"")))

    def widget(self, tid: str) -> dict[str, object] | None:
        widgets = self.tree()["widgets"]
        assert isinstance(widgets, list)
        return next((widget for widget in widgets if widget["tid"] == tid), None)

    def shows(self, screen: str) -> None:
        until(lambda: self.tree()["screen"] == screen)

    def tap(self, tid: str) -> None:
        widget = until(lambda: self.widget(tid))
        x, y, width, height = widget["box"]  # pyright: ignore[reportGeneralTypeIssues] # JSON
        self.xdotool("mousemove", str(x + width // 2), str(y + height // 2), "click", "1")

    def xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.env, check=True)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    read, write = os.pipe()
    server = subprocess.Popen(
        (
            *("Xvfb", "-displayfd", str(write), "-nolisten", "tcp"),
            *("-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24"),
        ),
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as number:
        yield ":" + number.readline().strip()
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, display: str) -> Iterator[tuple[Daemon, Screen]]:
    folder = tmp_path_factory.mktemp("screen")
    daemon = Daemon(folder / SOCKET_NAME)
    screen = Screen(folder, display)
    assert daemon.accept() == m.Hello(role=m.Role.SCREEN, version=m.PROTOCOL_VERSION)
    until(screen.port.exists, START_WITHIN_S)
    yield daemon, screen
    if screen.process.poll() is None:
        screen.process.kill()
    screen.process.wait(10)
    daemon.close()


def test_it_is_ready_and_beats_after_a_frame(pair: tuple[Daemon, Screen]) -> None:
    _, screen = pair
    assert screen.notify.recv(100) == b"READY=1"
    assert screen.notify.recv(100) == b"WATCHDOG=1"
    assert screen.notify.recv(100) == b"WATCHDOG=1"


def test_without_a_word_from_the_daemon_it_asks_for_patience(pair: tuple[Daemon, Screen]) -> None:
    _, screen = pair
    screen.shows("reconnecting")


def test_the_widget_tree_is_for_its_owner_only(pair: tuple[Daemon, Screen]) -> None:
    _, screen = pair
    assert screen.port.stat().st_mode & 0o777 == 0o600


def test_it_counts_what_it_holds_for_its_owner_only(pair: tuple[Daemon, Screen]) -> None:
    _, screen = pair
    port = screen.port.with_name("port.living")
    assert port.stat().st_mode & 0o777 == 0o600
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(SOON_S)
        line.connect(str(port))
        counts = msgspec.json.decode(b"".join(iter(lambda: line.recv(65536), b"")))
    assert counts["widgets"] > 10
    assert counts["textures"] > 5


def test_a_click_becomes_an_intent_with_its_turn(pair: tuple[Daemon, Screen]) -> None:
    daemon, screen = pair
    daemon.show(show("home", language="zh", large=False, turn=7))
    screen.shows("home")
    screen.tap("home.enter")
    assert daemon.next() == m.Touched()
    assert daemon.next() == m.StartEntry(turn=7)


def test_it_says_what_stands_where_when_the_daemon_asks(pair: tuple[Daemon, Screen]) -> None:
    daemon, screen = pair
    daemon.show(show("verdict_normal", language="en", large=False, turn=7))
    screen.shows("verdict")
    daemon.line.sendall(msgspec.json.encode(DescribeScreen(4)) + b"\n")
    seen = daemon.next_intent()
    assert isinstance(seen, ScreenPicture)
    assert (seen.number, seen.situation, seen.language) == (4, "verdict", "en")
    assert (seen.width_px, seen.height_px) == SIZE
    assert "common.back" in {part.key for part in seen.parts}


@pytest.mark.parametrize("key", ["Escape", "F1", "ctrl+e", "alt+F4", "F11", "ctrl+q", "F12"])
def test_no_key_leads_out(pair: tuple[Daemon, Screen], key: str) -> None:
    daemon, screen = pair
    daemon.show(show("help_use", language="zh", large=False, turn=8))
    screen.shows("help")
    screen.xdotool("mousemove", "640", "60", "key", key)
    daemon.show(show("help_not_found", language="en", large=False, turn=9))
    until(lambda: screen.tree()["turn"] == 9)
    assert screen.tree()["screen"] == "help"
    assert screen.process.poll() is None


def test_a_lost_daemon_leaves_nothing_of_the_visit(pair: tuple[Daemon, Screen]) -> None:
    daemon, screen = pair
    daemon.show(show("verdict_normal", language="zh", large=False, turn=10))
    screen.shows("verdict")
    daemon.hang_up()
    screen.shows("reconnecting")
    number = "2611 2000 0001 0000 0018"
    assert number not in str(screen.tree())
    daemon.accept()
    daemon.show(show("verdict_normal", language="zh", large=False, turn=3))
    screen.shows("verdict")
    assert number in str(screen.tree())


def test_a_daemon_that_speaks_something_else_is_left(pair: tuple[Daemon, Screen]) -> None:
    daemon, screen = pair
    daemon.line.sendall(b'{"type": "tomorrow"}\n')
    assert daemon.accept().role is m.Role.SCREEN
    daemon.show(show("home", language="zh", large=False, turn=1))
    screen.shows("home")


def test_sigterm_ends_it_cleanly(pair: tuple[Daemon, Screen]) -> None:
    _, screen = pair
    screen.process.send_signal(signal.SIGTERM)
    assert screen.process.wait(10) == 0
