"""What the two README files tell people to write and to type is taken by the program."""

import re
from pathlib import Path

import pytest
from click import Group

from config.load import load
from kiosk.cli import main

ROOT = Path(__file__).parents[2]
BOTH = pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])


@BOTH
def test_the_settings_are_taken(name: str, tmp_path: Path) -> None:
    text = (ROOT / name).read_text("utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    file = tmp_path / "terminal.toml"
    file.write_text(block, "utf-8")
    assert load((file,)).terminal.number == "07"


@BOTH
def test_the_commands_and_their_options_are_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    lines = re.findall(r"^\.venv/bin/kiosk (.*)$", text, re.MULTILINE)
    assert len(lines) >= 5
    for line in lines:
        command, context = main, main.make_context("kiosk", [], resilient_parsing=True)
        known: set[str] = set()
        for word in line.partition("#")[0].split():
            known |= {opt for one in command.params for opt in one.opts}
            if word.startswith("--"):
                assert word in known, line
            elif isinstance(command, Group) and command.get_command(context, word):
                found = command.get_command(context, word)
                assert found is not None
                command = found
