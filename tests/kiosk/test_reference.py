"""The pages on the commands are those of the commands."""

import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kiosk.cli import main
from kiosk.commands.reference import manual, page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_that_of_the_commands() -> None:
    made = CliRunner().invoke(main, ["reference"], prog_name="kiosk").output
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == made


def every_command(command: click.Command) -> list[click.Command]:
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return [command, *(one for child in below for one in every_command(child))]


def test_every_command_says_what_it_does() -> None:
    for command in every_command(main):
        assert (command.help or "").strip(), command.name


def test_there_is_a_manual_page_for_each_command_and_none_is_misread(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["reference", "--man", str(tmp_path)], prog_name="kiosk")
    pages = {path.name for path in tmp_path.iterdir()}
    assert {"kiosk.1", "kiosk-doctor.1", "kiosk-settings-set.1"} <= pages
    assert f"{len(pages)} pages" == f"{page(main).count(chr(10) + '## ')} pages"


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed here")
def test_groff_has_nothing_to_say_about_a_page() -> None:
    for command in (main, main.commands["settings"], main.commands["doctor"]):
        ran = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww"],
            input=manual(str(command.name), command),
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stderr == ""
        assert "reach" in ran.stdout


def test_a_line_that_begins_with_a_dot_is_text() -> None:
    @click.command(help=".SH is not a heading here")
    def odd() -> None: ...

    assert "\n\\&.SH is not" in manual("odd", odd)
