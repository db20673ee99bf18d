"""Run simulated devices by themselves: `python -m drivers.simulated DIRECTORY FONTS OUT`."""

import signal
import threading
from pathlib import Path
from types import FrameType

import click

from drivers.printers.profile import load_profile, profile_names
from drivers.simulated.devices import SimulatedDevices
from drivers.simulated.model import model_for_width, model_like


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.argument("fonts", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--width", type=click.Choice(["80", "58"]), default="80", help="Paper, in mm.")
@click.option(
    "--profile",
    type=click.Choice(profile_names()),
    default=None,
    help="Be the printer of this profile, in place of the usual one for the width.",
)
@click.option("--baud", type=int, default=None, help="Pace of the printer's line.")
def main(
    directory: Path, fonts: Path, out: Path, width: str, profile: str | None, baud: int | None
) -> None:
    """A printer and a scanner in DIRECTORY until a signal ends them; slips go to OUT."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    model = model_like(load_profile(profile)) if profile else model_for_width(int(width))
    with SimulatedDevices(directory, fonts, out, model=model, baud=baud) as devices:
        click.echo(f"printer {devices.printer.path}")
        click.echo(f"scanner {devices.scanner.path}")
        click.echo(f"steering {devices.control_path}")
        ended.wait()


if __name__ == "__main__":
    main()
