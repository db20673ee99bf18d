"""Commands about devices: what is plugged in, does it work, a roll was changed.

Exit codes of those that go through the running terminal: 0 it worked, 1 it did not (the cause
is said), 3 the terminal is not running, 4 somebody is being served, 5 not known.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from kiosk import staff_messages as s
from kiosk.commands.options import daemon_socket, loaded_settings, settings_option
from kiosk.staff import NotRunning, ask, trial_line

Command = Callable[..., Any]
WORKED, DID_NOT, NOT_RUNNING, NOT_NOW, NOT_KNOWN = 0, 1, 3, 4, 5
ASKED_WITHIN_S = 5.0
PRINT_WITHIN_S = 90.0
"""A printer that says nothing is waited for within its own deadline, which is shorter."""
_EXIT = {"proven": WORKED, "read": WORKED, "unknown": NOT_KNOWN}

_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


def _printer(*names: str) -> Callable[[Command], Command]:
    return click.option(
        "--printer",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="Which one, by its section in the settings.",
    )


@click.command()
@settings_option
@_json
def devices(files: tuple[Path, ...], *, as_json: bool) -> None:
    """List what is plugged in, with the settings lines for it. Opens nothing."""
    from kiosk.plugged_in import plugged_in, plugged_in_lines

    found = plugged_in(loaded_settings(files))
    text = msgspec.json.encode(found).decode() if as_json else plugged_in_lines(found)
    click.echo(text)


@click.command("test-print")
@settings_option
@_printer("printer", "printer2", "a4")
@_json
def test_print(files: tuple[Path, ...], printer: str, *, as_json: bool) -> None:
    """Print a trial slip through the running terminal and say what the printer proved."""
    settings = loaded_settings(files)
    within_s = settings.a4.give_up_s + PRINT_WITHIN_S if printer == "a4" else PRINT_WITHIN_S
    _try(files, s.TryPrinter(printer), within_s, as_json=as_json)


@click.command("test-scan")
@settings_option
@click.option(
    "--within",
    "within_s",
    default=15.0,
    show_default=True,
    type=click.FloatRange(1, 120),
    help="Seconds to wait for a code.",
)
@_json
def test_scan(files: tuple[Path, ...], within_s: float, *, as_json: bool) -> None:
    """Take the next scan as a trial. What the code says is not shown or kept."""
    if not as_json:
        click.echo(f"Hold a code to the scanner within {within_s:g} s.", err=True)
    _try(files, s.TryScanner(within_s), within_s + 10.0, as_json=as_json)


@click.command("roll-changed")
@settings_option
@_printer("printer", "printer2")
def roll_changed(files: tuple[Path, ...], printer: str) -> None:
    """Say that a full roll of paper was put in: it is counted from there."""
    answer = _ask(files, s.RollChanged(printer), PRINT_WITHIN_S)
    if isinstance(answer, s.Acted):
        click.echo(f"{printer}: {answer.what}")


@click.command("screen-lock")
@settings_option
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(5, s.MAX_LOCK_S),
    help="How long touches are ignored.",
)
def screen_lock(files: tuple[Path, ...], seconds: float) -> None:
    """Let the screen ignore touches and count down, so that the glass can be wiped."""
    answer = _ask(files, s.LockScreen(seconds), ASKED_WITHIN_S)
    if isinstance(answer, s.Acted):
        click.echo(answer.what)


def _try(files: tuple[Path, ...], asked: s.StaffAsk, within_s: float, *, as_json: bool) -> None:
    answer = _ask(files, asked, within_s)
    if isinstance(answer, s.Tried):
        line = f"{answer.device}: {trial_line(answer)}"
        click.echo(msgspec.json.encode(answer).decode() if as_json else line)
        raise SystemExit(_EXIT.get(answer.outcome, DID_NOT))


def _ask(files: tuple[Path, ...], asked: s.StaffAsk, within_s: float) -> s.StaffAnswer:
    socket = daemon_socket(loaded_settings(files))
    try:
        answer = asyncio.run(ask(socket, asked, within_s=within_s))
    except NotRunning as error:
        click.echo(str(error), err=True)
        raise SystemExit(NOT_RUNNING) from error
    match answer:
        case s.NotNow(why):
            click.echo(f"not now: {why}", err=True)
            raise SystemExit(NOT_NOW)
        case s.NotDone(why):
            click.echo(why, err=True)
            raise SystemExit(DID_NOT)
        case _:
            return answer


COMMANDS = (devices, test_print, test_scan, roll_changed, screen_lock)
