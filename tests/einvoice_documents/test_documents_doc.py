"""The examples in docs/einvoice-documents.md run, and give what the page says."""

import doctest
import re
from pathlib import Path

from einvoice.documents import Medium

PAGE = Path(__file__).parents[2] / "docs" / "einvoice-documents.md"


def test_the_examples_of_the_page_hold() -> None:
    result = doctest.testfile(
        str(PAGE),
        module_relative=False,
        encoding="utf-8",
        optionflags=doctest.NORMALIZE_WHITESPACE,
    )
    assert result.attempted > 20
    assert result.failed == 0


def test_the_page_names_every_medium() -> None:
    named = re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert named == [medium.name for medium in Medium]
