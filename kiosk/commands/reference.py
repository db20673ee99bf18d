"""The pages on all commands, made from the commands: docs/cli.md and the manual pages."""

from collections.abc import Iterator
from pathlib import Path

import click

from kiosk.commands.options import FILE

EXIT_CODES = (
    ("0", "It was done, or nothing is wrong."),
    ("1", "It was not done, or something is wrong; what, is said."),
    ("2", "The command was written wrongly, or its argument is not one."),
    ("3", "The terminal (or the service) does not run."),
    ("4", "Refused: not enrolled, somebody is being served, or nothing to end."),
    ("5", "Not known, or not reached: look, or try again."),
)
"""The same for all commands; which of them a command uses stands in its own text."""

COMPLETION = 'eval "$(_KIOSK_COMPLETE=bash_source kiosk)"'


@click.command(hidden=True)
@click.option("--man", type=FILE, help="Writes a manual page for each command into this folder.")
@click.pass_context
def reference(context: click.Context, man: Path | None) -> None:
    """Print the page on all commands (docs/cli.md), or write the manual pages."""
    root = context.find_root().command
    if man is None:
        click.echo(page(root), nl=False)
        return
    man.mkdir(parents=True, exist_ok=True)
    for name, command in _commands("kiosk", root):
        file = man / f"{name.replace(' ', '-')}.1"
        file.write_text(manual(name, command), encoding="utf-8")


COMMANDS = (reference,)


def page(root: click.Command) -> str:
    """All commands as one page of Markdown."""
    lines = [
        "# Commands",
        "",
        "Made by `kiosk reference`; do not edit. As manual pages too: `man kiosk-settings-set`.",
        "",
        "Commands that ask the terminal go through the running daemon, over its socket: no second",
        "process opens a device or writes the queue. `--json` prints the answer for programs.",
        f"Completion in bash: `{COMPLETION}`; the package installs it.",
        "",
        "| exit code | meaning |",
        "|---|---|",
        *(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES),
    ]
    for name, command in _commands("kiosk", root):
        lines += ["", f"## {name}", "", "```", _usage(name, command), "```", "", _text(command)]
        rows = [f"- `{left}`{': ' if right else ''}{right}" for left, right in _options(command)]
        if rows:
            lines += ["", *rows]
    return "\n".join(lines) + "\n"


def manual(name: str, command: click.Command) -> str:
    """One command as a manual page (man(7))."""
    text = _text(command).split("\n\n")
    lines = [
        f'.TH "{name.replace(" ", "-").upper()}" 1 "" "invoice terminal" ""',
        ".SH NAME",
        f"{_roff(name.replace(' ', '-'))} \\- {_roff(text[0].split('. ')[0].rstrip('.'))}",
        ".SH SYNOPSIS",
        _roff(_usage(name, command)),
        ".SH DESCRIPTION",
        "\n.PP\n".join(_roff(part) for part in text),
    ]
    options = list(_options(command))
    if options:
        lines.append(".SH OPTIONS")
        for left, right in options:
            lines += [".TP", _roff(left), _roff(right)]
    if isinstance(command, click.Group):
        lines.append(".SH COMMANDS")
        for one, child in sorted(command.commands.items()):
            if not child.hidden:
                lines += [".TP", _roff(one), _roff(child.get_short_help_str(limit=200))]
    lines.append(".SH EXIT STATUS")
    for code, meaning in EXIT_CODES:
        lines += [".TP", code, _roff(meaning)]
    return "\n".join(lines) + "\n"


def _commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, by their full names."""
    yield name, command
    if isinstance(command, click.Group):
        for one, child in sorted(command.commands.items()):
            if not child.hidden:
                yield from _commands(f"{name} {one}", child)


def _usage(name: str, command: click.Command) -> str:
    with click.Context(command, info_name=name) as context:
        return " ".join([name, *command.collect_usage_pieces(context)])


def _text(command: click.Command) -> str:
    parts = (command.help or "").strip().split("\n\n")
    return "\n\n".join(" ".join(part.split()) for part in parts)


def _options(command: click.Command) -> Iterator[tuple[str, str]]:
    with click.Context(command, info_name=command.name) as context:
        for parameter in command.params:
            record = parameter.get_help_record(context)
            if record is not None:
                yield record[0], " ".join(record[1].split())


def _roff(text: str) -> str:
    """The text, with what man(7) would take for its own made plain."""
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain
