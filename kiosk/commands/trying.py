"""Commands for a terminal without hardware: simulated devices, and everything together."""

import asyncio
from pathlib import Path

import click

from kiosk.commands.options import FILE


@click.command()
@click.option("--dir", "directory", required=True, type=FILE, help="Gets the devices.")
@click.option("--slips", required=True, type=FILE, help="Gets what is printed.")
@click.option("--paper-mm", type=click.Choice(["80", "58"]), default="80", show_default=True)
@click.option("--central-dir", required=True, type=FILE, help="The service's certificates.")
@click.option("--service-port", default=8543, show_default=True)
@click.option("--line-port", default=8544, show_default=True)
@click.option("--panel-port", default=8545, show_default=True)
@click.option("--a4-port", default=8631, show_default=True)
@click.option("--second-printer", is_flag=True, help="Another receipt printer, printer2.")
def simulate(
    directory: Path,
    slips: Path,
    paper_mm: str,
    central_dir: Path,
    service_port: int,
    line_port: int,
    panel_port: int,
    a4_port: int,
    *,
    second_printer: bool,
) -> None:
    """Run simulated devices, a line that can be cut, and the steering panel."""
    from kiosk.fonts import fonts_dir
    from kiosk.simulation.process import run as run_simulation

    asyncio.run(
        run_simulation(
            directory,
            fonts_dir=fonts_dir(),
            slips_dir=slips,
            width_mm=int(paper_mm),
            authority_dir=central_dir,
            service_port=service_port,
            line_port=line_port,
            panel_port=panel_port,
            a4_port=a4_port,
            second_printer=second_printer,
        )
    )


@click.command()
@click.option("--state", "state_dir", default="var", show_default=True, type=FILE)
@click.option("--out", "out_dir", default="out", show_default=True, type=FILE)
@click.option("--paper-mm", type=click.Choice(["80", "58"]), default="80", show_default=True)
@click.option("--landscape", is_flag=True, help="1280x800 instead of 1080x1920.")
@click.option("--second-printer", is_flag=True, help="With another receipt printer.")
@click.option(
    "--walk/--no-walk",
    default=None,
    help="Walk the main job by itself and stop; the default where there is no display.",
)
def demo(
    state_dir: Path,
    out_dir: Path,
    paper_mm: str,
    *,
    landscape: bool,
    second_printer: bool,
    walk: bool | None,
) -> None:
    """Run everything on this machine: simulated devices, a central service, the terminal."""
    from kiosk.simulation.demo import run_demo

    size = (1280, 800) if landscape else (1080, 1920)
    asyncio.run(
        run_demo(state_dir, out_dir, size, int(paper_mm), walk=walk, second_printer=second_printer)
    )


COMMANDS = (simulate, demo)
