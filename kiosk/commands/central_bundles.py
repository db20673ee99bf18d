"""The support bundles that terminals sent: list them, fetch one to open it in the office."""

from datetime import UTC
from pathlib import Path

import click
import msgspec

from central.admin import Admin, BundleWanted
from kiosk.commands.central_options import asked, dir_option, json_option
from kiosk.commands.options import FILE
from offline_queue.durable_file import write_durably


class FetchedBundle(msgspec.Struct, frozen=True):
    """What `get --json` says."""

    terminal: str
    bundle_id: str
    file: str


@click.group()
def bundles() -> None:
    """Support bundles that terminals sent, sealed to the office's key."""


@bundles.command("list")
@dir_option
@json_option
def list_(directory: Path, *, as_json: bool) -> None:
    """List them, by terminal, the newest of each first."""
    rows = asked(Admin(directory).bundles())
    if as_json:
        click.echo(msgspec.json.encode(rows).decode())
        return
    for one in rows:
        click.echo(
            f"{one.received_at.astimezone(UTC):%Y-%m-%d %H:%M}  {one.terminal:<10}"
            f"{one.size_bytes:>9} bytes  {one.bundle_id}"
        )


@bundles.command()
@dir_option
@click.argument("terminal")
@click.argument("bundle_id", required=False)
@click.option("--to", "folder", type=FILE, default=Path(), help="Folder; here unless told.")
@json_option
def get(
    directory: Path, terminal: str, bundle_id: str | None, folder: Path, *, as_json: bool
) -> None:
    """Fetch a TERMINAL's bundle, the newest unless one is named, for `kiosk bundle show`."""
    admin = Admin(directory)
    if bundle_id is None:
        bundle_id = next(
            (one.bundle_id for one in asked(admin.bundles()) if one.terminal == terminal), None
        )
        if bundle_id is None:
            raise click.ClickException(f"no bundle of terminal {terminal}")
    content = asked(admin.bundle(BundleWanted(terminal, bundle_id)))
    path = folder / f"terminal-{terminal}-{bundle_id}.kioskbundle"
    try:
        write_durably(path, content)
    except OSError as error:
        raise click.ClickException(f"{folder}: {error.strerror}") from error
    fetched = FetchedBundle(terminal, bundle_id, str(path))
    click.echo(msgspec.json.encode(fetched).decode() if as_json else fetched.file)
