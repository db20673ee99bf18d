"""docs/mint.md runs and has every breakage; the command writes what it says."""

import doctest
import inspect
import re
from pathlib import Path

import pytest

from central.sandbox.mint import Breakage
from central.sandbox.mint import breakage as breakage_module
from central.sandbox.mint.__main__ import main
from central.sandbox.mint.breakage import FORMS_OF
from einvoice.documents import Unreadable, read

PAGE = Path(__file__).parents[2] / "docs" / "mint.md"


def breakages_table() -> str:
    """From the names, the sentences under them and the forms."""
    source = inspect.getsource(breakage_module.Breakage)
    sentences = dict(re.findall(r'([A-Z_]+) = "[a-z_]+"\n    """(.+?)"""', source))
    rows = ["| breakage | what is wrong | forms |", "|---|---|---|"]
    rows += [
        f"| `{one.name}` | {sentences[one.name]} | "
        f"{', '.join(sorted(form.value for form in FORMS_OF[one]))} |"
        for one in Breakage
    ]
    return "\n".join(rows)


def test_the_page_has_every_breakage() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"<!-- breakages -->\n{breakages_table()}\n<!-- /breakages -->" in text


def test_the_examples_run() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert result.attempted > 10
    assert result.failed == 0


def test_the_command_writes_readable_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "out")]) == 0
    files = sorted((tmp_path / "out").iterdir())
    assert capsys.readouterr().out.startswith(f"{len(files)} files")
    unreadable = {
        path.name
        for path in files
        if not path.name.endswith(".txt") and isinstance(read(path.read_bytes()), Unreadable)
    }
    assert unreadable == {
        "broken.truncated.ofd",
        "broken.truncated.xml",
        "broken.entities.xml",
    }
