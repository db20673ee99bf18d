"""Anything at all: every file ends in a reading or in a typed reason, never in an exception."""

from collections.abc import Callable

import pytest
from documents_made import (
    DIGITAL_FORM,
    Ofd,
    digital_ofd,
    digital_values,
    digital_xml,
    old_ofd,
    xbrl,
)
from documents_pdfs import make_pdf
from documents_zips import make_zip
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einvoice import documents
from einvoice.documents import Reading, SeveralInvoices, Unreadable

PAGE = (*DIGITAL_FORM, *digital_values())
PDF = make_pdf([PAGE], info={"InvoiceNumber": "1"}, files={"a.xml": digital_xml().encode()})
FILES = {
    "old ofd": old_ofd().file(),
    "digital ofd": digital_ofd().file(),
    "xml": digital_xml().encode(),
    "pdf": PDF,
    "zip": make_zip({"a.xml": digital_xml().encode(), "b.pdf": PDF}),
}
CLOSED = (Reading, SeveralInvoices, Unreadable)


@pytest.mark.parametrize("name", FILES)
def test_cut_anywhere(name: str) -> None:
    whole = FILES[name]
    # Every byte of the ends, where directories stand, and a sweep through the middle.
    lengths = {*range(200), *range(200, len(whole) - 200, 61)}
    lengths |= set(range(max(0, len(whole) - 200), len(whole)))
    for length in sorted(lengths):
        assert isinstance(documents.read(whole[:length]), CLOSED)


changes = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=6), st.booleans()),
    min_size=1,
    max_size=8,
)


def changed(whole: bytes, made: list[tuple[float, bytes, bool]]) -> bytes:
    data = bytearray(whole)
    for where, content, is_inserted in made:
        at = int(where * len(data))
        data[at : at if is_inserted else at + len(content)] = content
    return bytes(data)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=120, deadline=None)
@given(made=changes)
def test_changed_anywhere(name: str, made: list[tuple[float, bytes, bool]]) -> None:
    assert isinstance(documents.read(changed(FILES[name], made)), CLOSED)


@pytest.mark.parametrize("make", [old_ofd, digital_ofd])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), made=changes)
def test_parts_changed_inside_a_sound_zip(
    make: Callable[[], Ofd], data: st.DataObject, made: list[tuple[float, bytes, bool]]
) -> None:
    parts = make().parts()
    name = data.draw(st.sampled_from(sorted(parts)))
    parts[name] = changed(parts[name], made)
    assert isinstance(documents.read(make_zip(parts)), CLOSED)


# XML shuffled by its own words reaches the readers that random bytes never reach.
WORDS = sorted(
    {
        word
        for text in (
            digital_xml(),
            xbrl("rai", ""),
            *map(bytes.decode, digital_ofd().parts().values()),
        )
        for word in text.replace(">", ">\n").split("\n")
        if word.strip()
    }
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_xml_of_known_words_in_any_order(words: list[str]) -> None:
    assert isinstance(
        documents.read(("<EInvoice>" + "".join(words) + "</EInvoice>").encode()), CLOSED
    )


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.4\n", b"<", b"PK\x03\x04"]))
def test_any_bytes(content: bytes, start: bytes) -> None:
    assert isinstance(documents.read(start + content), CLOSED)
