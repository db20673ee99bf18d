"""XBRL of the Ministry of Finance -> statements: old VAT, railway, air, received 数电票.

The taxonomies change their date, never their names: a namespace is told by its prefix and
its last segment (`http://xbrl.mof.gov.cn/taxonomy/2021-11-30/rai`).
"""

from collections.abc import Mapping

from einvoice.documents import dialects, values
from einvoice.documents.markup import Element, Markup, text_of
from einvoice.documents.model import DocumentField, Medium, Place
from einvoice.documents.statements import Statements
from einvoice.documents.structured import (
    PlaceOf,
    first,
    places_in,
    read_lines,
    state_fields,
    texts,
)
from einvoice.documents.travel import AirItinerary, Flight, RailwayTrip
from einvoice.kinds import Kind

_TAXONOMY = "http://xbrl.mof.gov.cn/taxonomy/"
_TRUTH = {"true": True, "false": False, "是": True, "否": False, "1": True, "0": False}
# Where a broken part had its prefixes removed, one telling element names the taxonomy.
_TELLING = {
    "CodeOfInvoice": "inv",
    "ElectronicInvoiceRailwayETicketNumber": "rai",
    "ElectronicInvoiceAirTransportReceiptNumber": "atr",
    "WhetherEinvoiceIsRedEinvoice": "einv",
}


def taxonomy(data: Markup) -> str:
    """The taxonomy of an instance (`inv`, `rai`, `atr`, `einv`, `bker`); empty if none is known."""
    for namespace in data.namespaces:
        if namespace.startswith(_TAXONOMY):
            return namespace.rpartition("/")[2]
    return next((name for told, name in _TELLING.items() if first(data.root, told) is not None), "")


def xbrl_statements(data: Markup, part: str) -> list[Statements]:
    """What an instance states; nothing if it is of another taxonomy (a bank receipt)."""
    root = data.root
    place_of = places_in(Medium.XBRL, part)
    readers = {"inv": _old_vat, "rai": _railway, "atr": _air, "einv": _received}
    reader = readers.get(taxonomy(data))
    return [] if reader is None else reader(root, place_of)


def _old_vat(root: Element, place_of: PlaceOf) -> list[Statements]:
    stated = Statements()
    dialect = dialects.XBRL_OLD_VAT
    state_fields(root, dialect, place_of, stated)
    if dialect.lines:
        read_lines(root, dialect.lines, place_of, stated)
    again = Statements()
    unique = first(root, "UniqueCodeOfInvoice")
    if unique is not None and len(values.digits_of(text_of(unique))) == 20:
        again.text(DocumentField.CODE, text_of(unique)[:12], place_of(unique))
        again.text(DocumentField.NUMBER, text_of(unique)[12:], place_of(unique))
    return [stated, again]


def _railway(root: Element, place_of: PlaceOf) -> list[Statements]:
    stated = Statements()
    state_fields(root, dialects.XBRL_RAILWAY, place_of, stated)
    stated.put(DocumentField.KIND, Kind.DIGITAL_RAILWAY, place_of(root))
    told = texts(root)
    trip = RailwayTrip(
        passenger=told.get("Name", ""),
        passenger_id=told.get("IdNumber", ""),
        ticket_number=told.get("ElectronicTicketNum", "") or told.get("ETicketNumber", ""),
        business=told.get("TypeOfBusiness", ""),
        train=told.get("TrainNumber", ""),
        from_station=told.get("DepartureStation", ""),
        to_station=told.get("DestinationStation", ""),
        leaves_on=values.date_from(told.get("TravelDate", "")),
        leaves_at=told.get("DepartureTime", ""),
        seat_class=told.get("SeatLevel", ""),
        carriage=told.get("Carriage", ""),
        seat=told.get("Seat", ""),
    )
    stated.put(DocumentField.RAILWAY, trip, place_of(root))
    return [stated]


def _air(root: Element, place_of: PlaceOf) -> list[Statements]:
    stated = Statements()
    state_fields(root, dialects.XBRL_AIR, place_of, stated)
    stated.put(DocumentField.KIND, Kind.DIGITAL_AIR, place_of(root))
    told = texts(root)
    legs = list(root.iter("DetailInformationOfAirTicketTuple"))
    itinerary = AirItinerary(
        passenger=told.get("PassengerName", ""),
        passenger_id=told.get("ValidIdNumber", ""),
        ticket_number=told.get("ETicketNumber", "") or told.get("ElectronicTicketNum", ""),
        verification_code=told.get("VerificationCode", ""),
        fare=values.amount_from(told.get("Fare", "")),
        fuel_surcharge=values.amount_from(told.get("FuelSurcharge", "")),
        development_fund=values.amount_from(told.get("CivilAviationDevelopmentFund", "")),
        other_taxes=values.amount_from(told.get("OtherTaxes", "")),
        insurance=values.amount_from(told.get("Insurance", "")),
        issued_by=told.get("IssueParty", ""),
        flights=tuple(_flight(texts(leg)) for leg in legs) or _single_flight(told),
    )
    stated.put(DocumentField.AIR, itinerary, place_of(root))
    stated.text(DocumentField.SELLER_NAME, itinerary.issued_by, place_of(root))
    state_untaxed_amount(itinerary, stated)
    return [stated]


def state_untaxed_amount(itinerary: AirItinerary, into: Statements) -> None:
    """Fare and fuel surcharge together are the amount that is taxed; funds are not."""
    if itinerary.fare is not None and itinerary.fuel_surcharge is not None:
        into.put(
            DocumentField.AMOUNT_WITHOUT_TAX,
            itinerary.fare + itinerary.fuel_surcharge,
            Place(Medium.DERIVED, detail="fare and fuel_surcharge"),
        )


def _single_flight(told: Mapping[str, str]) -> tuple[Flight, ...]:
    return (_flight(told),) if told.get("Flight") else ()


def _flight(told: Mapping[str, str]) -> Flight:
    return Flight(
        from_airport=told.get("DepartureStation", ""),
        to_airport=told.get("DestinationStation", ""),
        carrier=told.get("Carrier", ""),
        flight=told.get("Flight", ""),
        cabin=told.get("Class", "") or told.get("SeatClass", ""),
        leaves_on=values.date_from(told.get("CarrierDate", "")),
        leaves_at=told.get("DepartureTime", ""),
        fare_basis=told.get("FareBasis", ""),
        baggage=told.get("FreeBaggageAllowance", ""),
    )


def _received(root: Element, place_of: PlaceOf) -> list[Statements]:
    stated = Statements()
    state_fields(root, dialects.XBRL_RECEIVED, place_of, stated)
    red = first(root, "WhetherEinvoiceIsRedEinvoice")
    if red is not None and text_of(red).lower() in _TRUTH:
        stated.put(DocumentField.IS_RED, _TRUTH[text_of(red).lower()], place_of(red))
    return [stated]
