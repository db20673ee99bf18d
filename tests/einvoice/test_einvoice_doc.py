"""The examples in docs/einvoice.md run, and give what the page says."""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from central.sandbox.mint import Breakage, Mint
from einvoice.__main__ import main
from einvoice.kinds import Kind

PAGE = Path(__file__).parents[2] / "docs" / "einvoice.md"
PACKAGE = PAGE.parents[1] / "einvoice"
# Helpers of modules that stand on the page.
HELPERS = {"fields", "file_report_text", "file_seals"}
IMPORTED_AS = {"pillow": "PIL", "zxing-cpp": "zxingcpp"}
OURS = ("central", "drivers", "offline_queue", "config", "kiosk")

# Imports every module of some parts where the packages named last cannot be found.
IMPORTS_WITHOUT = """
import importlib, pkgutil, sys
folder, parts, hidden = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")
sys.path.insert(0, folder)
sys.modules.update(dict.fromkeys(hidden))
for part in parts:
    module = importlib.import_module("einvoice." + part)
    for below in pkgutil.iter_modules(getattr(module, "__path__", ())):
        if below.name != "__main__":
            importlib.import_module(f"einvoice.{part}.{below.name}")
"""


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


def test_the_page_names_every_module() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## On its own")[0]
    modules = {path.stem for path in PACKAGE.iterdir() if not path.stem.startswith("_")}
    assert modules - HELPERS - {"field_texts", "masked_fields"} == modules & set(
        re.findall(r"`(\w+)`", table)
    )


def needs() -> dict[str, set[str]]:
    """Part -> the packages that the page names for it; parts that need none are absent."""
    section = PAGE.read_text(encoding="utf-8").partition("## On its own")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|$", section, re.MULTILINE)
    return {
        part: {IMPORTED_AS.get(package, package) for package in str(packages).split(", ")}
        for parts, packages in rows
        for part in re.findall(r"`(\w+)`", parts)
    }


@pytest.mark.parametrize(
    "packages", ["pypdf", "cryptography msgspec pyhanko pypdf", "PIL zxingcpp", ""]
)
def test_a_part_needs_no_more_than_the_page_says(packages: str) -> None:
    told = needs()
    every = set[str]().union(*told.values())
    parts = [part for part, needed in told.items() if needed == set(packages.split())]
    if not packages:
        parts = [path.stem for path in PACKAGE.glob("[a-z]*.py") if path.stem not in told]
        parts = [part for part in parts if part not in HELPERS - {"fields"}]
    assert parts
    hidden = ",".join(every - set(packages.split())) + "," + ",".join(OURS)
    isolated = ["-I"] if packages else ["-I", "-S"]  # -S: no packages at all
    subprocess.run(
        [sys.executable, *isolated, "-c", IMPORTS_WITHOUT, PACKAGE.parent, ",".join(parts), hidden],
        check=True,
    )
