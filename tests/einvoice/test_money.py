"""Amounts, rates, and amounts in capitals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice import money
from einvoice.money import NotAnAmount, NotARate, NotCapitals, Rate, RateKind

AMOUNTS = st.integers(-(10**18) + 1, 10**18 - 1).map(lambda fen: Decimal(fen).scaleb(-2))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("57", "57.00"),
        ("64.9", "64.90"),
        ("510.68", "510.68"),
        ("4197.170000", "4197.17"),
        ("¥1,234.56", "1234.56"),
        ("￥ 0.01", "0.01"),
        ("-0.96", "-0.96"),
        ("-¥0.96", "-0.96"),
        ("¥-0.96", "-0.96"),
        ("−12.00", "-12.00"),
        ("１２３．４５", "123.45"),
        ("12元", "12.00"),
        ("-0.00", "0.00"),
        ("9999999999999999.99", "9999999999999999.99"),
    ],
)
def test_amounts_are_read_as_invoices_write_them(text: str, amount: str) -> None:
    assert str(money.parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text",
    ["", "***", "1.005", "1e3", "NaN", "Infinity", "1,23", "12,34.5", "--1", "1.2.3", ".5", "5.",
     "10000000000000000", "1 2", "²", "0x10", "1_000"],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        money.parse_amount(text)


def test_unit_prices_may_have_long_tails() -> None:
    assert money.parse_decimal("0.8849557522123894") == Decimal("0.8849557522123894")


@given(AMOUNTS)
def test_an_amount_comes_back_from_its_text(amount: Decimal) -> None:
    assert money.parse_amount(f"{amount:,.2f}") == amount
    assert money.parse_amount(f"¥{amount:.2f}") == amount


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount = money.parse_amount(text)
    except NotAnAmount:
        return
    assert amount == amount.quantize(money.FEN)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("4449.00", "肆仟肆佰肆拾玖圆整"),
        ("20670", "贰万零陆佰柒拾圆整"),
        ("11.20", "壹拾壹圆贰角"),
        ("2.12", "贰圆壹角贰分"),
        ("1.05", "壹圆零伍分"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("0", "零圆整"),
        ("10", "壹拾圆整"),
        ("100000.10", "壹拾万圆壹角"),
        ("1001", "壹仟零壹圆整"),
        ("10000001", "壹仟万零壹圆整"),
        ("100000000", "壹亿圆整"),
        ("100010000", "壹亿零壹万圆整"),
        ("1000000000000", "壹万亿圆整"),
        (
            "9999999999999999.99",
            "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖圆玖角玖分",
        ),
        ("-57", "（负数）伍拾柒圆整"),
    ],
)
def test_amounts_in_capitals(amount: str, words: str) -> None:
    assert money.to_capitals(Decimal(amount)) == words
    assert money.from_capitals(words) == Decimal(amount)


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("叁拾玖元伍角肆分", "39.54"),
        ("伍元陆角壹分", "5.61"),
        ("人民币伍元正", "5"),
        ("伍圆", "5"),
        ("壹拾壹圆贰角整", "11.20"),
        ("拾壹圆整", "11"),
        ("贰万〇陆佰柒拾圆整", "20670"),
        ("一千零一元整", "1001"),
        ("(负数)伍拾柒圆整", "-57"),
        ("负伍拾柒圆整", "-57"),
        ("壹拾万零柒仟元零伍角叁分", "107000.53"),
        (" 伍 圆 整 ", "5"),
        ("零元整", "0"),
        ("零分", "0"),
    ],
)
def test_capitals_are_read_in_every_usual_spelling(words: str, amount: str) -> None:
    assert money.from_capitals(words) == Decimal(amount)


@pytest.mark.parametrize(
    "words",
    ["", "圆", "整", "伍", "伍伍圆整", "伍圆伍圆", "伍万伍万圆", "佰圆整", "伍角伍角", "伍分伍角",
     "壹元整元", "壹佰壹仟圆", "abc", "亿" * 5000, "拾", "圆整角", "壹亿亿亿圆", "万圆", "伍圆五"],
)  # fmt: skip
def test_words_that_name_no_amount_are_refused(words: str) -> None:
    with pytest.raises(NotCapitals):
        money.from_capitals(words)


@given(AMOUNTS)
def test_an_amount_comes_back_from_its_capitals(amount: Decimal) -> None:
    words = money.to_capitals(amount)
    assert money.from_capitals(words) == amount
    assert money.from_capitals(words.replace("圆", "元").replace("整", "正")) == amount
    assert "零零" not in words


@given(st.text("零〇壹贰玖拾佰仟万亿圆元角分整正负（数）", max_size=90) | st.text())
def test_any_words_are_an_amount_or_refused(words: str) -> None:
    try:
        amount = money.from_capitals(words)
    except NotCapitals:
        return
    assert money.from_capitals(money.to_capitals(amount)) == amount


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "10000000000000000"])
def test_some_amounts_have_no_capitals(amount: str) -> None:
    with pytest.raises(ValueError):
        money.to_capitals(Decimal(amount))


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("13%", Rate(RateKind.PERCENT, Decimal("0.13"))),
        ("13.00%", Rate(RateKind.PERCENT, Decimal("0.13"))),
        ("1.5%", Rate(RateKind.PERCENT, Decimal("0.015"))),
        ("１３％", Rate(RateKind.PERCENT, Decimal("0.13"))),
        ("0.06", Rate(RateKind.PERCENT, Decimal("0.06"))),
        ("0.060000", Rate(RateKind.PERCENT, Decimal("0.06"))),
        ("0", Rate(RateKind.PERCENT, Decimal(0))),
        ("免税", Rate(RateKind.EXEMPT)),
        ("不征税", Rate(RateKind.NOT_TAXED)),
        ("*", Rate(RateKind.NOT_TAXED)),
        ("***", Rate(RateKind.HIDDEN)),
    ],
)
def test_rates(text: str, rate: Rate) -> None:
    assert money.parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "13", "-3%", "101%", "**", "abc", "1e-2"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(NotARate):
        money.parse_rate(text)


@given(st.integers(0, 10**6))
def test_a_rate_is_the_same_as_percent_and_as_fraction(millionths: int) -> None:
    fraction = Decimal(millionths).scaleb(-6)
    assert money.parse_rate(f"{fraction * 100:f}%") == money.parse_rate(f"{fraction:f}")
