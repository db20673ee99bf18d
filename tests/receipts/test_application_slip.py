"""The slips of applications for invoices."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from test_slips import AT, HEAD, LONGEST_MM, TICKET, codes, pairs, texts

from drivers.printers.encode import encode
from drivers.printers.glyphs import FontFile, FontGlyphs
from drivers.printers.profile import load_profile
from einvoice import ticket
from einvoice.kinds import Kind
from kiosk import messages as m
from kiosk.applying_messages import ApplicationReview, SoldItem
from kiosk.fonts import fonts_dir
from kiosk.receipts.batch import slip_of
from kiosk.text.catalogue import catalogue

GIVEN = m.TicketView(TICKET.number, AT)
ISSUED = m.ApplicationTold(
    GIVEN, "issued", Decimal("106.00"), number="26112000000800000001", issued_on=date(2026, 11, 25)
)
REFUSED = m.ApplicationTold(GIVEN, "refused", Decimal("106.00"), words="购买方税号有误" * 6)


WANTED = ApplicationReview(
    seller="北京示例商贸有限公司",
    kind=Kind.DIGITAL_ORDINARY,
    item=SoldItem("meal", "餐饮服务", Decimal("0.06")),
    buyer="某某示例科技（北京）有限公司",
    buyer_tax_id="91110105MA00TEXT0W",
    total_with_tax=Decimal("106.00"),
    without_service=True,
)
KEPT = m.ApplicationKept(GIVEN, WANTED)


def test_a_receipt_says_first_what_it_is_for_and_that_it_is_no_invoice() -> None:
    slip = slip_of(KEPT, (TICKET,), HEAD, catalogue("zh"))
    said = texts(slip)
    assert said[0] == "凭此回执查发票号码"
    assert "这是申请回执，不是发票" in said
    assert any("连上服务后" in line for line in said)
    assert codes(slip) == [ticket.to_text(TICKET)]
    assert pairs(slip)["购买方税号"] == WANTED.buyer_tax_id
    assert "发票号码" not in pairs(slip)


def test_a_name_that_was_typed_is_marked_on_the_receipt() -> None:
    typed = msgspec.structs.replace(WANTED, is_name_typed=True)
    slip = slip_of(m.ApplicationKept(GIVEN, typed), (TICKET,), HEAD, catalogue("zh"))
    assert pairs(slip)["名称"] == "由购买方输入，未核对"
    assert "名称" not in pairs(slip_of(KEPT, (TICKET,), HEAD, catalogue("zh")))


def test_an_issued_one_says_its_number_and_that_the_slip_is_no_invoice() -> None:
    slip = slip_of(ISSUED, (TICKET,), HEAD, catalogue("zh"))
    assert pairs(slip)["发票号码"] == "2611 2000 0008 0000 0001"
    assert "本凭条不是发票，不作为报销凭证" in texts(slip)


def test_a_refused_one_says_why_and_no_number() -> None:
    slip = slip_of(REFUSED, (TICKET,), HEAD, catalogue("zh"))
    assert REFUSED.words in texts(slip)
    assert "发票号码" not in pairs(slip)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("shown", [ISSUED, REFUSED, KEPT])
@pytest.mark.parametrize(
    ("profile", "limit_mm"), [("generic-80", LONGEST_MM), ("generic-58", LONGEST_MM + 20)]
)
def test_it_can_be_printed_and_stays_short(
    language: str, shown: m.Printable, profile: str, limit_mm: int
) -> None:
    model = load_profile(profile)
    glyphs = FontGlyphs([FontFile(fonts_dir() / "NotoSansSC-Regular.otf")])
    slip = slip_of(shown, (TICKET,), replace(HEAD, columns=model.columns), catalogue(language))
    assert encode(slip, model, glyphs).height_mm < limit_mm
