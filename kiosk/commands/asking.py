"""Commands that ask the running terminal how it stands."""

import asyncio
from pathlib import Path

import click
import msgspec

from kiosk.commands.options import (
    NOT_RUNNING,
    ask_daemon,
    daemon_socket,
    json_option,
    loaded_settings,
    settings_option,
)
from kiosk.history_messages import SPANS, AskHistory, HistoryShown, Span
from kiosk.history_table import table
from kiosk.staff import NotRunning, ask_status, status_lines


@click.command()
@settings_option
@click.option(
    "--history",
    "span",
    type=click.Choice(SPANS),
    is_flag=False,
    flag_value=SPANS[0],
    help="Instead: prints, verdicts, link and queue over a day by the hour (24h, also without a"
    " value) or a month by the day (30d). Hours in which the terminal was off have no data.",
)
@json_option
def status(files: tuple[Path, ...], span: Span | None, *, as_json: bool) -> None:
    """Say how the running terminal stands. Exit code 3: it is not running."""
    if span is not None:
        shown = ask_daemon(files, AskHistory(span), as_json=as_json)
        if isinstance(shown, HistoryShown) and not as_json:
            click.echo(table(shown))
        return
    try:
        answer = asyncio.run(ask_status(daemon_socket(loaded_settings(files))))
    except NotRunning as error:
        click.echo(str(error), err=True)
        raise SystemExit(NOT_RUNNING) from error
    click.echo(msgspec.json.encode(answer).decode() if as_json else status_lines(answer))


COMMANDS = (status,)
