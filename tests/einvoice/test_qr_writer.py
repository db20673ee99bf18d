from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice import qr
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.qr_writer import NoCodeForKind, write

DIGITS = "0123456789"
AMOUNTS = st.decimals(Decimal("-9999999.99"), Decimal("99999999999.99"), places=2)
CLOSED = [kind for kind in Kind if kind not in (Kind.OLD_BY_AMOUNT, Kind.OLD_BY_CHECK_CODE)]


@st.composite
def references(draw: st.DrawFn) -> InvoiceReference:
    kind = draw(st.sampled_from(CLOSED))
    issued_on = draw(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
    if kind.is_digital:
        number = draw(st.text(DIGITS, min_size=20, max_size=20))
        return InvoiceReference(kind, number, issued_on, amount=draw(AMOUNTS))
    return InvoiceReference(
        kind,
        draw(st.text(DIGITS, min_size=8, max_size=8)),
        issued_on,
        code=draw(st.text(DIGITS, min_size=10, max_size=12)),
        amount=draw(AMOUNTS),
        check_code=draw(st.text(DIGITS, min_size=6, max_size=6)),
    )


@given(references())
def test_what_is_written_reads_back(reference: InvoiceReference) -> None:
    text = write(reference)
    assert text is not None
    read = qr.parse(text)
    assert isinstance(read, qr.InvoiceCode)
    assert read.reference == reference


@pytest.mark.parametrize("kind", [Kind.OLD_BY_AMOUNT, Kind.OLD_BY_CHECK_CODE])
def test_no_code_is_made_up_for_a_kind_that_is_not_known(kind: Kind) -> None:
    reference = InvoiceReference(kind, "12345678", date(2026, 1, 1), code="1234567890")
    with pytest.raises(NoCodeForKind):
        write(reference)
