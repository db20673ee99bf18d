"""docs/einvoice-screening.md shows the rules as they are, and its example runs."""

import doctest
import re
from pathlib import Path

import pytest

from central.sandbox.mint import Breakage, Mint
from einvoice.__main__ import main
from einvoice.screening.tables import rates_table, rules_table

PAGE = Path(__file__).parents[2] / "docs" / "einvoice-screening.md"


def table_of(name: str) -> str:
    marked = rf"<!-- {name}: .*? -->\n(.*?)\n<!-- /{name} -->"
    found = re.search(marked, PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"no table of {name}"
    return found[1]


def test_the_page_has_every_rule() -> None:
    assert table_of("rules") == rules_table()


def test_the_page_has_every_rate() -> None:
    assert table_of("rates") == rates_table()


def test_the_example_runs() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert result.attempted > 5
    assert result.failed == 0


def test_the_command_prints_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    broken = Mint("docs").invoice(lines=1).broken(Breakage.WRONG_TOTAL)
    Path("invoice.xml").write_bytes(broken.xml())
    assert main(["invoice.xml", "--today", "2026-11-24"]) == 1
    shown = f"```\n$ python -m einvoice invoice.xml\n{capsys.readouterr().out}```"
    assert table_of("shown") == shown
