"""`kiosk privacy`: what is held of people, where, until when; and the end of it all."""

from pathlib import Path

import click
import msgspec

from kiosk.commands.options import loaded_settings, settings_option
from kiosk.privacy import Held, StillOwed, decommission, report
from offline_queue.errors import OutboxError, OwnedElsewhere

REFUSED = 1
RUNNING = 3


@click.group()
def privacy() -> None:
    """What this terminal holds of people."""


@privacy.command("report")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def report_(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Say what is held now, where, how it is guarded, and until when. Exit code 1: unreadable."""
    try:
        held = report(loaded_settings(files))
    except OutboxError as error:
        click.echo(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(REFUSED) from error
    if as_json:
        click.echo(msgspec.json.encode(held).decode())
        return
    for one in held:
        click.echo(_said(one))


@click.command("decommission")
@settings_option
@click.option("--yes", is_flag=True, help="Really: this cannot be undone.")
@click.option("--even-if-owed", is_flag=True, help="Although operations were not sent yet.")
def decommission_(files: tuple[Path, ...], *, yes: bool, even_if_owed: bool) -> None:
    """Make everything that this terminal holds unreadable for ever, in every copy.

    The terminal must not run. Exit codes: 1 refused, 3 it is running.
    """
    if not yes:
        click.echo("nothing was done: say --yes", err=True)
        raise SystemExit(REFUSED)
    try:
        removed = decommission(loaded_settings(files), even_if_owed=even_if_owed)
    except OwnedElsewhere as error:
        click.echo("the terminal is running: stop it first", err=True)
        raise SystemExit(RUNNING) from error
    except StillOwed as error:
        click.echo(f"{error.count} operations were not sent: send them first", err=True)
        raise SystemExit(REFUSED) from error
    except (OutboxError, OSError) as error:
        click.echo(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(REFUSED) from error
    for path in removed:
        click.echo(f"gone: {path}")


COMMANDS = (privacy, decommission_)


def _said(held: Held) -> str:
    count = "not counted" if held.count is None else held.count
    return (
        f"{held.what}: {count}\n"
        f"    where    {held.where}\n"
        f"    guarded  {held.guarded}\n"
        f"    until    {held.until}"
    )
