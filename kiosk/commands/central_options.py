"""What the commands of those who run the service share."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from central.admin import AdminRefused, ServiceNotRunning
from kiosk.commands.options import FILE

T = TypeVar("T")

DEFAULT_DIR = Path("/var/lib/invoice-central")

dir_option = click.option(
    "--dir",
    "directory",
    type=FILE,
    default=DEFAULT_DIR,
    envvar="KIOSK_CENTRAL_DIR",
    show_default=True,
    show_envvar=True,
    help="Database, certificates and socket of the service.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")


def asked(question: Coroutine[Any, Any, T]) -> T:
    """The answer of the running service; exit code 3 when it does not run, 1 when it refuses."""
    try:
        return asyncio.run(question)
    except ServiceNotRunning as error:
        click.echo(str(error), err=True)
        raise SystemExit(3) from error
    except AdminRefused as error:
        raise click.ClickException(str(error)) from error
