"""The commands."""

import asyncio
import os
from pathlib import Path

import click
import msgspec

from config.load import WrongSetting, load
from config.schema import Settings
from kiosk.staff import SOCKET_NAME, NotRunning, ask_status, status_lines

FILE = click.Path(path_type=Path)


def _settings(files: tuple[Path, ...]) -> Settings:
    try:
        return load(files, os.environ)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error


def _socket(settings: Settings) -> Path:
    return Path(settings.paths.state_dir) / SOCKET_NAME


settings_option = click.option(
    "--settings",
    "files",
    multiple=True,
    type=FILE,
    help="A settings file (TOML). Later ones win. Variables KIOSK__SECTION__KEY win over all.",
)


@click.group()
@click.version_option(package_name="invoice-terminal")
def main() -> None:
    """Self-service invoice terminal."""


@main.command()
@settings_option
def run(files: tuple[Path, ...]) -> None:
    """Run a terminal: daemon and screen, watched and restarted when they hang."""
    from kiosk.terminal import run_terminal

    asyncio.run(run_terminal(_settings(files), files))


@main.command()
@settings_option
def daemon(files: tuple[Path, ...]) -> None:
    """Run the daemon alone: it owns devices, queue and link."""
    from kiosk.daemon.main import run as run_daemon

    settings = _settings(files)
    asyncio.run(run_daemon(settings, _socket(settings)))


@main.command()
@settings_option
@click.option("--windowed", is_flag=True, help="A window that can be moved, for a desk.")
def screen(files: tuple[Path, ...], *, windowed: bool) -> None:
    """Run the screen alone, against a daemon that runs."""
    from kiosk import logs
    from kiosk.screen_main import main as run_screen

    logs.start("screen")
    settings = _settings(files)
    if settings.paths.fonts_dir:
        os.environ["KIOSK_FONTS"] = settings.paths.fonts_dir
    testport = os.environ.get("KIOSK_TESTPORT")
    code = run_screen(
        _socket(settings),
        (settings.screen.width_px, settings.screen.height_px),
        fullscreen=not windowed,
        testport=Path(testport) if testport else None,
    )
    raise SystemExit(code)


@main.command()
@click.option("--dir", "directory", required=True, type=FILE, help="Database and certificates.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8543, show_default=True)
@click.option("--name", "names", multiple=True, help="A name or address that terminals use.")
@click.option("--sandbox", is_flag=True, help="Answer from made-up invoices.")
def central(
    directory: Path,
    host: str,
    port: int,
    names: tuple[str, ...],
    *,
    sandbox: bool,
) -> None:
    """Run the central service on SQLite."""
    from kiosk.central_main import run_central

    asyncio.run(run_central(directory, host=host, port=port, names=names, sandbox=sandbox))


@main.command()
@click.option("--dir", "directory", required=True, type=FILE, help="Gets the devices.")
@click.option("--slips", required=True, type=FILE, help="Gets what is printed.")
@click.option("--paper-mm", type=click.Choice(["80", "58"]), default="80", show_default=True)
@click.option("--central-dir", required=True, type=FILE, help="The service's certificates.")
@click.option("--service-port", default=8543, show_default=True)
@click.option("--line-port", default=8544, show_default=True)
@click.option("--panel-port", default=8545, show_default=True)
def simulate(
    directory: Path,
    slips: Path,
    paper_mm: str,
    central_dir: Path,
    service_port: int,
    line_port: int,
    panel_port: int,
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
        )
    )


@main.command()
@click.option("--state", "state_dir", default="var", show_default=True, type=FILE)
@click.option("--out", "out_dir", default="out", show_default=True, type=FILE)
@click.option("--paper-mm", type=click.Choice(["80", "58"]), default="80", show_default=True)
@click.option("--landscape", is_flag=True, help="1280x800 instead of 1080x1920.")
@click.option(
    "--walk/--no-walk",
    default=None,
    help="Walk the main job by itself and stop; the default where there is no display.",
)
def demo(
    state_dir: Path, out_dir: Path, paper_mm: str, *, landscape: bool, walk: bool | None
) -> None:
    """Run everything on this machine: simulated devices, a central service, the terminal."""
    from kiosk.simulation.demo import run_demo

    size = (1280, 800) if landscape else (1080, 1920)
    asyncio.run(run_demo(state_dir, out_dir, size, int(paper_mm), walk=walk))


@main.command()
@settings_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Say how the running terminal stands. Exit code 3: it is not running."""
    try:
        answer = asyncio.run(ask_status(_socket(_settings(files))))
    except NotRunning as error:
        click.echo(str(error), err=True)
        raise SystemExit(3) from error
    click.echo(msgspec.json.encode(answer).decode() if as_json else status_lines(answer))
