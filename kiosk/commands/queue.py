"""`kiosk queue`: what the running terminal owes the central service, and what staff can do."""

import time
from pathlib import Path

import click
import msgspec

from kiosk import staff_messages as s
from kiosk.commands.options import (
    FILE,
    NOT_DONE,
    ask_daemon,
    json_option,
    loaded_settings,
    settings_option,
)
from kiosk.daemon.opening import QUEUE_FILE
from kiosk.queue_export import as_csv, exported
from kiosk.queue_export import as_json as json_text
from kiosk.queue_messages import DrainStand
from offline_queue.errors import OutboxError

LOOK_EVERY_S = 0.5

_op_id = click.argument("op_id")


@click.group()
def queue() -> None:
    """What the terminal owes the central service. Exit codes: 1 not done, 3 not running."""


@queue.command("list")
@settings_option
@click.option("--limit", default=100, show_default=True, help="At most so many of each state.")
@click.option("--state", type=click.Choice(["parked", "waiting"]), help="Lines of this state only.")
@click.option("--kind", help="Lines of this kind only.")
@json_option
def list_(
    files: tuple[Path, ...], limit: int, state: str | None, kind: str | None, *, as_json: bool
) -> None:
    """Show what is parked, what waits, and how often people were turned away."""
    answer = ask_daemon(files, s.AskQueue(limit), as_json=as_json)
    if as_json or not isinstance(answer, s.QueueShown):
        return
    click.echo(f"{answer.waiting} waiting, {answer.parked} parked")
    for line in answer.lines:
        if state in (None, line.state) and kind in (None, line.kind):
            click.echo(_said(line))
    for refusal in answer.refusals:
        click.echo(
            f"refused {refusal.count} times ({refusal.because}),"
            f" last {refusal.last_at:%Y-%m-%d %H:%M}"
        )


@queue.command()
@settings_option
@_op_id
@json_option
def show(files: tuple[Path, ...], op_id: str, *, as_json: bool) -> None:
    """Show how one operation stands."""
    answer = ask_daemon(files, s.AskOperation(op_id), as_json=as_json)
    if isinstance(answer, s.OperationShown) and not as_json:
        click.echo(_said(answer.line))


@queue.command()
@settings_option
@click.argument("op_id", required=False)
@click.option("--all", "everything", is_flag=True, help="All that is parked.")
@click.option("--kind", default="", help="All that is parked of this kind.")
@click.option("--reason", default="", help="All that is parked for this reason.")
@json_option
def retry(
    files: tuple[Path, ...],
    op_id: str | None,
    kind: str,
    reason: str,
    *,
    everything: bool,
    as_json: bool,
) -> None:
    """Send a parked operation again under the same id, or all that match."""
    if (op_id is not None) == (everything or bool(kind or reason)):
        raise click.UsageError("an OP_ID, or --all, --kind, --reason")
    ask = s.RetryMatching(kind, reason) if op_id is None else s.RetryOperation(op_id)
    _say_what(ask_daemon(files, ask, as_json=as_json), as_json=as_json)


@queue.command()
@settings_option
@click.argument("op_id", required=False)
@click.option("--kind", default="", help="All that waits of this kind.")
@json_option
def park(files: tuple[Path, ...], op_id: str | None, kind: str, *, as_json: bool) -> None:
    """Set a waiting operation aside, or all of a kind. Kept; later ones of their keys wait."""
    if (op_id is not None) == bool(kind):
        raise click.UsageError("an OP_ID, or --kind")
    ask = s.ParkMatching(kind) if op_id is None else s.ParkOperation(op_id)
    _say_what(ask_daemon(files, ask, as_json=as_json), as_json=as_json)


@queue.command()
@settings_option
@_op_id
@json_option
def release(files: tuple[Path, ...], op_id: str, *, as_json: bool) -> None:
    """Let what waits behind a parked operation go on without it. It stays parked."""
    ask_daemon(files, s.ReleaseKey(op_id), as_json=as_json)


@queue.command()
@settings_option
@click.option("--within", "within_s", default=60.0, show_default=True, help="Seconds to wait.")
@json_option
def drain(files: tuple[Path, ...], within_s: float, *, as_json: bool) -> None:
    """Send everything now, say how far it is, and wait until nothing waits any more.

    Exit code 1: something still waits, and what keeps it is said.
    """
    ask_daemon(files, s.Drain(), as_json=False)
    end, said = time.monotonic() + within_s, ""
    while True:
        answer = ask_daemon(files, s.AskQueue(limit=0), as_json=False)
        stand = answer.drain if isinstance(answer, s.QueueShown) else None
        if stand is None:
            raise click.ClickException("the terminal was started anew: ask again")
        if not as_json and _stand(stand) != said:
            said = _stand(stand)
            click.echo(said)
        if stand.waiting == 0 or time.monotonic() >= end:
            break
        time.sleep(LOOK_EVERY_S)  # the sender is another process: it has no event to wait for here
    if as_json:
        click.echo(msgspec.json.encode(answer).decode())
    if stand.waiting:
        raise SystemExit(NOT_DONE)


@queue.command()
@settings_option
@click.option("--json", "form", flag_value="json", default="json", help="A list of objects.")
@click.option("--csv", "form", flag_value="csv", help="Lines with commas.")
@click.option("--to", "file", type=FILE, help="This file instead of the output; must be new.")
def export(files: tuple[Path, ...], form: str, file: Path | None) -> None:
    """Write what is owed to a file, with the reasons and with nothing of a person.

    No bodies, no numbers of tickets. Works while the terminal runs and while it does not.
    """
    try:
        lines = exported(Path(loaded_settings(files).paths.state_dir) / QUEUE_FILE)
        text = as_csv(lines) if form == "csv" else json_text(lines)
        if file is None:
            click.echo(text, nl=False)
            return
        with file.open("x", encoding="utf-8", newline="") as out:
            out.write(text)
    except OutboxError as error:
        raise click.ClickException(f"the queue cannot be read: {type(error).__name__}") from error
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    click.echo(f"{len(lines)} operations: {file}")


COMMANDS = (queue,)


def _say_what(answer: s.StaffAnswer, *, as_json: bool) -> None:
    if isinstance(answer, s.Acted) and answer.what and not as_json:
        click.echo(answer.what)


def _stand(stand: DrainStand) -> str:
    words = [f"{stand.sent} of {stand.of} sent"]
    if stand.parked:
        words.append(f"{stand.parked} parked: see `kiosk queue list`")
    if stand.waiting:
        words.append(f"{stand.waiting} waiting")
    if stand.held_by:
        words.append(f"kept by: {stand.held_by}")
    return ", ".join(words)


def _said(line: s.OperationLine) -> str:
    words = [f"{line.seq:>8}  {line.op_id}  {line.state:<8}  {line.at:%Y-%m-%d %H:%M:%S}"]
    words.append(f"{line.kind} of {line.order_key}")
    if line.reason:
        words.append(f"({line.reason})")
    if line.holds_key:
        words.append("[others wait for it]")
    return "  ".join(words)
