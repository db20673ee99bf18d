"""Commands that run the terminal, or one of its processes."""

import asyncio
import os
from pathlib import Path

import click

from config.load import WrongSetting
from config.schema import Settings
from kiosk.commands.options import FILE, daemon_socket, loaded_settings, settings_option


@click.command()
@settings_option
def run(files: tuple[Path, ...]) -> None:
    """Run a terminal: daemon and screen, watched and restarted when they hang."""
    from kiosk.terminal import run_terminal

    settings = loaded_settings(files)
    _check_devices(settings)
    asyncio.run(run_terminal(settings, files))


@click.command()
@settings_option
def daemon(files: tuple[Path, ...]) -> None:
    """Run the daemon alone: it owns devices, queue and link."""
    from kiosk.daemon.main import run as run_daemon

    settings = loaded_settings(files)
    _check_devices(settings)
    asyncio.run(run_daemon(settings, daemon_socket(settings)))


@click.command()
@settings_option
@click.option("--windowed", is_flag=True, help="A window that can be moved, for a desk.")
def screen(files: tuple[Path, ...], *, windowed: bool) -> None:
    """Run the screen alone, against a daemon that runs."""
    from kiosk import logs
    from kiosk.screen_main import main as run_screen

    logs.start("screen")
    settings = loaded_settings(files)
    if settings.paths.fonts_dir:
        os.environ["KIOSK_FONTS"] = settings.paths.fonts_dir
    testport = os.environ.get("KIOSK_TESTPORT")
    code = run_screen(
        daemon_socket(settings),
        (settings.screen.width_px, settings.screen.height_px),
        fullscreen=not windowed,
        testport=Path(testport) if testport else None,
    )
    raise SystemExit(code)


@click.command()
@click.option(
    "--dir", "directory", required=True, type=FILE, help="Certificates, and SQLite's file."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8543, show_default=True)
@click.option("--name", "names", multiple=True, help="A name or address that terminals use.")
@click.option(
    "--database",
    default="",
    envvar="CENTRAL_DATABASE",
    help="postgresql://…; without it, SQLite in --dir.",
)
@click.option("--sandbox", is_flag=True, help="Answer from made-up invoices.")
@click.option(
    "--platforms", type=FILE, help="Ask the platforms of this settings file (docs/platforms.md)."
)
def central(
    directory: Path,
    host: str,
    port: int,
    names: tuple[str, ...],
    database: str,
    *,
    sandbox: bool,
    platforms: Path | None,
) -> None:
    """Run the central service, on SQLite or PostgreSQL."""
    from central.platforms.settings import WrongPlatforms
    from kiosk.central_main import run_central

    running = run_central(
        directory,
        host=host,
        port=port,
        names=names,
        database=database,
        sandbox=sandbox,
        platforms=platforms,
    )
    try:
        asyncio.run(running)
    except WrongPlatforms as error:
        raise click.ClickException(str(error)) from error


def _check_devices(settings: Settings) -> None:
    from kiosk.daemon.devices import check_devices

    try:
        check_devices(settings)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error


COMMANDS = (run, daemon, screen, central)
