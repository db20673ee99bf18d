"""What was minted reads back equal, in every form, and nothing in it disagrees."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mint_kit import (
    EVERY,
    FONT,
    OLD,
    TRAVEL,
    VAT_DIGITAL,
    as_on_digital_page,
    needs_font,
    reading_of,
    without_classification,
)

from central.sandbox.mint import Mint, MintedInvoice, XmlStyle, XmlVersion
from central.sandbox.mint.ofd_signer import pack
from einvoice import qr, structure
from einvoice.documents import DocumentField, Invoice, Medium, Reading
from einvoice.kinds import FourthField, Kind
from einvoice.screening import screen_reading

TODAY = date(2026, 11, 24)
seeds = st.text("abcdefgh", min_size=1, max_size=8)
line_counts = st.integers(1, 16)


def in_order(reading: Reading) -> Reading:
    assert reading.disagreements == ()
    assert reading.problems == ()
    assert screen_reading(reading, TODAY) == ()
    return reading


@given(seeds, st.sampled_from(EVERY))
def test_a_qr_reads_back_as_the_reference(seed: str, kind: Kind) -> None:
    minted = Mint(seed).invoice(kind)
    scanned = qr.parse(minted.qr())
    assert isinstance(scanned, qr.InvoiceCode)
    assert scanned.findings == ()
    assert scanned.tail == minted.tail
    # The QR states the amount of every kind; a reference only asks for it where it counts.
    reference = minted.invoice.reference
    assert reference is not None
    assert scanned.reference == reference
    examined = structure.examine(scanned.reference, TODAY)
    assert examined.refusal is None
    assert all(not line.note for line in examined.evidence)


styles = st.builds(XmlStyle, st.sampled_from(XmlVersion), st.booleans())


@settings(deadline=None)
@given(seeds, st.sampled_from(VAT_DIGITAL), styles, line_counts)
def test_xml(seed: str, kind: Kind, style: XmlStyle, lines: int) -> None:
    minted = Mint(seed).invoice(kind, lines=lines).invoice
    read = in_order(reading_of(Mint(seed).invoice(kind, lines=lines).xml(style))).invoice
    words = minted.total_in_words
    expected = (
        replace(minted, total_in_words=words.replace("圆", "元")) if (style.is_direct) else minted
    )
    assert read == expected


@settings(deadline=None)
@given(seeds, st.sampled_from((*TRAVEL, *OLD)), line_counts)
def test_xbrl_of_issuers(seed: str, kind: Kind, lines: int) -> None:
    minted = Mint(seed).invoice(kind, lines=lines)
    expected = replace(without_classification(minted.invoice), tolls=())
    assert in_order(reading_of(minted.xbrl())).invoice == expected


@given(seeds, st.sampled_from(VAT_DIGITAL))
def test_xbrl_of_receivers_has_the_sums_and_the_parties(seed: str, kind: Kind) -> None:
    minted = Mint(seed).invoice(kind).invoice
    read = in_order(reading_of(Mint(seed).invoice(kind).xbrl())).invoice
    assert read == Invoice(
        kind=Kind.DIGITAL_OTHER,
        number=minted.number,
        issued_on=minted.issued_on,
        amount_without_tax=minted.amount_without_tax,
        tax=minted.tax,
        total_with_tax=minted.total_with_tax,
        seller=as_on_digital_page(minted).seller,
        buyer=minted.buyer,
        is_red=False,
    )


@settings(deadline=None, max_examples=20)
@given(seeds, st.sampled_from(OLD), line_counts)
def test_ofd_of_old_invoices(seed: str, kind: Kind, lines: int) -> None:
    minted = Mint(seed).invoice(kind, lines=lines)
    assert in_order(reading_of(minted.ofd(sign=False))).invoice == minted.invoice


@settings(deadline=None, max_examples=20)
@given(seeds, st.sampled_from(VAT_DIGITAL), line_counts)
def test_ofd_of_digital_invoices(seed: str, kind: Kind, lines: int) -> None:
    minted = Mint(seed).invoice(kind, lines=lines)
    assert in_order(reading_of(minted.ofd())).invoice == as_on_digital_page(minted.invoice)


@pytest.mark.parametrize("kind", TRAVEL)
def test_ofd_of_tickets_carries_the_xbrl(kind: Kind) -> None:
    minted = Mint().invoice(kind)
    reading = in_order(reading_of(minted.ofd()))
    assert reading.invoice == minted.invoice
    assert reading.places[DocumentField.NUMBER].medium is Medium.XBRL


@pytest.mark.parametrize("kind", EVERY)
def test_a_field_on_the_page_is_found_where_it_was_put(kind: Kind) -> None:
    minted = Mint().invoice(kind)
    without_data = {
        name: content
        for name, content in entries_of(minted).items()
        if not name.startswith(("Doc_0/Attachs/", "Doc_0/Tags/"))
    }
    reading = reading_of(pack(without_data))
    assert reading.invoice.number == minted.invoice.number
    assert reading.invoice.total_with_tax == minted.invoice.total_with_tax
    place = reading.places[DocumentField.TOTAL_WITH_TAX]
    assert (place.medium, place.page) == (Medium.PAGE_TEXT, 1)


def entries_of(minted: MintedInvoice) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(minted.ofd(sign=False))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@needs_font
@pytest.mark.parametrize("lines", [1, 9])
@pytest.mark.parametrize("kind", [*VAT_DIGITAL, *OLD])
def test_pdf_by_its_text_alone(kind: Kind, lines: int) -> None:
    minted = Mint().invoice(kind, lines=lines)
    read = in_order(reading_of(minted.pdf(FONT, with_data=False))).invoice
    shown = minted.invoice
    shown = as_on_digital_page(shown) if kind.is_digital else without_classification(shown)
    # The remark has no label on either form; nothing tells a text there from any other.
    assert read == replace(shown, remark="")


@needs_font
@pytest.mark.parametrize("kind", VAT_DIGITAL)
def test_pdf_of_the_tax_platform_states_its_fields_twice(kind: Kind) -> None:
    minted = Mint().invoice(kind)
    reading = in_order(reading_of(minted.pdf(FONT)))
    assert reading.places[DocumentField.NUMBER].medium is Medium.PDF_INFO
    assert reading.invoice.number == minted.invoice.number


@needs_font
def test_pdf_of_the_railway_embeds_its_xbrl() -> None:
    minted = Mint().invoice(Kind.DIGITAL_RAILWAY)
    assert in_order(reading_of(minted.pdf(FONT))).invoice == minted.invoice


def test_a_zip_holds_the_forms_of_one_invoice() -> None:
    minted = Mint().invoice(Kind.DIGITAL_SPECIAL)
    reading = in_order(reading_of(minted.zip()))
    assert reading.invoice == minted.invoice


@pytest.mark.parametrize("kind", [Kind.DIGITAL_SPECIAL, Kind.ORDINARY_ELECTRONIC])
def test_a_red_invoice_names_what_it_reverses(kind: Kind) -> None:
    mint = Mint()
    blue = mint.invoice(kind)
    red = mint.red_of(blue)
    reading = in_order(reading_of(red.ofd(sign=False)))
    assert reading.invoice.is_red
    assert reading.invoice.original_number == blue.invoice.number
    assert reading.invoice.original_code == blue.invoice.code
    assert reading.invoice.total_with_tax == -(blue.invoice.total_with_tax or 0)


@pytest.mark.parametrize("kind", EVERY)
def test_the_qr_has_the_amount_that_verification_asks_for(kind: Kind) -> None:
    minted = Mint().invoice(kind)
    with_tax = kind.fourth_field is FourthField.TOTAL_WITH_TAX
    amount = minted.invoice.total_with_tax if with_tax else minted.invoice.amount_without_tax
    assert minted.qr().split(",")[4] == f"{amount:.2f}"
