"""OFD invoices: each place that states fields, and what they say together."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from documents_made import (
    BUYER,
    BUYER_ID,
    CODE,
    DIGITAL_NUMBER,
    NUMBER,
    OLD_QR,
    ORIGINAL_INVOICE,
    SELLER,
    SELLER_ID,
    Words,
    digital_ofd,
    old_ofd,
)
from documents_read import read, troubles
from documents_zips import make_zip

from einvoice import documents
from einvoice.documents import (
    DocumentField,
    Medium,
    Reading,
    Trouble,
)
from einvoice.kinds import Kind
from einvoice.money import Rate, RateKind


def test_an_old_invoice_is_read_from_its_attachment() -> None:
    reading = read(old_ofd().file())
    invoice = reading.invoice
    assert (invoice.kind, invoice.code, invoice.number) == (Kind.ORDINARY_ELECTRONIC, CODE, NUMBER)
    assert (invoice.check_code, invoice.machine_number) == ("12345678901234567890", "661100000001")
    assert invoice.amount_without_tax == Decimal("200.00")
    assert (invoice.buyer.name, invoice.buyer.address_phone) == (BUYER, "甲路1号 010-1")
    assert (invoice.seller.tax_id, invoice.seller.bank_account) == (SELLER_ID, "乙行 2")
    assert (invoice.payee, invoice.reviewer, invoice.drawer) == ("乙", "丙", "甲")
    assert [line.amount for line in invoice.lines] == [Decimal("300.00"), Decimal("-100.00")]
    assert invoice.is_red is False
    assert reading.places[DocumentField.NUMBER].medium is Medium.ATTACHMENT
    assert reading.places[DocumentField.NUMBER].part == "Doc_0/Attachs/original_invoice.xml"
    assert (reading.disagreements, reading.problems) == ((), ())
    assert invoice.reference is not None
    assert invoice.reference.key == f"10|{CODE}|{NUMBER}|2023-04-05|200.00|567890"


@pytest.mark.parametrize(
    ("changed", "field", "medium"),
    [
        ({"发票号码": "87654321"}, DocumentField.NUMBER, Medium.CUSTOM_DATA),
        ({"合计金额": "200.01"}, DocumentField.AMOUNT_WITHOUT_TAX, Medium.CUSTOM_DATA),
        ({"购买方名称": SELLER}, DocumentField.BUYER_NAME, Medium.CUSTOM_DATA),
    ],
)
def test_entry_data_that_says_otherwise_disagrees(
    changed: dict[str, str], field: DocumentField, medium: Medium
) -> None:
    made = old_ofd()
    made.custom.update(changed)
    (disagreement,) = read(made.file()).disagreements
    assert (disagreement.field, disagreement.other.place.medium) == (field, medium)
    assert disagreement.taken.place.medium is Medium.ATTACHMENT


def test_the_same_amount_in_another_writing_agrees() -> None:
    made = old_ofd()
    made.custom.update({"合计金额": "200", "合计税额": "¥12.0"})
    assert read(made.file()).disagreements == ()


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("200.00", "20.00", DocumentField.AMOUNT_WITHOUT_TAX),
        (f",{NUMBER},", ",87654321,", DocumentField.NUMBER),
        ("34567890,", "34567891,", DocumentField.CHECK_CODE),
        ("20230405", "20230406", DocumentField.ISSUED_ON),
        ("01,10,", "01,20,", DocumentField.KIND),
    ],
)
def test_the_qr_text_is_compared(old: str, new: str, field: DocumentField) -> None:
    wrong = OLD_QR.replace(old, new)
    made = replace(
        old_ofd(), attachments={"original_invoice.xml": ORIGINAL_INVOICE.replace(OLD_QR, wrong)}
    )
    (disagreement,) = read(made.file()).disagreements
    assert disagreement.field is field
    assert disagreement.other.place.medium is Medium.QR


@pytest.mark.parametrize(("printed", "agrees"), [("甲路1号", True), ("丁路1号", False)])
def test_an_address_may_be_printed_in_lines_but_not_be_another(printed: str, agrees: bool) -> None:
    page = (Words(13, 43, "地址、电话："), Words(36, 43, printed), Words(36, 46, "010-1"))
    reading = read(replace(old_ofd(), page=page).file())
    assert reading.invoice.buyer.address_phone == "甲路1号 010-1"
    assert (reading.disagreements == ()) is agrees


def test_the_title_on_the_page_is_compared_with_the_kind_of_the_code() -> None:
    made = replace(old_ofd(), page=(Words(57, 14, "北京增值税电子专用发票", 7),))
    (disagreement,) = read(made.file()).disagreements
    assert disagreement.field is DocumentField.KIND
    assert disagreement.other.value is Kind.SPECIAL_ELECTRONIC


def test_a_toll_invoice_has_the_title_of_an_ordinary_one() -> None:
    toll = ORIGINAL_INVOICE.replace(CODE, "011002300112")
    made = replace(old_ofd(), custom={}, attachments={"original_invoice.xml": toll})
    reading = read(made.file())
    assert reading.invoice.kind is Kind.TOLL
    assert reading.disagreements == ()


def test_a_digital_invoice_is_read_without_an_attachment() -> None:
    reading = read(digital_ofd().file())
    invoice = reading.invoice
    assert invoice.kind is Kind.DIGITAL_ORDINARY
    assert (invoice.number, invoice.issued_on) == (DIGITAL_NUMBER, date(2024, 5, 28))
    assert (invoice.buyer.name, invoice.buyer.tax_id) == (BUYER, BUYER_ID)
    assert (invoice.seller.name, invoice.seller.tax_id) == (SELLER, SELLER_ID)
    assert invoice.total_with_tax == Decimal("106.00")
    assert invoice.total_in_words == "壹佰零陆圆整"
    assert invoice.lines[0].name == "*信息技术服务*服务费"
    assert (reading.disagreements, reading.problems) == ((), ())


def test_each_field_tells_its_page_and_box() -> None:
    places = read(digital_ofd().file()).places
    total = places[DocumentField.TOTAL_WITH_TAX]
    assert (total.medium, total.page) == (Medium.TAG, 1)
    assert total.detail == "TaxInclusiveTotalAmount 118 119"
    assert total.box is not None
    assert (total.box.left, total.box.top) == (155.5, 96)
    words = places[DocumentField.TOTAL_IN_WORDS]
    assert (words.medium, words.part) == (Medium.PAGE_TEXT, "Doc_0/Pages/Page_0/Content.xml")
    assert words.detail == "(大写) 117"


def test_lines_that_agree_are_completed_from_each_other() -> None:
    reading = read(digital_ofd().file())
    (line,) = reading.invoice.lines
    assert reading.places[DocumentField.LINES].medium is Medium.TAG
    # The tags of this file name neither; the page does.
    assert (line.rate, line.quantity) == (Rate(RateKind.PERCENT, Decimal("0.06")), 1)


def test_what_the_page_shows_is_compared_with_the_entry_data() -> None:
    made = digital_ofd()
    made.custom["合计税额"] = "7.00"
    (disagreement,) = read(made.file()).disagreements
    assert disagreement.field is DocumentField.TAX
    assert disagreement.other.place.page == 1
    assert disagreement.other.value == Decimal("6.00")


def test_tags_may_use_the_names_of_the_xml_and_point_at_the_sign_only() -> None:
    tags = (
        '<:eInvoice xmlns:=""><TaxSupervisionInfo><InvoiceNumber>'
        '<ofd:ObjectRef PageRef="1">100</ofd:ObjectRef></InvoiceNumber></TaxSupervisionInfo>'
        "<EInvoiceData><BasicInformation><TotalTax-includedAmount>"
        '<ofd:ObjectRef PageRef="1">118</ofd:ObjectRef></TotalTax-includedAmount>'
        "</BasicInformation></EInvoiceData><Header><InherentLabel><GeneralOrSpecialVAT>"
        "<LabelName><ofd:ObjectData>普通发票</ofd:ObjectData></LabelName>"
        "</GeneralOrSpecialVAT></InherentLabel></Header></:eInvoice>"
    )
    reading = read(replace(digital_ofd(), custom={}, tags=tags).file())
    assert reading.places[DocumentField.NUMBER].medium is Medium.TAG
    assert reading.places[DocumentField.KIND].medium is Medium.TAG
    assert reading.places[DocumentField.TOTAL_WITH_TAX].medium is Medium.PAGE_TEXT
    assert reading.invoice.total_with_tax == Decimal("106.00")
    assert troubles(reading) == {Trouble.XML_REPAIRED}


def test_the_tags_of_a_red_invoice_point_at_its_remark() -> None:
    blue = "24112000000000000001"
    made = digital_ofd()
    negative = tuple(
        replace(word, text=f"-{word.text}") if word.text in {"100.00", "6.00", "106.00"} else word
        for word in made.page
    )
    remark = (Words(11, 108, f"被红冲蓝字数电票号码：{blue[:8]}"), Words(11, 112, blue[8:]))
    pointers = "".join(
        f'<ofd:ObjectRef PageRef="1">{100 + len(negative) + index}</ofd:ObjectRef>'
        for index in range(len(remark))
    )
    made.tags = made.tags.replace("</ofd:root>", f"<ofd:Note>{pointers}</ofd:Note></ofd:root>")
    made.custom.update({"合计金额": "-100.00", "合计税额": "-6.00", "开票类型": "红字发票"})
    reading = read(replace(made, page=(*negative, *remark)).file())
    invoice = reading.invoice
    assert (invoice.is_red, invoice.original_number) == (True, blue)
    assert invoice.lines[0].amount == Decimal("-100.00")
    assert reading.places[DocumentField.REMARK].medium is Medium.TAG
    assert reading.places[DocumentField.IS_RED].medium is Medium.CUSTOM_DATA
    assert reading.disagreements == ()


@pytest.mark.parametrize("reference", ["", 'PageRef="77"'])
def test_a_pointer_with_no_or_a_wrong_page_finds_its_object(reference: str) -> None:
    made = digital_ofd()
    made.tags = made.tags.replace('PageRef="1"', reference)
    reading = read(made.file())
    assert reading.places[DocumentField.BUYER_NAME].medium is Medium.TAG
    assert (reading.invoice.buyer.name, reading.disagreements) == (BUYER, ())


def test_a_square_picture_is_read_as_qr_if_there_is_a_reader() -> None:
    made = digital_ofd()
    parts = made.parts()
    page = parts["Doc_0/Pages/Page_0/Content.xml"]
    picture = b'<ofd:ImageObject ResourceID="77" Boundary="6.5 6 20 20"/></ofd:Layer>'
    parts["Doc_0/Pages/Page_0/Content.xml"] = page.replace(b"</ofd:Layer>", picture)
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(
        b"<ofd:CommonData>", b"<ofd:CommonData><ofd:DocumentRes>Res.xml</ofd:DocumentRes>"
    )
    parts["Doc_0/Res.xml"] = (
        b'<Res BaseLoc="Res"><MultiMedias><MultiMedia ID="77"><MediaFile>q.png</MediaFile>'
        b"</MultiMedia></MultiMedias></Res>"
    )
    parts["Doc_0/Res/q.png"] = b"picture"
    seen: list[bytes] = []

    def decode(data: bytes) -> str:
        seen.append(data)
        return f"01,32,,{DIGITAL_NUMBER},16.00,20240528,,AB12"

    outcome = documents.read(make_zip(parts), decode_qr=decode)
    assert isinstance(outcome, Reading)
    assert seen == [b"picture"]
    (disagreement,) = outcome.disagreements
    assert disagreement.field is DocumentField.TOTAL_WITH_TAX
    assert disagreement.other.place.part == "Doc_0/Res/q.png"
