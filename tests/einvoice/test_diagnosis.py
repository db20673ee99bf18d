"""Why an invoice cannot be found: the order follows the facts, and nothing is ever called fake."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.diagnosis import CauseId, Facts, Likelihood, diagnose, upload_due
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Verdict

TODAY = date(2026, 11, 24)
OLD = InvoiceReference(
    Kind.SPECIAL_PAPER, "12345678", date(2026, 11, 20), "1100261130", Decimal("100.00")
)
DIGITAL = InvoiceReference(
    Kind.DIGITAL_ORDINARY, "26112000000100000018", date(2026, 8, 3), amount=Decimal("106.00")
)


def ids(facts: Facts) -> list[CauseId]:
    return [cause.id for cause in diagnose(facts).causes]


def facts(reference: InvoiceReference, verdict: Verdict = Verdict.NOT_FOUND, **more: bool) -> Facts:
    return Facts(reference, verdict, TODAY, typed=more.get("typed", False))


def test_typed_fields_are_looked_at_first() -> None:
    assert ids(facts(DIGITAL, typed=True))[0] is CauseId.MISTYPED
    assert CauseId.MISTYPED not in ids(facts(DIGITAL))


def test_an_invoice_of_today_may_not_have_been_uploaded() -> None:
    told = diagnose(facts(replace(DIGITAL, issued_on=TODAY)))
    assert told.causes[0].id is CauseId.ISSUED_TODAY
    assert told.ask_again_on == TODAY + timedelta(days=1)


def test_an_old_invoice_of_last_week_was_perhaps_issued_offline() -> None:
    told = diagnose(facts(OLD))
    assert told.causes[0].id is CauseId.NOT_UPLOADED
    assert told.causes[0].likelihood is Likelihood.LIKELY
    assert told.ask_again_on == TODAY + timedelta(days=1)


def test_after_the_filing_of_its_month_waiting_changes_nothing() -> None:
    told = diagnose(facts(DIGITAL))
    assert CauseId.NOT_UPLOADED not in [cause.id for cause in told.causes]
    assert told.ask_again_on is None


def test_more_than_five_years() -> None:
    assert ids(facts(replace(OLD, issued_on=date(2021, 11, 23))))[0] is CauseId.OVER_FIVE_YEARS


def test_an_invoice_from_elsewhere_names_its_region() -> None:
    told = diagnose(facts(replace(DIGITAL, number="26312000000100000018")))
    (other,) = [cause for cause in told.causes if cause.id is CauseId.OTHER_REGION]
    assert other.region == "上海"
    assert CauseId.OTHER_REGION not in ids(facts(DIGITAL))


def test_railway_and_toll_are_kept_elsewhere_too() -> None:
    railway = replace(DIGITAL, kind=Kind.DIGITAL_RAILWAY)
    assert ids(facts(railway))[0] is CauseId.OTHER_SYSTEM


def test_what_differs_is_the_amount_or_a_digit() -> None:
    told = ids(facts(OLD, Verdict.MISMATCH, typed=True))
    assert set(told[:2]) == {CauseId.MISTYPED, CauseId.AMOUNT_KIND}
    assert CauseId.NOT_UPLOADED not in told


def test_a_platform_that_did_not_answer_says_nothing_about_the_invoice() -> None:
    told = diagnose(facts(replace(OLD, issued_on=TODAY), Verdict.UNAVAILABLE, typed=True))
    assert [cause.id for cause in told.causes] == [CauseId.PLATFORM_DOWN]


@pytest.mark.parametrize(
    ("issued_on", "due"),
    [
        (date(2026, 10, 1), date(2026, 11, 15)),
        (date(2026, 10, 31), date(2026, 11, 15)),
        (date(2026, 12, 31), date(2027, 1, 15)),
    ],
)
def test_everything_is_uploaded_with_the_filing_of_the_month(issued_on: date, due: date) -> None:
    assert upload_due(issued_on) == due


@given(
    reference=st.builds(
        InvoiceReference,
        kind=st.sampled_from(Kind),
        number=st.text("0123456789x", max_size=22),
        issued_on=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        code=st.text("0123456789x", max_size=13),
        amount=st.none() | st.decimals(-1000, 1000, places=2),
    ),
    verdict=st.sampled_from([Verdict.NOT_FOUND, Verdict.NOT_YET, Verdict.MISMATCH]),
    typed=st.booleans(),
)
def test_every_question_gets_causes_once_each_the_likeliest_first(
    reference: InvoiceReference, verdict: Verdict, *, typed: bool
) -> None:
    told = diagnose(Facts(reference, verdict, TODAY, typed=typed))
    assert told.causes
    weights = [cause.likelihood.value for cause in told.causes]
    assert weights == sorted(weights, reverse=True)
    assert len({cause.id for cause in told.causes}) == len(told.causes)
    assert CauseId.PLATFORM_DOWN not in [cause.id for cause in told.causes]
