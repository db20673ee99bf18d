"""The title QR."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice import title_card
from einvoice.title_card import TitleCard


def packed(inner: str) -> str:
    return f"$01{base64.b64encode(inner.encode()).decode()}$"


def test_the_checksum_is_crc_16_umts() -> None:
    assert title_card.crc_umts(b"123456789") == 0xFEE8


def test_the_vector_of_the_norm_as_computed() -> None:
    card = TitleCard("名称", "91110000600037341L", "地址|电话", "开户行|账号", crc_ok=True)
    inner = "名称</>91110000600037341L</>地址|电话</>开户行|账号</>937D"
    assert title_card.parse(packed(inner)) == card
    assert title_card.to_text(card) == packed(inner)


@pytest.mark.parametrize(
    ("inner", "crc_ok"),
    [
        ("名称</></></></>0000", False),
        ("名称</></></></>", None),
        ("名称</></></>", None),
        ("名称</>", None),
        ("名称</></></></>zzzz", False),
    ],
)
def test_a_checksum_that_is_absent_is_not_called_wrong(inner: str, crc_ok: bool | None) -> None:
    card = title_card.parse(packed(inner))
    assert card is not None
    assert (card.name, card.crc_ok) == ("名称", crc_ok)


@pytest.mark.parametrize(
    "text",
    ["$01$", "$01", "$02" + packed("名称</></></></>")[3:], "$01!!!!$", packed("名称"),
     packed("</></></></>"), packed("a</>b</>c</>d</>e</>f"), "$01" + "/w" + "$"],
)  # fmt: skip
def test_what_is_no_title_card_is_none(text: str) -> None:
    assert title_card.parse(text) is None


def test_leading_zeros_of_the_checksum_may_be_missing() -> None:
    name = next(
        f"名{number}"
        for number in range(1000)
        if title_card.crc_umts(f"名{number}</></></></>".encode("gbk")) < 0x1000
    )
    crc = title_card.crc_umts(f"{name}</></></></>".encode("gbk"))
    card = title_card.parse(packed(f"{name}</></></></>{crc:X}"))
    assert card is not None
    assert card.crc_ok is True


FIELDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(str.strip)


@given(FIELDS.filter(bool), FIELDS, FIELDS, FIELDS)
def test_a_title_comes_back_from_its_text(
    name: str, tax_id: str, address_phone: str, bank_account: str
) -> None:
    card = TitleCard(name, tax_id, address_phone, bank_account, crc_ok=True)
    if "</>" in name + tax_id + address_phone + bank_account:
        with pytest.raises(ValueError):
            title_card.to_text(card)
    else:
        assert title_card.parse(title_card.to_text(card)) == card
