"""PDF invoices: text by position, information dictionary, embedded files, hostile ones."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from documents_made import (
    BUYER,
    DIGITAL_FORM,
    DIGITAL_NUMBER,
    SELLER,
    SELLER_ID,
    Words,
    digital_values,
    digital_xml,
    xbrl,
)
from documents_pdfs import make_pdf, pdf_of, stream

from einvoice import documents, structure
from einvoice.documents import (
    Cause,
    DocumentField,
    Medium,
    Reading,
    Trouble,
    Unreadable,
    limits,
)
from einvoice.kinds import Kind

PAGE = (*DIGITAL_FORM, *digital_values())


def read(data: bytes) -> Reading:
    outcome = documents.read(data)
    assert isinstance(outcome, Reading), outcome
    return outcome


@pytest.mark.parametrize("one_text_object", [False, True])
def test_a_text_layer_alone_is_enough(one_text_object: bool) -> None:
    reading = read(make_pdf([PAGE], one_text_object=one_text_object))
    invoice = reading.invoice
    assert (invoice.kind, invoice.number) == (Kind.DIGITAL_ORDINARY, DIGITAL_NUMBER)
    assert (invoice.buyer.name, invoice.seller.name) == (BUYER, SELLER)
    assert invoice.seller.tax_id == SELLER_ID
    assert (invoice.amount_without_tax, invoice.tax) == (Decimal("100.00"), Decimal("6.00"))
    assert invoice.total_with_tax == Decimal("106.00")
    (line,) = invoice.lines
    assert (line.name, line.quantity, line.unit_price) == ("*信息技术服务*服务费", 1, 100)
    assert (line.amount, line.tax) == (Decimal("100.00"), Decimal("6.00"))
    place = reading.places[DocumentField.SELLER_NAME]
    assert place.box is not None
    assert (place.page, round(place.box.left)) == (1, 120)
    assert (reading.disagreements, reading.problems) == ((), ())


def test_text_drawn_character_by_character_is_put_together() -> None:
    single = [
        Words(word.left + word.size * offset, word.baseline, character, word.size)
        for word in PAGE
        for offset, character in zip(_offsets(word.text), word.text, strict=True)
        if character != " "
    ]
    assert read(make_pdf([single])).invoice == read(make_pdf([PAGE])).invoice


def _offsets(text: str) -> list[float]:
    """Where each character starts, in type sizes: Han are a square wide, others half."""
    widths = [0.5 if ord(character) < 256 else 1.0 for character in text]
    return [sum(widths[:index]) for index in range(len(text))]


def test_text_drawn_twice_to_look_bold_counts_once() -> None:
    twice = [
        Words(word.left + shift, word.baseline, word.text, word.size)
        for word in PAGE
        for shift in (0.0, 0.2)
    ]
    assert read(make_pdf([twice])).invoice == read(make_pdf([PAGE])).invoice


def test_a_font_that_is_not_embedded_is_read() -> None:
    assert read(make_pdf([PAGE], in_unicode=True)).invoice == read(make_pdf([PAGE])).invoice


def test_the_order_of_drawing_does_not_matter() -> None:
    assert read(make_pdf([PAGE[::-1]])).invoice == read(make_pdf([PAGE])).invoice


def test_radicals_in_place_of_characters_are_understood() -> None:
    odd = [
        Words(w.left, w.baseline, w.text.replace("金", "⾦").replace("饮", "⻝"), w.size)
        for w in PAGE
    ]
    invoice = read(make_pdf([odd])).invoice
    assert invoice.seller.name == "北京乙乙餐食有限公司"
    assert len(invoice.lines) == 1


@pytest.mark.parametrize(
    ("title", "kind", "differs"),
    [
        ("电子发票（增值税专用发票）", Kind.DIGITAL_SPECIAL, False),
        ("电子发票（机动车销售统一发票）", Kind.DIGITAL_OTHER, False),
        ("二手车销售统一发票", Kind.DIGITAL_OTHER, False),
        ("电子发票（某种新的发票）", Kind.DIGITAL_OTHER, False),
        ("北京增值税专用发票", Kind.DIGITAL_OTHER, True),
    ],
)
def test_a_20_digit_number_may_be_asked_about_whatever_the_title(
    title: str, kind: Kind, differs: bool
) -> None:
    form = tuple(
        replace(word, text=title) if word.text == DIGITAL_FORM[0].text else word
        for word in DIGITAL_FORM
    )
    reading = read(make_pdf([(*form, *digital_values())]))
    reference = reading.invoice.reference
    assert reading.invoice.kind is kind
    assert reference is not None
    assert structure.examine(reference, date(2026, 11, 24)).refusal is None
    assert [found.field for found in reading.disagreements] == [DocumentField.KIND] * differs


REMARK_LABEL = (Words(6, 112, "备"), Words(6, 118, "注"))
RED_REMARK = (
    Words(11, 108, "被红冲蓝字数电票号码：2411200000"),
    Words(11, 112, "0000000001 红字发票信息确认单编号："),
    Words(11, 116, "11010824091002615708"),
)


def test_the_remark_right_of_its_label_names_the_reversed_invoice() -> None:
    negative = tuple(
        replace(word, text=f"-{word.text}") if word.text in {"100.00", "6.00", "106.00"} else word
        for word in digital_values()
    )
    reading = read(make_pdf([(*DIGITAL_FORM, *negative, *REMARK_LABEL, *RED_REMARK)]))
    invoice, place = reading.invoice, reading.places[DocumentField.REMARK]
    assert invoice.remark.startswith("被红冲蓝字数电票号码：2411200000 0000000001 红字发票")
    assert (invoice.is_red, invoice.original_number) == (True, "24112000000000000001")
    assert (place.medium, place.detail, place.page) == (Medium.PAGE_TEXT, "备注", 1)
    assert (invoice.drawer, invoice.total_in_words) == ("甲", "壹佰零陆圆整")


def test_the_remark_of_an_old_form_stands_beside_the_seller() -> None:
    page = (
        Words(57, 14, "北京增值税电子普通发票", 7),
        Words(150, 14, "发票代码：011002300111"),
        Words(150, 20, "发票号码：12345678"),
        Words(17, 101, "价税合计（大写） 贰佰壹拾贰圆整"),
        Words(13, 108, "名　　称："),
        Words(36, 108, SELLER),
        Words(120, 109.5, "备"),
        Words(120, 120.5, "注"),
        Words(126, 108, "对应正数发票代码:011002300111"),
        Words(126, 112, "号码:12345670"),
        Words(12, 128, "收款人：乙"),
        Words(126, 128, "销售方：（章）"),
    )
    invoice = read(make_pdf([page])).invoice
    assert invoice.remark == "对应正数发票代码:011002300111 号码:12345670"
    assert (invoice.original_code, invoice.original_number) == ("011002300111", "12345670")


def test_a_remark_behind_its_label_in_one_row_is_read() -> None:
    made = make_pdf([(*PAGE, Words(11, 120, "备注：订单12 开票人：乙"))])
    assert read(made).invoice.remark == "订单12"


def test_an_empty_remark_box_states_nothing() -> None:
    reading = read(make_pdf([(*PAGE, *REMARK_LABEL)]))
    assert (reading.invoice.remark, DocumentField.REMARK in reading.places) == ("", False)


def test_lines_of_all_pages_are_read() -> None:
    values = [w for w in digital_values() if w.baseline < 90]
    header = [w for w in DIGITAL_FORM if w.baseline < 90]
    sums = [
        Words(140, 94.6, "¥200.00") if w.text == "100.00" and w.baseline > 90 else w for w in PAGE
    ]
    reading = read(make_pdf([[*header, *values, Words(20, 95, "小计")], sums]))
    assert [line.amount for line in reading.invoice.lines] == [Decimal("100.00")] * 2


def test_the_information_dictionary_is_compared_with_the_page() -> None:
    info = {
        "InvoiceNumber": DIGITAL_NUMBER,
        "SellerIdNum": SELLER_ID,
        "IssueTime": "2024-05-28",
        "TotalAmWithoutTax": "100.00",
        "TotalTaxAm": "6.00",
        "TotalTax-includedAmount": "1106.00",
    }
    reading = read(make_pdf([PAGE], info=info))
    assert reading.places[DocumentField.NUMBER].medium is Medium.PDF_INFO
    (disagreement,) = reading.disagreements
    assert disagreement.field is DocumentField.TOTAL_WITH_TAX
    assert disagreement.other.place.medium is Medium.PAGE_TEXT


def test_embedded_xml_is_read_first() -> None:
    reading = read(make_pdf([PAGE], files={"a.bin": digital_xml().encode()}))
    assert reading.places[DocumentField.NUMBER].medium is Medium.INVOICE_XML
    assert reading.places[DocumentField.NUMBER].part == "a.bin"
    assert len(reading.invoice.lines) == 2
    assert {found.field for found in reading.disagreements} == {DocumentField.LINES}


def test_embedded_xbrl_of_the_railway_is_read() -> None:
    facts = (
        f"<t:ElectronicInvoiceRailwayETicketNumber>{DIGITAL_NUMBER}"
        "</t:ElectronicInvoiceRailwayETicketNumber><t:Fare>91.00</t:Fare>"
    )
    data = make_pdf([[Words(10, 10, "￥")]], files={"rai.xml": xbrl("rai", facts).encode()})
    invoice = read(data).invoice
    assert (invoice.kind, invoice.total_with_tax) == (Kind.DIGITAL_RAILWAY, Decimal("91.00"))


def test_a_damaged_embedded_file_costs_only_itself() -> None:
    reading = read(make_pdf([PAGE], files={"a.xml": b"<a", "b.txt": b"no xml"}))
    assert [problem.trouble for problem in reading.problems] == [Trouble.PART_DAMAGED]


def test_a_picture_of_an_invoice_says_nothing() -> None:
    assert documents.read(make_pdf([[]])) == Unreadable(Cause.NOT_AN_INVOICE)


def test_only_so_many_pages_are_read() -> None:
    reading = read(make_pdf([PAGE, *([[]] * limits.MAX_PDF_PAGES)]))
    assert Trouble.PAGES_LEFT_OUT in {problem.trouble for problem in reading.problems}


def _one_page(content: bytes, font: bytes = b"", form: bytes = b"") -> bytes:
    return pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            (
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R"
                b"/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>>>"
            ),
            content,
            font or b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            form or b"<<>>",
        ]
    )


FORM = "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X 6 0 R>>>>"
PREDICTED = "/DecodeParms<</Predictor 15/Columns 1>>"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(_one_page(stream(b" " * 100_000_000)), id="bomb"),
        pytest.param(_one_page(stream(b"BT /F1 9 Tf " + b"(a)Tj " * 80_000)), id="operations"),
        pytest.param(_one_page(stream(b"/X Do"), form=stream(b"/X Do /X Do", FORM)), id="cycle"),
        pytest.param(_one_page(stream(b"[" * 400_000)), id="nesting"),
        pytest.param(_one_page(b"4 0 R"), id="self reference"),
        pytest.param(pdf_of([b"<</Pages 2 0 R>>", b"<</Kids[2 0 R 2 0 R]>>"]), id="page cycle"),
        pytest.param(
            pdf_of([b"<</Pages 2 0 R>>", b"<</Kids[" + b"3 0 R " * 10_000 + b"]>>", b"<<>>"]),
            id="10,000 pages",
        ),
        pytest.param(
            b"%PDF-1.7\nxref\n0 90000\n"
            + b"0000000009 00000 n \n" * 90_000
            + b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF",
            id="table",
        ),
        pytest.param(
            pdf_of([b"<<>>", *[stream(b"", PREDICTED)] * (limits.MAX_PDF_SLOW_FILTERS + 1)]),
            id="predictors",
        ),
        pytest.param(b"%PDF-1.7\n" + b"<<" * 400_000 + b"\n%%EOF", id="dictionaries"),
        pytest.param(b"%PDF-1.7\n" + b"1 0 obj " * 20_001, id="objects"),
        pytest.param(b"%PDF-1.7\n" + bytes(limits.MAX_PDF_BYTES), id="large"),
        pytest.param(b"%PDF-", id="nothing"),
    ],
)
def test_a_pdf_made_to_hurt_gives_no_invoice(data: bytes) -> None:
    assert isinstance(documents.read(data), Unreadable)


@pytest.mark.parametrize(
    "data",
    [
        pdf_of([b"<<>>", *[stream(b"", PREDICTED)] * (limits.MAX_PDF_SLOW_FILTERS + 1)]),
        pdf_of(
            [b"<<>>", *[stream(b"", "/D#65codeParms 1 0 R")] * (limits.MAX_PDF_SLOW_FILTERS + 1)]
        ),
        b"%PDF-1.7\n" + b"1 0 obj " * (limits.MAX_PDF_OBJECTS + 1),
        b"%PDF-1.7\n" + bytes(limits.MAX_PDF_BYTES),
    ],
    ids=["filters", "hidden filters", "objects", "bytes"],
)
def test_what_would_take_too_long_is_told_before_it_is_parsed(data: bytes) -> None:
    assert documents.read(data) == Unreadable(Cause.TOO_LARGE, "PDF")


FONTS = b"".join(b"/F%d 5 0 R" % number for number in range(limits.MAX_PDF_FONTS + 1))
FORMS = b"".join(b"/X%d 6 0 R" % number for number in range(limits.MAX_PDF_FORMS + 1))


@pytest.mark.parametrize(
    ("fonts", "forms", "drawn"),
    [
        (FONTS, b"", b""),
        (b"", FORMS, b""),
        (b"", b"/X 6 0 R", b""),  # draws itself
        (b"", b"", b"BT (a) Tj ET " * 40_000),
    ],
    ids=["fonts", "forms", "form in itself", "contents"],
)
def test_a_page_that_would_take_too_long_is_left_out(
    fonts: bytes, forms: bytes, drawn: bytes
) -> None:
    data = pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R/Resources"
            b"<</Font<<" + fonts + b">>/XObject<<" + forms + b">>>>>>",
            stream(drawn or b"BT ET"),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            stream(b"/X Do", FORM),
            b"<</InvoiceNumber(" + DIGITAL_NUMBER.encode() + b")>>",
        ],
        "/Info 7 0 R",
    )
    reading = read(data)
    assert {problem.trouble for problem in reading.problems} >= {Trouble.PAGES_LEFT_OUT}


def test_a_pdf_is_read_in_so_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PDF_READS", 100)
    assert documents.read(make_pdf([PAGE])) == Unreadable(Cause.TOO_LARGE, "PDF")


def test_an_encrypted_pdf_says_so() -> None:
    encrypted = make_pdf([PAGE]).replace(
        b"trailer<<",
        b"trailer<</Encrypt<</Filter/Standard/V 1/R 2/O("
        + b"a" * 32
        + b")/U("
        + b"b" * 32
        + b")/P -4>>/ID[(a)(a)]",
    )
    assert documents.read(encrypted) == Unreadable(Cause.ENCRYPTED, "PDF")
