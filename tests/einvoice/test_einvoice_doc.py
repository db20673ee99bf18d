"""The examples in docs/einvoice.md run, and give what the page says."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from central.sandbox.mint import Breakage, Mint
from einvoice.__main__ import main
from einvoice.kinds import Kind

PAGE = Path(__file__).parents[2] / "docs" / "einvoice.md"


@pytest.fixture(autouse=True)
def files_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the page opens, where it looks for them."""
    monkeypatch.chdir(tmp_path)
    mint = Mint("docs")
    Path("invoice.ofd").write_bytes(mint.invoice(Kind.ORDINARY_ELECTRONIC).ofd())
    Path("wrong-total.xml").write_bytes(mint.invoice().broken(Breakage.WRONG_TOTAL).xml())


def test_the_examples_of_the_page_hold() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert result.attempted > 20
    assert result.failed == 0


def test_the_commands_of_the_page_print_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown = re.findall(r"^\$ python -m einvoice (.+)\n((?:.+\n)*?)```", page, re.MULTILINE)
    assert shown
    for arguments, output in shown:
        assert main([*shlex.split(arguments), "--today", "2026-11-24"]) == 0
        assert capsys.readouterr().out == output
