"""A training as a process of its own, and the worst moment: killed while everything runs."""

import os
import pty
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from whole_terminal import eventually

from kiosk.daemon.opening import open_queue
from kiosk.simulation.display import virtual_display

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ROOT = Path(__file__).parents[2]
PARTS = {"central", "simulate", "daemon", "screen"}


@pytest.fixture
def real_service() -> Iterator[socket.socket]:
    """Takes connections, which a training must not make."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


@pytest.fixture
def real_printer() -> Iterator[tuple[int, str]]:
    """A line to which nothing must be written, and its address."""
    ours, theirs = pty.openpty()
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


def children(of: int) -> dict[str, int]:
    """The parts of the training by name."""
    found: dict[str, int] = {}
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(of)], capture_output=True, text=True, check=False
    )
    for line in listed.stdout.splitlines():
        pid, *words = line.split()
        if "kiosk" in words:
            found[words[words.index("kiosk") + 1]] = int(pid)
    return found


def runs(pid: int) -> bool:
    """Whether it is there and not merely waiting to be buried."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return state.rsplit(")", 1)[1].split()[0] != "Z"


def test_killed_while_it_runs_nothing_of_it_stays_and_the_terminal_may_serve(
    tmp_path: Path, real_service: socket.socket, real_printer: tuple[int, str]
) -> None:
    state, log = tmp_path / "state", tmp_path / "log"
    open_queue(state)[1].close()
    written, address = real_printer
    url = f"https://127.0.0.1:{real_service.getsockname()[1]}"
    settings = tmp_path / "real.toml"
    settings.write_text(
        f'[paths]\nstate_dir = "{state}"\n[service]\nurl = "{url}"\n'
        f'[printer]\naddress = "{address}"\nprofile = "generic-80"\n',
        encoding="utf-8",
    )
    with virtual_display(1080, 1920) as display, log.open("wb") as said:
        environment = {
            **os.environ,
            "DISPLAY": display,
            "PYTHONPATH": str(ROOT),
            "KIOSK_SETTINGS": str(settings),
            "KIOSK__SERVICE__URL": url,
            "KIOSK__PRINTER__ADDRESS": address,
        }
        command = ("-m", "kiosk", "training", "run", "--by", "1001")
        training = subprocess.Popen(
            [sys.executable, *command], env=environment, stdout=said, stderr=said
        )
        try:
            eventually(lambda: b"training.begun" in log.read_bytes(), "the training", 150)
            parts = children(training.pid)
            assert parts.keys() == PARTS, log.read_text(encoding="utf-8")
            for name, pid in parts.items():
                seen = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
                assert not [one for one in seen if one.startswith((b"KIOSK__", b"KIOSK_SETT"))]
                assert (b"KIOSK_TRAINING=1" in seen) is (name in {"daemon", "screen"})
        finally:
            training.send_signal(signal.SIGKILL)
            training.wait()
        eventually(lambda: not any(runs(pid) for pid in parts.values()), "the end of all parts")
    open_queue(state)[1].close()
    assert select.select([real_service, written], [], [], 0)[0] == []
