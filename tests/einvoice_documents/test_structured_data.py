"""数电票 XML and XBRL, as their own files."""

from datetime import date
from decimal import Decimal

import pytest
from documents_made import BUYER, BUYER_ID, CODE, DIGITAL_NUMBER, NUMBER, SELLER, digital_xml, xbrl

from einvoice import documents
from einvoice.documents import (
    Cause,
    DocumentField,
    Medium,
    PassengerJourney,
    Reading,
    TollPassage,
    Trouble,
    Unreadable,
)
from einvoice.kinds import Kind
from einvoice.money import Rate, RateKind

BLUE, CONFIRMED = "24112000000000000001", "11010824091002615708"


def read(text: str, encoding: str = "utf-8") -> Reading:
    outcome = documents.read(text.encode(encoding))
    assert isinstance(outcome, Reading), outcome
    return outcome


@pytest.mark.parametrize("version", ["0.2", "0.32", "0.37"])
def test_a_digital_invoice_gives_every_field_and_where_it_stood(version: str) -> None:
    reading = read(digital_xml(version))
    invoice = reading.invoice
    assert invoice.kind is Kind.DIGITAL_ORDINARY
    assert (invoice.number, invoice.code) == (DIGITAL_NUMBER, "")
    assert invoice.issued_on == date(2024, 5, 28)
    assert (invoice.amount_without_tax, invoice.tax) == (Decimal("100.00"), Decimal("6.00"))
    assert invoice.total_with_tax == Decimal("106.00")
    assert invoice.total_in_words == "壹佰零陆圆整"
    assert (invoice.buyer.name, invoice.buyer.tax_id) == (BUYER, BUYER_ID)
    assert invoice.seller.name == SELLER
    assert invoice.seller.address_phone == "乙路2号 010-2"
    assert (invoice.drawer, invoice.remark, invoice.is_red) == ("甲", "备注", False)
    assert reading.places[DocumentField.NUMBER].detail == "InvoiceNumber"
    assert reading.places[DocumentField.NUMBER].medium is Medium.INVOICE_XML
    assert (reading.disagreements, reading.problems) == ((), ())


def test_without_a_time_of_issue_that_of_the_request_counts() -> None:
    text = digital_xml().replace("<IssueTime>2024-05-28</IssueTime>", "")
    reading = read(text)
    assert reading.invoice.issued_on == date(2024, 5, 28)
    assert reading.places[DocumentField.ISSUED_ON].detail == "RequestTime"


def test_a_time_of_issue_may_stand_where_a_date_does() -> None:
    text = digital_xml().replace("<IssueTime>2024-05-28<", "<IssueTime>2024-05-28 23:59:58<")
    assert read(text).invoice.issued_on == date(2024, 5, 28)


def test_without_the_bureau_s_part_the_number_of_the_header_counts() -> None:
    text = digital_xml().replace("TaxSupervisionInfo", "Another").replace("InvoiceNumber", "X")
    reading = read(text)
    assert reading.invoice.number == DIGITAL_NUMBER
    assert reading.places[DocumentField.NUMBER].detail == "EIid"


@pytest.mark.parametrize(
    ("declared", "troubles"),
    [
        (' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', []),
        ("", [Trouble.XML_REPAIRED]),
    ],
)
def test_an_empty_line_is_none_whether_or_not_its_prefix_is_declared(
    declared: str, troubles: list[Trouble]
) -> None:
    empty = f'<IssuItemInformation{declared} xsi:nil="true"/><SpecificInformation>'
    reading = read(digital_xml().replace("<SpecificInformation>", empty))
    assert [line.amount for line in reading.invoice.lines] == [Decimal("120.00"), Decimal("-20.00")]
    assert [problem.trouble for problem in reading.problems] == troubles


def test_the_total_of_an_invoice_is_never_that_of_a_line() -> None:
    reading = read(digital_xml())
    assert reading.invoice.total_with_tax == Decimal("106.00")  # the first line has 127.20


def test_lines_keep_discounts_and_read_rates_of_any_writing() -> None:
    line, discount = read(digital_xml()).invoice.lines
    assert (line.name, line.specification, line.unit) == ("*信息技术服务*服务费", "A1", "项")
    assert (line.quantity, line.unit_price) == (2, 60)
    assert (line.amount, line.tax) == (Decimal("120.00"), Decimal("7.20"))
    assert line.rate == Rate(RateKind.PERCENT, Decimal("0.06"))
    assert line.classification == "3040201000000000000"
    assert (discount.amount, discount.quantity) == (Decimal("-20.00"), None)


def test_untaxed_lines_have_a_rate_kind_and_no_tax() -> None:
    text = digital_xml().replace("0.060000", "*").replace("7.200000", "*")
    line = read(text).invoice.lines[0]
    assert (line.rate, line.tax) == (Rate(RateKind.NOT_TAXED), None)


def test_the_reference_asks_for_the_total_of_a_digital_invoice() -> None:
    reference = read(digital_xml(vat="01")).invoice.reference
    assert reference is not None
    assert reference.key == f"31||{DIGITAL_NUMBER}|2024-05-28|106.00|"


def test_without_a_label_a_number_of_20_digits_is_a_digital_invoice_of_unknown_type() -> None:
    text = digital_xml().replace("GeneralOrSpecialVAT", "Another")
    assert read(text).invoice.kind is Kind.DIGITAL_OTHER


def test_a_header_that_names_another_number_disagrees() -> None:
    other = "24112000000099999999"
    text = digital_xml().replace(f"<EIid>{DIGITAL_NUMBER}", f"<EIid>{other}")
    (disagreement,) = read(text).disagreements
    assert disagreement.field is DocumentField.NUMBER
    assert disagreement.taken.value == DIGITAL_NUMBER
    assert (disagreement.other.value, disagreement.other.place.detail) == (other, "EIid")


@pytest.mark.parametrize(
    ("first", "last"),
    [("20240527172851000", "20240528010203000"), ("2024-05-27", "2024-05-28")],
)
def test_a_toll_invoice_gives_plate_and_days(first: str, last: str) -> None:
    toll = (
        "<Toll><PlateNumber>京A12345</PlateNumber><VehicleType>客车</VehicleType>"
        f"<StartDatesOfPassage>{first}</StartDatesOfPassage>"
        f"<EndDatesOfPassage>{last}</EndDatesOfPassage></Toll>"
    )
    invoice = read(digital_xml(specifics=toll)).invoice
    assert invoice.tolls == (TollPassage("京A12345", "客车", date(2024, 5, 27), date(2024, 5, 28)),)
    assert invoice.number == DIGITAL_NUMBER


def test_passenger_transport_gives_the_journeys() -> None:
    journey = (
        "<PassengerTransportation><Departure>甲地</Departure><Destination>乙地</Destination>"
        "<Traveler>丙</Traveler><ValidIDNumber>11*1</ValidIDNumber>"
        "<TravelDate>2024-05-20</TravelDate><Grade>二等</Grade>"
        "<Vehicletype>火车</Vehicletype></PassengerTransportation>"
    )
    assert (
        read(digital_xml(specifics=journey * 2)).invoice.journeys
        == (PassengerJourney("丙", "11*1", date(2024, 5, 20), "甲地", "乙地", "二等", "火车"),) * 2
    )


def test_a_red_invoice_names_the_blue_one() -> None:
    blue = "24112000000000000001"
    red = f"<RedEInvoice><OriginalInvoiceCode>{blue}</OriginalInvoiceCode></RedEInvoice>"
    text = digital_xml(specifics=red).replace("<LabelCode>Y", "<LabelCode>N")
    invoice = read(text).invoice
    assert (invoice.is_red, invoice.original_number) == (True, blue)


@pytest.mark.parametrize(
    ("remark", "code", "number"),
    [
        (f"被红冲蓝字数电发票号码：{BLUE} 退货", "", BLUE),
        (f"被红冲蓝字数电票号码：{BLUE} 红字发票信息确认单编号：{CONFIRMED}", "", BLUE),
        (f"被红冲蓝字发票号码：{BLUE}", "", BLUE),
        (f"对应正数发票号码：{BLUE}", "", BLUE),
        (f"对应正数发票代码:{CODE}号码:{NUMBER}退货", CODE, NUMBER),
        (f"对应正数发票代码：{CODE}，发票号码：{NUMBER}", CODE, NUMBER),
        (f"被红冲蓝字发票代码：{CODE} 被红冲蓝字发票号码：{NUMBER}", CODE, NUMBER),
        (f"被红冲蓝字发票号码：{NUMBER} 被红冲蓝字发票代码：{CODE} 退货", CODE, NUMBER),
        # Neither a longer number nor the confirmation's is that of an invoice.
        (f"被红冲蓝字数电发票号码：{BLUE}0", "", ""),
        (f"红字发票信息确认单编号：{CONFIRMED}", "", ""),
    ],
)
def test_the_remark_of_a_red_invoice_names_the_blue_one_too(
    remark: str, code: str, number: str
) -> None:
    reading = read(digital_xml().replace("<Remark>备注", f"<Remark>{remark}"))
    assert (reading.invoice.original_code, reading.invoice.original_number) == (code, number)
    place = reading.places.get(DocumentField.ORIGINAL_NUMBER)
    assert (place.medium if place else None) is (Medium.DERIVED if number else None)


def test_a_negative_total_is_red_where_no_label_says() -> None:
    text = digital_xml().replace("InIssuType", "X").replace(">106.00<", ">-106.00<")
    assert read(text).invoice.is_red is True


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_do_not_matter(encoding: str) -> None:
    text = digital_xml().partition("?>")[2]
    assert read(text, encoding).invoice.number == DIGITAL_NUMBER


@pytest.mark.parametrize(
    ("declared", "written"), [("utf-8", "gbk"), ("GBK", "utf-8"), ("GB2312", "utf-8")]
)
def test_a_false_encoding_is_seen_through_and_said(declared: str, written: str) -> None:
    text = digital_xml().replace('encoding="utf-8"', f'encoding="{declared}"')
    reading = read(text, written)
    assert reading.invoice.buyer.name == BUYER
    assert [problem.trouble for problem in reading.problems] == [Trouble.XML_REPAIRED]


def test_gbk_is_read_where_it_is_declared() -> None:
    text = digital_xml().replace('encoding="utf-8"', 'encoding="GBK"')
    assert read(text, "gbk").invoice.buyer.name == BUYER


def test_names_in_chinese_and_in_pinyin_initials_are_read() -> None:
    chinese = (
        "<发票><发票号码>26110000000000100004</发票号码><开票日期>2026-09-18</开票日期>"
        "<合计金额>-50.00</合计金额><价税合计>-53.00</价税合计></发票>"
    )
    invoice = read(chinese).invoice
    assert (invoice.number, invoice.total_with_tax) == ("26110000000000100004", Decimal("-53.00"))
    assert invoice.is_red is True
    initials = "<F><FPHM>26110000000000100004</FPHM><KPRQ>20260918</KPRQ><JSHJXX>59</JSHJXX></F>"
    invoice = read(initials).invoice
    assert (invoice.issued_on, invoice.total_with_tax) == (date(2026, 9, 18), Decimal("59.00"))


RAILWAY = (
    "<t:TypeOfVoucher>电子发票（铁路电子客票）</t:TypeOfVoucher>"
    f"<t:ElectronicInvoiceRailwayETicketNumber>{DIGITAL_NUMBER}"
    "</t:ElectronicInvoiceRailwayETicketNumber><t:DateOfIssue>2024-05-28</t:DateOfIssue>"
    "<t:TypeOfBusiness>售</t:TypeOfBusiness><t:DepartureStation>甲站</t:DepartureStation>"
    "<t:DestinationStation>乙站</t:DestinationStation><t:TrainNumber>G1</t:TrainNumber>"
    "<t:TravelDate>2024-05-20</t:TravelDate><t:DepartureTime>08:00</t:DepartureTime>"
    "<t:SeatLevel>二等座</t:SeatLevel><t:Carriage>05</t:Carriage><t:Seat>12A</t:Seat>"
    "<t:Fare>91.00</t:Fare><t:TotalAmountExcludingTax>83.49</t:TotalAmountExcludingTax>"
    "<t:TaxRate>0.09</t:TaxRate><t:TaxAmount>7.51</t:TaxAmount>"
    f"<t:NameOfPurchaser>{BUYER}</t:NameOfPurchaser><t:Name>丙</t:Name>"
    "<t:IdNumber>11*1</t:IdNumber><t:ETicketNumber>999</t:ETicketNumber><t:IssueParty/>"
)


@pytest.mark.parametrize("day", ["2021-11-30", "2023-12-31", "2031-01-01"])
def test_a_railway_ticket_is_read_whatever_the_date_of_its_taxonomy(day: str) -> None:
    invoice = read(xbrl("rai", RAILWAY, day)).invoice
    assert invoice.kind is Kind.DIGITAL_RAILWAY
    assert invoice.issued_on == date(2024, 5, 28)
    assert (invoice.amount_without_tax, invoice.tax, invoice.total_with_tax) == (
        Decimal("83.49"),
        Decimal("7.51"),
        Decimal("91.00"),
    )
    trip = invoice.railway
    assert trip is not None
    assert (trip.train, trip.from_station, trip.to_station) == ("G1", "甲站", "乙站")
    assert (trip.leaves_on, trip.leaves_at) == (date(2024, 5, 20), "08:00")
    assert (trip.carriage, trip.seat, trip.seat_class) == ("05", "12A", "二等座")
    assert (trip.passenger, trip.ticket_number, trip.business) == ("丙", "999", "售")


AIR = (
    "<t:PassengerName>丙</t:PassengerName><t:ValidIdNumber>11*1</t:ValidIdNumber>"
    f"<t:ElectronicInvoiceAirTransportReceiptNumber>{DIGITAL_NUMBER}"
    "</t:ElectronicInvoiceAirTransportReceiptNumber>"
    "<t:DetailInformationOfAirTicketTuple><t:DepartureStation>甲</t:DepartureStation>"
    "<t:DestinationStation>乙</t:DestinationStation><t:Carrier>某航</t:Carrier>"
    "<t:Flight>XX1</t:Flight><t:Class>Y</t:Class><t:CarrierDate>2024-05-20</t:CarrierDate>"
    "<t:DepartureTime>08:15</t:DepartureTime></t:DetailInformationOfAirTicketTuple>"
    "<t:DetailInformationOfAirTicketTuple><t:DepartureStation>乙</t:DepartureStation>"
    "<t:DestinationStation>丙</t:DestinationStation><t:Flight>XX2</t:Flight>"
    "</t:DetailInformationOfAirTicketTuple>"
    "<t:Fare>477.06</t:Fare><t:FuelSurcharge>45.87</t:FuelSurcharge><t:VatRate>0.09</t:VatRate>"
    "<t:VatTaxAmount>47.07</t:VatTaxAmount>"
    "<t:CivilAviationDevelopmentFund>50.00</t:CivilAviationDevelopmentFund>"
    "<t:OtherTaxes>0.00</t:OtherTaxes><t:TotalAmount>620.00</t:TotalAmount>"
    "<t:ETicketNumber>7810000000000</t:ETicketNumber><t:VerificationCode>8</t:VerificationCode>"
    "<t:IssueParty>某航空公司</t:IssueParty><t:IssueDate>2024-05-28</t:IssueDate>"
)


def test_an_air_itinerary_keeps_funds_out_of_the_amount_that_is_taxed() -> None:
    reading = read(xbrl("atr", AIR))
    invoice, air = reading.invoice, reading.invoice.air
    assert invoice.kind is Kind.DIGITAL_AIR
    assert invoice.amount_without_tax == Decimal("522.93")
    assert (invoice.tax, invoice.total_with_tax) == (Decimal("47.07"), Decimal("620.00"))
    assert invoice.seller.name == "某航空公司"
    assert air is not None
    assert (air.development_fund, air.other_taxes) == (Decimal("50.00"), Decimal("0.00"))
    assert [(leg.flight, leg.from_airport, leg.to_airport) for leg in air.flights] == [
        ("XX1", "甲", "乙"),
        ("XX2", "乙", "丙"),
    ]
    assert (air.flights[0].leaves_on, air.flights[0].leaves_at) == (date(2024, 5, 20), "08:15")
    assert reading.places[DocumentField.AMOUNT_WITHOUT_TAX].medium is Medium.DERIVED


OLD_VAT = (
    f"<t:TypeOfInvoice>增值税电子普通发票</t:TypeOfInvoice>"
    f"<t:UniqueCodeOfInvoice>{CODE}{NUMBER}</t:UniqueCodeOfInvoice>"
    f"<t:CodeOfInvoice>{CODE}</t:CodeOfInvoice><t:NumberOfInvoice>{NUMBER}</t:NumberOfInvoice>"
    "<t:DateOfIssue>2023-04-05</t:DateOfIssue>"
    "<t:IdentifyingCode>12345678901234567890</t:IdentifyingCode>"
    "<t:TotalAmountExcludingTax>9.91</t:TotalAmountExcludingTax>"
    "<t:TotalTaxAmount>1.29</t:TotalTaxAmount>"
    "<t:TaxIncludedAmountInFigures>11.20</t:TaxIncludedAmountInFigures>"
    "<t:InformationOfTaxableGoodsOrServicesDetailItemsTuple>"
    "<t:NameOfTaxableGoodsOrServices>*金属制品*螺丝</t:NameOfTaxableGoodsOrServices>"
    "<t:AmountExcludingTax>9.91</t:AmountExcludingTax><t:TaxRate>13.00%</t:TaxRate>"
    "<t:TaxAmount>1.29</t:TaxAmount>"
    "</t:InformationOfTaxableGoodsOrServicesDetailItemsTuple>"
)


def test_an_old_invoice_in_xbrl_is_read_with_its_lines() -> None:
    reading = read(xbrl("inv", OLD_VAT, "2021-09-30"))
    invoice = reading.invoice
    assert (invoice.kind, invoice.code, invoice.number) == (Kind.ORDINARY_ELECTRONIC, CODE, NUMBER)
    assert (invoice.tax, invoice.total_with_tax) == (Decimal("1.29"), Decimal("11.20"))
    assert invoice.lines[0].rate == Rate(RateKind.PERCENT, Decimal("0.13"))
    assert invoice.reference is not None
    assert invoice.reference.check_code == "567890"
    assert reading.disagreements == ()


def test_a_unique_code_that_is_not_code_and_number_disagrees() -> None:
    wrong = OLD_VAT.replace(f"{CODE}{NUMBER}", f"{CODE}87654321")
    assert [d.field for d in read(xbrl("inv", wrong)).disagreements] == [DocumentField.NUMBER]


RECEIVED = (
    # In the order and with the neighbours that the Ministry's own example has.
    f"<t:InvoiceNumber>{DIGITAL_NUMBER}</t:InvoiceNumber>"
    "<t:WhetherEinvoiceIsRedEinvoice>false</t:WhetherEinvoiceIsRedEinvoice>"
    "<t:WhetherEinvoiceHasBeenBooked>true</t:WhetherEinvoiceHasBeenBooked>"
    f"<t:NameOfAccountingEntity>{BUYER}</t:NameOfAccountingEntity>"
    "<t:InformationOfAccountingDocumentsTuple><t:PostingDate>2024-06-16</t:PostingDate>"
    "<t:InformationOfDebitAndCreditEntryTuple><t:RecordedAmount>99</t:RecordedAmount>"
    "</t:InformationOfDebitAndCreditEntryTuple></t:InformationOfAccountingDocumentsTuple>"
    f"<t:SellerName>{SELLER}</t:SellerName><t:SellerIdNum>91110105MA00000C2D</t:SellerIdNum>"
    '<t:TotalAmWithoutTax decimals="0">100</t:TotalAmWithoutTax>'
    '<t:TotalTaxAm decimals="0">6</t:TotalTaxAm>'
    '<t:TotalTax-includedAmount decimals="0">106</t:TotalTax-includedAmount>'
    "<t:RequestTime>2024-05-28T20:05:10</t:RequestTime>"
)


@pytest.mark.parametrize(
    ("word", "is_red"), [("true", True), ("是", True), ("false", False), ("", False)]
)
def test_a_received_digital_invoice_in_xbrl_is_read(word: str, is_red: bool) -> None:
    reading = read(xbrl("einv", RECEIVED.replace(">false<", f">{word}<")))
    invoice = reading.invoice
    assert (invoice.kind, invoice.is_red) == (Kind.DIGITAL_OTHER, is_red)
    assert (invoice.amount_without_tax, invoice.tax) == (Decimal("100.00"), Decimal("6.00"))
    assert invoice.reference is not None
    assert invoice.reference.key == f"digital||{DIGITAL_NUMBER}|2024-05-28|106.00|"
    assert (reading.disagreements, reading.problems) == ((), ())


def test_a_bank_receipt_is_no_invoice() -> None:
    data = xbrl("bker", "<t:InvoiceNumber>24112000000012345678</t:InvoiceNumber>").encode()
    assert documents.read(data) == Unreadable(Cause.NOT_AN_INVOICE)


def test_an_amount_that_is_none_is_a_problem_and_not_a_number() -> None:
    reading = read(digital_xml().replace(">106.00<", ">1O6.00<"))
    assert reading.invoice.total_with_tax is None
    assert [problem.trouble for problem in reading.problems] == [Trouble.VALUE_UNREADABLE]


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", Cause.UNKNOWN_FORMAT),
        (b"hello", Cause.UNKNOWN_FORMAT),
        (b"<a>", Cause.DAMAGED),
        (b"<a/>", Cause.NOT_AN_INVOICE),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', Cause.UNSAFE),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', Cause.UNSAFE),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', Cause.DAMAGED),
        (b"<a>" * 200 + b"</a>" * 200, Cause.TOO_LARGE),
        (b"<a>" + b"<b/>" * 100_001 + b"</a>", Cause.TOO_LARGE),
        (b"<a>" + b" " * (3 * 1024 * 1024) + b"</a>", Cause.TOO_LARGE),
    ],
)
def test_what_is_no_invoice_says_why(data: bytes, cause: Cause) -> None:
    outcome = documents.read(data)
    assert isinstance(outcome, Unreadable)
    assert outcome.cause is cause


def test_no_entity_is_ever_resolved() -> None:
    outcome = documents.read(b"<a>&lt;&#20840;</a>")
    assert isinstance(outcome, Unreadable)  # predefined ones and characters are ordinary text
    assert documents.read(b"<a>&b;</a>") == Unreadable(Cause.DAMAGED, "XML")
