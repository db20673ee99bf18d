"""Lines break where a reader would break them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.widgets.wrapping import plain, wrap


def units(text: str) -> float:
    """Chinese signs are two wide, others one: a font that can be counted."""
    return sum(2.0 if sign > "\u2000" else 1.0 for sign in text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("查到了", 10, ["查到了"]),
        ("请把发票二维码\u200b对准扫描口", 16, ["请把发票二维码", "对准扫描口"]),
        ("请把发票二维码\u200b对准扫描口", 40, ["请把发票二维码对准扫描口"]),
        ("纸质发票左上角，或手机上的图片", 18, ["纸质发票左上角，", "或手机上的图片"]),
        ("Found, and it matches", 12, ["Found, and", "it matches"]),
        ("号码 2611 2000", 9, ["号码", "2611 2000"]),
        ("一\n二", 10, ["一", "二"]),
        ("", 10, [""]),
        ("26112000000100000018", 10, ["2611200000", "0100000018"]),
    ],
)
def test_where_lines_break(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width, units) == lines


texts = st.text("一二三，。）（《》 ab1.2\u200b¥“”", max_size=60)


@given(texts, st.integers(6, 60))
def test_nothing_is_lost_and_nothing_is_added(text: str, width: int) -> None:
    joined = "".join(wrap(text, width, units))
    assert joined.replace(" ", "") == plain(text).replace(" ", "")


@given(texts, st.integers(6, 60))
def test_no_line_is_too_wide(text: str, width: int) -> None:
    assert all(units(line) <= width for line in wrap(text, width, units))


@given(st.text("一二三四五，。）（a ", max_size=60), st.integers(16, 60))
def test_no_line_begins_with_a_closing_mark(text: str, width: int) -> None:
    # A run of marks wider than a line has nowhere else to break.
    if max((len(run) for run in text.replace("（", "，").split()), default=0) * 2 > width:
        return
    lines = wrap(text, width, units)
    kept = [line for line in lines[1:] if line]
    assert all(line[0] not in "，。）" or f" {line[0]}" in f" {text}" for line in kept)


def greedy(text: str, width: float) -> int:
    """How many lines a text that may break anywhere takes when each is filled."""
    lines, used = 1, 0.0
    for sign in text:
        if used + units(sign) > width:
            lines, used = lines + 1, 0.0
        used += units(sign)
    return lines


@given(st.text("一二三四五六", min_size=1, max_size=60), st.integers(6, 40))
def test_no_more_lines_than_needed(text: str, width: int) -> None:
    assert len(wrap(text, width, units)) == greedy(text, width)


def test_no_line_ends_at_a_blank_that_holds_together() -> None:
    lines = wrap("2611\u00a02000\u00a00001  no more today", 20, len)
    assert lines[0].startswith("2611\u00a02000\u00a00001")
