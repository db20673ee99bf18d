"""What commands have in common: where the settings are, and what comes of them."""

import asyncio
import os
from pathlib import Path

import click
import msgspec

from config.load import WrongSetting
from config.schema import Settings
from kiosk import staff_messages as s
from kiosk.settings.loading import loaded
from kiosk.staff import SOCKET_NAME, NotRunning, ask

NOT_DONE = 1
NOT_RUNNING = 3
FILE = click.Path(path_type=Path)

json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")
settings_option = click.option(
    "--settings",
    "files",
    multiple=True,
    type=FILE,
    envvar="KIOSK_SETTINGS",
    help="A settings file (TOML). Later ones win. Variables KIOSK__SECTION__KEY win over all."
    " Without it, the files that KIOSK_SETTINGS names, separated by colons.",
)


def loaded_settings(files: tuple[Path, ...]) -> Settings:
    """The settings; a wrong one ends the command with its message."""
    try:
        return loaded(files, os.environ).settings
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error


def daemon_socket(settings: Settings) -> Path:
    """Where the running daemon listens."""
    return Path(settings.paths.state_dir) / SOCKET_NAME


def ask_daemon(files: tuple[Path, ...], asked: s.StaffAsk, *, as_json: bool) -> s.StaffAnswer:
    """The daemon's answer; a refusal or a terminal that does not run ends the command."""
    try:
        answer = asyncio.run(ask(daemon_socket(loaded_settings(files)), asked))
    except NotRunning as error:
        click.echo(str(error), err=True)
        raise SystemExit(NOT_RUNNING) from error
    if as_json:
        click.echo(msgspec.json.encode(answer).decode())
    if isinstance(answer, s.NotDone):
        if not as_json:
            click.echo(answer.why, err=True)
        raise SystemExit(NOT_DONE)
    return answer
