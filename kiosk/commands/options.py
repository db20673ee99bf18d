"""What commands have in common: where the settings are, and what comes of them."""

import os
from pathlib import Path

import click

from config.load import WrongSetting, load
from config.schema import Settings
from kiosk.staff import SOCKET_NAME

FILE = click.Path(path_type=Path)

settings_option = click.option(
    "--settings",
    "files",
    multiple=True,
    type=FILE,
    help="A settings file (TOML). Later ones win. Variables KIOSK__SECTION__KEY win over all.",
)


def loaded_settings(files: tuple[Path, ...]) -> Settings:
    """The settings; a wrong one ends the command with its message."""
    try:
        return load(files, os.environ)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error


def daemon_socket(settings: Settings) -> Path:
    """Where the running daemon listens."""
    return Path(settings.paths.state_dir) / SOCKET_NAME
