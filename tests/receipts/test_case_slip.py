"""The slip of an invoice that is looked for."""

from dataclasses import replace

import pytest
from test_slips import AT, HEAD, LONGEST_MM, REFERENCE, TICKET, codes, pairs, texts

from drivers.printers.encode import encode
from drivers.printers.glyphs import FontFile, FontGlyphs
from drivers.printers.profile import load_profile
from einvoice import ticket
from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.fonts import fonts_dir
from kiosk.receipts.batch import slip_of
from kiosk.text.catalogue import catalogue

KEPT = m.CaseKept(
    ticket=m.TicketView(TICKET.number, AT), reference=REFERENCE, verdict=Verdict.NOT_FOUND, days=30
)


def test_it_says_what_is_done_and_carries_the_ticket() -> None:
    words = catalogue("zh")
    slip = slip_of(KEPT, (TICKET,), HEAD, words)
    said = texts(slip)
    assert said[0] == "凭此小票查结果"
    assert any("30 天" in line for line in said)
    assert any("不等于是假" in line for line in said)
    assert not any("邮箱" in line for line in said)
    assert codes(slip) == [ticket.to_text(TICKET)]
    assert pairs(slip)["发票号码"] == "2611 2000 0001 0000 0018"
    with_letter = slip_of(replace_letter(KEPT), (TICKET,), HEAD, words)
    assert any("邮箱" in line for line in texts(with_letter))


def replace_letter(kept: m.CaseKept) -> m.CaseKept:
    return m.CaseKept(
        ticket=kept.ticket,
        reference=kept.reference,
        verdict=kept.verdict,
        days=kept.days,
        by_letter=True,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("profile", "limit_mm"), [("generic-80", LONGEST_MM), ("generic-58", LONGEST_MM + 20)]
)
def test_it_can_be_printed_and_stays_short(language: str, profile: str, limit_mm: int) -> None:
    model = load_profile(profile)
    glyphs = FontGlyphs([FontFile(fonts_dir() / "NotoSansSC-Regular.otf")])
    head = replace(HEAD, columns=model.columns)
    slip = slip_of(replace_letter(KEPT), (TICKET,), head, catalogue(language))
    raster = encode(slip, model, glyphs)
    assert raster.height_mm < limit_mm
