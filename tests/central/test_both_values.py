"""What was stated and what the record says travel from the platform to the screen."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from central_kit import AT

from central.contract import EvidenceLine, Ruling, VerifyAnswer
from central.convert import answer_of, ruling_of
from central.platforms import alipay, baidu, reading, tencent
from central.platforms.outcome import Differs, Found
from central.sandbox.platform import SandboxPlatform
from central.sandbox.records import Says, read_records
from central.service.china import day_in_china, utc_now
from central.service.verification import Verification
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Check, Compared, Finding, Source, Verdict

TODAY = day_in_china(utc_now())
ASKED = InvoiceReference(
    Kind.DIGITAL_ORDINARY, "26112000000100000018", date(2026, 3, 5), amount=Decimal("106.00")
)
OLD = InvoiceReference(
    Kind.TOLL, "12345678", date(2026, 3, 5), code="011002300111", check_code="123456"
)


def differing(asked: InvoiceReference, number: str = "") -> tuple[Compared, ...]:
    return reading.what_differs(
        asked,
        number=number or asked.number,
        issued_on=date(2026, 3, 4),
        amount_without_tax=Decimal(90),
        total_with_tax=Decimal(160),
    )


def test_the_day_and_the_amount_that_was_asked_by_are_compared() -> None:
    assert differing(ASKED) == (
        Compared("issued_on", "2026-03-05", "2026-03-04"),
        Compared("total_with_tax", "106.00", "160.00"),
    )


def test_a_check_code_is_never_given_away() -> None:
    assert [one.field for one in differing(OLD)] == ["issued_on"]


def test_values_of_another_invoice_are_not_compared() -> None:
    assert differing(ASKED, number="26112000000100000019") == ()


@pytest.mark.parametrize(
    ("words", "compared"),
    [
        ({}, ()),  # as documented: no values come along
        (
            {"InvoiceNum": ASKED.number, "AmountInFiguers": "160.00"},
            (Compared("total_with_tax", "106.00", "160.00"),),
        ),
    ],
)
def test_baidu_says_which_field_only_where_it_does(
    words: dict[str, str], compared: tuple[Compared, ...]
) -> None:
    body = msgspec.json.encode({"VerifyResult": "0006", "words_result": words})
    assert baidu.read_answer(body, ASKED) == Differs(compared)


async def test_a_red_invoices_number_comes_from_tencents_answer() -> None:
    body = {
        "Number": ASKED.number,
        "Date": "20260305",
        "IsAbandoned": "HF",
        "AmountWithTax": "106.00",
        "RedLetterInvoices": [
            {"Code": "", "Number": "26112000000100000217", "Date": "20260401", "State": "N"},
            {"Code": "", "Number": "26112000000100000216", "Date": "20260320", "State": "N"},
        ],
        "OriginalNumber": "a",
    }
    whole = msgspec.json.encode({"Response": {"RequestId": "1", "Invoice": body}})
    said = tencent.read_answer(whole, ASKED)
    assert isinstance(said, Found)
    assert said.details.red_number == "26112000000100000217"
    assert said.details.red_on == date(2026, 4, 1)
    assert said.details.original_number == ""


async def test_both_values_reach_the_terminal() -> None:
    records = read_records()
    record = next(r for r in records if r.answer is Says.NORMAL and r.issued_days_ago > 0)
    right = record.reference(TODAY)
    wrong = replace(right, amount=Decimal("1300.00"), issued_on=right.issued_on - timedelta(days=1))
    answer = await Verification(SandboxPlatform()).answer(wrong)
    assert answer.verdict is Verdict.MISMATCH
    sent = msgspec.json.decode(msgspec.json.encode(ruling_of(answer)), type=Ruling)
    evidence = answer_of(sent).evidence[0]
    assert (evidence.check, evidence.finding) == (Check.RECORD, Finding.DIFFERS)
    assert [(one.field, one.stated) for one in evidence.compared] == [
        ("issued_on", wrong.issued_on.isoformat()),
        ("total_with_tax" if right.kind.value in {"31", "32"} else "amount_without_tax", "1300.00"),
    ]
    assert evidence.compared[1].recorded == f"{right.amount:.2f}"


class OldEvidenceLine(msgspec.Struct, forbid_unknown_fields=False):
    """As a terminal of the first release knows it."""

    check: Check
    finding: Finding
    note: str = ""


class OldRuling(msgspec.Struct, forbid_unknown_fields=False):
    """As a terminal of the first release knows it."""

    verdict: Verdict
    evidence: tuple[OldEvidenceLine, ...] = ()


def test_an_older_terminal_reads_a_newer_service_and_the_other_way() -> None:
    line = EvidenceLine(Check.RECORD, Finding.DIFFERS)
    newer = msgspec.structs.replace(line, compared=())
    ruling = Ruling(Verdict.MISMATCH, Source.TAX_SERVICE, AT, (newer,))
    old = msgspec.json.decode(msgspec.json.encode(ruling), type=OldRuling)
    assert old.evidence[0].finding is Finding.DIFFERS
    from_old = b'{"check":"record","finding":"differs"}'
    assert msgspec.json.decode(from_old, type=EvidenceLine) == line
    # An unknown field name of a service of tomorrow is no reason to refuse its answer.
    tomorrow = b'{"request_id":"1","reference_digest":"d","ruling":{"verdict":"MISMATCH","source":'
    tomorrow += b'"tax_service","at":"2026-11-24T10:00:00+08:00","evidence":[{"check":"record",'
    tomorrow += b'"finding":"differs","compared":[{"field":"machine","stated":"1","new":2}]}]}}'
    ruled = msgspec.json.decode(tomorrow, type=VerifyAnswer).ruling
    assert answer_of(ruled).evidence[0].compared == (Compared("machine", "1"),)


def test_alipay_compares_the_amount_that_came_along() -> None:
    said = msgspec.json.decode(
        b'{"verify_result_code":"006","invoice_amount":"160.00"}',
        type=alipay._Verified,  # pyright: ignore[reportPrivateUsage]
    )
    assert alipay._which(said, ASKED) == Differs(  # pyright: ignore[reportPrivateUsage]
        (Compared("total_with_tax", "106.00", "160.00"),)
    )
