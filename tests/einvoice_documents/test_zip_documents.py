"""ZIPs that hold invoice files, and which format a file is."""

import pytest
from documents_made import (
    DIGITAL_FORM,
    DIGITAL_NUMBER,
    digital_ofd,
    digital_values,
    digital_xml,
    xbrl,
)
from documents_pdfs import make_pdf
from documents_zips import make_zip

from einvoice import documents
from einvoice.documents import (
    Cause,
    DocumentField,
    Medium,
    Reading,
    SeveralInvoices,
    Trouble,
    Unreadable,
    limits,
)
from einvoice.kinds import Kind

OTHER_NUMBER = "24112000000087654321"
PDF = make_pdf([(*DIGITAL_FORM, *digital_values())])


def test_one_invoice_in_three_forms_is_one_reading_from_the_most_trusted() -> None:
    outcome = documents.read(
        make_zip({"a.pdf": PDF, "b.ofd": digital_ofd().file(), "c.xml": digital_xml().encode()})
    )
    assert isinstance(outcome, Reading)
    assert outcome.places[DocumentField.BUYER_NAME].part == "b.ofd!Doc_0/Tags/Some_Tag.xml"
    assert outcome.places[DocumentField.REMARK].part == "c.xml!"
    assert {found.field for found in outcome.disagreements} == {DocumentField.LINES}
    assert outcome.problems == ()


def test_forms_that_contradict_each_other_disagree() -> None:
    forged = make_pdf([(*DIGITAL_FORM, *digital_values(total="9106.00"))])
    outcome = documents.read(make_zip({"a.pdf": forged, "c.xml": digital_xml().encode()}))
    assert isinstance(outcome, Reading)
    found = {found.field: found for found in outcome.disagreements}
    total = found[DocumentField.TOTAL_WITH_TAX]
    assert (total.taken.place.part, total.other.place.part) == ("c.xml!", "a.pdf!")


def test_an_extract_for_book_keeping_agrees_with_the_invoice_that_it_is_from() -> None:
    extract = xbrl(
        "einv",
        f"<t:InvoiceNumber>{DIGITAL_NUMBER}</t:InvoiceNumber>"
        "<t:TotalTax-includedAmount>106</t:TotalTax-includedAmount>"
        "<t:RequestTime>2024-05-28T20:05:10</t:RequestTime>",
    )
    outcome = documents.read(make_zip({"a.xml": extract.encode(), "b.xml": digital_xml().encode()}))
    assert isinstance(outcome, Reading)
    assert (outcome.invoice.kind, outcome.invoice.drawer) == (Kind.DIGITAL_ORDINARY, "甲")
    assert outcome.disagreements == ()


def test_several_invoices_are_read_one_by_one() -> None:
    outcome = documents.read(
        make_zip(
            {
                "a.xml": digital_xml().encode(),
                "note.txt": b"hello",
                "b.xml": digital_xml(number=OTHER_NUMBER).encode(),
            }
        )
    )
    assert isinstance(outcome, SeveralInvoices)
    assert [reading.invoice.number for reading in outcome.readings] == [
        DIGITAL_NUMBER,
        OTHER_NUMBER,
    ]
    assert [(p.trouble, p.part) for p in outcome.problems] == [
        (Trouble.FILE_UNREADABLE, "note.txt")
    ]


@pytest.mark.parametrize("name", ["invoice.pdf", "x", "a.xml", "发票.ofd"])
def test_the_name_decides_nothing(name: str) -> None:
    outcome = documents.read(digital_ofd().file(), name_hint=name)
    assert isinstance(outcome, Reading)
    assert outcome.places[DocumentField.NUMBER].medium is Medium.CUSTOM_DATA
    assert outcome.places[DocumentField.NUMBER].part == f"{name}!OFD.xml"


def test_a_zip_in_a_zip_is_opened_and_its_files_are_joined_with_the_rest() -> None:
    inner = make_zip({"a.ofd": digital_ofd().file(), "b.xml": digital_xml().encode()})
    outcome = documents.read(make_zip({"a.zip": inner, "c.pdf": PDF}))
    assert isinstance(outcome, Reading)
    assert outcome.invoice.number == DIGITAL_NUMBER
    assert outcome.places[DocumentField.REMARK].part == "a.zip!b.xml!"
    assert outcome.places[DocumentField.BUYER_NAME].part == "a.zip!a.ofd!Doc_0/Tags/Some_Tag.xml"
    assert outcome.problems == ()


def test_a_third_level_of_zips_is_not_opened() -> None:
    inner = make_zip({"a.xml": digital_xml().encode()})
    deep = make_zip({"b.zip": inner})
    assert documents.read(make_zip({"a.zip": deep})) == Unreadable(Cause.UNKNOWN_FORMAT)
    beside = digital_xml(number=OTHER_NUMBER).encode()
    outcome = documents.read(make_zip({"a.zip": deep, "c.xml": beside}))
    assert isinstance(outcome, Reading)
    assert [(p.trouble, p.part) for p in outcome.problems] == [
        (Trouble.FILE_UNREADABLE, "a.zip!b.zip")
    ]


def test_files_of_all_levels_share_one_count() -> None:
    inner = make_zip({f"{i}.txt": b"x" for i in range(limits.MAX_FILES)})
    outcome = documents.read(make_zip({"a.xml": digital_xml().encode(), "b.zip": inner}))
    assert isinstance(outcome, Reading)
    left_out = [p for p in outcome.problems if p.trouble is Trouble.FILES_LEFT_OUT]
    assert [(p.part, p.detail) for p in left_out] == [("b.zip", str(limits.MAX_FILES))]
    assert len(outcome.problems) == limits.MAX_FILES - 2 + len(left_out)


def test_bytes_of_all_levels_share_one_budget() -> None:
    bombs = make_zip({f"{i}.xml": bytes(limits.MAX_ENTRY_BYTES) for i in range(3)})
    outcome = documents.read(make_zip({"a.zip": bombs, "b.zip": bombs}))
    assert isinstance(outcome, Unreadable)


def test_what_the_archiver_of_macos_adds_is_no_trouble() -> None:
    about = {"__MACOSX/._a.xml": b"\0\5\x16\7"}
    outcome = documents.read(make_zip({"a.xml": digital_xml().encode(), **about}))
    assert isinstance(outcome, Reading)
    assert outcome.problems == ()


def test_an_encrypted_ofd_says_so() -> None:
    parts = {"OFD.xml": b"<OFD/>", "Encryptions.xml": b"<Encryptions/>", "Doc_0/a.dat": b"\0"}
    assert documents.read(make_zip(parts)) == Unreadable(Cause.ENCRYPTED, "OFD")


def test_more_files_than_are_read_at_once_are_said() -> None:
    files = {f"{i}.txt": b"x" for i in range(limits.MAX_FILES)}
    outcome = documents.read(make_zip({"a.xml": digital_xml().encode(), **files}))
    assert isinstance(outcome, Reading)
    assert Trouble.FILES_LEFT_OUT in {problem.trouble for problem in outcome.problems}


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        pytest.param(b"PK\x03\x04", Cause.DAMAGED, id="cut"),
        pytest.param(make_zip({}), Cause.NOT_AN_INVOICE, id="empty"),
        pytest.param(make_zip({"../a.xml": b"<a/>"}), Cause.UNSAFE, id="escape"),
        pytest.param(
            make_zip([("a.xml", b"<a/>"), ("a.xml", b"<b/>")]), Cause.UNSAFE, id="repeated"
        ),
        pytest.param(
            make_zip({"a.xml": bytes(limits.MAX_ENTRY_BYTES + 1)}), Cause.TOO_LARGE, id="bomb"
        ),
        pytest.param(b"<" + bytes(limits.MAX_FILE_BYTES), Cause.TOO_LARGE, id="large"),
    ],
)
def test_a_zip_that_gives_nothing_says_why(data: bytes, cause: Cause) -> None:
    outcome = documents.read(data)
    assert isinstance(outcome, Unreadable)
    assert outcome.cause is cause


def test_files_of_one_zip_share_one_budget() -> None:
    large = b"<a>" + b"<b/>" * 60_000 + b"</a>"
    files = {f"{i}.xml": large for i in range(10)}
    outcome = documents.read(make_zip({**files, "z.xml": digital_xml().encode()}))
    assert isinstance(outcome, Reading)
    assert "too_large" in {problem.detail for problem in outcome.problems}
