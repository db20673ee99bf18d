"""What can be the name of a buyer that somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.title_names import MAX_TYPED_CHARS, typed_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("某某示例（北京）有限公司", "某某示例（北京）有限公司"),
        (" 某某示例(北京)有限公司 ", "某某示例（北京）有限公司"),
        ("示例A3-B&C·科技", "示例A3-B&C·科技"),
        ("ABC Co., Ltd.", "ABC Co., Ltd."),
        ("某", None),
        ("", None),
        ("（）", None),
        ("示例</>公司", None),
        ("示例\n公司", None),
        ("示例公司\u202e", None),
        ("某" * (MAX_TYPED_CHARS + 1), None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    assert typed_name(text) == name


@given(st.text(max_size=60))
def test_a_name_that_is_taken_once_is_taken_again(text: str) -> None:
    name = typed_name(text)
    assert name is None or typed_name(name) == name
