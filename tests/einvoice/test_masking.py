"""Names with their middle hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.masking import mask_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("北京示例有限公司", "北京示***有限公司"),
        ("北京示例科技有限公司", "北京示***有限公司"),
        ("北京示例科技股份有限公司", "北京示***股份有限公司"),
        ("示例集团有限公司", "***集团有限公司"),
        ("示例（北京）投资合伙企业（有限合伙）", "示例（***合伙企业（有限合伙）"),
        ("示例(北京)投资合伙企业(有限合伙)", "示例(***合伙企业(有限合伙)"),
        ("某有限公司", "***有限公司"),
        ("某某有限公司", "***有限公司"),
        ("某某某有限公司", "某***有限公司"),
        ("国家税务总局示例区税务局", "国家税***税务局"),
        ("示例街道办事处", "示***"),
        ("张三", "张**"),
        ("王中心", "王**"),
        ("欧阳示例", "欧**"),
        ("阿示例·买示例", "阿**"),
        ("John Example", "J**"),
        ("", ""),
        ("  ", ""),
        ("张", "*"),
    ],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_the_length_of_what_is_hidden_is_not_told() -> None:
    short, long = mask_name("北京示例科技有限公司"), mask_name("北京示例科技发展贸易有限公司")
    assert short == long


CHARACTERS = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
FORMS = st.sampled_from(["有限公司", "股份有限公司", "店", "中心", "（有限合伙）", ""])


@given(st.text(CHARACTERS, min_size=1, max_size=30), FORMS)
def test_something_of_the_own_name_is_always_hidden(own: str, form: str) -> None:
    masked = mask_name(own + form)
    assert "*" in masked
    shown = masked.replace("*", "")
    # A form may end what was drawn as the own name, so count over the whole.
    assert len(shown) < len(own + form)
    if len(own) <= 2 and form in ("有限公司", "股份有限公司"):
        assert shown == form


@given(st.text())
def test_any_text_can_be_masked_and_no_long_one_stays_whole(name: str) -> None:
    masked = mask_name(name)
    assert masked == "" if not name.strip() else "*" in masked
