"""The name of a buyer whom nobody knows is typed, and stays marked as that."""

import pytest
from test_applying import BUYER, CARD_TEXT, SELLER, TITLE, press, seller, to_title
from visit_kit import Hall

from central.contract_people import Title
from kiosk import applying_messages as a
from kiosk import messages as m
from kiosk.daemon.applying_desk import NoTitle

NAME = "某某示例（北京）有限公司"


@pytest.fixture
def hall() -> Hall:
    hall = Hall(can_type_names=True)
    hall.visit.service_issues(issues=True)
    hall.applying.sellers[SELLER] = seller()
    return hall


async def to_name(hall: Hall) -> None:
    await to_title(hall)
    await press(hall, a.TypeBuyer)
    await press(hall, a.SubmitTaxId, tax_id=BUYER)


async def test_a_typed_name_is_applied_with_and_marked(hall: Hall) -> None:
    await to_name(hall)
    assert hall.situation == a.EnterName(BUYER, "not_known")
    await press(hall, a.SubmitName, name=" 某某示例(北京)有限公司 ")
    review = hall.situation
    assert isinstance(review, a.ApplicationReview)
    assert (review.buyer, review.buyer_tax_id, review.is_name_typed) == (NAME, BUYER, True)
    await press(hall, a.Apply)
    assert hall.applying.applied[0][0].title == Title(NAME, BUYER)


@pytest.mark.parametrize("name", ["", "某", "示例</>公司", "（）", "某" * 41])
async def test_what_cannot_be_a_name_is_not_taken(hall: Hall, name: str) -> None:
    await to_name(hall)
    await press(hall, a.SubmitName, name=name)
    assert hall.situation == a.EnterName(BUYER, "not_known")


async def test_a_title_card_that_comes_after_all_is_taken_and_not_marked(hall: Hall) -> None:
    await to_name(hall)
    hall.visit.scanned(CARD_TEXT)
    await hall.settle()
    review = hall.situation
    assert isinstance(review, a.ApplicationReview)
    assert (review.buyer, review.is_name_typed) == (TITLE.name, False)
    await press(hall, m.GoBack)
    assert hall.situation == a.GiveTitle()


async def test_a_name_that_was_typed_before_does_not_mark_what_is_scanned_then(hall: Hall) -> None:
    await to_name(hall)
    await press(hall, a.SubmitName, name=NAME)
    await press(hall, m.GoBack)
    assert hall.situation == a.EnterName(BUYER, "not_known")
    hall.visit.scanned(CARD_TEXT)
    await hall.settle()
    assert isinstance(hall.situation, a.ApplicationReview)
    assert not hall.situation.is_name_typed


async def test_back_leads_to_the_tax_id(hall: Hall) -> None:
    hall.applying.titles[BUYER] = NoTitle("unavailable")
    await to_name(hall)
    assert hall.situation == a.EnterName(BUYER, "unavailable")
    await press(hall, m.GoBack)
    assert hall.situation == a.EnterTaxId(whose="buyer")


async def test_who_asked_too_often_scans(hall: Hall) -> None:
    hall.applying.titles[BUYER] = NoTitle("too_often")
    await to_name(hall)
    assert hall.situation == a.EnterTaxId(whose="buyer", said="too_often")
