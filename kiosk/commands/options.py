"""What commands have in common: where the settings are, and what comes of them."""

import os
from pathlib import Path

import click

from config.load import WrongSetting
from config.schema import Settings
from kiosk.settings.loading import loaded
from kiosk.staff import SOCKET_NAME

FILE = click.Path(path_type=Path)

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
