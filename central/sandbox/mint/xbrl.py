"""XBRL of the Ministry of Finance: old VAT, railway, air, received 数电票.

Element names and the dates of the taxonomies are those of public instances; contexts and
units are the least that an instance needs.
"""

from collections.abc import Callable, Mapping
from enum import Enum

from central.sandbox.mint import texts
from central.sandbox.mint.markup import document, leaf, node
from einvoice.documents.model import AirItinerary, Flight, Invoice, Line, RailwayTrip
from einvoice.kinds import Kind

_INSTANCE = "http://www.xbrl.org/2003/instance"
_PERSON = "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOf"
_TYPES = {
    Kind.ORDINARY_ELECTRONIC: "增值税电子普通发票",
    Kind.SPECIAL_ELECTRONIC: "增值税电子专用发票",
    Kind.TOLL: "通行费增值税电子普通发票",
}


class Taxonomy(Enum):
    """A taxonomy. The value is the date and last segment of its namespace."""

    OLD_VAT = "2021-09-30/inv"
    RAILWAY = "2023-12-31/rai"
    AIR = "2023-12-31/atr"
    RECEIVED = "2023-12-31/einv"


def taxonomy_of(kind: Kind) -> Taxonomy:
    """The taxonomy that an issuer of this kind writes, or for 数电票 a receiver."""
    if kind is Kind.DIGITAL_RAILWAY:
        return Taxonomy.RAILWAY
    if kind is Kind.DIGITAL_AIR:
        return Taxonomy.AIR
    return Taxonomy.RECEIVED if kind.is_digital else Taxonomy.OLD_VAT


def xbrl(invoice: Invoice) -> bytes:
    """The instance of an invoice's kind."""
    taxonomy = taxonomy_of(invoice.kind or Kind.DIGITAL_OTHER)
    prefix = taxonomy.value.rpartition("/")[2]
    facts = _WRITERS[taxonomy](invoice, prefix)
    context = node(
        "xbrli:context",
        node(
            "xbrli:entity",
            leaf("xbrli:identifier", invoice.seller.tax_id or "-", scheme="http://example.test"),
        ),
        node("xbrli:period", leaf("xbrli:instant", texts.iso(invoice.issued_on))),
        id="now",
    )
    unit = node("xbrli:unit", leaf("xbrli:measure", "iso4217:CNY"), id="CNY")
    return document(
        node(
            "xbrli:xbrl",
            context,
            unit,
            facts,
            **{
                "xmlns__xbrli": _INSTANCE,
                "xmlns__iso4217": "http://www.xbrl.org/2003/iso4217",
                f"xmlns__{prefix}": f"http://xbrl.mof.gov.cn/taxonomy/{taxonomy.value}",
            },
        )
    )


def _facts(prefix: str, told: Mapping[str, str]) -> str:
    """One fact for each name; none where there is nothing to tell."""
    return "".join(
        leaf(f"{prefix}:{name}", text, contextRef="now") for name, text in told.items() if text
    )


def _old_vat(invoice: Invoice, prefix: str) -> str:
    told = {
        "TypeOfInvoice": _TYPES.get(invoice.kind or Kind.ORDINARY_ELECTRONIC, ""),
        "UniqueCodeOfInvoice": invoice.code + invoice.number,
        "CodeOfInvoice": invoice.code,
        "NumberOfInvoice": invoice.number,
        "DateOfIssue": texts.iso(invoice.issued_on),
        "IdentifyingCode": invoice.check_code,
        "NumberOfInvoiceMachine": invoice.machine_number,
        "NameOfPurchaser": invoice.buyer.name,
        f"{_PERSON}Purchaser": invoice.buyer.tax_id,
        "AddressPhoneNumberOfPurchaser": invoice.buyer.address_phone,
        "DepositBankAndAccountNumberOfPurchaser": invoice.buyer.bank_account,
        "TotalAmountExcludingTax": texts.plain(invoice.amount_without_tax),
        "TotalTaxAmount": texts.plain(invoice.tax),
        "TaxIncludedAmountInWords": invoice.total_in_words,
        "TaxIncludedAmountInFigures": texts.plain(invoice.total_with_tax),
        "NameOfSeller": invoice.seller.name,
        f"{_PERSON}Seller": invoice.seller.tax_id,
        "AddressPhoneNumberOfSeller": invoice.seller.address_phone,
        "DepositBankAndAccountNumberOfSeller": invoice.seller.bank_account,
        "Remarks": invoice.remark,
        "Payee": invoice.payee,
        "Reviewer": invoice.reviewer,
        "Issuer": invoice.drawer,
    }
    return _facts(prefix, told) + "".join(_line(line, prefix) for line in invoice.lines)


def _line(line: Line, prefix: str) -> str:
    told = {
        "NameOfTaxableGoodsOrServices": line.name,
        "Specification": line.specification,
        "UnitOfGoodsOrServices": line.unit,
        "QuantityOfGoodsOrServices": texts.plain(line.quantity),
        "UnitPriceOfGoodsOrServices": texts.plain(line.unit_price),
        "AmountExcludingTax": texts.plain(line.amount),
        "TaxRate": texts.percent(line.rate),
        "TaxAmount": texts.plain(line.tax),
    }
    name = f"{prefix}:InformationOfTaxableGoodsOrServicesDetailItemsTuple"
    return node(name, _facts(prefix, told))


def _railway(invoice: Invoice, prefix: str) -> str:
    trip = invoice.railway or RailwayTrip()
    rate = "9%"
    return _facts(
        prefix,
        {
            "TypeOfVoucher": "电子发票（铁路电子客票）",
            "ElectronicInvoiceRailwayETicketNumber": invoice.number,
            "DateOfIssue": texts.iso(invoice.issued_on),
            "TypeOfBusiness": trip.business,
            "DepartureStation": trip.from_station,
            "DestinationStation": trip.to_station,
            "TrainNumber": trip.train,
            "TravelDate": texts.iso(trip.leaves_on),
            "DepartureTime": trip.leaves_at,
            "SeatLevel": trip.seat_class,
            "Carriage": trip.carriage,
            "Seat": trip.seat,
            "Fare": texts.plain(invoice.total_with_tax),
            "TotalAmountExcludingTax": texts.plain(invoice.amount_without_tax),
            "TaxRate": rate,
            "TaxAmount": texts.plain(invoice.tax),
            "NameOfPurchaser": invoice.buyer.name,
            "UnifiedSocialCreditCodeOfPurchaser": invoice.buyer.tax_id,
            "Name": trip.passenger,
            "IdNumber": trip.passenger_id,
            "ElectronicTicketNum": trip.ticket_number,
            "NumberOfOriginalInvoice": invoice.original_number,
        },
    )


def _air(invoice: Invoice, prefix: str) -> str:
    itinerary = invoice.air or AirItinerary()
    return _facts(
        prefix,
        {
            "ElectronicInvoiceAirTransportReceiptNumber": invoice.number,
            "IssueDate": texts.iso(invoice.issued_on),
            "PassengerName": itinerary.passenger,
            "ValidIdNumber": itinerary.passenger_id,
            "ETicketNumber": itinerary.ticket_number,
            "VerificationCode": itinerary.verification_code,
            "Fare": texts.plain(itinerary.fare),
            "FuelSurcharge": texts.plain(itinerary.fuel_surcharge),
            "VatRate": "9%",
            "VatTaxAmount": texts.plain(invoice.tax),
            "CivilAviationDevelopmentFund": texts.plain(itinerary.development_fund),
            "OtherTaxes": texts.plain(itinerary.other_taxes),
            "Insurance": texts.plain(itinerary.insurance),
            "TotalAmount": texts.plain(invoice.total_with_tax),
            "IssueParty": itinerary.issued_by,
            "NameOfPurchaser": invoice.buyer.name,
            "UnifiedSocialCreditCodeOfPurchaser": invoice.buyer.tax_id,
            "NameOfSeller": invoice.seller.name,
            "UnifiedSocialCreditCodeOfSeller": invoice.seller.tax_id,
        },
    ) + "".join(_leg(flight, prefix) for flight in itinerary.flights)


def _leg(flight: Flight, prefix: str) -> str:
    told = {
        "DepartureStation": flight.from_airport,
        "DestinationStation": flight.to_airport,
        "Carrier": flight.carrier,
        "Flight": flight.flight,
        "Class": flight.cabin,
        "CarrierDate": texts.iso(flight.leaves_on),
        "DepartureTime": flight.leaves_at,
        "FareBasis": flight.fare_basis,
        "FreeBaggageAllowance": flight.baggage,
    }
    return node(f"{prefix}:DetailInformationOfAirTicketTuple", _facts(prefix, told))


def _received(invoice: Invoice, prefix: str) -> str:
    return _facts(
        prefix,
        {
            "InvoiceNumber": invoice.number,
            "SellerName": invoice.seller.name,
            "SellerIdNum": invoice.seller.tax_id,
            "BuyerName": invoice.buyer.name,
            "BuyerIdNum": invoice.buyer.tax_id,
            "TotalAmWithoutTax": texts.plain(invoice.amount_without_tax),
            "TotalTaxAm": texts.plain(invoice.tax),
            "TotalTax-includedAmount": texts.plain(invoice.total_with_tax),
            "RequestTime": texts.iso(invoice.issued_on),
            "WhetherEinvoiceIsRedEinvoice": "true" if invoice.is_red else "false",
        },
    )


_WRITERS: Mapping[Taxonomy, Callable[[Invoice, str], str]] = {
    Taxonomy.OLD_VAT: _old_vat,
    Taxonomy.RAILWAY: _railway,
    Taxonomy.AIR: _air,
    Taxonomy.RECEIVED: _received,
}
