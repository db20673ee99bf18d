"""Every code of the contracted providers means one thing, and an unknown one means nothing."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.platforms import baidu, tencent
from central.platforms.baidu_codes import (
    ANSWER_OF_RESULT,
    INVOICE_TYPE,
    OUTAGE_OF_ERROR,
    STATE_OF_SIGN,
)
from central.platforms.outcome import (
    BadInput,
    Differs,
    Found,
    LimitReached,
    NotFound,
    NotSupported,
    NotYet,
    Outage,
    PlatformAnswer,
    PlatformDown,
    RecordState,
    TooOld,
)
from central.platforms.tencent_codes import ANSWER_OF_CODE, OUTAGE_OF_CODE, STATE_OF_MARK
from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind

DIGITAL = InvoiceReference(
    Kind.DIGITAL_SPECIAL, "26112000000000770001", date(2026, 11, 10), amount=Decimal("113.00")
)
OLD = InvoiceReference(
    Kind.ORDINARY_ELECTRONIC,
    "12345678",
    date(2025, 3, 5),
    code="011002500111",
    check_code="123456",
)
TICKET = replace(DIGITAL, kind=Kind.DIGITAL_RAILWAY)


def tencent_error(code: str) -> bytes:
    said = {"Error": {"Code": code, "Message": "..."}, "RequestId": "r"}
    return json.dumps({"Response": said}).encode()


def tencent_invoice(**changed: str | None) -> dict[str, Any]:
    return {
        "Number": DIGITAL.number,
        "Code": "",
        "Date": "20261110",
        "IsAbandoned": "N",
        "SellerName": "北京示例信息服务有限公司",
        "BuyerName": "示例个人",
        "AmountWithoutTax": "100.00",
        "TaxAmount": "13.00",
        "AmountWithTax": "113.00",
        **changed,
    }


def tencent_body(**parts: Any) -> bytes:
    return json.dumps({"Response": {"RequestId": "r", **parts}}).encode()


def baidu_body(**changed: Any) -> dict[str, Any]:
    return {
        "log_id": 1,
        "words_result_num": 1,
        "VerifyResult": "0001",
        "VerifyMessage": "查验成功发票一致",
        "InvalidSign": "N",
        "InvoiceNum": DIGITAL.number,
        "InvoiceCode": "",
        "InvoiceDate": "20261110",
        "words_result": {
            "SellerName": "北京示例信息服务有限公司",
            "PurchaserName": "示例个人",
            "TotalAmount": "100.00",
            "TotalTax": "13.00",
            "AmountInFiguers": "113.00",
        },
        **changed,
    }


FIELDS_REFUSED = BadInput("fields_refused")

# einvoice-formats §6, "Errors", in its order.
TENCENT: list[tuple[str, PlatformAnswer | Outage]] = [
    ("ResourceNotFound.NoInvoice", NotFound()),
    ("FailedOperation.InvoiceMismatch", Differs()),
    ("FailedOperation.CountLimitError", LimitReached()),
    ("ResourceNotFound.NotSupportCurrentInvoiceQuery", NotYet()),
    ("ResourceNotFound.NoAreaCode", NotSupported()),
    ("ResourceUnavailable.TaxNetworkError", Outage.UPSTREAM),
    ("InvalidParameterValue.TicketCodeParameterValueLimit", FIELDS_REFUSED),
    ("InvalidParameterValue.TicketSnParameterValueLimit", FIELDS_REFUSED),
    ("InvalidParameterValue.TicketDateParameterValueLimit", FIELDS_REFUSED),
    ("InvalidParameterValue.PriceOrVerificationParameterValueLimit", FIELDS_REFUSED),
    ("InvalidParameterValue.InvalidParameterValueLimit", FIELDS_REFUSED),
    ("FailedOperation.ArrearsError", Outage.CONTRACT),
    ("FailedOperation.UnOpenError", Outage.CONTRACT),
    ("FailedOperation.UnKnowError", Outage.UPSTREAM),
    ("ResourceUnavailable.InArrears", Outage.CONTRACT),
    ("ResourceUnavailable.ResourcePackageRunOut", Outage.CONTRACT),
    ("ResourcesSoldOut.ChargeStatusException", Outage.CONTRACT),
    ("RequestLimitExceeded", Outage.THROTTLED),
    ("InternalError", Outage.UPSTREAM),
]
TENCENT_COMMON = [
    ("AuthFailure.SignatureFailure", Outage.CONTRACT),
    ("AuthFailure.SignatureExpire", Outage.CONTRACT),
    ("UnauthorizedOperation", Outage.CONTRACT),
    ("RequestLimitExceeded.UinLimitExceeded", Outage.THROTTLED),
    ("InternalError.Whatever", Outage.UPSTREAM),
    ("SomethingNew.Entirely", Outage.NONSENSE),
    ("", Outage.NONSENSE),
]


def same(said: PlatformAnswer, meant: PlatformAnswer | Outage) -> bool:
    if isinstance(meant, Outage):
        return isinstance(said, PlatformDown) and said.outage is meant
    return said == meant


@pytest.mark.parametrize(("code", "meant"), [*TENCENT, *TENCENT_COMMON])
def test_every_code_of_tencent(code: str, meant: PlatformAnswer | Outage) -> None:
    assert same(tencent.read_answer(tencent_error(code), DIGITAL), meant)


def test_the_list_of_tencent_codes_is_the_whole_table() -> None:
    assert {code for code, _ in TENCENT} == ANSWER_OF_CODE.keys() | OUTAGE_OF_CODE.keys()


MARKS = [
    ("N", RecordState.NORMAL, True),
    ("Y", RecordState.VOID, True),
    ("HP", RecordState.RED_PARTIAL, True),
    ("HF", RecordState.RED_FULL, True),
    ("H", RecordState.RED_FULL, False),
]


@pytest.mark.parametrize(("mark", "state", "extent"), MARKS)
def test_every_state_of_tencent(mark: str, state: RecordState, extent: bool) -> None:
    said = tencent.read_answer(tencent_body(Invoice=tencent_invoice(IsAbandoned=mark)), DIGITAL)
    assert isinstance(said, Found)
    assert (said.state, said.extent_is_told) == (state, extent)
    assert said.details.total_with_tax == Decimal("113.00")
    assert said.details.seller == "北京示例信息服务有限公司"


def test_the_list_of_marks_is_the_whole_table() -> None:
    assert {mark for mark, _, _ in MARKS} == STATE_OF_MARK.keys()


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("0", RecordState.NORMAL),
        ("1", Outage.UPSTREAM),
        ("2", RecordState.VOID),
        ("3", RecordState.RED_FULL),
        ("4", Outage.UPSTREAM),
    ],
)
@pytest.mark.parametrize("part", ["ElectronicTrainTicket", "ElectronicAirTransport"])
def test_every_state_of_a_ticket(part: str, code: str, meant: RecordState | Outage) -> None:
    ticket = {"Number": TICKET.number, "Date": "2026-11-10", "StateCode": code, "Total": "113.00"}
    said = tencent.read_answer(tencent_body(**{part: ticket}), TICKET)
    if isinstance(meant, Outage):
        assert same(said, meant)
    else:
        assert isinstance(said, Found)
        assert said.state is meant


def test_a_ticket_whose_two_parts_disagree_is_no_answer() -> None:
    ticket = {"Number": TICKET.number, "StateCode": "2"}
    said = tencent.read_answer(
        tencent_body(Invoice=tencent_invoice(), ElectronicTrainTicket=ticket), TICKET
    )
    assert same(said, Outage.NONSENSE)


# einvoice-formats §6 and the page of the call.
BAIDU: list[tuple[str, PlatformAnswer | Outage]] = [
    ("0002", LimitReached()),
    ("0005", FIELDS_REFUSED),
    ("0006", Differs()),
    ("0009", NotFound()),
    ("1004", Outage.CONTRACT),
    ("1005", FIELDS_REFUSED),
    ("1006", FIELDS_REFUSED),
    ("1008", FIELDS_REFUSED),
    ("1009", FIELDS_REFUSED),
    ("1014", NotYet()),
    ("1015", TooOld()),
    ("1020", Outage.CONTRACT),
    ("1021", Outage.UPSTREAM),
    ("9999", Outage.UPSTREAM),
]


@pytest.mark.parametrize(("code", "meant"), [*BAIDU, ("4711", Outage.NONSENSE)])
@pytest.mark.parametrize("at_top", [True, False])
def test_every_result_of_baidu(code: str, meant: PlatformAnswer | Outage, at_top: bool) -> None:
    body = {"VerifyResult": code} if at_top else {"words_result": {"VerifyResult": code}}
    assert same(baidu.read_answer(json.dumps(body).encode(), DIGITAL), meant)


def test_the_list_of_baidu_results_is_the_whole_table() -> None:
    assert {code for code, _ in BAIDU} == ANSWER_OF_RESULT.keys()


@pytest.mark.parametrize("code", [*OUTAGE_OF_ERROR, 4711])
def test_an_error_of_baidu_is_never_about_the_invoice(code: int) -> None:
    body = json.dumps({"error_code": code, "error_msg": "...", **baidu_body()}).encode()
    assert same(baidu.read_answer(body, DIGITAL), OUTAGE_OF_ERROR.get(code, Outage.NONSENSE))


@pytest.mark.parametrize(
    ("sign", "state", "extent"),
    [
        ("N", RecordState.NORMAL, True),
        ("Y", RecordState.VOID, True),
        ("BH", RecordState.RED_PARTIAL, True),
        ("QH", RecordState.RED_FULL, True),
        ("H", RecordState.RED_FULL, False),
    ],
)
def test_every_state_of_baidu(sign: str, state: RecordState, extent: bool) -> None:
    assert sign in STATE_OF_SIGN
    said = baidu.read_answer(json.dumps(baidu_body(InvalidSign=sign)).encode(), DIGITAL)
    assert isinstance(said, Found)
    assert (said.state, said.extent_is_told) == (state, extent)
    assert said.details.total_with_tax == Decimal("113.00")


ANOTHERS = [
    {"Number": "26112000000000770002"},
    {"Number": ""},
    {"Code": "011002500111"},
    {"Date": "20261111"},
    {"AmountWithTax": "113.01"},
    {"IsAbandoned": "X"},
    {"IsAbandoned": None},
]


@pytest.mark.parametrize("changed", ANOTHERS)
def test_an_answer_about_another_invoice_is_no_answer(changed: dict[str, str | None]) -> None:
    said = tencent.read_answer(tencent_body(Invoice=tencent_invoice(**changed)), DIGITAL)
    assert same(said, Outage.NONSENSE)


@pytest.mark.parametrize(
    "changed",
    [
        {"InvoiceNum": "26112000000000770002"},
        {"InvoiceNum": None},
        {"InvoiceDate": "20261111"},
        {"InvoiceCode": "011002500111"},
        {"InvalidSign": None},
        {"InvalidSign": "X"},
        {"words_result": {"VerifyResult": "0006"}},
        {"words_result": {"InvalidSign": "Y"}},
        {"words_result": {"AmountInFiguers": "113.01"}},
    ],
)
def test_an_answer_of_baidu_about_another_invoice_is_no_answer(changed: dict[str, Any]) -> None:
    said = baidu.read_answer(json.dumps(baidu_body(**changed)).encode(), DIGITAL)
    assert same(said, Outage.NONSENSE)


def test_every_kind_is_asked_for_by_its_own_field() -> None:
    for kind in Kind:
        reference = replace(OLD if not kind.is_digital else DIGITAL, kind=kind)
        reference = replace(reference, amount=Decimal(113), check_code="123456")
        asked = tencent.request_of(reference)
        by_check_code = kind.fourth_field is FourthField.CHECK_CODE
        assert ("CheckCode" in asked, "Amount" in asked) == (by_check_code, not by_check_code)
        form = baidu.request_of(reference)
        assert (form is not None) == (kind in INVOICE_TYPE)
        if form is not None:
            assert ("check_code" in form) == by_check_code
            assert by_check_code or form["total_amount"] == "113.00"


RIGHT = [
    (tencent.read_answer, tencent_body(Invoice=tencent_invoice())),
    (baidu.read_answer, json.dumps(baidu_body()).encode()),
]


@given(st.sampled_from(RIGHT), st.data())
def test_a_damaged_answer_never_says_more_than_the_whole_one(
    right: tuple[Any, bytes], data: st.DataObject
) -> None:
    read, body = right
    whole = read(body, DIGITAL)
    assert isinstance(whole, Found)
    damaged = bytearray(body)
    at = data.draw(st.integers(0, len(body) - 1))
    match data.draw(st.sampled_from(["cut", "change", "drop", "double"])):
        case "cut":
            del damaged[at:]
        case "change":
            damaged[at] = data.draw(st.integers(0, 255))
        case "drop":
            del damaged[at]
        case _:
            damaged.insert(at, damaged[at])
    said = read(bytes(damaged), DIGITAL)
    assert isinstance(said, Found | PlatformDown)
    if isinstance(said, Found):
        assert said.state is whole.state, "damage in a name or an amount that nobody asked about"


@given(st.sampled_from(RIGHT), st.binary(max_size=200))
def test_what_is_no_answer_is_no_statement(right: tuple[Any, bytes], body: bytes) -> None:
    assert isinstance(right[0](body, DIGITAL), PlatformDown)
