"""The rules as a table, findings as evidence, batches, places of a file."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screening_invoices import BUYER, TODAY, invoice_of, invoices, line

from einvoice import verdict
from einvoice.documents import (
    Disagreement,
    DocumentField,
    Found,
    Invoice,
    Line,
    Medium,
    Place,
    Reading,
)
from einvoice.screening import (
    RULES,
    SCREENING_IDS,
    Severity,
    evidence,
    screen,
    screen_batch,
    screen_reading,
)

ORDERLY = invoice_of(line("100.00", "0.06"))


def test_ids_are_unique() -> None:
    assert len(RULES) == len(SCREENING_IDS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_sentences_never_call_an_invoice_false_and_name_only_known_values(rule) -> None:
    words = rule.sentence.lower()
    assert not any(word in words for word in ("fake", "forged", "false", "fraud"))
    names = {name for _, name, _, _ in Formatter().parse(rule.sentence) if name}
    assert names <= {"stated", "expected", "line"}
    if rule.severity is Severity.DIFFERS:
        assert {"stated", "expected"} <= names, "a difference is shown with both values"


@given(invoices)
def test_nothing_found_is_evidence_that_agrees(invoice: Invoice) -> None:
    line_of_answer = evidence(screen(invoice, TODAY))
    assert line_of_answer.check is verdict.Check.SCREENING
    assert line_of_answer.finding is verdict.Finding.AGREES


def test_the_heaviest_finding_comes_first_and_is_the_evidence() -> None:
    spoiled = replace(ORDERLY, number="99" + ORDERLY.number[2:], total_with_tax=Decimal("1.00"))
    found = screen(spoiled, TODAY)
    assert [finding.rule.severity for finding in found] == sorted(
        (finding.rule.severity for finding in found),
        key=[Severity.DIFFERS, Severity.WARN, Severity.NOTE].index,
    )
    shown = evidence(found)
    assert (shown.finding, shown.note) == (verdict.Finding.DIFFERS, "total_sum")
    assert shown.compared[0] == verdict.Compared(
        "total_with_tax", stated="1.00", recorded="106.00", rule="total_sum"
    )
    assert [one.rule for one in shown.compared] == [one.rule.id for one in found]


def test_the_evidence_shows_no_tax_id_whole() -> None:
    assert ORDERLY.seller.tax_id
    wrong = ORDERLY.seller.tax_id[:-1] + "?"
    spoiled = replace(ORDERLY, seller=replace(ORDERLY.seller, tax_id=wrong))
    shown = evidence(screen(spoiled, TODAY))
    assert shown.compared
    assert all(wrong not in one.stated for one in shown.compared)


def test_a_warning_alone_is_noted() -> None:
    shown = evidence(screen(replace(ORDERLY, number="25" + ORDERLY.number[2:]), TODAY))
    assert (shown.finding, shown.note) == (verdict.Finding.NOTED, "number_year")
    assert [(one.stated, one.recorded) for one in shown.compared] == [("2025", "2026")]


def test_a_finding_does_not_print_what_it_holds() -> None:
    (found,) = screen(replace(ORDERLY, buyer=replace(BUYER, tax_id="1234567")), TODAY)
    assert "1234567" not in repr(found)
    assert "1234567" in found.sentence


class TestBatch:
    other = replace(ORDERLY, number="26112000000012345679")

    def test_different_invoices(self) -> None:
        assert screen_batch([ORDERLY, self.other, Invoice(), Invoice()]) == ()

    def test_the_same_invoice_twice(self) -> None:
        (found,) = screen_batch([ORDERLY, self.other, ORDERLY])
        assert (found.finding.rule.id, found.first, found.second) == ("twice_in_batch", 0, 2)

    def test_a_form_that_states_less_is_still_the_same(self) -> None:
        less = Invoice(number=ORDERLY.number, issued_on=ORDERLY.issued_on)
        (found,) = screen_batch([ORDERLY, less])
        assert found.finding.rule.id == "twice_in_batch"

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            (replace(ORDERLY, issued_on=date(2026, 11, 3)), DocumentField.ISSUED_ON),
            (replace(ORDERLY, total_with_tax=Decimal("1.00")), DocumentField.TOTAL_WITH_TAX),
            (replace(ORDERLY, buyer=replace(BUYER, tax_id="1")), DocumentField.BUYER_TAX_ID),
        ],
    )
    def test_one_number_and_two_contents(self, changed: Invoice, field: DocumentField) -> None:
        (found,) = screen_batch([ORDERLY, changed])
        assert (found.finding.rule.id, found.finding.field) == ("twice_and_different", field)
        assert found.finding.stated != found.finding.expected

    def test_one_number_under_two_codes_is_two_invoices(self) -> None:
        assert screen_batch([replace(ORDERLY, code="1"), replace(ORDERLY, code="2")]) == ()

    @given(st.lists(st.sampled_from([ORDERLY, other]), max_size=8))
    def test_every_repetition_is_found_once(self, batch: list[Invoice]) -> None:
        assert len(screen_batch(batch)) == len(batch) - len({one.number for one in batch})


def reading(field: DocumentField, taken: Found, other: Found) -> Reading:
    return Reading(ORDERLY, {}, (Disagreement(field, taken, other),))


XML = Place(Medium.INVOICE_XML, "a.xml")
PAGE = Place(Medium.PAGE_TEXT, "a.ofd", page=1)
QR = Place(Medium.QR, "qr.png")


@pytest.mark.parametrize(
    ("field", "other_place", "rule"),
    [
        (DocumentField.TOTAL_WITH_TAX, PAGE, "places_differ"),
        (DocumentField.TOTAL_WITH_TAX, QR, "qr_differs"),
        (DocumentField.DRAWER, PAGE, "places_worded"),
    ],
)
def test_places_that_disagree(field: DocumentField, other_place: Place, rule: str) -> None:
    (found,) = screen_reading(
        reading(field, Found(Decimal("1.00"), XML), Found(Decimal("2.50"), other_place)), TODAY
    )
    assert (found.rule.id, found.stated, found.expected) == (rule, "1.00", "2.50")
    assert (found.stated_at, found.expected_at) == (XML, other_place)


def test_of_lines_the_first_that_differs_is_said() -> None:
    same, one = Line("甲", amount=Decimal(1)), Line("乙", amount=Decimal(2))
    other = replace(one, amount=Decimal(3))
    disagreement = reading(DocumentField.LINES, Found((same, one), XML), Found((same, other), PAGE))
    (found,) = screen_reading(disagreement, TODAY)
    assert (found.stated, found.expected) == ("乙 2.00 ", "乙 3.00 ")
    fewer = reading(DocumentField.LINES, Found((same, one), XML), Found((same,), PAGE))
    (found,) = screen_reading(fewer, TODAY)
    assert (found.stated, found.expected) == ("2", "1")
