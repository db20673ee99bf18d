"""Gathers a bundle. Works while the terminal runs and while it does not."""

import os
import platform
import sqlite3
import ssl
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import distributions, version
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec.structs import replace

from config.explain import explained
from kiosk import messages as m
from kiosk.bundle.contents import (
    FORMAT,
    Act,
    Bundle,
    DeviceNow,
    Head,
    Machine,
    Owed,
    SettingRow,
)
from kiosk.bundle.scrub import scrubbed, without_credentials
from kiosk.daemon.audit import KEY_FILE as AUDIT_KEY_FILE
from kiosk.daemon.opening import QUEUE_FILE
from kiosk.health.doctor import examine
from kiosk.health.faults import diagnosis
from kiosk.picture_messages import PartKind, ScreenPicture
from kiosk.queue_export import said_reason
from kiosk.settings.loading import loaded
from kiosk.staff import SOCKET_NAME, NotRunning, ask_picture
from kiosk.staff_messages import NotDone
from kiosk.text.catalogue import catalogue
from offline_queue.audit import AuditBroken, last_records, verify_audit
from offline_queue.database import open_reader
from offline_queue.errors import OutboxError, typed_errors
from offline_queue.looking import parked_entries, waiting
from offline_queue.sealing import KeyFileRefused
from offline_queue.signing_key import read_signing_key

ACTS = 1000
LOG_LINES = 5000
OWED_AT_MOST = 10_000
JOURNAL_WITHIN_S = 30.0

Journal = Callable[[int], Iterable[str]]
"""The newest lines of the terminal's log, oldest first."""


class NoJournal(RuntimeError):
    """The system's log cannot be read, and why."""


def systemd_journal(count: int) -> list[str]:
    """The log that systemd keeps of our units.

    Raises:
        NoJournal: there is none, or this user may not read it.
    """
    units = [f"--unit=kiosk-{name}" for name in ("daemon", "screen", "display", "central")]
    command = ["journalctl", "--no-pager", "--output=short-iso", f"--lines={count}", *units]
    try:
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=JOURNAL_WITHIN_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NoJournal(type(error).__name__) from error
    return ran.stdout.splitlines()


async def gather(
    files: Sequence[Path],
    environment: Mapping[str, str],
    now: Callable[[], datetime],
    journal: Journal = systemd_journal,
) -> Bundle:
    """Look at everything and keep what may leave the terminal.

    Raises:
        WrongSetting: the settings cannot be used: `kiosk doctor` says why.
    """
    whole = loaded(files, environment)
    settings = whole.settings
    state_dir = Path(settings.paths.state_dir)
    seen = await examine(files, environment, now, deep=True)
    missing: list[str] = []
    acts, head, owed = _story_and_owed(state_dir, missing)
    screen = await _screen(state_dir / SOCKET_NAME, missing)
    try:
        log = tuple(scrubbed(journal(LOG_LINES)))
    except NoJournal as error:
        log = ()
        missing.append(f"log: {error}")
    return Bundle(
        format=FORMAT,
        made_at=now(),
        terminal=settings.terminal.number,
        version=version("invoice-terminal"),
        machine=_machine(state_dir),
        now=None if seen.status is None else _now(seen.status),
        faults=tuple(diagnosis(one, "en") for one in seen.faults),
        stages=seen.stages,
        settings=tuple(
            SettingRow(f"{row.section}.{row.key}", _setting(row.value), row.origin)
            for row in explained(whole.layers)
        ),
        acts=acts,
        head=head,
        owed=owed,
        log=log,
        missing=tuple(missing),
        screen=screen,
    )


async def _screen(socket: Path, missing: list[str]) -> ScreenPicture | None:
    try:
        picture = await ask_picture(socket)
    except NotRunning:
        picture = NotDone("the daemon does not answer")
    if isinstance(picture, NotDone):
        missing.append(f"screen: {picture.why}")
        return None
    # The types let no text through but a key: here only keys that are ours.
    known = catalogue(picture.language)
    parts = tuple(
        replace(one, kind=PartKind.DATA, key="") if one.key and one.key not in known else one
        for one in picture.parts
    )
    return replace(picture, parts=parts)


def _setting(value: str | float) -> str | float:
    return without_credentials(value) if isinstance(value, str) else value


def _now(status: m.Status) -> DeviceNow:
    return DeviceNow(
        situation=status.situation,
        link=status.link,
        link_why=status.link_why,
        printer=status.printer,
        scanner=status.scanner,
        a4=status.a4,
        clock=status.clock,
        waiting=status.waiting,
        parked=status.parked,
        started_at=status.started_at,
    )


def _story_and_owed(
    state_dir: Path, missing: list[str]
) -> tuple[tuple[Act, ...], Head | None, tuple[Owed, ...]]:
    try:
        connection = open_reader(state_dir / QUEUE_FILE)
    except OutboxError as error:
        missing.append(f"queue: {type(error).__name__}")
        return (), None, ()
    try:
        with typed_errors():
            owed = _owed(connection)
            records = reversed(last_records(connection, ACTS))
            acts = tuple(Act(one.n, one.at, one.event, dict(one.fields)) for one in records)
            return acts, _head(connection, state_dir, missing), owed
    except OutboxError as error:
        missing.append(f"queue: {type(error).__name__}")
        return (), None, ()
    finally:
        connection.close()


def _head(connection: sqlite3.Connection, state_dir: Path, missing: list[str]) -> Head | None:
    try:
        key: Ed25519PublicKey = read_signing_key(state_dir / AUDIT_KEY_FILE).public_key()
        found = verify_audit(connection, [key])
    except AuditBroken as error:
        return Head(0, "", error.n)
    except (KeyFileRefused, FileNotFoundError) as error:
        missing.append(f"audit head: {type(error).__name__}")
        return None
    return Head(found.head.n, found.head.hash)


def _owed(connection: sqlite3.Connection) -> tuple[Owed, ...]:
    counts: dict[tuple[str, str, str], tuple[int, datetime]] = {}
    standings = [
        *(
            (one.kind, "waiting", said_reason(one.reason), one.at)
            for one in waiting(connection, 0, OWED_AT_MOST)
        ),
        *(
            (one.kind, "parked", said_reason(one.reason), one.at)
            for one in parked_entries(connection)
        ),
    ]
    for kind, state, reason, at in standings:
        count, oldest = counts.get((kind, state, reason), (0, at))
        counts[kind, state, reason] = (count + 1, min(oldest, at))
    return tuple(Owed(*key, count, oldest) for key, (count, oldest) in counts.items())


def _machine(state_dir: Path) -> Machine:
    memory = _meminfo()
    disk = os.statvfs(state_dir if state_dir.is_dir() else "/")
    return Machine(
        system=_system(),
        kernel=platform.release(),
        python=platform.python_version(),
        openssl=ssl.OPENSSL_VERSION,
        sqlite=sqlite3.sqlite_version,
        up_s=float(Path("/proc/uptime").read_text(encoding="ascii").split()[0]),
        memory_total_mib=memory.get("MemTotal", 0) >> 10,
        memory_free_mib=memory.get("MemAvailable", 0) >> 10,
        disk_total_mib=disk.f_blocks * disk.f_frsize >> 20,
        disk_free_mib=disk.f_bavail * disk.f_frsize >> 20,
        packages={one.name: one.version for one in distributions()},
        sizes={
            path.name: path.stat().st_size
            for path in state_dir.glob("*")
            if path.is_file() and path.name.startswith(("queue.", "audit."))
        },
    )


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""


def _meminfo() -> dict[str, int]:
    """KiB by name (proc(5))."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return {line.split(":")[0]: int(line.split()[1]) for line in lines}
