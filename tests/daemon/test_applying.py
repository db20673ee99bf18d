"""A business applies for an invoice: each step, back from each, and what is left of it."""

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from visit_kit import INVOICE_TEXT, NOON, TICKET, Hall

from central.contract_people import IssuingTerms, Item, ItemSold, Title
from drivers.printers.outcome import Failed
from drivers.printers.status import Cause, NotReady
from einvoice import title_card
from einvoice.kinds import Kind
from einvoice.title_card import TitleCard
from kiosk import applying_messages as a
from kiosk import messages as m
from kiosk.daemon.allowance import Application, Known, NotGranted
from kiosk.daemon.applying_desk import NoTitle, SellerFound, SellerRefused
from kiosk.daemon.keeping import NotKept

SELLER, BUYER = "91110000MA00SHL15X", "91110105MA00TEST1X"
TITLE = Title("某某示例科技有限公司", BUYER)
CARD = TitleCard(TITLE.name, BUYER, "", "")
CARD_TEXT = title_card.to_text(CARD)
SHOWN_CODE = "287700000000000001"
BOTH = (Kind.DIGITAL_ORDINARY, Kind.DIGITAL_SPECIAL)


def seller(
    *, kinds: tuple[Kind, ...] = BOTH[:1], asked: bool = True, owed: str = "0"
) -> SellerFound:
    terms = IssuingTerms(
        SELLER,
        "北京示例商贸有限公司",
        kinds,
        (Item("meal", "餐饮服务", Decimal("0.06")), Item("tea", "茶叶", Decimal("0.13"))),
        limit=Decimal(1000),
        offline_allowance=Decimal(2000),
        good_until=NOON,
    )
    return SellerFound(Known(terms, NOON, Decimal(owed)), asked)


@pytest.fixture
def hall() -> Hall:
    hall = Hall()
    hall.visit.service_issues(issues=True)
    hall.applying.sellers[SELLER] = seller()
    hall.applying.titles |= {BUYER: TITLE, SHOWN_CODE: TITLE}
    return hall


async def press(hall: Hall, *intents: Callable[..., m.Intent], **fields: Any) -> None:
    """One press after the other; `fields` belong to each."""
    for make in intents:
        hall.visit.intend(make(turn=hall.turn, **fields))
        await hall.settle()


async def begin(hall: Hall) -> None:
    await press(hall, a.StartApplying)
    await press(hall, a.SubmitTaxId, tax_id=SELLER)


async def to_title(hall: Hall, yuan: str = "106.00") -> None:
    await begin(hall)
    await press(hall, a.TakeItem, item="meal")
    if isinstance(hall.situation, a.ChooseKind):
        await press(hall, a.TakeKind, kind=hall.situation.kinds[-1])
    await press(hall, a.SubmitPrice, yuan=Decimal(yuan))


async def to_review(hall: Hall) -> None:
    await to_title(hall)
    hall.visit.scanned(CARD_TEXT)
    await hall.settle()
    assert isinstance(hall.situation, a.ApplicationReview)


async def test_asked_for_only_where_it_is_offered() -> None:
    hall = Hall()
    assert hall.situation == m.Home()
    await press(hall, a.StartApplying)
    assert hall.situation == m.Home()
    hall.visit.service_issues(issues=True)
    assert hall.situation == m.Home(can_apply=True)


async def test_from_the_home_screen_to_the_receipt(hall: Hall) -> None:
    await to_review(hall)
    review = hall.situation
    assert review == a.ApplicationReview(
        seller="北京示例商贸有限公司",
        kind=Kind.DIGITAL_ORDINARY,
        item=a.SoldItem("meal", "餐饮服务", Decimal("0.06")),
        buyer=TITLE.name,
        buyer_tax_id=BUYER,
        total_with_tax=Decimal("106.00"),
    )
    await press(hall, a.Apply)
    assert hall.applying.applied == [
        (
            Application(
                SELLER, Kind.DIGITAL_ORDINARY, TITLE, (ItemSold("meal", Decimal("106.00")),)
            ),
            True,
        )
    ]
    assert hall.desk.prints[0][0] == TICKET.number
    assert hall.desk.tickets == [(TICKET,)]
    await hall.printed(Failed(Cause.PAPER_OUT))
    await press(hall, m.GoBack)
    assert isinstance(hall.situation, a.ApplicationKept)
    await press(hall, m.PrintSlip)
    assert hall.desk.prints[1][:2] == (TICKET.number, 1)
    await hall.printed()
    assert isinstance(hall.situation, m.PrintEnded)
    await press(hall, m.GoHome)
    assert BUYER not in repr(hall.visit._stage.person)


async def test_the_sellers_own_title_card_is_a_registered_code_too(hall: Hall) -> None:
    await press(hall, a.StartApplying)
    hall.visit.scanned(title_card.to_text(TitleCard("北京示例商贸有限公司", SELLER, "", "")))
    await hall.settle()
    assert isinstance(hall.situation, a.ChooseItem)
    await press(hall, m.GoBack)
    assert hall.situation == a.EnterTaxId(whose="seller")
    hall.visit.scanned(SELLER.lower())
    await hall.settle()
    assert isinstance(hall.situation, a.ChooseItem)


async def test_a_title_from_an_app_from_a_tax_id_and_for_a_person(hall: Hall) -> None:
    await to_title(hall)
    hall.visit.scanned("289900000000000009")
    await hall.settle()
    assert hall.situation == a.GiveTitle(said="not_known")
    hall.visit.scanned(SHOWN_CODE)
    await hall.settle()
    assert isinstance(hall.situation, a.ApplicationReview)
    await press(hall, m.GoBack, a.TypeBuyer)
    await press(hall, a.SubmitTaxId, tax_id=SELLER)
    assert hall.situation == a.EnterTaxId(whose="buyer", said="not_known")
    await press(hall, a.SubmitTaxId, tax_id=BUYER)
    assert isinstance(hall.situation, a.ApplicationReview)
    assert hall.situation.buyer_tax_id == BUYER
    await press(hall, m.GoBack, m.GoBack, a.MakeOutToPerson)
    assert isinstance(hall.situation, a.ApplicationReview)
    assert (hall.situation.buyer, hall.situation.buyer_tax_id) == ("个人", "")


async def test_a_special_invoice_is_made_out_to_a_tax_id_only(hall: Hall) -> None:
    hall.applying.sellers[SELLER] = seller(kinds=BOTH)
    await to_title(hall)
    assert hall.situation == a.GiveTitle(may_be_person=False)
    await press(hall, a.MakeOutToPerson)
    assert isinstance(hall.situation, a.GiveTitle)
    hall.visit.scanned(title_card.to_text(TitleCard("张三", "", "", "")))
    await hall.settle()
    assert hall.situation == a.GiveTitle(may_be_person=False, said="needs_tax_id")
    hall.applying.titles[SHOWN_CODE] = Title("张三")
    hall.visit.scanned(SHOWN_CODE)
    await hall.settle()
    assert hall.situation == a.GiveTitle(may_be_person=False, said="needs_tax_id")
    hall.visit.scanned(CARD_TEXT)
    await hall.settle()
    assert isinstance(hall.situation, a.ApplicationReview)
    assert hall.situation.kind is Kind.DIGITAL_SPECIAL


async def test_a_damaged_title_card_is_not_taken(hall: Hall) -> None:
    await to_title(hall)
    raw = f"{TITLE.name}</>{BUYER}</></></>0000"
    hall.visit.scanned(f"$01{base64.b64encode(raw.encode()).decode()}$")
    await hall.settle()
    assert hall.situation == a.GiveTitle(said="damaged")


@pytest.mark.parametrize("why", ["not_registered", "no_terms", "old_terms", "clock", "too_often"])
async def test_who_may_not_is_told_why_and_can_go_back(hall: Hall, why: str) -> None:
    hall.applying.sellers[SELLER] = SellerRefused(why)
    await begin(hall)
    assert hall.situation == a.NotAccepted(why)
    await press(hall, m.GoBack)
    assert hall.situation == a.EnterTaxId(whose="seller")


@pytest.mark.parametrize(
    ("asked", "owed", "link_down", "at_most"),
    [
        (True, "0", False, "1000"),
        (True, "1500.50", False, "499.50"),  # what was applied for before has not arrived
        (False, "0", True, "1000"),
        (False, "1999.99", True, "0.01"),
        (True, "1999.99", True, "0.01"),
    ],
)
async def test_the_amount_is_within_what_can_be_accepted_now(
    hall: Hall, asked: bool, owed: str, link_down: bool, at_most: str
) -> None:
    hall.applying.sellers[SELLER] = seller(asked=asked, owed=owed)
    hall.visit.link_changed(is_down=link_down)
    await begin(hall)
    await press(hall, a.TakeItem, item="meal")
    shown = hall.situation
    assert isinstance(shown, a.EnterPrice)
    assert shown.at_most == Decimal(at_most)
    assert shown.without_service is (Decimal(at_most) < 1000)
    await press(hall, a.SubmitPrice, yuan=Decimal(at_most) + Decimal("0.01"))
    assert hall.situation == msgspec.structs.replace(shown, too_much=True)
    for wrong in ("0", "-1", "0.001", "NaN"):
        await press(hall, a.SubmitPrice, yuan=Decimal(wrong))
        assert isinstance(hall.situation, a.EnterPrice)
    await press(hall, a.SubmitPrice, yuan=Decimal(at_most))
    assert isinstance(hall.situation, a.GiveTitle)


async def test_a_used_up_allowance_is_said_before_an_amount_is_asked_for(hall: Hall) -> None:
    hall.applying.sellers[SELLER] = seller(asked=False, owed="2000")
    await begin(hall)
    await press(hall, a.TakeItem, item="tea")
    assert hall.situation == a.NotAccepted("allowance", "北京示例商贸有限公司", Decimal(0))


async def test_refused_at_the_last_moment_and_a_full_disk_are_said(hall: Hall) -> None:
    await to_review(hall)
    hall.applying.result = NotGranted.ALLOWANCE
    await press(hall, a.Apply)
    assert isinstance(hall.situation, a.NotAccepted)
    assert hall.situation.why == "allowance"
    await press(hall, m.GoBack)
    hall.applying.result = NotKept("OutboxFull")
    await press(hall, a.Apply)
    assert isinstance(hall.situation, m.KeepFailed)
    assert hall.desk.prints == []


async def test_without_paper_nothing_is_promised(hall: Hall) -> None:
    hall.visit.printer_changed(NotReady(Cause.PAPER_OUT))
    await to_review(hall)
    await press(hall, a.Apply)
    assert hall.applying.applied == []


async def test_two_presses_are_one_application(hall: Hall) -> None:
    await to_review(hall)
    hall.visit.intend(a.Apply(hall.turn))
    hall.visit.intend(a.Apply(hall.turn))
    await hall.settle()
    assert len(hall.applying.applied) == 1


async def steps(hall: Hall, number: int) -> None:
    """The first so many steps of an application."""
    acts = (
        lambda: press(hall, a.StartApplying),
        lambda: press(hall, a.SubmitTaxId, tax_id=SELLER),
        lambda: press(hall, a.TakeItem, item="meal"),
        lambda: press(hall, a.TakeKind, kind=Kind.DIGITAL_ORDINARY),
        lambda: press(hall, a.SubmitPrice, yuan=Decimal("106.00")),
        lambda: press(hall, a.TypeBuyer),
        lambda: press(hall, a.SubmitTaxId, tax_id=BUYER),
    )
    for act in acts[:number]:
        await act()


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("leaving", ["end", "another", "timed_out", "back"])
async def test_left_at_any_step_nothing_of_it_stays(hall: Hall, number: int, leaving: str) -> None:
    hall.applying.sellers[SELLER] = seller(kinds=BOTH)
    await steps(hall, number)
    assert not isinstance(hall.situation, m.Home | a.NotAccepted)
    if leaving == "end":
        await press(hall, m.GoHome)
    elif leaving == "another":
        await press(hall, m.VerifyAnother)
    elif leaving == "back":
        for _ in range(number):
            assert not isinstance(hall.situation, m.Home)
            await press(hall, m.GoBack)
        hall.pass_seconds(1)
    else:
        hall.pass_seconds(120 + 45)
        await hall.settle()
    assert hall.situation == m.Home(can_apply=True)
    person = repr(hall.visit._stage.person)
    assert "draft=None" in person
    assert BUYER not in person
    assert hall.applying.applied == []
    hall.visit.scanned(INVOICE_TEXT)  # a new person at once after
    await hall.settle()
    assert isinstance(hall.situation, m.Checking)


@pytest.mark.parametrize("leaving", ["back", "end"])
async def test_given_up_while_the_service_is_asked(hall: Hall, leaving: str) -> None:
    hall.applying.answers.clear()
    await begin(hall)
    assert hall.situation == a.AskingFor("seller")
    hall.visit.scanned(CARD_TEXT)  # thrown away: something runs
    await press(hall, m.GoBack if leaving == "back" else m.GoHome)
    hall.applying.answers.set()
    await hall.settle()
    wanted = a.EnterTaxId(whose="seller") if leaving == "back" else m.Home(can_apply=True)
    assert hall.situation == wanted


async def test_no_answer_of_the_service_says_so_and_keeps_the_way_on(hall: Hall) -> None:
    hall.applying.titles[SHOWN_CODE] = NoTitle("unavailable")
    await to_title(hall)
    hall.visit.scanned(SHOWN_CODE)
    await hall.settle()
    assert hall.situation == a.GiveTitle(said="unavailable")
    await press(hall, m.GoBack)
    assert isinstance(hall.situation, a.EnterPrice)


async def test_an_invoice_that_is_held_up_on_the_way_is_verified(hall: Hall) -> None:
    await to_title(hall)
    hall.visit.scanned(INVOICE_TEXT)
    await hall.settle()
    assert isinstance(hall.situation, m.Checking)
