"""`kiosk settings`: what is set, where it comes from, and changing it at a running terminal."""

import asyncio
import os
from pathlib import Path

import click
import msgspec

from config.explain import Description, Explained, descriptions, explained
from config.load import Layer, WrongSetting, check, parse
from kiosk import staff_messages as s
from kiosk.commands.options import FILE, daemon_socket, loaded_settings, settings_option
from kiosk.settings.loading import loaded
from kiosk.staff import NotRunning, ask

NOT_DONE = 1
NOT_RUNNING = 3

_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


class Checked(msgspec.Struct, frozen=True):
    """What `check --json` says of a file; `wrong` is "" for one that is right."""

    file: str
    wrong: str


class Row(msgspec.Struct, frozen=True):
    """One setting as it stands, with what is known about it, for programs."""

    now: Explained
    schema: Description


@click.group()
def settings() -> None:
    """What is set, and changing it.

    Layers, the weakest first: defaults, the files (model, hall, terminal), what the service
    signed, what was set at the terminal, the environment. Exit codes: 1 wrong or not done,
    3 not running.
    """


@settings.command()
@settings_option
@click.argument("names", nargs=-1)
@click.option("--all", "all_of_them", is_flag=True, help="Those at their default too.")
@_json
def show(
    files: tuple[Path, ...], names: tuple[str, ...], *, all_of_them: bool, as_json: bool
) -> None:
    """Show settings (like `printer` or `printer.baud`) with their origin."""
    try:
        found = loaded(files, os.environ)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error
    rows = [Row(*both) for both in zip(explained(found.layers), descriptions(), strict=True)]
    rows = [row for row in rows if not names or _name(row) in names or row.now.section in names]
    if not rows:
        raise click.ClickException(f"no such setting: {' '.join(names)}")
    if as_json:
        click.echo(msgspec.json.encode(rows).decode())
        return
    for row in rows:
        if names or all_of_them or row.now.origin != "default":
            click.echo(f"{_name(row):<32} {_value(row.now.value):<28} {row.now.origin}")
        if names:
            allowed = f" Allowed: {row.schema.allowed}." if row.schema.allowed else ""
            click.echo(f"    {row.schema.about}{allowed} Default: {_value(row.schema.default)}")
    if found.set_aside:
        click.echo(f"not used: {found.set_aside}", err=True)


@settings.command("check")
@click.argument("paths", nargs=-1, required=True, type=FILE)
@_json
def check_(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Say what is wrong in settings files: file, line, key, and what is allowed.

    Exit code 1: one of them is wrong.
    """
    found = [Checked(str(path), _wrong(path)) for path in paths]
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
    else:
        for one in found:
            click.echo(one.wrong or f"{one.file}: right", err=bool(one.wrong))
    if any(one.wrong for one in found):
        raise SystemExit(NOT_DONE)


@settings.command("set")
@settings_option
@click.argument("changes", nargs=-1, required=True, metavar="SECTION.KEY=VALUE...")
@_json
def set_(files: tuple[Path, ...], changes: tuple[str, ...], *, as_json: bool) -> None:
    """Set one or several at this terminal; `SECTION.KEY=` without a value: what files say.

    All or none. Used from the next quiet moment on; taken back by itself if the terminal is worse
    with it. The version before stays: `kiosk settings rollback`.
    """
    _tell(files, s.ChangeSettings(tuple(map(_change, changes))), as_json=as_json)


@settings.command()
@settings_option
@click.argument("signed", type=FILE)
@_json
def take(files: tuple[Path, ...], signed: Path, *, as_json: bool) -> None:
    """Take settings that the office signed (`kiosk central sign-settings`)."""
    try:
        content = signed.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{signed}: {error.strerror}") from error
    _tell(files, s.TakeSettings(content), as_json=as_json)


@settings.command()
@settings_option
@_json
def history(files: tuple[Path, ...], *, as_json: bool) -> None:
    """List the versions, newest first."""
    answer = _ask(files, s.AskSettings())
    if as_json:
        click.echo(msgspec.json.encode(answer).decode())
    if as_json or not isinstance(answer, s.SettingsShown):
        return
    for one in answer.versions:
        words = [word for word, is_so in _words(answer, one.number) if is_so]
        marks = f"  [{', '.join(words)}]" if words else ""
        order = f" (order {one.serial})" if one.by == "service" else ""
        click.echo(
            f"{one.number:>5}  {one.at:%Y-%m-%d %H:%M:%S}  {one.by}{order}:"
            f" {', '.join(one.changed)}{marks}"
        )
    if not answer.versions:
        click.echo("nothing was set at this terminal, or by the service")


@settings.command()
@settings_option
@click.argument("number", type=int, required=False)
@_json
def rollback(files: tuple[Path, ...], number: int | None, *, as_json: bool) -> None:
    """Use again what was set at this terminal in version NUMBER, or in the one before."""
    _tell(files, s.RollBackSettings(number), as_json=as_json)


COMMANDS = (settings,)


def _wrong(path: Path) -> str:
    """What is wrong in a settings file; "" when it is right."""
    try:
        text = path.read_text(encoding="utf-8")
        check(Layer(str(path), parse(text, str(path)), text))
    except (WrongSetting, OSError, UnicodeDecodeError) as error:
        return str(error)
    return ""


def _words(shown: s.SettingsShown, number: int) -> tuple[tuple[str, bool], ...]:
    return (
        ("in use", number == shown.active),
        ("on trial", number == shown.active != shown.proven),
        (f"given up: {shown.why}", number == shown.rolled_back),
    )


def _change(written: str) -> s.SettingChange:
    name, equals, value = written.partition("=")
    section, dot, key = name.partition(".")
    if not (equals and dot):
        raise click.UsageError(f"{written}: should be SECTION.KEY=VALUE")
    return s.SettingChange(section.strip(), key.strip(), value.strip() or None)


def _name(row: Row) -> str:
    return f"{row.now.section}.{row.now.key}"


def _value(value: str | float) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def _tell(files: tuple[Path, ...], asked: s.SettingsAsk, *, as_json: bool) -> None:
    answer = _ask(files, asked)
    if as_json:
        click.echo(msgspec.json.encode(answer).decode())
    elif isinstance(answer, s.Acted | s.NotDone):
        is_done = isinstance(answer, s.Acted)
        click.echo(answer.what if is_done else answer.why, err=not is_done)
    if not isinstance(answer, s.Acted):
        raise SystemExit(NOT_DONE)


def _ask(files: tuple[Path, ...], asked: s.SettingsAsk) -> s.StaffAnswer:
    try:
        return asyncio.run(ask(daemon_socket(loaded_settings(files)), asked))
    except NotRunning as error:
        click.echo(str(error), err=True)
        raise SystemExit(NOT_RUNNING) from error
