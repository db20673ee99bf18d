"""`kiosk bundle`: how a terminal is, in one sealed file for the office."""

import asyncio
import os
import secrets
import zlib
from datetime import datetime
from pathlib import Path

import click
import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from central.client import CentralClient
from central.failure import Failure
from central.identity import UnusableIdentity
from config.load import WrongSetting
from config.schema import Settings
from kiosk.bundle.contents import Bundle
from kiosk.bundle.gathering import gather
from kiosk.bundle.picturing import draw
from kiosk.bundle.sealing import NotOpened, seal, unseal
from kiosk.bundle.sending import TooLarge
from kiosk.bundle.sending import send as hand_over
from kiosk.clock import BEIJING
from kiosk.commands.options import FILE, loaded_settings, settings_option
from kiosk.daemon.identity import terminal_access
from kiosk.fonts import fonts_dir
from kiosk.text.catalogue import UnknownKey
from offline_queue.durable_file import write_durably

NOT_DONE = 1
MAX_BYTES = 64 << 20
"""Of a bundle's content: a real one has less than one."""

_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


class MadeKey(msgspec.Struct, frozen=True):
    """What `make-key --json` says: the private key's file, and the public key for settings."""

    key_file: str
    office_key: str


class MadeBundle(msgspec.Struct, frozen=True):
    """What `make --json` says: the file, and what could not be read for it."""

    file: str
    missing: tuple[str, ...]


class SentBundle(msgspec.Struct, frozen=True):
    """What `send --json` says: what the service calls it, and what could not be read for it."""

    bundle_id: str
    size_bytes: int
    missing: tuple[str, ...]


@click.group()
def bundle() -> None:
    """One sealed file that says how the terminal is, for the office. Exit code 1: not done.

    Nothing of a person is in it, and no secret; only the office's key opens it.
    """


@bundle.command("make-key")
@click.argument("key_file", type=FILE)
@_json
def make_key(key_file: Path, *, as_json: bool) -> None:
    """Make the office's key, in KEY_FILE; it stays in the office. Prints the line for hall.toml."""
    if key_file.exists():
        raise click.ClickException(f"{key_file} is there already")
    key = X25519PrivateKey.generate()
    try:
        write_durably(key_file, key.private_bytes_raw().hex().encode() + b"\n")
    except OSError as error:
        raise click.ClickException(f"{key_file}: {error.strerror}") from error
    public = key.public_key().public_bytes_raw().hex()
    if as_json:
        click.echo(msgspec.json.encode(MadeKey(str(key_file), public)).decode())
    else:
        click.echo(f'[support]\noffice_key = "{public}"')


@bundle.command()
@settings_option
@click.option("--to", "folder", type=FILE, default=Path(), help="Folder; here unless told.")
@_json
def make(files: tuple[Path, ...], folder: Path, *, as_json: bool) -> None:
    """Gather everything, seal it to [support] office_key, and write it to a folder or a stick."""
    made, sealed = _made(files, loaded_settings(files))
    try:
        path = folder / f"terminal-{made.terminal}-{made.made_at:%Y%m%d-%H%M%S}.kioskbundle"
        write_durably(path, sealed)
    except OSError as error:
        raise click.ClickException(f"{folder}: {error.strerror}") from error
    if as_json:
        click.echo(msgspec.json.encode(MadeBundle(str(path), made.missing)).decode())
        return
    for what in made.missing:
        click.echo(f"not in it: {what}", err=True)
    click.echo(str(path))


@bundle.command()
@settings_option
@_json
def send(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Gather everything, seal it, and hand it to the central service, which cannot read it.

    The terminal must be enrolled; it need not run. Said to be sent only when the service has
    answered with the digest of the whole. In the office: `kiosk central bundles get TERMINAL`.
    """
    settings = loaded_settings(files)
    try:
        access = terminal_access(settings)
    except (OSError, UnusableIdentity) as error:
        raise click.ClickException(f"the identity cannot be used: {error}") from error
    if access is None:
        raise click.ClickException("this terminal is not enrolled: kiosk enroll CODE")
    made, sealed = _made(files, settings)
    bundle_id = f"{made.made_at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    client = CentralClient.with_access(access, settings.terminal.number)
    try:
        failure = asyncio.run(_handed_over(client, sealed, bundle_id))
    except TooLarge as error:
        raise click.ClickException(str(error)) from error
    if failure is not None:
        raise click.ClickException(f"not sent: {failure}; `kiosk bundle make` writes a file")
    sent = SentBundle(bundle_id, len(sealed), made.missing)
    if as_json:
        click.echo(msgspec.json.encode(sent).decode())
        return
    for what in sent.missing:
        click.echo(f"not in it: {what}", err=True)
    click.echo(f"sent: {sent.bundle_id}, {sent.size_bytes} bytes")


@bundle.command()
@click.argument("file", type=FILE)
@click.option("--key", "key_file", type=FILE, required=True, help="What make-key made.")
@click.option("--log", "with_log", is_flag=True, help="The log too.")
@click.option("--picture", type=FILE, help="PNG file to write: the screen, grey for all data.")
@_json
def show(
    file: Path, key_file: Path, picture: Path | None, *, with_log: bool, as_json: bool
) -> None:
    """Open a bundle: what is wrong with the terminal first, then how it is."""
    try:
        key = bytes.fromhex(key_file.read_text(encoding="ascii").strip())
        opened = _opened(file.read_bytes(), key)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    except (NotOpened, ValueError) as error:
        raise click.ClickException(f"{file}: {error}") from error
    click.echo(msgspec.json.encode(opened).decode() if as_json else _said(opened))
    if with_log and not as_json:
        click.echo("\n".join(opened.log))
    if picture is not None:
        _write_picture(opened, picture)


COMMANDS = (bundle,)


def _made(files: tuple[Path, ...], settings: Settings) -> tuple[Bundle, bytes]:
    """The bundle, open and sealed."""
    office_key = settings.support.office_key
    if not office_key:
        raise click.ClickException(
            "no [support] office_key: `kiosk bundle make-key` in the office gives it"
        )
    try:
        made = asyncio.run(gather(files, os.environ, lambda: datetime.now(BEIJING)))
        return made, seal(zlib.compress(msgspec.json.encode(made)), bytes.fromhex(office_key))
    except (WrongSetting, ValueError) as error:
        raise click.ClickException(str(error)) from error


async def _handed_over(client: CentralClient, sealed: bytes, bundle_id: str) -> Failure | None:
    async with client:
        return await hand_over(sealed, bundle_id, client.bundles)


def _opened(sealed: bytes, key: bytes) -> Bundle:
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(unseal(sealed, key), MAX_BYTES)
    if not unpacking.eof:
        raise NotOpened("larger than a bundle can be")
    return msgspec.json.decode(content, type=Bundle)


def _write_picture(opened: Bundle, path: Path) -> None:
    if opened.screen is None:
        raise click.ClickException("no picture of the screen is in it")
    try:
        draw(opened.screen, fonts_dir()).save(path, format="PNG")
    except OSError as error:
        raise click.ClickException(f"{path}: {error}") from error
    except UnknownKey as error:
        raise click.ClickException(f"another version's bundle: no sentence {error}") from error


def _said(one: Bundle) -> str:
    lines = [f"terminal {one.terminal}, version {one.version}, {one.made_at:%Y-%m-%d %H:%M:%S}"]
    for fault in sorted(one.faults, key=lambda each: not each.grave):
        mark = "WRONG " if fault.grave else "notice"
        lines += [f"{mark}  {fault.what}  [{fault.id}]", f"        {fault.next}"]
    errors = sum(" ERROR " in line or " CRITICAL " in line for line in one.log)
    if errors:
        lines.append(f"notice  {errors} errors in the log")
    lines += [f"missing {what}" for what in one.missing]
    if one.now is None:
        lines.append("the daemon did not run")
    else:
        now = one.now
        lines.append(f"link {now.link} ({now.link_why}), printer {now.printer}, {now.scanner}")
    if one.screen is not None:
        seen = one.screen
        looks = ", large" * seen.large_text + ", high contrast" * seen.high_contrast
        lines.append(
            f"screen {seen.situation}, {seen.language}{looks}, {seen.width_px}x{seen.height_px} px"
        )
    box = one.machine
    lines.append(f"{box.system}, kernel {box.kernel}, up {box.up_s / 3600:.1f} h")
    lines.append(
        f"memory {box.memory_free_mib} of {box.memory_total_mib} MiB free,"
        f" disk {box.disk_free_mib} of {box.disk_total_mib} MiB free"
    )
    lines += [
        f"owed: {owed.count} {owed.kind} {owed.state} {owed.reason},"
        f" oldest {owed.oldest_at:%F %H:%M}"
        for owed in one.owed
    ]
    if one.head is not None:
        lines.append(f"story: {one.head.n} records, {one.head.hash}")
    lines += [
        f"set: {row.name} = {row.value}  ({row.origin})"
        for row in one.settings
        if _is_set(row.origin)
    ]
    lines += [
        f"{act.n:>7}  {act.at:%F %H:%M:%S}  {act.event} {_fields(act.fields)}"
        for act in one.acts[-40:]
    ]
    return "\n".join(lines)


def _is_set(origin: str) -> bool:
    return origin != "default"


def _fields(fields: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in fields.items())
