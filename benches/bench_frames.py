"""What keeping an act costs a frame of the screen, on a disk that takes 50 ms for each sync.

usage: PYTHONPATH=. python benches/bench_frames.py [--acts 100] [--sync-ms 50]

A real daemon runs under strace, which holds back every fsync and fdatasync of it. Kivy's own
clock turns at 60 frames a second beside it, without a window; every tenth frame a person asks
for help through the screen's own line, which the daemon keeps before it goes on. Each frame
with an act is compared with those without.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from central.service.authority import Authority
from kiosk import messages as m
from kiosk.screens.daemon_line import DaemonLine
from offline_queue.database import open_reader

FRAME_S = 1 / 60
EVERY = 10
START_WITHIN_S = 60.0
KEPT_WITHIN_S = 60.0


def start_daemon(place: Path, sync_ms: int) -> subprocess.Popen[bytes]:
    central = place / "central"
    central.mkdir()
    Authority(central).ensure()
    settings = place / "terminal.toml"
    settings.write_text(
        f'[paths]\nstate_dir = "{place / "terminal"}"\n'
        f'[service]\nurl = "https://127.0.0.1:9"\nca_file = "{central / "ca.pem"}"\n',
        encoding="utf-8",
    )
    calls = "fsync,fdatasync"
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", f"trace={calls}"]
    strace += ["-e", f"inject={calls}:delay_enter={sync_ms * 1_000}"]
    daemon = [sys.executable, "-m", "kiosk", "daemon", "--settings", str(settings)]
    return subprocess.Popen(
        [*strace, *daemon],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kept(place: Path) -> int:
    """Calls for help that the daemon has kept."""
    reader = open_reader(place / "terminal" / "queue.db")
    try:
        query = "SELECT count(*) FROM operations WHERE kind = 'staff.called'"
        (count,) = reader.execute(query).fetchone()
    finally:
        reader.close()
    return count


def turn(line: DaemonLine, shows: list[m.Show], acts: int) -> tuple[list[float], list[float]]:
    """Frames without and with an act, milliseconds of work each; the clock is Kivy's."""
    os.environ.setdefault("KIVY_NO_ARGS", "1")
    os.environ.setdefault("KIVY_NO_CONSOLELOG", "1")
    from kivy.clock import Clock

    plain: list[float] = []
    with_act: list[float] = []
    frame = 0
    while len(with_act) < acts:
        begin = time.perf_counter()
        acting = frame % EVERY == 0
        if acting:
            # Home again, so that the next call is an act and not a press on what is shown.
            line.send(m.GoHome(shows[-1].turn))
            line.send(m.CallStaff())
        Clock.tick_draw()
        (with_act if acting else plain).append((time.perf_counter() - begin) * 1_000)
        threading.Event().wait(max(0.0, FRAME_S - (time.perf_counter() - begin)))
        frame += 1
    return plain, with_act


def row(what: str, times: list[float]) -> str:
    p99 = statistics.quantiles(times, n=100)[98]
    return f"| {what} | {statistics.median(times):.3f} | {p99:.3f} | {max(times):.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acts", type=int, default=100)
    parser.add_argument("--sync-ms", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        daemon = start_daemon(place, asked.sync_ms)
        shows: list[m.Show] = []
        came = threading.Event()

        def shown(show: m.Show) -> None:
            shows.append(show)
            came.set()

        line = DaemonLine(place / "terminal" / "daemon.sock", on_show=shown, on_lost=lambda: None)
        line.start()
        try:
            assert came.wait(START_WITHIN_S), "the daemon did not show anything"
            plain, with_act = turn(line, shows, asked.acts)
            end = time.monotonic() + KEPT_WITHIN_S
            while kept(place) < asked.acts / 2 and time.monotonic() < end:
                threading.Event().wait(0.1)
            count = kept(place)
        finally:
            line.close()
            # Strace and the daemon together: the queue bears it.
            os.killpg(daemon.pid, signal.SIGKILL)
            daemon.wait()
    load = os.getloadavg()[0]
    print(f"{datetime.now(UTC):%Y-%m-%d}, each sync {asked.sync_ms} ms late, load {load:.1f}")
    print(f"{count} acts kept\n")
    print("| work in a frame, ms | p50 | p99 | longest |\n|---|---|---|---|")
    print(row("without an act", plain))
    print(row("with an act", with_act))
    added = statistics.median(with_act) - statistics.median(plain)
    print(f"\nadded by an act: {added:.3f} ms at p50 (goal: at most 2)")


if __name__ == "__main__":
    main()
