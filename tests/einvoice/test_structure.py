"""The fields of a reference against the rules of their kind."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice import structure
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.reasons import NOTE_KEYS, REASON_KEYS
from einvoice.verdict import Check, Evidence, Finding, Verdict

TODAY = date(2026, 11, 24)
DIGITAL = InvoiceReference(
    Kind.DIGITAL_SPECIAL, "24112000000048542163", date(2024, 5, 28), "", Decimal("4449.00")
)
ORDINARY = InvoiceReference(
    Kind.ORDINARY_ELECTRONIC, "83089647", date(2022, 7, 23), "033002000211", None, "507415"
)
SPECIAL = InvoiceReference(
    Kind.SPECIAL_ELECTRONIC, "00008006", date(2022, 5, 5), "052002100113", Decimal("24519.05")
)
AGREES = (Evidence(Check.STRUCTURE, Finding.AGREES),)


@pytest.mark.parametrize("reference", [DIGITAL, ORDINARY, SPECIAL])
def test_an_invoice_in_order_may_be_asked_about(reference: InvoiceReference) -> None:
    assert structure.examine(reference, TODAY) == structure.Structure(AGREES)


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        (replace(DIGITAL, number=""), "number_missing"),
        (replace(DIGITAL, number="2411200000004854216"), "number_length"),
        (replace(DIGITAL, number="2411200000004854216X"), "number_digits"),
        (replace(DIGITAL, number="２4112000000048542163"), "number_digits"),
        (replace(DIGITAL, number="0" * 20), "number_zero"),
        (replace(DIGITAL, code="033002000211"), "code_unexpected"),
        (replace(DIGITAL, issued_on=date(2026, 11, 25)), "date_in_future"),
        (replace(DIGITAL, amount=None), "amount_missing"),
        (replace(DIGITAL, amount=Decimal("1.005")), "amount_malformed"),
        (replace(DIGITAL, amount=Decimal(10**11)), "amount_malformed"),
        (replace(DIGITAL, amount=Decimal("NaN")), "amount_malformed"),
        (replace(ORDINARY, number="8308964"), "number_length"),
        (replace(ORDINARY, number="00000000"), "number_zero"),
        (replace(ORDINARY, code=""), "code_missing"),
        (replace(ORDINARY, code="03300200021"), "code_length"),
        (replace(ORDINARY, code="03300200021A"), "code_digits"),
        (replace(ORDINARY, check_code=""), "check_code_missing"),
        (replace(ORDINARY, check_code="50741"), "check_code_length"),
        (replace(ORDINARY, check_code="50741x"), "check_code_digits"),
        (replace(SPECIAL, amount=None), "amount_missing"),
    ],
)
def test_what_is_certainly_wrong_refuses(reference: InvoiceReference, reason: str) -> None:
    found = structure.examine(reference, TODAY)
    assert found.refusal == (Verdict.INVALID_INPUT, reason)
    assert Evidence(Check.STRUCTURE, Finding.DIFFERS, reason) in found.evidence


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        (replace(DIGITAL, number="24992000000048542163"), "number_region_unknown"),
        (replace(DIGITAL, number="25112000000048542163"), "number_year_differs"),
        (replace(DIGITAL, number="27112000000048542163"), "number_year_unlikely"),
        (replace(DIGITAL, number="19112000000048542163"), "number_year_unlikely"),
        (replace(DIGITAL, number="24110000000048542163"), "number_channel_unseen"),
        (replace(DIGITAL, amount=Decimal(0)), "amount_zero"),
        (replace(ORDINARY, code="099002000211"), "code_region_unknown"),
        (replace(ORDINARY, code="033000000211"), "code_year_unlikely"),
        (replace(ORDINARY, code="033002700211"), "code_year_unlikely"),
        (replace(ORDINARY, code="033002300211"), "code_year_after_date"),
        (replace(ORDINARY, code="033002000204"), "kind_differs_from_code"),
    ],
)
def test_what_is_only_unusual_is_noted_and_never_refuses(
    reference: InvoiceReference, note: str
) -> None:
    found = structure.examine(reference, TODAY)
    assert found.refusal is None
    assert found.evidence == (Evidence(Check.STRUCTURE, Finding.NOTED, note),)


@pytest.mark.parametrize("kind", [Kind.OLD_BY_AMOUNT, Kind.OLD_BY_CHECK_CODE])
def test_a_kind_left_open_does_not_differ_from_the_code(kind: Kind) -> None:
    reference = replace(SPECIAL, kind=kind, check_code="123456")
    assert structure.examine(reference, TODAY).evidence == AGREES


def test_five_years_are_counted_to_the_day() -> None:
    last_day = replace(ORDINARY, issued_on=date(2021, 11, 24))
    assert structure.examine(last_day, TODAY).refusal is None
    too_old = structure.examine(replace(ORDINARY, issued_on=date(2021, 11, 23)), TODAY)
    assert too_old.refusal == (Verdict.TOO_OLD, "older_than_five_years")
    assert too_old.evidence == AGREES  # nothing is wrong with what was entered


def test_five_years_before_the_29th_of_february_is_the_28th() -> None:
    assert structure.oldest(date(2028, 2, 29)) == date(2023, 2, 28)
    assert structure.oldest(date(2026, 2, 28)) == date(2021, 2, 28)


def test_today_itself_is_not_in_the_future() -> None:
    number = "26112000000048542163"
    assert (
        structure.examine(replace(DIGITAL, number=number, issued_on=TODAY), TODAY).refusal is None
    )


@given(
    st.builds(
        InvoiceReference,
        kind=st.sampled_from(Kind),
        number=st.text() | st.from_regex(r"\A([0-9]{8}|[0-9]{20})\Z"),
        issued_on=st.dates(),
        code=st.text() | st.from_regex(r"\A([0-9]{10}|[0-9]{12})\Z"),
        amount=st.none() | st.decimals(),
        check_code=st.text() | st.from_regex(r"\A[0-9]{6}\Z"),
    ),
    st.dates(min_value=date(2000, 1, 1)),
)
def test_any_reference_gets_evidence_with_known_keys(
    reference: InvoiceReference, today: date
) -> None:
    found = structure.examine(reference, today)
    assert found.evidence
    for line in found.evidence:
        assert line.note in NOTE_KEYS | REASON_KEYS | {""}
    if found.refusal is None:
        assert reference.is_complete
        assert structure.oldest(today) <= reference.issued_on <= today
    else:
        assert found.refusal.reason in REASON_KEYS
