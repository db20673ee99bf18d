"""The examples in docs/einvoice-seals.md run, and give what the page says."""

import doctest
import re
from pathlib import Path

from einvoice.seals import Outcome, TrustStore

PAGE = Path(__file__).parents[2] / "docs" / "einvoice-seals.md"


def test_the_examples_of_the_page_hold() -> None:
    result = doctest.testfile(
        str(PAGE),
        module_relative=False,
        encoding="utf-8",
        optionflags=doctest.NORMALIZE_WHITESPACE,
    )
    assert result.attempted > 15
    assert result.failed == 0


def test_the_page_s_trust_file_is_one() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    store = TrustStore.parse(text)
    assert len(store.makers) == len(store.signers) == 1


def test_the_page_s_table_names_every_outcome() -> None:
    named = re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert named == [outcome.name for outcome in Outcome]


def test_the_page_names_every_sentence() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"`{outcome.key}`" in page for outcome in Outcome)
