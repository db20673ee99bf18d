"""`kiosk tickets`: the tickets that this terminal gave, and where each stands."""

from pathlib import Path

import click

from kiosk import look_messages as k
from kiosk.commands.options import ask_daemon, json_option, settings_option


@click.group()
def tickets() -> None:
    """Tickets that this terminal gave. Exit codes: 1 not done, 3 not running."""


@tickets.command("list")
@settings_option
@click.option("--limit", default=100, show_default=True, help="At most so many, the newest.")
@json_option
def list_(files: tuple[Path, ...], limit: int, *, as_json: bool) -> None:
    """Show numbers, times and states; nothing of the invoices that they are for."""
    answer = ask_daemon(files, k.AskTickets(limit), as_json=as_json)
    if as_json or not isinstance(answer, k.TicketsShown):
        return
    for line in answer.lines:
        service = line.at_service or "not asked since the start"
        words = [f"{line.number}  {line.kind:<8}  {line.registered_at:%Y-%m-%d %H:%M}"]
        words.append(service if line.here == "sent" else f"not at the service: {line.here}")
        if line.asked_at is not None:
            words.append(f"(asked {line.asked_at:%Y-%m-%d %H:%M})")
        if line.watched_until is not None:
            words.append(f"until {line.watched_until}")
        click.echo("  ".join(words))


@tickets.command("ask")
@settings_option
@click.argument("number", default="")
@json_option
def ask_(files: tuple[Path, ...], number: str, *, as_json: bool) -> None:
    """Ask the service how a ticket stands; without NUMBER, the newest 20 without an answer."""
    answer = ask_daemon(files, k.AskTicketsAgain(number), as_json=as_json)
    what = getattr(answer, "what", "")
    if what and not as_json:
        click.echo(what)


COMMANDS = (tickets,)
