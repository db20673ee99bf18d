"""What the terminal holds of people, read from the disk itself, and how it is all ended."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from config.schema import Settings
from kiosk.clock import BEIJING
from kiosk.daemon.audit import KEY_FILE as AUDIT_KEY_FILE
from kiosk.daemon.backups import backup_folder
from kiosk.daemon.identity import FOLDER
from kiosk.daemon.opening import KEY_FILE, QUEUE_FILE
from offline_queue.backup import backups
from offline_queue.database import Ownership, fsync_directory, open_reader
from offline_queue.durable_file import overwrite_and_remove
from offline_queue.errors import typed_errors

SEALED = "sealed (AES-256-GCM)"
CLEAR = "in clear: numbers, times and causes, nothing of an invoice or a person"


class Held(msgspec.Struct, frozen=True):
    """One kind of thing that is held.

    Attributes:
        what: what it is.
        where: the file or the process that holds it.
        count: how many there are now; None when that cannot be counted from outside.
        guarded: how it is kept from being read.
        until: when it will be gone.
    """

    what: str
    where: str
    count: int | None
    guarded: str
    until: str


class StillOwed(RuntimeError):
    """There are operations that the service has not got."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} operations")
        self.count = count


def report(settings: Settings) -> list[Held]:
    """What is held now.

    Raises:
        StorageFailed: the queue's file cannot be read.
    """
    state_dir = Path(settings.paths.state_dir)
    queue = state_dir / QUEUE_FILE
    periods = settings.retention
    longest_s = settings.visit.idle_large_text_s + settings.visit.warning_s
    held = [
        Held(
            "the visit that is going on: reference, verdict, ticket",
            "memory of the daemon and the screen",
            None,
            "in memory; never written in clear",
            f"the end of the visit, at most {longest_s} s after the last touch",
        )
    ]
    if queue.exists():
        held += _in_the_queue(queue, settings)
    folder = backup_folder(settings)
    copies = backups(folder) if folder.is_dir() else []
    keep = timedelta(minutes=settings.backup.every_minutes) * settings.backup.keep
    held.append(
        Held(
            "copies of the queue",
            str(folder),
            len(copies),
            f"bodies and secrets {SEALED}; the rest as in the queue",
            f"{settings.backup.keep} newer copies are made, {_hours(keep)} when all goes well",
        )
    )
    every = settings.backup.upload_every_hours
    held.append(
        Held(
            "copies of the queue at the central service",
            (settings.service.url or "the central service") if every else "none are sent",
            None if every else 0,
            f"the whole copy {SEALED}; the key never leaves the terminal",
            f"5 newer ones are made, {_hours(timedelta(hours=every) * 5)} when all goes well",
        )
    )
    lost = sorted(state_dir.glob(f"{QUEUE_FILE}.lost-*")) if state_dir.is_dir() else []
    if lost:
        held.append(
            Held(
                "files that a restore put aside",
                ", ".join(str(path) for path in lost),
                len(lost),
                f"bodies and secrets {SEALED}",
                "somebody removes them by hand",
            )
        )
    held.append(
        Held(
            "records of the audit",
            str(queue),
            _count(queue, "select count(*) from audit") if queue.exists() else 0,
            CLEAR,
            f"{periods.audit_days} days after the act",
        )
    )
    return held


def _in_the_queue(queue: Path, settings: Settings) -> list[Held]:
    days = settings.retention.done_days
    oldest = _one(queue, "select min(at) from operations")
    since = f", the oldest since {_day(oldest)}" if oldest else ""
    return [
        Held(
            f"acts that the service has not got{since}",
            str(queue),
            _count(queue, "select count(*) from operations"),
            SEALED,
            "the service holds them; parked ones until staff decide",
        ),
        Held(
            "applications for invoices: what a repetition is known by; amounts in clear",
            str(queue),
            _count(queue, "select count(*) from application"),
            f"{SEALED}; ids, days and amounts in clear, nobody's name beside them",
            f"{days} days after they were made, never before the service has them",
        ),
        Held(
            "businesses that applied here, and their terms",
            str(queue),
            _count(queue, "select count(*) from business"),
            SEALED,
            f"{days} days after the service was last asked for them",
        ),
        Held(
            "traces of acts that the service has",
            str(queue),
            _count(queue, "select count(*) from done"),
            CLEAR,
            f"{days} days after they were sent",
        ),
        Held(
            "tickets that were given: their secrets",
            str(queue),
            _count(queue, "select count(*) from ticket"),
            f"secret {SEALED}; the invoice only as a SHA-256 of its reference",
            f"{days} days after they were given, and not before they were sent",
        ),
        Held(
            "print jobs: what stood on the screen",
            str(queue),
            _count(queue, "select count(*) from job where shown is not null"),
            SEALED,
            "the end of the visit, or the next start of the terminal",
        ),
        Held(
            "print jobs: number, copy, outcome",
            str(queue),
            _count(queue, "select count(*) from job"),
            CLEAR,
            f"{days} days after they ended",
        ),
    ]


def _hours(span: timedelta) -> str:
    return f"{span / timedelta(hours=1):g} hours"


def _count(queue: Path, question: str) -> int:
    return int(_one(queue, question) or 0)


def _one(queue: Path, question: str) -> str | int | None:
    connection = open_reader(queue)
    try:
        with typed_errors():
            row = connection.execute(question).fetchone()
    except sqlite3.OperationalError:
        return 0  # a file from before this table
    finally:
        connection.close()
    return row[0]


def _day(at: str | int) -> str:
    return datetime.fromisoformat(str(at)).astimezone(BEIJING).date().isoformat()


def decommission(settings: Settings, *, even_if_owed: bool = False) -> list[Path]:
    """Throw the keys away, then the files; what was removed.

    The key goes first: from then on every copy, wherever it lies, is noise.

    Raises:
        OwnedElsewhere: the terminal is running.
        StillOwed: operations were not sent, and it was not said that this does not matter.
        OutboxError: the file cannot be read.
        OSError: the disk refused; it can be run again.
    """
    state_dir = Path(settings.paths.state_dir)
    queue = state_dir / QUEUE_FILE
    ownership = Ownership(queue)
    try:
        owed = _count(queue, "select count(*) from operations") if queue.exists() else 0
        if owed and not even_if_owed:
            raise StillOwed(owed)
        removed: list[Path] = []
        identity = (state_dir / FOLDER).glob("*.pem")  # certificate with its key, and the next key
        for key in (state_dir / KEY_FILE, state_dir / AUDIT_KEY_FILE, *identity):
            if key.exists():
                overwrite_and_remove(key)
                removed.append(key)
        folder = backup_folder(settings)
        copies = backups(folder) if folder.is_dir() else []
        # Copies that were fetched, files put aside, ballast: all that bears the queue's name.
        for path in (*sorted(state_dir.glob(f"{QUEUE_FILE}*")), *copies):
            if path.name != f"{QUEUE_FILE}.lock":
                path.unlink()
                removed.append(path)
        fsync_directory(state_dir)
    finally:
        ownership.give_up()
    return removed
