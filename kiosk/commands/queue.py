"""`kiosk queue`: what the running terminal owes the central service, and what staff can do."""

import time
from pathlib import Path

import click
import msgspec

from kiosk import staff_messages as s
from kiosk.commands.options import NOT_DONE, ask_daemon, json_option, settings_option

LOOK_EVERY_S = 0.5

_op_id = click.argument("op_id")


@click.group()
def queue() -> None:
    """What the terminal owes the central service. Exit codes: 1 not done, 3 not running."""


@queue.command("list")
@settings_option
@click.option("--limit", default=100, show_default=True, help="At most so many of each state.")
@json_option
def list_(files: tuple[Path, ...], limit: int, *, as_json: bool) -> None:
    """Show what is parked, what waits, and how often people were turned away."""
    answer = ask_daemon(files, s.AskQueue(limit), as_json=as_json)
    if as_json or not isinstance(answer, s.QueueShown):
        return
    click.echo(f"{answer.waiting} waiting, {answer.parked} parked")
    for line in answer.lines:
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
@_op_id
@json_option
def retry(files: tuple[Path, ...], op_id: str, *, as_json: bool) -> None:
    """Send a parked operation again, under the same id."""
    ask_daemon(files, s.RetryOperation(op_id), as_json=as_json)


@queue.command()
@settings_option
@_op_id
@json_option
def park(files: tuple[Path, ...], op_id: str, *, as_json: bool) -> None:
    """Set a waiting operation aside. It is kept; later ones of its key wait for it."""
    ask_daemon(files, s.ParkOperation(op_id), as_json=as_json)


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
    """Send everything now and wait until nothing waits any more. Exit code 1: something does."""
    ask_daemon(files, s.Drain(), as_json=False)
    end = time.monotonic() + within_s
    while True:
        answer = ask_daemon(files, s.AskQueue(limit=0), as_json=False)
        waiting = answer.waiting if isinstance(answer, s.QueueShown) else 0
        if waiting == 0 or time.monotonic() >= end:
            break
        time.sleep(LOOK_EVERY_S)  # the sender is another process: it has no event to wait for here
    said = msgspec.json.encode(answer).decode() if as_json else f"{waiting} waiting"
    click.echo(said)
    if waiting:
        raise SystemExit(NOT_DONE)


COMMANDS = (queue,)


def _said(line: s.OperationLine) -> str:
    words = [f"{line.seq:>8}  {line.op_id}  {line.state:<8}  {line.at:%Y-%m-%d %H:%M:%S}"]
    words.append(f"{line.kind} of {line.order_key}")
    if line.reason:
        words.append(f"({line.reason})")
    if line.holds_key:
        words.append("[others wait for it]")
    return "  ".join(words)
