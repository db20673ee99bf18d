"""Files of every kind read the same whichever software wrote them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mint_kit import EVERY, OLD, VAT_DIGITAL, decode_qr, reading_of
from ofd_variants import ENCODED, LACKING, WRITTEN_OTHERWISE, parts_of

from central.sandbox.mint import Mint
from central.sandbox.mint.ofd_signer import pack
from einvoice.documents import Invoice, Medium, Reading, SeveralInvoices, Trouble, read
from einvoice.kinds import Kind

WRITTEN = st.lists(st.sampled_from(sorted(WRITTEN_OTHERWISE)), unique=True, max_size=4)


def essential(invoice: Invoice) -> tuple[Any, ...]:
    """What every place of an OFD together says of any kind."""
    return (
        invoice.kind,
        invoice.code,
        invoice.number,
        invoice.issued_on,
        invoice.check_code[-6:],
        invoice.amount_without_tax,
        invoice.tax,
        invoice.total_with_tax,
        invoice.buyer.name,
        invoice.buyer.tax_id,
        invoice.seller.name,
        invoice.seller.tax_id,
        [(line.name, line.amount, line.tax) for line in invoice.lines],
    )


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(EVERY), st.integers(1, 9), WRITTEN, st.sampled_from(sorted(ENCODED)))
def test_an_ofd_says_the_same_in_any_writing(
    kind: Kind, lines: int, names: list[str], encoded: str
) -> None:
    minted = Mint("variants").invoice(kind, lines=lines)
    original = minted.ofd(sign=False)
    parts = parts_of(original)
    for name in names:
        parts = WRITTEN_OTHERWISE[name](parts)
    reading = reading_of(pack(ENCODED[encoded](parts)))
    assert reading.invoice == reading_of(original).invoice
    assert reading.disagreements == ()


@pytest.mark.parametrize("kind", [*VAT_DIGITAL, *OLD], ids=lambda kind: kind.name.lower())
@pytest.mark.parametrize("name", sorted(LACKING))
def test_an_ofd_that_lacks_a_place_is_read_from_the_others(kind: Kind, name: str) -> None:
    minted = Mint(name).invoice(kind, lines=2)
    reading = reading_of(pack(LACKING[name](parts_of(minted.ofd(sign=False)))))
    assert essential(reading.invoice) == essential(minted.invoice)
    assert reading.disagreements == ()


@pytest.mark.parametrize("kind", [*VAT_DIGITAL, *OLD], ids=lambda kind: kind.name.lower())
def test_the_page_alone_is_enough(kind: Kind) -> None:
    minted = Mint("page").invoice(kind, lines=3)
    parts = parts_of(minted.ofd(sign=False))
    for name in ("no attachment", "no tags", "no entry data"):
        parts = LACKING[name](parts)
    reading = reading_of(pack(parts))
    assert essential(reading.invoice) == essential(minted.invoice)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(VAT_DIGITAL),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "gbk", "utf-16"]),
    st.sampled_from(["utf-8", "GBK", "GB2312", "gb18030", ""]),
    st.sampled_from(
        ["", ' xmlns="urn:a"', ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"']
    ),
    st.sampled_from(["", "<!-- 样例 -->", "\r\n\r\n"]),
)
def test_an_xml_says_the_same_in_any_encoding_and_namespace(
    kind: Kind, spread: bool, encoding: str, declared: str, namespace: str, front: str
) -> None:
    plain = Mint("xml").invoice(kind, lines=2).xml()
    text = plain.decode().partition("?>")[2].replace("<EInvoice>", f"{front}<EInvoice{namespace}>")
    if spread:
        text = text.replace("><", ">\n  <")
    declaration = (
        f'<?xml version="1.0" encoding="{declared}" standalone="yes"?>\n' if declared else ""
    )
    reading = reading_of((declaration + text.lstrip()).encode(encoding))
    assert reading.invoice == reading_of(plain).invoice


@pytest.mark.parametrize("prefix", ["", "inv:", "x:"])
@pytest.mark.parametrize("kind", [*OLD, Kind.DIGITAL_RAILWAY, Kind.DIGITAL_AIR], ids=str)
def test_an_instance_says_the_same_under_any_prefix_and_date(kind: Kind, prefix: str) -> None:
    plain = Mint("xbrl").invoice(kind, lines=2).xbrl()
    text = plain.decode()
    own = next(name for name in ("inv", "rai", "atr") if f"<{name}:" in text)
    changed = text.replace(f"{own}:", prefix).replace("-12-31/", "-06-30/")
    changed = changed.replace(
        f"xmlns:{own}=", f"xmlns:{prefix.rstrip(':')}=" if prefix else "xmlns="
    )
    assert reading_of(changed.encode()).invoice == reading_of(plain).invoice


def two_documents(first: bytes, second: bytes) -> bytes:
    """One OFD with the documents of two."""
    one, other = parts_of(first), parts_of(second)
    moved = {
        name.replace("Doc_0", "Doc_1"): content
        for name, content in other.items()
        if name.startswith("Doc_0")
    }
    body = other["OFD.xml"].partition(b"<ofd:DocBody>")[2].partition(b"</ofd:DocBody>")[0]
    added = b"</ofd:DocBody><ofd:DocBody>" + body.replace(b"Doc_0", b"Doc_1") + b"</ofd:DocBody>"
    return pack({**one, **moved, "OFD.xml": one["OFD.xml"].replace(b"</ofd:DocBody>", added)})


def test_an_ofd_with_two_invoices_gives_both() -> None:
    mint = Mint("two")
    first, second = mint.invoice(), mint.invoice(Kind.ORDINARY_ELECTRONIC)
    outcome = read(two_documents(first.ofd(), second.ofd(sign=False)), decode_qr=decode_qr)
    assert isinstance(outcome, SeveralInvoices)
    numbers = [reading.invoice.number for reading in outcome.readings]
    assert numbers == [first.invoice.number, second.invoice.number]
    assert all(reading.disagreements == () for reading in outcome.readings)


def test_an_ofd_whose_second_document_is_the_invoice_is_read() -> None:
    minted = Mint("second").invoice()
    empty = parts_of(Mint("other").invoice().ofd())
    nothing = pack(
        {
            name: b"<Page/>" if name.endswith("Content.xml") else content
            for name, content in LACKING["no tags"](LACKING["no entry data"](empty)).items()
            if "qr.png" not in name
        }
    )
    outcome = read(two_documents(nothing, minted.ofd()))
    assert isinstance(outcome, Reading)
    assert essential(outcome.invoice) == essential(minted.invoice)
    assert Trouble.SEVERAL_DOCUMENTS in {problem.trouble for problem in outcome.problems}


def test_old_invoices_of_one_number_under_two_codes_are_two() -> None:
    mint = Mint("codes")
    first, second = (mint.invoice(Kind.ORDINARY_ELECTRONIC) for _ in range(2))
    twin = replace(
        second,
        invoice=replace(second.invoice, number=first.invoice.number, code="011002500111"),
    )
    outcome = read(pack({"a.ofd": first.ofd(), "b.ofd": twin.ofd(), "c.xml": first.xbrl()}))
    assert isinstance(outcome, SeveralInvoices)
    assert [reading.invoice.code for reading in outcome.readings] == [
        first.invoice.code,
        twin.invoice.code,
    ]
    assert all(reading.disagreements == () for reading in outcome.readings)


def test_the_qr_in_an_attachment_may_be_a_picture() -> None:
    import base64

    from central.sandbox.mint.ofd import qr_png

    mint = Mint("picture")
    minted, other = (mint.invoice(Kind.ORDINARY_ELECTRONIC) for _ in range(2))
    parts = parts_of(minted.ofd(sign=False))
    name = next(name for name in parts if name.endswith("original_invoice.xml"))

    def with_picture(text: str) -> bytes:
        picture = base64.b64encode(qr_png(text))
        return pack({**parts, name: parts[name].replace(minted.qr().encode(), picture)})

    assert reading_of(with_picture(minted.qr())).disagreements == ()
    differing = reading_of(with_picture(other.qr())).disagreements
    assert {one.other.place.detail for one in differing} == {"GraphCode"}
    assert {one.other.place.medium for one in differing} == {Medium.QR}
