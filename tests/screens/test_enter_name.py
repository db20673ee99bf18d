"""A company's name in pinyin, pressed on the screen; nothing of it is left for the next."""

import pytest
from offscreen import Stage
from samples import show

from kiosk import applying_messages as a
from kiosk import messages as m
from kiosk.pinyin.composing import Composing
from kiosk.widgets.candidates import dealt


def shown(stage: Stage, name: str, turn: int, language: str = "zh") -> None:
    stage.show(show(name, language=language, large=False, turn=turn), draw=False)


def keys(stage: Stage, letters: str) -> None:
    for letter in letters:
        stage.tap(f"key.{letter}")
    stage.settle()


@pytest.fixture
def fresh(stage: Stage) -> Stage:
    shown(stage, "home", 4)
    shown(stage, "apply_name", 5)
    stage.sent.clear()
    return stage


def test_a_name_is_typed_word_by_word_and_given(fresh: Stage) -> None:
    keys(fresh, "beijing")
    fresh.tap("candidate.0")
    fresh.settle()
    keys(fresh, "keji")
    assert fresh.words("enter_name.letters") == "keji"
    fresh.tap("candidate.0")
    fresh.settle()
    fresh.tap("candidate.0")  # of the common words
    assert fresh.words("enter_name.value") == "北京科技有限公司"
    shown(fresh, "apply_name", 6, language="en")
    assert fresh.words("enter_name.value") == "北京科技有限公司"
    fresh.sent.clear()
    fresh.tap("enter_name.give")
    asked = [intent for intent in fresh.sent if not isinstance(intent, m.Touched)]
    assert asked == [a.SubmitName(turn=6, name="北京科技有限公司")]


def test_letters_without_characters_are_not_given(fresh: Stage) -> None:
    keys(fresh, "beijing")
    fresh.tap("enter_name.give")
    assert not [intent for intent in fresh.sent if isinstance(intent, a.SubmitName)]
    fresh.tap("key.mode")
    fresh.settle()
    fresh.tap("key.A")
    fresh.tap("key.open")
    assert fresh.words("enter_name.value") == "A（"
    fresh.tap("key.erase")
    assert fresh.words("enter_name.value") == "A"


def test_nothing_typed_is_left_when_the_visit_ends(fresh: Stage) -> None:
    keys(fresh, "mou")
    fresh.tap("candidate.0")
    shown(fresh, "home", 6)
    assert fresh.frame.kept.name == Composing()
    shown(fresh, "apply_name", 7)
    assert fresh.words("enter_name.value") == ""
    assert "mou" not in fresh.words("enter_name.letters")


def test_words_are_dealt_to_rows_and_pages_and_too_wide_ones_left_out() -> None:
    assert dealt([100, 100, 100, 500, 250, 40], 300, 10, 2) == [[[0, 1], [2]], [[4, 5]]]
    assert dealt([], 300, 10, 2) == []
