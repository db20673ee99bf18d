"""OFD packages as writers and strangers make them: other names, damaged and hostile parts."""

from dataclasses import replace

import pytest
from documents_made import (
    CODE,
    DIGITAL_NUMBER,
    NUMBER,
    SELLER,
    Ofd,
    Words,
    digital_ofd,
    digital_xml,
    old_ofd,
    xbrl,
)
from documents_read import read, troubles
from documents_zips import make_zip

from einvoice import documents
from einvoice.documents import (
    Cause,
    DocumentField,
    Medium,
    Problem,
    Trouble,
    Unreadable,
    limits,
)


def test_xbrl_in_place_of_the_attachment_is_read() -> None:
    facts = (
        f"<t:CodeOfInvoice>{CODE}</t:CodeOfInvoice><t:NumberOfInvoice>{NUMBER}</t:NumberOfInvoice>"
        "<t:DateOfIssue>2023-04-05</t:DateOfIssue>"
    )
    made = replace(old_ofd(), attachments={"any_name.xml": xbrl("inv", facts)})
    reading = read(made.file())
    assert reading.places[DocumentField.NUMBER].medium is Medium.XBRL
    assert reading.disagreements == ()


def test_data_that_nothing_points_at_is_read_last_and_said() -> None:
    made = digital_ofd()
    made.extra["发票.xml"] = digital_xml(number="24112000000099999999").encode()
    reading = read(made.file())
    assert reading.invoice.number == DIGITAL_NUMBER
    assert Trouble.UNDECLARED in troubles(reading)
    assert DocumentField.NUMBER in {found.field for found in reading.disagreements}


def test_an_ofd_with_nothing_but_undeclared_data_is_read() -> None:
    reading = read(
        make_zip(
            {
                "OFD.xml": b"<OFD/>",
                "Doc_0/Document.xml": b"<Document/>",
                "x.xml": digital_xml().encode(),
            }
        )
    )
    assert reading.invoice.number == DIGITAL_NUMBER


@pytest.mark.parametrize(
    ("old", "new", "trouble"),
    [
        ("Doc_0/Tpls/Tpl_0/Content.xml", "Doc_0/TPLS/Tpl_0/Content.xml", Trouble.NAME_REPAIRED),
        ("Doc_0/Tpls/Tpl_0/Content.xml", "Doc_0/gone.bin", Trouble.PART_MISSING),
    ],
)
def test_a_part_under_another_name(old: str, new: str, trouble: Trouble) -> None:
    parts = digital_ofd().parts()
    parts[new] = parts.pop(old)
    reading = read(make_zip(parts))
    assert reading.invoice.number == DIGITAL_NUMBER
    assert troubles(reading) == {trouble}


def test_paths_may_begin_with_a_slash() -> None:
    parts = digital_ofd().parts()
    parts["OFD.xml"] = parts["OFD.xml"].replace(b">Doc_0/Doc", b">/Doc_0/Doc")
    assert read(make_zip(parts)).problems == ()


def test_a_damaged_part_costs_only_itself() -> None:
    parts = digital_ofd().parts()
    parts["Doc_0/Tags/Some_Tag.xml"] = b"<ofd:root"
    reading = read(make_zip(parts))
    assert reading.invoice.number == DIGITAL_NUMBER
    assert reading.invoice.seller.name == SELLER
    assert Problem(Trouble.PART_DAMAGED, "Doc_0/Tags/Some_Tag.xml") in reading.problems


def test_a_part_with_a_document_type_is_refused_alone() -> None:
    parts = digital_ofd().parts()
    parts["Doc_0/Tags/Some_Tag.xml"] = b"<!DOCTYPE a><a/>"
    assert troubles(read(make_zip(parts))) == {Trouble.PART_REFUSED}


def test_a_repeated_part_is_not_read() -> None:
    entries = [*digital_ofd().parts().items()]
    entries.append(("Doc_0/Pages/Page_0/Content.xml", b"<Page/>"))
    reading = read(make_zip(entries))
    assert Trouble.PART_REPEATED in troubles(reading)
    assert DocumentField.BUYER_NAME not in reading.places


def test_parts_that_point_at_themselves_come_to_an_end() -> None:
    parts = digital_ofd().parts()
    parts["Doc_0/Tags/CustomTags.xml"] = b"<a><FileLoc>CustomTags.xml</FileLoc></a>"
    page = parts["Doc_0/Tpls/Tpl_0/Content.xml"]
    template = b'<ofd:Template TemplateID="9"/></ofd:Layer>'
    parts["Doc_0/Tpls/Tpl_0/Content.xml"] = page.replace(b"</ofd:Layer>", template)
    assert read(make_zip(parts)).invoice.number == DIGITAL_NUMBER


def test_only_so_many_pages_are_read() -> None:
    parts = digital_ofd().parts()
    more = b'<ofd:Page ID="5" BaseLoc="Pages/Page_0/Content.xml"/>' * 10_000 + b"</ofd:Pages>"
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(b"</ofd:Pages>", more)
    reading = read(make_zip(parts))
    assert reading.invoice.number == DIGITAL_NUMBER
    assert Trouble.PAGES_LEFT_OUT in troubles(reading)


def test_a_page_beyond_the_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Ofd(page=(Words(10, 10, "通知"),)).parts()
    parts["Doc_0/Two.xml"] = digital_ofd().parts()["Doc_0/Pages/Page_0/Content.xml"]
    more = b'<ofd:Page ID="5" BaseLoc="Two.xml"/></ofd:Pages>'
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(b"</ofd:Pages>", more)
    parts["Doc_0/Tpls/Tpl_0/Content.xml"] = digital_ofd().parts()["Doc_0/Tpls/Tpl_0/Content.xml"]
    assert read(make_zip(parts)).places[DocumentField.NUMBER].page == 2
    monkeypatch.setattr(limits, "MAX_PAGES", 1)
    assert documents.read(make_zip(parts)) == Unreadable(Cause.TOO_LARGE)


def test_a_sound_document_that_is_no_invoice() -> None:
    assert documents.read(Ofd(page=(Words(10, 10, "通知"),)).file()) == Unreadable(
        Cause.NOT_AN_INVOICE
    )
