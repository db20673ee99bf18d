"""OFD invoices read from the text of their pages, by its position."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from documents_made import (
    BUYER,
    BUYER_ID,
    DIGITAL_FORM,
    DIGITAL_NUMBER,
    SELLER,
    Ofd,
    Words,
    digital_ofd,
    digital_values,
)
from documents_read import read, troubles
from documents_zips import make_zip
from hypothesis import given, settings
from hypothesis import strategies as st

from einvoice import documents
from einvoice.documents import (
    Cause,
    DocumentField,
    Medium,
    TollPassage,
    Trouble,
    Unreadable,
)
from einvoice.documents.container import Container
from einvoice.documents.layout import Run
from einvoice.documents.ofd_package import Package
from einvoice.documents.ofd_pages import read_pages
from einvoice.kinds import Kind


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


@given(
    text=st.text(st.sampled_from("发票号码:1 2a（"), min_size=1, max_size=9),
    x=st.sampled_from(["0", "1.5", "-2", "1e9", "nan", ""]),
    steps=st.sampled_from(
        ["", "3", "g 3 2", "g 99 3", "g -1 3", "g 2 3 1", "1 2 1", "9 1", "-1", "1e9", "nan", "z"]
    ),
    size=st.sampled_from(["3", "0", "-3", "", "1e7"]),
)
@settings(max_examples=150, deadline=None)
def test_most_objects_are_placed_in_a_faster_way_but_not_elsewhere(
    text: str, x: str, steps: str, size: str
) -> None:
    def runs(matrix: str) -> list[Run]:
        content = (
            f'<Page><TextObject ID="7" Boundary="10 20 80 6" Size="{size}" {matrix}>'
            f'<TextCode X="{x}" Y="5" DeltaX="{steps}">{text}</TextCode></TextObject></Page>'
        )
        document = '<Document><Page ID="1" BaseLoc="Page.xml"/></Document>'
        packed = make_zip({"Page.xml": content.encode(), "Document.xml": document.encode()})
        package = Package(Container.open(packed))
        root = package.xml("Document.xml")
        assert root is not None
        return read_pages(package, root, "Document.xml").runs

    for plain, turned in zip(runs(""), runs('CTM="1 0 0 1 0 0"'), strict=True):
        assert plain[:2] == turned[:2]
        assert plain[2:6] == pytest.approx(turned[2:6])


def test_a_template_stands_on_every_page_that_shows_it() -> None:
    page = '<Page><Template TemplateID="9"/></Page>'
    template = '<Page><TextObject ID="7" Boundary="10 20 80 6" Size="3">'
    template += '<TextCode X="0" Y="5">名称:</TextCode></TextObject></Page>'
    document = (
        '<Document><TemplatePage ID="9" BaseLoc="Tpl.xml"/>'
        '<Page ID="1" BaseLoc="A.xml"/><Page ID="2" BaseLoc="B.xml"/></Document>'
    )
    parts = {"A.xml": page, "B.xml": page, "Tpl.xml": template, "Document.xml": document}
    package = Package(
        Container.open(make_zip({name: content.encode() for name, content in parts.items()}))
    )
    root = package.xml("Document.xml")
    assert root is not None
    pages = read_pages(package, root, "Document.xml")
    assert [(run.text, run.page, run.baseline) for run in pages.runs] == [
        ("名称:", 1, 25.0),
        ("名称:", 2, 25.0),
    ]
    assert {key: found.page for key, found in pages.objects.items()} == {
        ("1", "7"): 1,
        ("2", "7"): 2,
    }
