"""`kiosk logs`: what the running daemon did of late."""

from pathlib import Path

import click

from kiosk.commands.options import ask_daemon, json_option, settings_option
from kiosk.look_messages import AskLogs, LogsShown


@click.command()
@settings_option
@click.option("--trouble", is_flag=True, help="Warnings and errors only.")
@click.option("--source", "sources", multiple=True, help="Of this part only, like printing.")
@click.option("--text", default="", help="Lines that contain this.")
@click.option("--limit", default=100, show_default=True, help="At most so many, the newest.")
@json_option
def logs(
    files: tuple[Path, ...],
    sources: tuple[str, ...],
    text: str,
    limit: int,
    *,
    trouble: bool,
    as_json: bool,
) -> None:
    """Show the newest lines of the daemon's log, the newest first, without personal data.

    They are in the daemon's memory since its start; the journal of the system has more.
    """
    asked = AskLogs(limit=limit, grave_only=trouble, sources=sources, text=text)
    answer = ask_daemon(files, asked, as_json=as_json)
    if as_json or not isinstance(answer, LogsShown):
        return
    for line in answer.lines:
        click.echo(f"{line.at:%Y-%m-%d %H:%M:%S} {line.level:<7} {line.source} {line.said}")


COMMANDS = (logs,)
