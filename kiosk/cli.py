"""The program `kiosk`: its commands are in `kiosk.commands`, one file per group."""

import click

from kiosk.commands import (
    asking,
    audit,
    backup,
    bundle,
    central,
    devices,
    doctor,
    enroll,
    logs,
    privacy,
    processes,
    queue,
    reference,
    sandbox,
    settings,
    staff,
    tickets,
    training,
    trying,
)


@click.group()
@click.version_option(package_name="invoice-terminal")
def main() -> None:
    """Self-service invoice terminal."""


for _group in (
    processes,
    training,
    trying,
    asking,
    doctor,
    devices,
    audit,
    backup,
    bundle,
    privacy,
    queue,
    tickets,
    logs,
    reference,
    sandbox,
    settings,
    staff,
    enroll,
    central,
):
    for _command in _group.COMMANDS:
        main.add_command(_command)
