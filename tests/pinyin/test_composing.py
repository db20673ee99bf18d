"""Composing a name, key by key, with any library behind it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from einvoice.title_names import MAX_TYPED_CHARS
from kiosk.pinyin.composing import (
    APART,
    BACK,
    CLEAR,
    COMMON,
    LETTERS,
    MAX_LETTERS,
    MODE,
    SIGNS,
    Composing,
)

KEYS = st.sampled_from([*LETTERS, APART, *SIGNS, BACK, CLEAR, MODE, "", "ab", "\n", "汉"])
CHOICES = st.tuples(st.text("北京科技有限公司", min_size=1, max_size=10), st.integers(1, 40))
STEPS = st.lists(KEYS | CHOICES, max_size=120)


@given(STEPS)
def test_whatever_is_pressed_the_name_stays_one(steps: list[str | tuple[str, int]]) -> None:
    now = Composing()
    for step in steps:
        match step:
            case str():
                now = now.press(step)
            case (text, taken) if now.letters:
                before = now
                now = now.add(text, now.letters[taken:].lstrip(APART))
                assert now == before or len(now.letters) < len(before.letters)
            case _:
                pass
        assert len(now.name) <= MAX_TYPED_CHARS
        assert len(now.letters) <= MAX_LETTERS
        assert re.fullmatch(r"([a-z]+'?)*", now.letters)
        assert not (now.plain and now.letters)
    for _ in range(len(now.name) + len(now.letters)):
        now = now.press(BACK)
    assert (now.name, now.letters) == ("", "")


def test_letters_wait_and_signs_stand_at_once() -> None:
    now = Composing()
    for key in "keji":
        now = now.press(key)
    assert (now.name, now.letters) == ("", "keji")
    now = now.add("科技").press(MODE)
    for key in "（A3）":
        now = now.press(key)
    assert now.press("a") == now
    assert (now.name, now.letters) == ("科技（A3）", "")


def test_letters_that_were_chosen_for_by_nobody_go_with_the_mode() -> None:
    assert Composing("科技", "bei").press(MODE) == Composing("科技", plain=True)


def test_common_words_can_be_put_behind_each_other() -> None:
    assert all(Composing("某某").add(word).name == f"某某{word}" for word in COMMON)
    full = Composing("某" * MAX_TYPED_CHARS)
    assert full.add("科技") == full
