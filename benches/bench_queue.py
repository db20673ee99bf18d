"""The queue against the floor under it and its peers, in one run: read the ratios.

usage: PYTHONPATH=. python benches/bench_queue.py [--waiting 100000] [--puts 1500]
           [--directory ON_THE_DISK_TO_MEASURE]

Peers that are installed are measured too (persist-queue 1.1.0, litequeue 0.9, huey 3.5).
"""

import argparse
import gc
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from queue_subjects import (
    BARE,
    FLOOR,
    OURS,
    SAME_ROW,
    Subject,
    Takes,
    makers,
    open_ours,
    subject_of,
)

from offline_queue import KeyRing
from offline_queue.backup import back_up

BODY = "x" * 1_000
BACKUP = "backup"
LEAST_WAITING = 20_000
SLOW_S = 5.0
"""A slow peer is measured no longer than this at a time: it then stands on fewer samples."""


@dataclass
class Measured:
    """One row of the table: medians in milliseconds, rates per second, memory in MB."""

    name: str
    put_ms: float = 0.0
    put_full_ms: float = 0.0
    take_empty_ms: float = 0.0
    take_full_ms: float = 0.0
    take_handled_ms: float = 0.0
    batch_per_s: float = 0.0
    batch_500_per_s: float = 0.0
    memory_mb: float = 0.0


def time_ms(act: Callable[[], None]) -> float:
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1_000


def median_puts(made: list[Subject], puts: int) -> dict[str, float]:
    """In turn, one by one, so that a busy neighbour disturbs all alike."""
    taken: dict[str, list[float]] = {subject.name: [] for subject in made}
    for _ in range(puts):
        for subject in made:
            taken[subject.name].append(time_ms(lambda s=subject: s.put(BODY)))
    return {name: statistics.median(times) for name, times in taken.items()}


def median_takes(made: list[Subject], count: int) -> dict[str, float]:
    """One in, one out, so that the length stays; only the taking is timed. In turn, too."""
    taken: dict[str, list[float]] = {subject.name: [] for subject in made if subject.takes}
    spent_ms = dict.fromkeys(taken, 0.0)
    for _ in range(count):
        for subject in made:
            if subject.takes is None or spent_ms[subject.name] > SLOW_S * 1_000:
                continue
            subject.put(BODY)
            elapsed = time_ms(lambda takes=subject.takes: takes.take(1))
            spent_ms[subject.name] += elapsed
            taken[subject.name].append(elapsed)
    return {name: statistics.median(times) for name, times in taken.items()}


def batch_rate(takes: Takes, size: int, rounds: int) -> float:
    """Taken and acknowledged a second, `size` at a time; the median of the rounds."""
    rates: list[float] = []
    end = time.perf_counter() + SLOW_S
    for _ in range(rounds):
        rates.append(size / time_ms(lambda: takes.take(size)) * 1_000)
        if time.perf_counter() > end:
            break
    return statistics.median(rates)


def in_a_child(what: str, waiting: int, directory: Path) -> str:
    command = [sys.executable, __file__, "--child", what, "--waiting", str(waiting)]
    outcome = subprocess.run(
        [*command, "--directory", str(directory)], capture_output=True, text=True, check=True
    )
    return outcome.stdout.strip()


def resident_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def print_memory(name: str, waiting: int, directory: Path) -> None:
    """Resident memory that so many waiting operations cost, in this process of its own."""
    for make in makers():
        place = Path(tempfile.mkdtemp(dir=directory))
        subject = make(place)
        if subject.name != name:
            subject.close()
            continue
        subject.fill([BODY] * 100)
        if subject.takes:
            subject.takes.take(50)
        before = resident_mb()
        subject.fill([BODY] * waiting)
        if subject.takes:
            subject.takes.take(50)
        print(resident_mb() - before)
        subject.close()


def print_backup_stall(waiting: int, directory: Path) -> None:
    """How long puts take while a copy is made and proven, by another thread as in the daemon."""
    ring = KeyRing.new()
    place = Path(tempfile.mkdtemp(dir=directory))
    outbox = open_ours(place, ring)
    subject = subject_of(outbox)
    subject.fill([BODY] * waiting)
    idle = [time_ms(lambda: subject.put(BODY)) for _ in range(500)]
    took_s: list[float] = []

    def copy() -> None:
        begin = time.perf_counter()
        back_up(place / "outbox.db", place, ring, now=datetime.now(UTC))
        took_s.append(time.perf_counter() - begin)

    thread = threading.Thread(target=copy)
    thread.start()
    busy: list[float] = []
    while thread.is_alive():
        busy.append(time_ms(lambda: subject.put(BODY)))
    for what, times in (("idle", idle), (f"during a backup of {took_s[0]:.1f} s", busy)):
        p99 = statistics.quantiles(times, n=100)[98]
        print(f"| {what} | {statistics.median(times):.2f} | {p99:.2f} | {max(times):.1f} |")
    outbox.close()


def report(results: dict[str, Measured], waiting: int) -> None:
    print(
        f"| | put, ms | put at {waiting:,} waiting | take+ack, ms | at {waiting:,} waiting |"
        f" after {waiting:,} handled | 50 at a time, /s | 500 at a time, /s | memory, MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for r in results.values():
        takes = (
            f"{r.take_empty_ms:.2f} | {r.take_full_ms:.2f} | {r.take_handled_ms:.2f} |"
            f" {r.batch_per_s:,.0f} | {f'{r.batch_500_per_s:,.0f}' if r.batch_500_per_s else '–'}"
        )
        left_out = "– | – | – | – | –"
        print(
            f"| {r.name} | {r.put_ms:.3f} | {r.put_full_ms:.3f} |"
            f" {left_out if r.name in {FLOOR, SAME_ROW} else takes} | {r.memory_mb:.1f} |"
        )
    mine, bare, floor = results[OURS], results[BARE], results[FLOOR]
    peers = [r.batch_per_s for r in results.values() if r.name not in {OURS, BARE, SAME_ROW, FLOOR}]
    goals = [
        ("put ÷ bare sqlite3", mine.put_ms / bare.put_ms, "≤ 1.15"),
        ("put ÷ append + fdatasync", mine.put_ms / floor.put_ms, "≤ 1.5"),
        ("put ÷ bare sqlite3 with our row", mine.put_ms / results[SAME_ROW].put_ms, "–"),
        ("put ÷ bare sqlite3, full", mine.put_full_ms / bare.put_full_ms, "–"),
        ("put, full ÷ empty", mine.put_full_ms / mine.put_ms, "–"),
        ("take+ack, full ÷ empty", mine.take_full_ms / mine.take_empty_ms, "≤ 1.2"),
        ("take+ack, handled ÷ empty", mine.take_handled_ms / mine.take_empty_ms, "≤ 1.2"),
        ("50 at a time, full, /s", mine.batch_per_s, "≥ 20,000"),
        ("50 at a time ÷ best peer", mine.batch_per_s / max(peers, default=1.0), "≥ 5"),
        ("memory of what waits, MB", mine.memory_mb, "≤ 5"),
    ]
    print("\n| ratio, p50 | measured | goal |\n|---|---|---|")
    for what, value, goal in goals:
        print(f"| {what} | {value:,.2f} | {goal} |")


def run(waiting: int, puts: int, directory: Path) -> None:
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {puts} puts of 1 KB each\n"
    )
    made: list[Subject] = []
    for number, make in enumerate(makers()):
        own = directory / str(number)
        own.mkdir()
        made.append(make(own))
    results = {subject.name: Measured(subject.name) for subject in made}
    for name, value in median_puts(made, puts).items():
        results[name].put_ms = value
    for subject in made:
        if subject.takes:
            subject.takes.handle_all()
    # Nothing is left waiting, but some has been handled: at their best, as after a quiet hour.
    for name, value in median_takes(made, puts).items():
        results[name].take_empty_ms = value
    for subject in made:
        subject.fill([BODY] * waiting)
    for name, value in median_puts(made, puts).items():
        results[name].put_full_ms = value
    for name, value in median_takes(made, puts).items():
        results[name].take_full_ms = value
    for subject in made:
        if subject.takes:
            results[subject.name].batch_per_s = batch_rate(subject.takes, 50, 60)
            if subject.name in {OURS, BARE}:  # the peers take one by one, however many
                results[subject.name].batch_500_per_s = batch_rate(subject.takes, 500, 20)
    for subject in made:
        if subject.takes:
            subject.takes.handle_all()
    for name, value in median_takes(made, puts).items():
        results[name].take_handled_ms = value
    for subject in made:
        subject.close()
    for result in results.values():
        result.memory_mb = float(in_a_child(result.name, waiting, directory))
    report(results, waiting)
    print(f"\n| puts at {waiting:,} waiting, ms | p50 | p99 | longest |\n|---|---|---|---|")
    print(in_a_child(BACKUP, waiting, directory))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--puts", type=int, default=1_500)
    parser.add_argument("--directory", type=Path, default=Path.cwd())
    parser.add_argument("--child", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.waiting < LEAST_WAITING:
        parser.error(f"the batches alone take {LEAST_WAITING}")
    with tempfile.TemporaryDirectory(dir=asked.directory) as place:
        if asked.child == BACKUP:
            print_backup_stall(asked.waiting, Path(place))
        elif asked.child:
            print_memory(asked.child, asked.waiting, Path(place))
        else:
            run(asked.waiting, asked.puts, Path(place))


if __name__ == "__main__":
    main()
