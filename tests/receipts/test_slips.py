"""What stands on the paper, for every verdict, language and width."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import msgspec
import pytest

from drivers.printers.encode import encode
from drivers.printers.glyphs import FontFile, FontGlyphs
from drivers.printers.paper import Document, Pair, Qr, Size, Text
from drivers.printers.profile import load_profile
from einvoice import qr, ticket
from einvoice.kinds import Kind
from einvoice.verdict import Check, Finding, Source, Verdict
from kiosk import messages as m
from kiosk.clock import BEIJING
from kiosk.fonts import fonts_dir
from kiosk.receipts.batch import slip_of
from kiosk.receipts.slips import SlipHead, ticket_slip, verdict_slip
from kiosk.text import formats
from kiosk.text.catalogue import catalogue

AT = datetime(2026, 11, 24, 10, 42, 7, tzinfo=BEIJING)
TICKET = ticket.Ticket("SF-03-261124-0042", "0123456789AB")
REFERENCE = m.ReferenceView(
    kind=Kind.DIGITAL_SPECIAL,
    number="26112000000100000018",
    issued_on=date(2026, 11, 24),
    amount=Decimal("106.00"),
)
HEAD = SlipHead("示范办税服务厅", "03", TICKET.number, 0, 48)
LONGEST_MM = 140
"""The limit for a slip on 80 mm paper."""


def shown(verdict: Verdict, **more: object) -> m.VerdictShown:
    """A verdict with everything that a record can say: the longest slip there is."""
    return m.VerdictShown(
        verdict=verdict,
        source=Source.TAX_SERVICE,
        at=AT,
        reference=REFERENCE,
        evidence=tuple(
            m.EvidenceView(check=check, finding=Finding.AGREES)
            for check in (Check.RECORD, Check.STRUCTURE, Check.SEAL)
        ),
        reason="date_in_future" if verdict is Verdict.INVALID_INPUT else "",
        seller_masked="北京示***有限公司",
        total_with_tax=Decimal("106.00"),
        red_on=date(2026, 11, 20) if verdict in (Verdict.RED_FULL, Verdict.RED_PARTIAL) else None,
        red_balance=Decimal("50.00") if verdict is Verdict.RED_PARTIAL else None,
        void_on=date(2026, 11, 21) if verdict is Verdict.VOID else None,
        **more,  # pyright: ignore[reportArgumentType] (fields by name)
    )


def texts(document: Document) -> list[str]:
    return [one.text for one in document.elements if isinstance(one, Text)]


def pairs(document: Document) -> dict[str, str]:
    return {one.label: one.value for one in document.elements if isinstance(one, Pair)}


def codes(document: Document) -> list[str]:
    return [one.data for one in document.elements if isinstance(one, Qr)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize(
    ("profile", "limit_mm"), [("generic-80", LONGEST_MM), ("generic-58", LONGEST_MM + 20)]
)
def test_every_slip_can_be_printed_and_stays_short(
    language: str, verdict: Verdict, profile: str, limit_mm: int
) -> None:
    model = load_profile(profile)
    glyphs = FontGlyphs([FontFile(fonts_dir() / "NotoSansSC-Regular.otf")])
    words = catalogue(language)
    head = replace(HEAD, columns=model.columns)
    for document in (
        verdict_slip(shown(verdict), head, words),
        ticket_slip(shown(verdict), TICKET, head, words),
    ):
        assert encode(document, model, glyphs).height_mm <= limit_mm


def test_a_slip_says_what_the_screen_said_and_who_said_it() -> None:
    words = catalogue("zh")
    document = verdict_slip(shown(Verdict.NORMAL), HEAD, words)
    assert "示范办税服务厅" in texts(document)
    assert "查到了，信息一致" in texts(document)
    assert "本凭条不是发票，不作为报销凭证" in texts(document)
    assert f"{TICKET.number}　03 号机" in texts(document)
    said = pairs(document)
    assert said["发票号码"] == "2611 2000 0001 0000 0018"
    assert said["价税合计"] == "¥106.00"
    assert said["销售方"] == "北京示***有限公司"
    assert said["来源"] == "税务查验服务"
    assert said["查验时间"] == "2026-11-24 10:42:07"


def test_the_code_of_a_verdict_slip_asks_for_the_same_invoice() -> None:
    (code,) = codes(verdict_slip(shown(Verdict.NORMAL), HEAD, catalogue("zh")))
    read = qr.parse(code)
    assert isinstance(read, qr.InvoiceCode)
    assert read.reference.number == REFERENCE.number
    assert read.reference.amount == REFERENCE.amount


def test_a_ticket_slip_says_first_what_it_is_for_and_carries_the_ticket() -> None:
    words = catalogue("zh")
    given = m.TicketView(number=TICKET.number, registered_at=AT)
    document = ticket_slip(shown(Verdict.UNAVAILABLE, ticket=given), TICKET, HEAD, words)
    first = document.elements[0]
    assert isinstance(first, Text)
    assert (first.text, first.size) == ("凭此小票查结果", Size.LARGE)
    assert codes(document) == [ticket.to_text(TICKET)]
    assert f"{TICKET.number}　03 号机" in texts(document)
    assert TICKET.secret not in "".join(texts(document))


@pytest.mark.parametrize("verdict", [Verdict.UNAVAILABLE, Verdict.NOT_FOUND])
def test_a_slip_never_turns_not_knowing_into_a_statement(verdict: Verdict) -> None:
    everything = " ".join(
        text
        for language in ("zh", "en")
        for text in texts(verdict_slip(shown(verdict), HEAD, catalogue(language)))
    )
    for accusation in ("虚假", "假票", "伪造", "invalid", "fake", "forged"):
        assert accusation not in everything


def test_a_reprint_and_a_demonstration_are_marked() -> None:
    words = catalogue("zh")
    marked = replace(HEAD, copy=2, is_sandbox=True)
    assert "补打 第 2 次" in texts(slip_of(shown(Verdict.NORMAL), (), marked, words))
    assert texts(slip_of(shown(Verdict.NORMAL), (), marked, words))[0] == words.say("slip.sandbox")
    learning = replace(marked, is_training=True)
    assert texts(slip_of(shown(Verdict.NORMAL), (), learning, words))[0] == words.say(
        "slip.training"
    )
    plain = texts(slip_of(shown(Verdict.NORMAL), (), HEAD, words))
    assert not [text for text in plain if "补打" in text or text == words.say("slip.sandbox")]


@pytest.mark.parametrize("kind", [Kind.OLD_BY_AMOUNT, Kind.OLD_BY_CHECK_CODE])
def test_an_invoice_whose_kind_is_not_known_gets_a_slip_without_a_code(kind: Kind) -> None:
    reference = m.ReferenceView(
        kind=kind,
        number="12345678",
        issued_on=date(2026, 1, 5),
        code="1100182130",
        amount=Decimal("9.00"),
        check_code="123456",
    )
    known = shown(Verdict.NORMAL)
    document = verdict_slip(
        m.VerdictShown(
            verdict=known.verdict,
            source=known.source,
            at=known.at,
            reference=reference,
            evidence=(),
        ),
        HEAD,
        catalogue("zh"),
    )
    assert codes(document) == []
    assert pairs(document)["发票代码"] == "1100 1821 30"


def batch(count: int, *, put_off: int = 0) -> tuple[m.BatchShown, tuple[ticket.Ticket, ...]]:
    """So many invoices in one visit, the last of them put off."""
    tickets = tuple(ticket.Ticket(f"SF-03-261124-{n:04d}", "0123456789AB") for n in range(put_off))
    waiting = [m.TicketView(number=one.number, registered_at=AT) for one in tickets]
    lines = [
        m.BatchLine(reference=REFERENCE, verdict=Verdict.NORMAL) for _ in range(count - put_off)
    ] + [
        m.BatchLine(reference=REFERENCE, verdict=Verdict.UNAVAILABLE, ticket=one) for one in waiting
    ]
    return m.BatchShown(lines=tuple(lines), at=AT), tickets


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("profile", ["generic-80", "generic-58"])
def test_a_slip_of_fifty_can_be_printed(language: str, profile: str) -> None:
    model = load_profile(profile)
    glyphs = FontGlyphs([FontFile(fonts_dir() / "NotoSansSC-Regular.otf")])
    shown_batch, tickets = batch(50, put_off=3)
    head = replace(HEAD, columns=model.columns)
    document = slip_of(shown_batch, tickets, head, catalogue(language))
    assert encode(document, model, glyphs).height_mm <= 600
    assert codes(document) == [ticket.to_text(one) for one in tickets]
    assert len([one for one in document.elements if isinstance(one, Pair)]) == 50 + 2 + 1


def test_each_code_on_a_slip_of_many_says_which_invoice_it_is_for() -> None:
    shown_batch, tickets = batch(4, put_off=2)
    document = slip_of(shown_batch, tickets, HEAD, catalogue("zh"))
    after_codes = [
        document.elements[at + 1 : at + 3]
        for at, one in enumerate(document.elements)
        if isinstance(one, Qr)
    ]
    assert [[one.text for one in pair if isinstance(one, Text)] for pair in after_codes] == [
        [given.number, "2611 2000 0001 0000 0018"] for given in tickets
    ]


def test_what_is_shown_decides_which_slip_it_is() -> None:
    words = catalogue("zh")
    put_off = shown(Verdict.UNAVAILABLE)
    assert slip_of(put_off, (TICKET,), HEAD, words) == ticket_slip(put_off, TICKET, HEAD, words)
    good = shown(Verdict.NORMAL)
    assert slip_of(good, (), HEAD, words) == verdict_slip(good, HEAD, words)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_slip_says_both_values_of_what_differs(language: str) -> None:
    differs = m.EvidenceView(
        check=Check.RECORD,
        finding=Finding.DIFFERS,
        compared=(
            m.ComparedView("issued_on", "2026-11-24", "2026-11-21"),
            m.ComparedView("check_code", "123456"),
        ),
    )
    words = catalogue(language)
    one = msgspec.structs.replace(shown(Verdict.MISMATCH), evidence=(differs,))
    pairs = [p.value for p in verdict_slip(one, HEAD, words).elements if isinstance(p, Pair)]
    assert formats.day(words, date(2026, 11, 21)) in pairs
    assert words.say("verdict_screen.not_told") in pairs


def test_a_slip_names_the_red_invoice() -> None:
    red = msgspec.structs.replace(shown(Verdict.RED_FULL), red_number="26112000000100000217")
    pairs = [
        p.value for p in verdict_slip(red, HEAD, catalogue("zh")).elements if isinstance(p, Pair)
    ]
    assert "2611 2000 0001 0000 0217" in pairs
