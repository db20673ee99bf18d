"""`kiosk backup`: copies of what the terminal owes, and the way back from one."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from central.client import CentralClient
from central.contract import BackupListAnswer, BackupPartAnswer
from central.identity import UnusableIdentity
from config.schema import Settings
from kiosk import staff_messages as s
from kiosk.clock import BEIJING
from kiosk.commands.options import FILE, daemon_socket, loaded_settings, settings_option
from kiosk.daemon.audit import KEY_FILE as AUDIT_KEY_FILE
from kiosk.daemon.backups import backup_folder
from kiosk.daemon.identity import terminal_access
from kiosk.daemon.opening import KEY_FILE, QUEUE_FILE
from kiosk.daemon.sealed_copy import open_copy
from kiosk.staff import NotRunning, ask
from offline_queue.backup import backups, check, restore
from offline_queue.durable_file import write_durably
from offline_queue.errors import OutboxError, OwnedElsewhere
from offline_queue.sealing import KeyFileRefused, KeyRing

REFUSED = 1
RUNNING = 3
MADE_WITHIN_S = 300.0
SERVICE_WITHIN_S = 30.0


class CopyLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One copy, for programs. Counts are there once it was verified."""

    name: str
    place: str
    size_bytes: int
    made_at: datetime
    kept: int | None = None
    traces: int | None = None
    trouble: str = ""


class RestoreResult(msgspec.Struct, frozen=True):
    """What a restore did, for programs (see `offline_queue.backup.Restored`)."""

    copy: str
    generation: int
    waiting: int
    parked_as_too_old: int
    aside: str


_json = click.option("--json", "as_json", is_flag=True, help="For programs.")
_from_service = click.option("--service", is_flag=True, help="The copies at the central service.")


@click.group()
def backup() -> None:
    """Copies of what the terminal owes. Exit codes: 1 refused, 3 not running (or running)."""


@backup.command()
@settings_option
def now(files: tuple[Path, ...]) -> None:
    """Make a copy now, at the second place and at the service. The terminal must be running."""
    socket = daemon_socket(loaded_settings(files))
    try:
        answer = asyncio.run(ask(socket, s.BackUp(), within_s=MADE_WITHIN_S))
    except NotRunning as error:
        _end(str(error), RUNNING)
    if isinstance(answer, s.NotDone):
        _end(answer.why, REFUSED)
    click.echo(answer.what if isinstance(answer, s.Acted) else "")


@backup.command("list")
@settings_option
@_from_service
@_json
def list_(files: tuple[Path, ...], *, service: bool, as_json: bool) -> None:
    """List the copies, newest first."""
    settings = loaded_settings(files)
    for line in _at_service(settings) if service else _at_second_place(settings):
        _say(line, as_json=as_json)


@backup.command()
@settings_option
@click.argument("copies", nargs=-1, type=FILE)
@_json
def verify(files: tuple[Path, ...], copies: tuple[Path, ...], *, as_json: bool) -> None:
    """Open copies (all, unless some are named) and read every row. Exit code 1: one is bad."""
    settings = loaded_settings(files)
    ring = _own_keys(settings)
    bad = 0
    for path in copies or backups(backup_folder(settings)):
        line = _line(path)
        try:
            checked = check(path, ring)
        except OutboxError as error:
            bad += 1
            said = msgspec.structs.replace(line, trouble=f"{type(error).__name__}: {error}")
        else:
            said = msgspec.structs.replace(line, kept=checked.kept, traces=checked.traces)
        _say(said, as_json=as_json)
    if bad:
        raise SystemExit(REFUSED)


@backup.command("restore")
@settings_option
@click.argument("copy", required=False)
@click.option("--service", is_flag=True, help="Fetch the copy from the central service.")
@click.option(
    "--keys",
    "keys_dir",
    type=FILE,
    help=f"Folder with {KEY_FILE} and {AUDIT_KEY_FILE}, when the terminal's own are lost.",
)
@_json
def restore_(
    files: tuple[Path, ...],
    copy: str | None,
    keys_dir: Path | None,
    *,
    service: bool,
    as_json: bool,
) -> None:
    """Put a copy (the newest, unless one is named) in the place of the queue.

    The terminal must not run. What waits in the copy is asked about again under its old id, so
    nothing is done twice; the file that was in place stays beside it.
    """
    settings = loaded_settings(files)
    state_dir = Path(settings.paths.state_dir)
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if keys_dir is not None:
        _bring_keys(keys_dir, state_dir)
    ring = _own_keys(settings)
    path = _fetched(settings, copy, ring) if service else _chosen(settings, copy)
    try:
        done = restore(path, state_dir / QUEUE_FILE, ring, now=datetime.now(BEIJING))
    except OwnedElsewhere:
        _end("the terminal is running: stop it first", RUNNING)
    except OutboxError as error:
        _end(f"{path.name}: {type(error).__name__}: {error}", REFUSED)
    finally:
        if service:
            path.unlink(missing_ok=True)
    result = RestoreResult(
        path.name, done.generation, done.waiting, done.parked_as_too_old, str(done.aside or "")
    )
    if as_json:
        click.echo(msgspec.json.encode(result).decode())
        return
    click.echo(
        f"restored {result.copy}: generation {result.generation}, {result.waiting} waiting"
        f" (most of them asked about for the second time), {result.parked_as_too_old} too old"
        " and left to a person"
    )
    if result.aside:
        click.echo(f"the file that was in place is now {result.aside}")


COMMANDS = (backup,)


def _own_keys(settings: Settings) -> KeyRing:
    try:
        return KeyRing.from_file(Path(settings.paths.state_dir) / KEY_FILE)
    except KeyFileRefused as error:
        _end(f"{error}; without the key no copy can be opened (--keys)", REFUSED)


def _bring_keys(keys_dir: Path, state_dir: Path) -> None:
    """Take keys that were kept elsewhere; those that the terminal has are never overwritten."""
    for name in (KEY_FILE, AUDIT_KEY_FILE):
        source, target = keys_dir / name, state_dir / name
        if not source.exists():
            _end(f"{source} is not there", REFUSED)
        if target.exists() and target.read_bytes() != source.read_bytes():
            _end(f"{target} is another key: move it away first", REFUSED)
        write_durably(target, source.read_bytes())


def _chosen(settings: Settings, copy: str | None) -> Path:
    folder = backup_folder(settings)
    if copy is not None:
        return next((path for path in (Path(copy), folder / copy) if path.exists()), Path(copy))
    newest = backups(folder)
    if not newest:
        _end(f"no copy in {folder}", REFUSED)
    return newest[0]


def _fetched(settings: Settings, copy: str | None, ring: KeyRing) -> Path:
    """A copy from the service, opened and laid beside the queue."""
    if copy is None:
        lines = _at_service(settings)
        if not lines:
            _end("the service holds no copy of this terminal", REFUSED)
        copy = lines[0].name
    parts = asyncio.run(_fetch(settings, copy))
    try:
        content = open_copy(parts, copy, ring)
    except OutboxError as error:
        _end(f"{copy}: {type(error).__name__}: {error}", REFUSED)
    path = Path(settings.paths.state_dir) / f"{QUEUE_FILE}.fetched"
    write_durably(path, content)
    return path


async def _fetch(settings: Settings, copy: str) -> list[bytes]:
    contents: list[bytes] = []
    async with _client(settings) as client:
        while True:
            answer = await client.backup_part(copy, len(contents) + 1, SERVICE_WITHIN_S)
            if not isinstance(answer, BackupPartAnswer):
                _end(f"the service does not give it: {answer}", REFUSED)
            contents.append(answer.content)
            if len(contents) == answer.parts:
                return contents


def _at_service(settings: Settings) -> list[CopyLine]:
    async def asked() -> list[CopyLine]:
        async with _client(settings) as client:
            answer = await client.backups(SERVICE_WITHIN_S)
        if not isinstance(answer, BackupListAnswer):
            _end(f"the service does not say: {answer}", REFUSED)
        return [
            CopyLine(one.backup_id, "service", one.size_bytes, one.received_at)
            for one in answer.backups
        ]

    return asyncio.run(asked())


def _client(settings: Settings) -> CentralClient:
    try:
        access = terminal_access(settings)
        if access is None:
            _end("this terminal is not enrolled: kiosk enroll CODE", REFUSED)
        return CentralClient.with_access(access, settings.terminal.number)
    except (OSError, UnusableIdentity) as error:
        _end(f"the identity cannot be used: {error}", REFUSED)


def _at_second_place(settings: Settings) -> list[CopyLine]:
    return [_line(path) for path in backups(backup_folder(settings))]


def _line(path: Path) -> CopyLine:
    try:
        stat = path.stat()
    except OSError as error:
        _end(f"{path}: {error.strerror}", REFUSED)
    made_at = datetime.fromtimestamp(stat.st_mtime, BEIJING)
    return CopyLine(str(path), "second_place", stat.st_size, made_at)


def _say(line: CopyLine, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(line).decode())
        return
    found = ""
    if line.trouble:
        found = f"  BAD: {line.trouble}"
    elif line.kept is not None:
        found = f"  sound: {line.kept} operations, {line.traces} traces"
    click.echo(f"{line.made_at:%Y-%m-%d %H:%M:%S}  {line.size_bytes:>9}  {line.name}{found}")


def _end(why: str, code: int) -> NoReturn:
    click.echo(why, err=True)
    raise SystemExit(code)
