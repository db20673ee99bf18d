"""`kiosk audit`: the terminal's story, read and checked. Works while it runs and after."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.clock import BEIJING
from kiosk.commands.options import loaded_settings, settings_option
from kiosk.daemon.acts import catalogue, page
from kiosk.daemon.audit import KEY_FILE
from kiosk.daemon.opening import QUEUE_FILE
from offline_queue.audit import AuditBroken, AuditHead, last_records, verify_audit
from offline_queue.database import open_reader
from offline_queue.errors import StorageFailed, typed_errors
from offline_queue.sealing import KeyFileRefused
from offline_queue.signing_key import read_signing_key

BROKEN = 1
UNREADABLE = 3


class RecordLine(msgspec.Struct, frozen=True):
    """One record, for programs."""

    n: int
    at: datetime
    event: str
    fields: dict[str, str]
    sentence: str


class AuditResult(msgspec.Struct, frozen=True):
    """What the check found, for programs. `broken_at` is 0 when the story is whole."""

    n: int
    hash: str
    signed_n: int
    broken_at: int = 0
    why: str = ""


@click.group()
def audit() -> None:
    """The terminal's story: what happened, and that nobody changed it."""


@audit.command("list")
@settings_option
@click.option("--count", default=50, show_default=True, help="So many of the newest.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(files: tuple[Path, ...], count: int, *, as_json: bool) -> None:
    """Show the newest records, oldest of them first. Exit code 3: there is nothing to read."""
    sentences = catalogue()
    with _story(_state_dir(files)) as connection:
        records = last_records(connection, count)
    for record in reversed(records):
        sentence = sentences.sentence(record.event, record.fields)
        at = record.at.astimezone(BEIJING)
        line = RecordLine(record.n, at, record.event, dict(record.fields), sentence)
        shown = f"{record.n:>7}  {at:%Y-%m-%d %H:%M:%S}  {record.event:<20}  {sentence}"
        click.echo(msgspec.json.encode(line).decode() if as_json else shown)


@audit.command()
@settings_option
@click.option(
    "--public-key",
    "keys",
    multiple=True,
    metavar="HEX",
    help="Key that the story must be signed with; this terminal's own unless told.",
)
@click.option(
    "--expect",
    metavar="N:HASH",
    help="A head that somebody kept, such as the central service: it must be in the story.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify(
    files: tuple[Path, ...], keys: tuple[str, ...], expect: str | None, *, as_json: bool
) -> None:
    """Check the whole story. Exit codes: 0 whole, 1 changed or cut, 3 cannot be read."""
    state_dir = _state_dir(files)
    known = [_public(text) for text in keys] or [_own_key(state_dir)]
    expected = None if expect is None else _head(expect)
    try:
        with _story(state_dir) as connection:
            whole = verify_audit(connection, known, expected=expected)
    except AuditBroken as error:
        result = AuditResult(0, "", 0, error.n, error.why)
        _say(result, f"BROKEN at record {error.n}: {error.why}", as_json=as_json)
        raise SystemExit(BROKEN) from error
    result = AuditResult(whole.head.n, whole.head.hash, whole.signed_n)
    said = f"whole: {whole.head.n} records, signed up to {whole.signed_n}, head {whole.head.hash}"
    _say(result, said, as_json=as_json)


@audit.command()
@settings_option
def key(files: tuple[Path, ...]) -> None:
    """Print the public key that this terminal signs with, for checks elsewhere."""
    click.echo(_own_key(_state_dir(files)).public_bytes_raw().hex())


@audit.command("catalogue")
def catalogue_() -> None:
    """Print the page on everything that can stand in the story (docs/audit-catalogue.md)."""
    click.echo(page(), nl=False)


COMMANDS = (audit,)


def _say(result: AuditResult, sentence: str, *, as_json: bool) -> None:
    click.echo(msgspec.json.encode(result).decode() if as_json else sentence)


def _state_dir(files: tuple[Path, ...]) -> Path:
    return Path(loaded_settings(files).paths.state_dir)


@contextmanager
def _story(state_dir: Path) -> Generator[sqlite3.Connection]:
    """The queue's file as it is at one moment, read-only; ends the command where there is none."""
    try:
        connection = open_reader(state_dir / QUEUE_FILE)
    except StorageFailed as error:
        _give_up(f"{state_dir / QUEUE_FILE}: {error}")
    try:
        with typed_errors():
            connection.execute("BEGIN")
            yield connection
    except (StorageFailed, sqlite3.Error) as error:
        _give_up(f"{state_dir / QUEUE_FILE}: {error}")
    finally:
        connection.close()


def _own_key(state_dir: Path) -> Ed25519PublicKey:
    try:
        return read_signing_key(state_dir / KEY_FILE).public_key()
    except KeyFileRefused as error:
        _give_up(str(error))


def _public(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError as error:
        raise click.BadParameter("a public key is 64 hexadecimal digits") from error


def _head(text: str) -> AuditHead:
    number, _, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise click.BadParameter("a head is its number, a colon, and 64 hexadecimal digits")
    return AuditHead(int(number), digest)


def _give_up(why: str) -> NoReturn:
    click.echo(why, err=True)
    raise SystemExit(UNREADABLE)
