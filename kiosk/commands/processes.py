"""Commands that run the terminal, or one of its processes."""

import asyncio
import os
from pathlib import Path

import click

from config.load import WrongSetting
from config.schema import Settings
from kiosk.clock import AheadClock, SystemClock
from kiosk.commands.options import daemon_socket, loaded_settings, settings_option
from kiosk.settings.loading import store_of
from kiosk.settings.store import Damaged


@click.command()
@settings_option
@click.option(
    "--only",
    type=click.Choice(["daemon", "screen"]),
    default="",
    help="Run and watch only this one; under systemd each has a unit of its own.",
)
def run(files: tuple[Path, ...], only: str) -> None:
    """Run a terminal: daemon and screen, watched and restarted when they hang."""
    from kiosk.terminal import run_terminal

    settings = loaded_settings(files)
    _check_devices(settings)
    asyncio.run(run_terminal(settings, files, only))


@click.command()
@settings_option
def daemon(files: tuple[Path, ...]) -> None:
    """Run the daemon alone: it owns devices, queue and link."""
    from kiosk.daemon.main import run as run_daemon

    _count_start(files)
    settings = loaded_settings(files)
    _check_devices(settings)
    ahead = os.environ.get("KIOSK_CLOCK_AHEAD")
    clock = AheadClock(Path(ahead)) if ahead else SystemClock()
    asyncio.run(run_daemon(settings, daemon_socket(settings), clock, files))


@click.command()
@settings_option
@click.option("--windowed", is_flag=True, help="A window that can be moved, for a desk.")
def screen(files: tuple[Path, ...], *, windowed: bool) -> None:
    """Run the screen alone, against a daemon that runs."""
    from kiosk import logs
    from kiosk.screen_main import main as run_screen
    from kiosk.screens.corner import Corner

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
        corner=Corner(settings.staff.corner, settings.staff.hold_s),
    )
    raise SystemExit(code)


def _count_start(files: tuple[Path, ...]) -> None:
    """Settings on trial with which the daemon does not come up are given up."""
    try:
        store_of(files, os.environ).starting()
    except (WrongSetting, Damaged, OSError) as error:
        # What cannot be used is said by whoever loads it, or set aside; the start goes on.
        click.echo(f"settings.start_not_counted {type(error).__name__}", err=True)


def _check_devices(settings: Settings) -> None:
    from kiosk.daemon.devices import check_devices

    try:
        check_devices(settings)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error


COMMANDS = (run, daemon, screen)
