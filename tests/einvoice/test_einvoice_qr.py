"""Scanned text -> what it is."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from einvoice import qr, ticket
from einvoice.fields import Field, KnownFields
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.qr import (
    BlockchainLink,
    DamagedTicket,
    DeliveryLink,
    Empty,
    IncompleteInvoice,
    InvoiceCode,
    NotUnderstood,
    OrderCode,
    ProviderLink,
    TicketCode,
    TitleCard,
    TooLong,
    UnknownKindInvoice,
    WebLink,
)
from einvoice.reasons import Note
from einvoice.tax_ids import personal_check_character

OLD = "01,10,033002000211,83089647,510.68,20200723,16197833567414507415,0941,"
DIGITAL = "01,31,,24112000000048542163,4449.00,20240528,,B2B6"
DIGITAL_REFERENCE = InvoiceReference(
    Kind.DIGITAL_SPECIAL, "24112000000048542163", date(2024, 5, 28), "", Decimal("4449.00")
)


@pytest.mark.parametrize(
    ("text", "kind", "code", "number", "amount", "issued_on", "check_code", "tail"),
    [
        (OLD, "10", "033002000211", "83089647", "510.68", "2020-07-23", "507415", "0941"),
        (
            "01,10,050001700111,12235358,10000.00,20200805,16630282980991510014,7257",
            "10", "050001700111", "12235358", "10000.00", "2020-08-05", "510014", "7257",
        ),
        (
            "01,10,011002680026,71500013,9709.00,20200220,03272875819686271285,1818,",
            "10", "011002680026", "71500013", "9709.00", "2020-02-20", "271285", "1818",
        ),
        (
            "01,10,031001900511,04875996,57,20200420,77669856890717802165,64CF,",
            "10", "031001900511", "04875996", "57.00", "2020-04-20", "802165", "64CF",
        ),
        (
            "01,10,050003523456,29342181,104.72,20180613,02418567008427471889,1774,",
            "10", "050003523456", "29342181", "104.72", "2018-06-13", "471889", "1774",
        ),
        (
            "01,10,011001605111,80100798,64.9,20161018,85342965681116380258,BE2D",
            "10", "011001605111", "80100798", "64.90", "2016-10-18", "380258", "BE2D",
        ),
        (
            "01,20,052002100113,00008006,24519.05,20220505,18001801513030862041,88CD,",
            "08", "052002100113", "00008006", "24519.05", "2022-05-05", "862041", "88CD",
        ),
        (DIGITAL, "31", "", "24112000000048542163", "4449.00", "2024-05-28", "", "B2B6"),
        (
            "01,31,,24322000000489101796,20000.00,20241205,,BBBB",
            "31", "", "24322000000489101796", "20000.00", "2024-12-05", "", "BBBB",
        ),
        (
            "01,32,,26427000000375586818,10.70,20260430,,FAFB",
            "32", "", "26427000000375586818", "10.70", "2026-04-30", "", "FAFB",
        ),
        (
            "01,51,,26339132621000219582,56.00,20260423,,219a",
            "51", "", "26339132621000219582", "56.00", "2026-04-23", "", "219a",
        ),
        (
            "01,32,,24312000000136634917,0.01,20240514,,1DD6",
            "32", "", "24312000000136634917", "0.01", "2024-05-14", "", "1DD6",
        ),
    ],
)  # fmt: skip
def test_published_samples_give_their_reference(
    text: str, kind: str, code: str, number: str, amount: str, issued_on: str,
    check_code: str, tail: str,
) -> None:  # fmt: skip
    assert qr.parse(text) == InvoiceCode(
        InvoiceReference(
            Kind(kind), number, date.fromisoformat(issued_on), code, Decimal(amount), check_code
        ),
        type_code=text[3:5],
        tail=tail,
    )


def test_amounts_carry_two_decimals_however_they_are_printed() -> None:
    scanned = qr.parse("01,10,031001900511,04875996,57,20200420,77669856890717802165,64CF,")
    assert isinstance(scanned, InvoiceCode)
    assert str(scanned.reference.amount) == "57.00"


@pytest.mark.parametrize(
    "text",
    [
        "01，31，，24112000000048542163，4449.00，20240528，，B2B6",
        "０１,３１,,２４１１２０００００００４８５４２１６３,４４４９.００,２０２４０５２８,,Ｂ２Ｂ６",
        "01，31，，24112000000048542163，4449。00，20240528，，B2B6",
        "\ufeff" + DIGITAL,
        "ï»¿" + DIGITAL,
        "]Q1" + DIGITAL,
        DIGITAL + ",",
        DIGITAL + "\r\n",
        "  " + DIGITAL.replace(",", " , ") + " ",
        DIGITAL.replace("4449", "\x004449\x1d"),
        DIGITAL.replace("20240528", "\u200b20240528"),
    ],
)
def test_what_scanners_and_input_methods_do_to_a_text_does_not_matter(text: str) -> None:
    assert qr.parse(text) == InvoiceCode(DIGITAL_REFERENCE, "31", "B2B6")


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        (DIGITAL.replace("B2B6", ""), ()),
        (DIGITAL.removesuffix(",,B2B6"), ()),
        (DIGITAL.replace("B2B6", "not hex"), (Note.TAIL_UNUSUAL,)),
    ],
)
def test_the_last_field_is_never_judged(text: str, findings: tuple[Note, ...]) -> None:
    scanned = qr.parse(text)
    assert isinstance(scanned, InvoiceCode)
    assert (scanned.reference, scanned.findings) == (DIGITAL_REFERENCE, findings)


@pytest.mark.parametrize(
    ("type_code", "note"), [("77", Note.TYPE_UNKNOWN), ("10", Note.TYPE_DIFFERS_FROM_NUMBER)]
)
def test_a_20_digit_number_without_code_is_digital_under_any_type(
    type_code: str, note: Note
) -> None:
    scanned = qr.parse(f"01,{type_code},,24112000000048542163,4449.00,20240528,,B2B6")
    assert isinstance(scanned, InvoiceCode)
    assert scanned.reference.kind is Kind.DIGITAL_OTHER
    assert scanned.findings == (note,)


@pytest.mark.parametrize("type_code", ["77", "", "31", "08"])
def test_an_old_invoice_of_unknown_type_is_asked_about_and_its_amount_not_used(
    type_code: str,
) -> None:
    text = f"01,{type_code},033002000211,83089647,510.68,20200723,16197833567414507415,0941,"
    assert qr.parse(text) == UnknownKindInvoice(
        type_code,
        KnownFields(None, "83089647", "033002000211", date(2020, 7, 23), None, "507415"),
    )


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("01,10,033002000211,83089647,510.68,20200723,,0941,", (Field.CHECK_CODE,)),
        ("01,10,033002000211,83089647,510.68,20200723,12345,0941", (Field.CHECK_CODE,)),
        ("01,10,033002000211,83089647,510.68,20200723", (Field.CHECK_CODE,)),
        ("01,01,3300200021,83089647,,20200723,,0941,", (Field.AMOUNT,)),
        ("01,01,3300200021,83089647,12.345,20200723,,0941,", (Field.AMOUNT,)),
        ("01,31,,24112000000048542163,4449.00,20240230,,B2B6", (Field.ISSUED_ON,)),
        ("01,31,,24112000000048542163,,,,", (Field.ISSUED_ON, Field.AMOUNT)),
        ("01,10,,83089647,510.68,20200723,16197833567414507415,", (Field.CODE,)),
        ("01,10,033002000211,,510.68,20200723,16197833567414507415,", (Field.NUMBER,)),
        ("24112000000048542163", (Field.ISSUED_ON, Field.AMOUNT)),
        ("2411 2000 0000 4854 2163", (Field.ISSUED_ON, Field.AMOUNT)),
    ],
)
def test_what_an_incomplete_invoice_lacks_is_named(text: str, missing: tuple[Field, ...]) -> None:
    scanned = qr.parse(text)
    assert isinstance(scanned, IncompleteInvoice)
    assert scanned.missing == missing


def test_an_amount_that_is_not_needed_may_be_missing() -> None:
    scanned = qr.parse("01,10,033002000211,83089647,???,20200723,16197833567414507415,0941,")
    assert isinstance(scanned, InvoiceCode)
    assert scanned.reference.amount is None
    assert scanned.findings == (Note.AMOUNT_UNREADABLE,)


def test_a_red_invoice_has_a_negative_amount() -> None:
    scanned = qr.parse("01,31,,24112000000048542163,-4449.00,20240528,,B2B6")
    assert isinstance(scanned, InvoiceCode)
    assert scanned.reference.amount == Decimal("-4449.00")


@pytest.mark.parametrize(
    ("text", "scanned"),
    [
        ("", Empty()),
        (" \r\n\t\ufeff\x00", Empty()),
        ("x" * 4097, TooLong(4097)),
        ("你好", NotUnderstood()),
        ("01,31", NotUnderstood()),
        ("01,31,,,4449.00,20240528,,B2B6", NotUnderstood()),
        ("02,31,,24112000000048542163,4449.00,20240528,,B2B6", NotUnderstood()),
        (
            "https://dppt.beijing.chinatax.gov.cn:8443/v/2_24112000000048542163_20240528101112abc",
            DeliveryLink("24112000000048542163"),
        ),
        (
            "https://dppt.ningbo.chinatax.gov.cn:8443/qrcode?cs=2_24112000000048542163_2024&jrxt=EWMJF",
            DeliveryLink("24112000000048542163"),
        ),
        (
            "https://dppt.beijing.chinatax.gov.cn.example.com/v/2_24112000000048542163_1",
            WebLink("dppt.beijing.chinatax.gov.cn.example.com"),
        ),
        (
            "https://dppt.beijing.chinatax.gov.cn@example.com/v/2_24112000000048542163_1",
            WebLink("example.com"),
        ),
        ("https://dppt.beijing.chinatax.gov.cn:8443/", WebLink("dppt.beijing.chinatax.gov.cn")),
        ("HTTP://U.BAIWANG.COM/k5abc", ProviderLink("u.baiwang.com")),
        ("fp.bwjf.cn/u/abc", ProviderLink("fp.bwjf.cn")),
        ("【发票】点击 https://nnfp.jss.com.cn/8x_ 查看", ProviderLink("nnfp.jss.com.cn")),
        (
            "https://bcfp.example.cn/verify?hash=0&bill_num=00012345&total_amount=1",
            BlockchainLink("00012345"),
        ),
        ("https://example.com/a,b", WebLink("example.com")),
        ("https://", NotUnderstood()),
        ("312345678901", OrderCode("312345678901")),
        ("12345678", NotUnderstood()),
    ],
)
def test_everything_else_people_hold_up_is_told_apart(text: str, scanned: object) -> None:
    assert qr.parse(text) == scanned


def test_an_identity_card_number_is_nobodys_order() -> None:
    made_up = "99999919000101001"  # no such region
    check = personal_check_character(made_up)
    assert qr.parse(made_up + check) == NotUnderstood()
    other = "1" if check == "0" else "0"
    assert qr.parse(made_up + other) == OrderCode(made_up + other)


def test_a_title_card_is_read() -> None:
    text = (
        "$015ZCN56ewPC8+OTExMTAwMDA2MDAwMzczNDFMPC8+5Zyw5Z2AfOeUteivnTwvPuW8gOaIt+ihjHzotKbl"
        "j7c8Lz45MzdE$"
    )
    card = TitleCard("名称", "91110000600037341L", "地址|电话", "开户行|账号", crc_ok=True)
    assert qr.parse(text) == card
    assert qr.parse(text + "\r\n") == card
    assert qr.parse(text.replace("$", "￥")) == card


def test_tickets_are_read_and_damaged_ones_said() -> None:
    text = ticket.to_text(ticket.Ticket("SF-03-261124-0042", "0123456789AB"))
    assert qr.parse(text) == TicketCode("SF-03-261124-0042", "0123456789AB")
    assert qr.parse(text.lower()) == TicketCode("SF-03-261124-0042", "0123456789AB")
    assert qr.parse(text[:-1]) == DamagedTicket()


PIECES = st.sampled_from(
    ["01", ",", "，", "10", "31", "24112000000048542163", "20240528", "-", ".", "$01", "$", "</>",
     "FPXP1:", "SF-", ":", "https://", "@", "/", "2_", "bill_num=", "\x00", "\ufeff", "９", "]Q1",
     "²", "\ud800", "İ", " "]
)  # fmt: skip


@given(st.text() | st.lists(PIECES | st.text(max_size=3)).map("".join))
@example("01,²,²,²,²,²²²²²²²²,²,²")
@example("$01====$")
@example("01,31,,24112000000048542163,9e99,20240528,,")
def test_no_text_makes_it_raise(text: str) -> None:
    scanned = qr.parse(text)
    assert scanned.key in qr.SCANNED_KEYS


DATES = st.dates(min_value=date(1994, 1, 1), max_value=date(2099, 12, 31))
AMOUNTS = st.decimals(-(10**11) + 1, 10**11 - 1, places=2)


@given(
    number=st.from_regex(r"\A[0-9]{20}\Z"),
    issued_on=DATES,
    amount=AMOUNTS,
    type_code=st.sampled_from(["31", "32", "51", "61"]),
    last=st.sampled_from(["", ","]),
    wide=st.booleans(),
)
def test_any_digital_invoice_gives_back_what_was_written(
    number: str, issued_on: date, amount: Decimal, type_code: str, last: str, wide: bool
) -> None:
    text = f"01,{type_code},,{number},{amount},{issued_on:%Y%m%d},,1A2b{last}"
    if wide:
        text = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,.-"})
    assert qr.parse(text) == InvoiceCode(
        InvoiceReference(Kind(type_code), number, issued_on, "", amount), type_code, "1A2b"
    )
