"""A tax id and an amount, typed on the screen."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offscreen import Stage
from samples import show

from einvoice.tax_ids import LENGTHS
from kiosk import applying_messages as a
from kiosk.text import typed
from kiosk.widgets.keypad import PRICE_KEYS
from kiosk.widgets.tax_id_pad import ROWS

SELLER = "91110105MA00TEXT0W"  # its check characters fit
TAX_ID_KEYS = [key for row in ROWS for key in row]
PRICE = [key for row in PRICE_KEYS for key in row]


def shown(stage: Stage, name: str, turn: int = 5, language: str = "zh") -> None:
    stage.show(show(name, language=language, large=False, turn=turn), draw=False)


def tap_all(stage: Stage, keys: str) -> None:
    for key in keys:
        stage.tap(f"key.{'point' if key == '.' else key}")


@pytest.fixture
def fresh(stage: Stage) -> Stage:
    stage.show(show("home", language="zh", large=False, turn=4), draw=False)
    shown(stage, "apply_seller")
    stage.sent.clear()
    return stage


def test_a_tax_id_is_typed_in_groups_and_given(fresh: Stage) -> None:
    tap_all(fresh, SELLER)
    assert fresh.words("enter_tax_id.value") == "91 110105 MA00 TEXT0 W"
    fresh.tap("enter_tax_id.give")
    assert a.SubmitTaxId(turn=5, tax_id=SELLER) in fresh.sent


def test_one_that_is_too_short_is_not_given_and_an_odd_one_is_asked_about_once(
    fresh: Stage,
) -> None:
    tap_all(fresh, SELLER[:-1] + "Y")
    fresh.tap("enter_tax_id.give")
    assert "校验位" in fresh.words("enter_tax_id.remark")
    assert not any(isinstance(one, a.SubmitTaxId) for one in fresh.sent)
    fresh.tap("enter_tax_id.give")
    assert a.SubmitTaxId(turn=5, tax_id=SELLER[:-1] + "Y") in fresh.sent
    fresh.sent.clear()
    shown(fresh, "apply_buyer", turn=6)
    assert fresh.words("enter_tax_id.value") in ("", "请输入")  # the buyer's is another question
    tap_all(fresh, "911")
    fresh.tap("enter_tax_id.give")
    fresh.tap("enter_tax_id.give")
    assert "3 位" in fresh.words("enter_tax_id.remark")
    assert not any(isinstance(one, a.SubmitTaxId) for one in fresh.sent)


def test_what_is_typed_stays_over_languages_and_goes_with_the_visit(fresh: Stage) -> None:
    tap_all(fresh, "911")
    shown(fresh, "apply_seller", language="en")
    assert fresh.words("enter_tax_id.value") == "91 1"
    shown(fresh, "staff_coming", turn=6)
    shown(fresh, "apply_seller", turn=7)
    assert fresh.words("enter_tax_id.value") == "91 1"
    shown(fresh, "home", turn=8)
    shown(fresh, "apply_seller", turn=9)
    assert fresh.words("enter_tax_id.value") in ("", "请输入")


def test_an_amount_is_typed_and_given_and_nothing_is_not(fresh: Stage) -> None:
    shown(fresh, "apply_price", turn=6)
    fresh.tap("enter_price.give")
    assert fresh.words("enter_price.remark") == "请输入金额"
    tap_all(fresh, "106.505")
    assert fresh.words("enter_price.value") == "¥106.50"
    fresh.tap("enter_price.give")
    assert a.SubmitPrice(turn=6, yuan=Decimal("106.50")) in fresh.sent


def test_more_items_than_a_screen_holds_come_one_screen_after_the_other(fresh: Stage) -> None:
    shown(fresh, "apply_item", turn=6)
    fresh.tap("choose_item.more")
    fresh.tap("choose_item.item_7")
    assert a.TakeItem(turn=6, item="i7") in fresh.sent


@given(st.lists(st.sampled_from(TAX_ID_KEYS), max_size=40))
def test_whatever_is_pressed_is_a_tax_id_or_part_of_one(keys: list[str]) -> None:
    text = ""
    for key in keys:
        text = typed.tax_id_pressed(text, key)
    assert len(text) <= max(LENGTHS)
    assert set(text) <= set(typed.TAX_ID_KEYS)
    assert typed.tax_id_grouped(text).replace(" ", "") == text


@given(st.lists(st.sampled_from(PRICE), max_size=30))
def test_whatever_is_pressed_is_a_whole_number_of_fen(keys: list[str]) -> None:
    text = ""
    for key in keys:
        text = typed.price_pressed(text, key)
    yuan = typed.price_of(text)
    assert yuan is None or (yuan > 0 and yuan == yuan.quantize(Decimal("0.01")))
    assert not text.startswith("00")
    assert len(text) <= typed.MAX_WHOLE_DIGITS + 3
