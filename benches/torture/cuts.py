"""Power cuts, at any moment of a recorded day, of the terminal, of the service, or of both.

usage: python -m benches.torture.cuts [--cuts 1000] [--disturbances 40] [--seed 1]

strace records what daemon and central service write, sync and say while somebody uses the
terminal (`benches.torture.powerloss`). For each cut, what a disk may have kept at that moment is
laid out, the terminal's queue is opened, what it owes is applied to the service's file as
the service does it, and all books are compared. Half of the cuts take a strict disk, on
which a name is only sure after its directory was synced.
"""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benches.torture.books import (
    Books,
    Notes,
    acknowledged_missing,
    faults_without_paper,
    kept_promises_missing,
    read_service,
    read_terminal,
)
from benches.torture.kills import Hall
from benches.torture.person import note
from benches.torture.powerloss import Disk, Event, Said, record
from central.contract import Operation, Receipt
from central.service import inbox
from central.service.store_sqlite import SqliteConnection
from drivers.printers.outcome import Doubt, Unknown
from kiosk import messages as m
from kiosk.clock import SystemClock
from kiosk.daemon import journal
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.printing import outcome_words
from offline_queue import Done, KeyRing, Limits, Outbox, Settlement

TERMINAL = Path("terminal")
SERVICE = Path("central/central.db")
LIMITS = Limits(free_bytes=0, ballast_bytes=0)
CUT = {"terminal": ("central/",), "service": ("terminal/",), "both": ()}
"""What is cut, and whose files live on."""
SHOW = '{"type":"show"'


def live(directory: Path, disturbances: int, seed: int) -> None:
    """What is recorded: a terminal that is used, in this process and its children."""
    with Hall(directory, seed) as hall:
        hall.use(disturbances)
    if hall.tally.faults:
        sys.exit("\n".join(hall.tally.faults))


def promised(event: Event, notes: Notes) -> bool:
    """Note what the daemon told its screen; whether it was anything."""
    if not isinstance(event, Said) or not event.line.startswith(SHOW):
        return False
    try:
        note(notes, msgspec.json.decode(event.line, type=m.Show))
    except msgspec.DecodeError:
        return False  # sent in part: nobody has read it
    return True


def faults_after(state: Path, notes: Notes) -> list[str]:
    """Everything wrong with what a cut left, before and after what is owed was sent."""
    database = state / TERMINAL / "queue.db"
    ring = KeyRing.from_file(state / TERMINAL / "queue.key")
    with sqlite3.connect(state / SERVICE) as service:
        found = [f"service: {row[0]}" for row in service.execute("PRAGMA quick_check")]
        found = [line for line in found if line != "service: ok"]
    service.close()
    outbox = Outbox.open(database, ring, limits=LIMITS)
    try:
        outbox.migrate(journal.migrations)
        books = Books(notes=notes)
        read_terminal(books, database)
        read_service(books, state / SERVICE)
        found += kept_promises_missing(books) + acknowledged_missing(books)
        _report_interrupted(outbox, ring)
        found += _send_all(outbox, state / SERVICE, {one.op_id for one in books.held})
        read_terminal(books, database)
        read_service(books, state / SERVICE)
    finally:
        outbox.close()
    return found + faults_without_paper(books)


def _report_interrupted(outbox: Outbox, ring: KeyRing) -> None:
    """As the daemon does it at its start."""
    keeper = Keeper(outbox, ring, "03", SystemClock())
    for job in keeper.interrupted_jobs():
        keeper.end_job(job, *outcome_words(Unknown(Doubt.INTERRUPTED)))


def _send_all(outbox: Outbox, database: Path, held: set[str]) -> list[str]:
    found: list[str] = []
    service = sqlite3.connect(database, isolation_level=None)
    try:
        while entries := outbox.due(500, 1 << 20):
            operations = [
                Operation(
                    seq=e.seq,
                    op_id=e.op_id,
                    kind=e.kind,
                    order_key=e.order_key,
                    at=e.at,
                    body=e.body,
                    sha256=e.sha256,
                )
                for e in entries
            ]
            examined = tuple(inbox.examine(operation) for operation in operations)
            service.execute("BEGIN IMMEDIATE")
            results = inbox.apply(SqliteConnection(service), "03", examined, datetime.now(UTC))
            service.execute("COMMIT")
            settlements: list[Settlement] = []
            for result in results:
                expected = Receipt.SEEN if result.op_id in held else Receipt.NEW
                if result.receipt is not expected:
                    found.append(f"{result.op_id}: {result.receipt}, not {expected}")
                settlements.append(Done(result.op_id, result.receipt.value))
            outbox.settle(settlements)
    finally:
        service.close()
    return found


def torture(
    events: list[Event], work: Path, cuts: int, seed: int
) -> tuple[Counter[str], list[str]]:
    """Cut so often; how often what was cut, and all faults."""
    rnd = random.Random(seed)
    first = next(n for n, event in enumerate(events) if promised(event, Notes())) + 1
    done: Counter[str] = Counter()
    found: list[str] = []
    for strict in (False, True):
        moments = sorted(rnd.randrange(first, len(events) + 1) for _ in range(-(-cuts // 2)))
        disk, notes, replayed = Disk(strict=strict), Notes(), 0
        for moment in moments:
            for event in events[replayed:moment]:
                disk.replay(event)
                promised(event, notes)
            replayed = moment
            what = rnd.choice(list(CUT))
            state = work / "after"
            state.mkdir()
            disk.cut(rnd, state, CUT[what])
            done[what] += 1
            where = f"cut of {what} after event {moment}, strict={strict}"
            found += [f"{where}: {fault}" for fault in faults_after(state, notes)]
            shutil.rmtree(state)
    return done, found


@dataclass(slots=True)
class Outcome:
    """What was cut, what had been promised in all, and all faults."""

    cuts: Counter[str]
    events: Counter[str]
    notes: Notes
    faults: list[str]


def can_record() -> bool:
    """Whether strace is here and may trace (containers often forbid it)."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], check=False).returncode == 0


def record_and_cut(work: Path, cuts: int, disturbances: int, seed: int) -> Outcome:
    """Record a terminal that is used, and cut."""
    command = [sys.executable, "-m", "benches.torture.cuts", "--live", str(work / "day")]
    command += ["--disturbances", str(disturbances), "--seed", str(seed)]
    events = record(command, work / "day" / "state", work / "strace.log", timeout_s=900)
    done, found = torture(events, work, cuts, seed)
    notes = Notes()
    shows = sum(promised(event, notes) for event in events)
    kinds = Counter(type(event).__name__.lower() for event in events)
    kinds["said"] = shows
    return Outcome(done, kinds, notes, found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=1_000)
    parser.add_argument("--disturbances", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--live", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.live:
        live(asked.live, asked.disturbances, asked.seed)
        return
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        outcome = record_and_cut(Path(place), asked.cuts, asked.disturbances, asked.seed)
    notes = outcome.notes
    print(f"recorded: {dict(outcome.events)}")
    print(f"{len(notes.tickets)} tickets and {len(notes.prints)} ends of prints promised")
    cuts = outcome.cuts
    print(f"{cuts.total()} power cuts: {dict(cuts)}, in {time.monotonic() - begin:.0f} s in all")
    for fault in outcome.faults[:50]:
        print(f"FAULT: {fault}")
    print(f"faults: {len(outcome.faults)}")
    sys.exit(len(outcome.faults) > 0)


if __name__ == "__main__":
    main()
