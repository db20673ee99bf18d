"""What a railway ticket or an air itinerary prints beside the fields of an invoice.

The railway prints neither tax nor amount without tax; both stand only in its XBRL.
"""

import re
from collections.abc import Mapping, Sequence

from einvoice.documents import values
from einvoice.documents.layout import Row
from einvoice.documents.model import DocumentField, Medium, Place
from einvoice.documents.statements import Statements
from einvoice.documents.travel import AirItinerary, RailwayTrip
from einvoice.kinds import Kind

_LONGEST_ROW = 200
_TRAIN = re.compile(r"^(.{1,12}?)站?((?:[GDCKZTYSL][0-9]{1,4})|[1-9][0-9]{3})(.{1,12}?)站?$")
_LEAVES = re.compile(r"(20\d{2}年\d{1,2}月\d{1,2}日)(\d{1,2}:\d{2})开")
_SEAT = re.compile(
    r"开(?:(\d{1,2}车))?((?:\d{1,3}[A-F]?号?[上中下]?铺?|无座))?(.{1,6}?[座卧铺])?(?:\W|$)"
)
_FARE = re.compile(r"(?:票价|退票费|改签费):?¥?(-?[0-9]+(?:\.[0-9]{1,2})?)")
_TICKET = re.compile(r"电子客票号码?:([0-9A-Z]{6,24})")
_PERSON = re.compile(r"^([0-9A-Z]{4,12}\*{2,12}[0-9X]{1,6})([\u4e00-\u9fff·A-Za-z /]{2,30})$")
# Fare, surcharge, rate, tax, fund, other taxes, total; each amount may carry its currency.
_AIR_SUMS = re.compile(
    r"(?:CNY)?([0-9.]+)(?:CNY)([0-9.]+)([0-9]{1,2}(?:\.[0-9]+)?%)(?:CNY)([0-9.]+)"
    r"(?:CNY)([0-9.]+)(?:CNY)([0-9.]+)(?:CNY)([0-9.]+)"
)
_VERIFICATION = re.compile(r"验证码:([0-9A-Za-z]{1,24})")
_ISSUED_BY = re.compile(r"填开单位:(.+?)(?:填开日期|$)")


def state_travel(page_rows: Sequence[Row], parts: Mapping[int, str], into: Statements) -> None:
    """State trip or itinerary, if the title named one."""
    title = into.found.get(DocumentField.KIND)
    if title is None or not page_rows:
        return
    texts = [row.text for row in page_rows if len(row.text) <= _LONGEST_ROW]
    place = Place(Medium.PAGE_TEXT, parts.get(1, ""), "ticket", 1)
    if title.value is Kind.DIGITAL_RAILWAY:
        _state_railway(texts, place, into)
    elif title.value is Kind.DIGITAL_AIR:
        _state_air(texts, place, into)


def _found(pattern: re.Pattern[str], texts: Sequence[str]) -> re.Match[str] | None:
    return next((match for text in texts if (match := pattern.search(text))), None)


def _group(match: re.Match[str] | None, number: int) -> str:
    return (match[number] or "") if match else ""


def _state_railway(texts: Sequence[str], place: Place, into: Statements) -> None:
    train, leaves = _found(_TRAIN, texts), _found(_LEAVES, texts)
    seat = _SEAT.search(leaves.string) if leaves else None
    person = _found(_PERSON, texts)
    trip = RailwayTrip(
        passenger=_group(person, 2),
        passenger_id=_group(person, 1),
        ticket_number=_group(_found(_TICKET, texts), 1),
        train=_group(train, 2),
        from_station=_group(train, 1),
        to_station=_group(train, 3),
        leaves_on=values.date_from(_group(leaves, 1)),
        leaves_at=_group(leaves, 2),
        carriage=_group(seat, 1),
        seat=_group(seat, 2),
        seat_class=_group(seat, 3),
    )
    into.put(DocumentField.RAILWAY, trip, place)
    into.text(DocumentField.TOTAL_WITH_TAX, _group(_found(_FARE, texts), 1), place)


def _state_air(texts: Sequence[str], place: Place, into: Statements) -> None:
    sums = _found(_AIR_SUMS, texts)
    itinerary = AirItinerary(
        ticket_number=_group(_found(_TICKET, texts), 1),
        verification_code=_group(_found(_VERIFICATION, texts), 1),
        fare=values.amount_from(_group(sums, 1)),
        fuel_surcharge=values.amount_from(_group(sums, 2)),
        development_fund=values.amount_from(_group(sums, 5)),
        other_taxes=values.amount_from(_group(sums, 6)),
        issued_by=_group(_found(_ISSUED_BY, texts), 1),
    )
    into.put(DocumentField.AIR, itinerary, place)
    into.text(DocumentField.TAX, _group(sums, 4), place)
    into.text(DocumentField.TOTAL_WITH_TAX, _group(sums, 7), place)
    into.text(DocumentField.SELLER_NAME, itinerary.issued_by, place)
    if itinerary.fare is not None and itinerary.fuel_surcharge is not None:
        untaxed = itinerary.fare + itinerary.fuel_surcharge
        into.put(DocumentField.AMOUNT_WITHOUT_TAX, untaxed, place)
