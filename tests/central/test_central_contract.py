"""What goes over the wire comes back as it was, and a stranger's bytes never break the reader."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from central_kit import REFERENCE, printed
from hypothesis import given
from hypothesis import strategies as st

from central.contract import (
    MAX_FIELD_CHARS,
    OperationsRequest,
    PingAnswer,
    Reference,
    Ruling,
    VerifyRequest,
    batch_digest,
    encode,
)
from central.convert import answer_of, ruling_of
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import (
    Answer,
    Check,
    Evidence,
    Finding,
    RecordDetails,
    Source,
    Verdict,
)

MONEY = st.decimals(-(10**10), 10**10, places=2)
DAYS = st.dates()
MOMENTS = st.datetimes(timezones=st.just(UTC))
DETAILS = st.builds(
    RecordDetails,
    seller=st.text(max_size=20),
    buyer=st.text(max_size=20),
    total_with_tax=st.none() | MONEY,
    amount_without_tax=st.none() | MONEY,
    tax=st.none() | MONEY,
    red_on=st.none() | DAYS,
    red_balance=st.none() | MONEY,
    void_on=st.none() | DAYS,
)
EVIDENCE = st.builds(
    Evidence, st.sampled_from(Check), st.sampled_from(Finding), st.text(max_size=20)
)
ANSWERS = st.builds(
    Answer,
    verdict=st.sampled_from(Verdict),
    source=st.sampled_from(Source),
    at=MOMENTS,
    evidence=st.lists(EVIDENCE, max_size=4).map(tuple),
    reason=st.text(max_size=20),
    details=st.none() | DETAILS,
)
REFERENCES = st.builds(
    InvoiceReference,
    kind=st.sampled_from(Kind),
    number=st.text("0123456789", max_size=20),
    issued_on=DAYS,
    code=st.text("0123456789", max_size=12),
    amount=st.none() | MONEY,
    check_code=st.text("0123456789", max_size=6),
)


@given(ANSWERS)
def test_an_answer_survives_the_wire(answer: Answer) -> None:
    assert answer_of(msgspec.json.decode(encode(ruling_of(answer)), type=Ruling)) == answer


@given(REFERENCES)
def test_a_reference_survives_the_wire_with_its_digest(reference: InvoiceReference) -> None:
    read = msgspec.json.decode(encode(Reference.of(reference)), type=Reference).to_invoice()
    assert read == reference
    assert read.digest == reference.digest


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1E+5", "1E-9", "9" * 21])
def test_an_amount_that_is_no_plain_number_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        Reference(Kind.ROLL, "1", REFERENCE.issued_on, amount=Decimal(amount))


@pytest.mark.parametrize("field", ["number", "code", "check_code"])
def test_a_field_that_no_invoice_has_is_refused(field: str) -> None:
    usual = Reference(Kind.ROLL, "1", REFERENCE.issued_on)
    with pytest.raises(ValueError, match="too long"):
        msgspec.structs.replace(usual, **{field: "1" * (MAX_FIELD_CHARS + 1)})


@given(st.binary(max_size=300))
def test_a_strangers_bytes_are_refused_or_read(body: bytes) -> None:
    for kind in (VerifyRequest, OperationsRequest):
        try:
            msgspec.json.decode(body, type=kind)
        except msgspec.DecodeError:
            continue


def test_a_moment_without_its_offset_is_refused() -> None:
    naive = encode({"nonce": "n", "version": 1, "server_time": datetime(2026, 11, 24)})  # noqa: DTZ001
    with pytest.raises(msgspec.ValidationError, match="timezone"):
        msgspec.json.decode(naive, type=PingAnswer)


@given(st.permutations([1, 2, 3, 4]))
def test_the_digest_of_a_batch_says_its_order(order: list[int]) -> None:
    in_order = batch_digest(tuple(printed(n) for n in (1, 2, 3, 4)))
    digest = batch_digest(tuple(printed(n) for n in order))
    assert (digest == in_order) is (order == [1, 2, 3, 4])
