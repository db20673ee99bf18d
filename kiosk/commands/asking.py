"""Commands that ask the running terminal how it stands."""

import asyncio
from pathlib import Path

import click
import msgspec

from kiosk.commands.options import daemon_socket, loaded_settings, settings_option
from kiosk.staff import NotRunning, ask_status, status_lines


@click.command()
@settings_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Say how the running terminal stands. Exit code 3: it is not running."""
    try:
        answer = asyncio.run(ask_status(daemon_socket(loaded_settings(files))))
    except NotRunning as error:
        click.echo(str(error), err=True)
        raise SystemExit(3) from error
    click.echo(msgspec.json.encode(answer).decode() if as_json else status_lines(answer))


COMMANDS = (status,)
