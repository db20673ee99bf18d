"""`kiosk staff`: who may sign in at the screen.

Exit codes: 1 not done, 3 the terminal is not running.
"""

import asyncio
from pathlib import Path

import click
import msgspec

from kiosk import staff_messages as s
from kiosk.commands.options import daemon_socket, loaded_settings, settings_option
from kiosk.staff import NotRunning, ask

NOT_DONE = 1
NOT_RUNNING = 3
_number = click.argument("number")
_pin = click.option(
    "--pin",
    prompt="PIN",
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when left out; on a command line others could read it.",
)


@click.group()
def staff() -> None:
    """Who may sign in at the screen. Exit codes: 1 not done, 3 not running."""


@staff.command()
@settings_option
@_number
@click.option("--name", prompt=True, help="As colleagues know them.")
@click.option(
    "--role",
    type=click.Choice(["technician", "supervisor"]),
    default="technician",
    show_default=True,
    help="A supervisor may also decide who signs in, and change settings.",
)
@_pin
def add(files: tuple[Path, ...], number: str, name: str, role: str, pin: str) -> None:
    """Let somebody sign in with NUMBER (two to six digits) and a PIN of six digits or more."""
    _ask(files, s.AddStaff(number, name, role, pin))
    click.echo(f"{number} may sign in as {role}")


@staff.command("list")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Show who may sign in."""
    answer = _ask(files, s.AskStaff())
    if not isinstance(answer, s.StaffShown):
        raise SystemExit(NOT_DONE)
    if as_json:
        click.echo(msgspec.json.encode(answer).decode())
        return
    for line in answer.lines:
        wrong = f"  {line.tries} wrong tries" if line.tries else ""
        locked = f", locked for {line.locked_s} s" if line.locked_s else ""
        click.echo(f"{line.number:<8}{line.role:<12}{line.name}{wrong}{locked}")


@staff.command()
@settings_option
@_number
def remove(files: tuple[Path, ...], number: str) -> None:
    """Let NUMBER sign in no more; a session at the screen ends."""
    _ask(files, s.RemoveStaff(number))


@staff.command("set-pin")
@settings_option
@_number
@_pin
def set_pin(files: tuple[Path, ...], number: str, pin: str) -> None:
    """Give NUMBER another PIN, and the tries back."""
    _ask(files, s.SetPin(number, pin))


def _ask(files: tuple[Path, ...], asked: s.AccountAsk) -> s.StaffAnswer:
    try:
        answer = asyncio.run(ask(daemon_socket(loaded_settings(files)), asked))
    except NotRunning as error:
        click.echo(str(error), err=True)
        raise SystemExit(NOT_RUNNING) from error
    if isinstance(answer, s.NotDone):
        click.echo(answer.why, err=True)
        raise SystemExit(NOT_DONE)
    return answer


COMMANDS = (staff,)
