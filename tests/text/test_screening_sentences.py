"""Every rule of screening and every outcome of a seal has its sentences, in both languages."""

import string

import pytest

from einvoice.screening import RULES, SCREENING_IDS, Rule
from einvoice.seals import Outcome
from kiosk.text import Catalogue, Language, catalogue

BOTH = [catalogue(language) for language in Language]
in_both = pytest.mark.parametrize("words", BOTH, ids=lambda words: words.language.value)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def under(words: Catalogue, prefix: str) -> set[str]:
    return {key.removeprefix(prefix) for key in words.keys if key.startswith(prefix)}


@in_both
def test_the_rules_are_exactly_those_that_have_sentences(words: Catalogue) -> None:
    assert under(words, "screening.") == SCREENING_IDS


@in_both
def test_notes_are_exactly_rules_and_outcomes_of_seals(words: Catalogue) -> None:
    assert under(words, "evidence.note.") == SCREENING_IDS | {outcome.key for outcome in Outcome}


@in_both
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_sentence_has_the_values_of_its_rule(words: Catalogue, rule: Rule) -> None:
    assert placeholders(words.template(f"screening.{rule.id}")) == placeholders(rule.sentence)
    assert placeholders(words.template(f"evidence.note.{rule.id}")) == set()


@in_both
def test_what_differs_is_never_called_false(words: Catalogue) -> None:
    said = {
        key: words.template(key)
        for key in words.keys
        if key.startswith(("screening.", "evidence.")) and "不能说明" not in words.template(key)
    }
    unwanted = ("假", "伪", "真", "fake", "false", "forged", "genuine", "illegal", "违法")
    assert [key for key, text in said.items() if any(word in text for word in unwanted)] == []


@in_both
def test_a_seal_that_was_not_checked_is_not_said_to_lack_its_file(words: Catalogue) -> None:
    """A file without a seal, and one whose seal cannot be checked, were both handed in."""
    said = words.say("evidence.seal.not_checked")
    assert not any(word in said for word in ("文件", "file"))
