"""`kiosk training`: staff learn at the terminal itself, with nothing real.

Exit codes: 1 not done.
"""

import asyncio
import os
import re
import subprocess
from pathlib import Path

import click

from kiosk.commands.options import daemon_socket, loaded_settings, settings_option
from kiosk.staff import NotRunning, ask_status

UNIT = "kiosk-training.service"
ASKED = Path("/run/kiosk-training.env")
"""What the unit is started with; root's, and gone with the next start of the machine."""
MOST_HOURS = 12.0
_SIGN = re.compile(r"[A-Za-z0-9._-]{1,32}")


def _sign(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if not _SIGN.fullmatch(value):
        raise click.BadParameter("letters, digits, dot, dash and underscore, at most 32")
    return value


_hours = click.option(
    "--hours",
    type=click.FloatRange(0.05, MOST_HOURS),
    default=4.0,
    show_default=True,
    help="Then it ends by itself.",
)
_by = click.option(
    "--by",
    required=True,
    callback=_sign,
    help="Who answers for it: a staff number, or another sign. It stands in the audit.",
)
_anyway = click.option(
    "--anyway",
    is_flag=True,
    help="Also while operations wait to be sent: they wait until the training is over.",
)


@click.group()
def training() -> None:
    """Staff learn at the terminal itself: simulated devices, a made-up service, nothing sent."""


@training.command()
@settings_option
@_hours
@_by
@_anyway
def start(files: tuple[Path, ...], hours: float, by: str, *, anyway: bool) -> None:
    """Train in the place of the terminal that serves here (root; `systemctl stop` ends it early).

    The terminal stops, trains for the hours, and serves again, whatever ends the training.
    """
    if os.geteuid() != 0:
        raise click.ClickException("only root may take the terminal's place: sudo kiosk training …")
    try:
        waiting = asyncio.run(ask_status(daemon_socket(loaded_settings(files)))).waiting
    except NotRunning:
        waiting = 0  # not known: the training itself looks again, before anything begins
    if waiting and not anyway:
        from kiosk.simulation.training import still_owed

        raise click.ClickException(still_owed(waiting))
    lines = f"HOURS={hours:g}\nBY={by}\nANYWAY={'--anyway' if anyway else ''}\n"
    ASKED.write_text(lines, encoding="ascii")
    if subprocess.run(["systemctl", "start", UNIT], check=False).returncode != 0:
        raise click.ClickException(f"there is no training; see journalctl --unit {UNIT}")
    click.echo(f"Training for {hours:g} h. Earlier: systemctl stop {UNIT}")


@training.command()
@settings_option
@_hours
@_by
@_anyway
def run(files: tuple[Path, ...], hours: float, by: str, *, anyway: bool) -> None:
    """Train here, where no terminal runs, until the hours are over or Ctrl-C.

    Nothing of it is real: not one slip, not one answer, and the central service hears nothing.
    """
    from kiosk import logs
    from kiosk.clock import SystemClock
    from kiosk.simulation import training as real_training

    logs.start("training")
    real = loaded_settings(files)
    folder = real_training.training_folder(real, os.environ.get("RUNTIME_DIRECTORY", ""))
    if not os.environ.get("DISPLAY"):
        raise click.ClickException("no display: DISPLAY says which screen people look at")
    real_training.forget_what_is_real(os.environ, real.paths.fonts_dir)
    plan = real_training.Plan(by, hours, anyway)
    try:
        because = asyncio.run(real_training.run_training(real, plan, SystemClock(), folder))
    except real_training.TrainingRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The training is over: {because.value}")


COMMANDS = (training,)
