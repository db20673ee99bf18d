"""An e-mail address, typed on the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offscreen import Stage
from samples import show

from kiosk import messages as m
from kiosk.text.address import BACK, CLEAR, MAX_TYPED, SUFFIXES, is_whole, pressed
from kiosk.widgets.address_pad import ROWS

KEYS = [key for row in ROWS for key in row]


def shown(stage: Stage, name: str = "enter_address", turn: int = 5, language: str = "zh") -> None:
    stage.show(show(name, language=language, large=False, turn=turn), draw=False)


def value(stage: Stage) -> str:
    return getattr(stage.find("enter_address.value"), "value", "").replace("\u200b", "")


def tap_all(stage: Stage, *tids: str) -> None:
    for tid in tids:
        stage.tap(f"key.{tid}")


@pytest.fixture
def fresh(stage: Stage) -> Stage:
    stage.show(show("home", language="zh", large=False, turn=4), draw=False)
    shown(stage)
    stage.sent.clear()
    return stage


def test_typed_and_given(fresh: Stage) -> None:
    tap_all(fresh, "z", "point", "2", "0", "erase", "qq.com")
    assert value(fresh) == "z.2@qq.com"
    fresh.tap("enter_address.give")
    assert m.SubmitAddress(turn=5, address="z.2@qq.com") in fresh.sent


def test_what_is_not_whole_is_not_given(fresh: Stage) -> None:
    tap_all(fresh, "z", "at")
    fresh.tap("enter_address.give")
    assert not any(isinstance(one, m.SubmitAddress) for one in fresh.sent)
    assert "不完整" in getattr(fresh.find("enter_address.remark"), "text", "").replace("\n", "")
    tap_all(fresh, "q")
    assert getattr(fresh.find("enter_address.remark"), "text", "") == ""


def test_it_stays_over_a_change_of_language_and_a_call_for_staff(fresh: Stage) -> None:
    tap_all(fresh, "a", "b")
    shown(fresh, language="en", turn=5)
    assert value(fresh) == "ab"
    shown(fresh, "staff_coming", turn=6)
    shown(fresh, turn=7)
    assert value(fresh) == "ab"


@pytest.mark.parametrize("left_to", ["home", "watch_offered", "out_of_service"])
def test_nothing_of_it_is_left_elsewhere(fresh: Stage, left_to: str) -> None:
    tap_all(fresh, "a", "b")
    shown(fresh, left_to, turn=6)
    assert fresh.frame.kept.address == ""
    shown(fresh, turn=7)
    assert value(fresh) == ""


def test_what_was_given_can_be_changed(fresh: Stage) -> None:
    shown(fresh, "enter_address_typed", turn=6)
    assert value(fresh).endswith("@mail.example.com")


@given(st.lists(st.sampled_from(KEYS), max_size=90))
def test_any_keys_give_one_address_at_most(keys: list[str]) -> None:
    text = ""
    for key in keys:
        text = pressed(text, key)
        assert text.count("@") <= 1
        assert len(text) <= MAX_TYPED
    assert pressed(text, CLEAR) == ""
    assert pressed(text, BACK) == text[:-1]


@given(
    st.text("abc019._-", min_size=1, max_size=30).filter(lambda t: t.strip(".")),
    st.sampled_from(SUFFIXES),
)
def test_a_suffix_makes_an_address_whole_whatever_came_after_the_sign(
    name: str, suffix: str
) -> None:
    assert pressed(f"{name}@qq", suffix) == name + suffix
    assert is_whole(name + suffix)
