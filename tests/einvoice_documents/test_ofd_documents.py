"""OFD invoices: each place that states fields, what they say together, and broken packages."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from documents_made import (
    BUYER,
    BUYER_ID,
    CODE,
    DIGITAL_FORM,
    DIGITAL_NUMBER,
    NUMBER,
    OLD_QR,
    ORIGINAL_INVOICE,
    SELLER,
    SELLER_ID,
    Ofd,
    Words,
    digital_ofd,
    digital_values,
    digital_xml,
    old_ofd,
    xbrl,
)
from documents_zips import make_zip

from einvoice import documents
from einvoice.documents import (
    Cause,
    DocumentField,
    Medium,
    Problem,
    Reading,
    TollPassage,
    Trouble,
    Unreadable,
    limits,
)
from einvoice.kinds import Kind
from einvoice.money import Rate, RateKind


def read(data: bytes) -> Reading:
    outcome = documents.read(data)
    assert isinstance(outcome, Reading), outcome
    return outcome


def troubles(reading: Reading) -> set[Trouble]:
    return {problem.trouble for problem in reading.problems}


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


def test_page_text_alone_is_enough() -> None:
    made = replace(digital_ofd(), custom={}, tags="")
    reading = read(made.file())
    assert reading.invoice == replace(
        read(digital_ofd().file()).invoice, lines=reading.invoice.lines
    )
    assert {place.medium for place in reading.places.values()} == {
        Medium.PAGE_TEXT,
        Medium.DERIVED,
    }


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


def test_a_name_broken_into_two_lines_is_joined() -> None:
    values = tuple(word for word in digital_values() if word.text != SELLER)
    broken = (Words(120, 34.5, "北京乙乙餐饮管理有限"), Words(120, 38.5, "责任公司"))
    made = Ofd(page=(*values, *broken), template=DIGITAL_FORM)
    assert read(made.file()).invoice.seller.name == "北京乙乙餐饮管理有限责任公司"


def test_names_side_by_side_are_buyer_and_seller_even_if_one_is_missing() -> None:
    values = tuple(word for word in digital_values() if word.text != BUYER)
    invoice = read(Ofd(page=values, template=DIGITAL_FORM).file()).invoice
    assert (invoice.buyer.name, invoice.seller.name) == ("", SELLER)


def test_lines_that_do_not_add_up_are_not_taken_from_the_page() -> None:
    values = tuple(word for word in digital_values() if word.text != "*信息技术服务*服务")
    extra = (Words(5, 68, "*甲*乙"), Words(143.5, 68, "1.00"), Words(199, 68, "0.06"))
    reading = read(Ofd(page=(*values, *extra), template=DIGITAL_FORM).file())
    assert reading.invoice.lines == ()
    assert troubles(reading) == {Trouble.LINES_UNCLEAR}


def test_the_table_of_a_toll_invoice_gives_plates() -> None:
    form = (
        Words(57, 14, "电子发票（普通发票）", 7),
        Words(16, 56, "项目名称"),
        Words(42, 56, "车牌号"),
        Words(60, 56, "类型"),
        Words(75, 56, "通行日期起"),
        Words(100, 56, "通行日期止"),
        Words(143.5, 56, "金 额"),
        Words(157.5, 56, "税率/征收率"),
        Words(194.5, 56, "税 额"),
        Words(154, 14, f"发票号码：{DIGITAL_NUMBER}"),
    )
    values = (
        Words(5, 60, "*生产生活服务*通行费"),
        Words(42, 60, "京A12345"),
        Words(60, 60, "客车"),
        Words(75, 60, "20240527"),
        Words(100, 60, "20240528"),
        Words(143.5, 60, "100.00"),
        Words(165, 60, "3%"),
        Words(199, 60, "3.00"),
    )
    assert read(Ofd(page=(*form, *values)).file()).invoice.tolls == (
        TollPassage("京A12345", "客车", date(2024, 5, 27), date(2024, 5, 28)),
    )


def test_a_railway_ticket_is_read_from_the_page_where_no_xbrl_is() -> None:
    page = (
        Words(70, 14, "电子发票（铁路电子客票）", 6),
        Words(10, 24, f"发票号码:{DIGITAL_NUMBER}"),
        Words(150, 24, "开票日期:2024年05月28日"),
        Words(30, 40, "甲城南站"),
        Words(95, 40, "G123"),
        Words(150, 40, "乙城站"),
        Words(30, 52, "2024年05月20日"),
        Words(75, 52, "08:00开"),
        Words(110, 52, "05车12A号"),
        Words(160, 52, "二等座"),
        Words(10, 62, "票价:￥91.00"),
        Words(10, 70, "1100001990****001X"),
        Words(60, 70, "丙丁"),
        Words(10, 78, "电子客票号:1234567890"),
        Words(10, 86, f"购买方名称:{BUYER}"),
        Words(110, 86, f"统一社会信用代码:{BUYER_ID}"),
    )
    invoice = read(Ofd(page=page).file()).invoice
    assert (invoice.kind, invoice.total_with_tax) == (Kind.DIGITAL_RAILWAY, Decimal("91.00"))
    assert (invoice.buyer.name, invoice.buyer.tax_id) == (BUYER, BUYER_ID)
    trip = invoice.railway
    assert trip is not None
    assert (trip.from_station, trip.train, trip.to_station) == ("甲城南", "G123", "乙城")
    assert (trip.leaves_on, trip.leaves_at) == (date(2024, 5, 20), "08:00")
    assert (trip.carriage, trip.seat, trip.seat_class) == ("05车", "12A号", "二等座")
    assert (trip.passenger, trip.ticket_number) == ("丙丁", "1234567890")


def test_an_air_itinerary_is_read_from_the_page_where_no_xbrl_is() -> None:
    page = (
        Words(60, 14, "电子发票（航空运输电子客票行程单）", 6),
        Words(150, 22, f"发票号码:{DIGITAL_NUMBER}"),
        Words(10, 80, "CNY 477.06"),
        Words(40, 80, "CNY 45.87"),
        Words(70, 80, "9%"),
        Words(90, 80, "CNY 47.07"),
        Words(120, 80, "CNY 50.00"),
        Words(150, 80, "CNY 0.00"),
        Words(180, 80, "CNY 620.00"),
        Words(10, 90, "电子客票号码:7810000000000"),
        Words(80, 90, "验证码:8"),
        Words(10, 100, "填开单位:某航空公司"),
        Words(120, 100, "填开日期:2024年05月28日"),
    )
    invoice = read(Ofd(page=page).file()).invoice
    assert (invoice.kind, invoice.issued_on) == (Kind.DIGITAL_AIR, date(2024, 5, 28))
    assert (invoice.amount_without_tax, invoice.tax, invoice.total_with_tax) == (
        Decimal("522.93"),
        Decimal("47.07"),
        Decimal("620.00"),
    )
    assert invoice.seller.name == "某航空公司"
    assert invoice.air is not None
    assert invoice.air.development_fund == Decimal("50.00")


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


def _page(text_object: str) -> bytes:
    parts = Ofd(page=(Words(57, 14, "增值税电子普通发票", 7),)).parts()
    page = parts["Doc_0/Pages/Page_0/Content.xml"]
    parts["Doc_0/Pages/Page_0/Content.xml"] = page.replace(
        b"</ofd:Layer>", text_object.encode() + b"</ofd:Layer>"
    )
    return make_zip(parts)


@pytest.mark.parametrize(
    ("steps", "right"),
    [("g 12 3", 47.5), ("3 3 g 10 3", 47.5), ("", 35.5), ("g 999999999 3", 35.5), ("x y", 29.5)],
)
def test_repeated_steps_give_the_width_of_text(steps: str, right: float) -> None:
    # 发票号码: with a half-square colon, and eight digits; type size 3.
    data = _page(
        '<ofd:TextObject ID="7" Boundary="10 20 80 6" Size="3">'
        f'<ofd:TextCode X="0" Y="5" DeltaX="{steps}">发票号码:12345678</ofd:TextCode>'
        "</ofd:TextObject>"
    )
    box = read(data).places[DocumentField.NUMBER].box
    assert box is not None
    assert (box.left, box.left + box.width) == (10, right)


def test_a_step_across_columns_parts_the_text() -> None:
    data = _page(
        '<ofd:TextObject ID="7" Boundary="10 20 80 6" Size="3">'
        '<ofd:TextCode X="0" Y="5" DeltaX="g 4 3 1.5 g 7 1.5 20">发票号码:123456789</ofd:TextCode>'
        "</ofd:TextObject>"
    )
    assert read(data).invoice.number == "12345678"


def test_text_written_upwards_is_no_field() -> None:
    data = _page(
        '<ofd:TextObject ID="7" Boundary="10 20 80 6" Size="3" CTM="0 1 -1 0 0 0">'
        '<ofd:TextCode X="0" Y="5">发票号码:12345678</ofd:TextCode></ofd:TextObject>'
    )
    assert documents.read(data) == Unreadable(Cause.NOT_AN_INVOICE)
