"""What tickets and transport invoices say beside the fields of every invoice."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RailwayTrip:
    """What an 铁路电子客票 says beside the invoice fields.

    Attributes:
        passenger, passenger_id: name and (masked) identity number.
        ticket_number: 电子客票号; not the invoice number.
        business: 售 (sold), 退 (refunded) or another word of the railway.
        leaves_on: date of travel, in China.
        leaves_at: local time `HH:MM`.
    """

    passenger: str = ""
    passenger_id: str = ""
    ticket_number: str = ""
    business: str = ""
    train: str = ""
    from_station: str = ""
    to_station: str = ""
    leaves_on: date | None = None
    leaves_at: str = ""
    seat_class: str = ""
    carriage: str = ""
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Flight:
    """One leg of an air itinerary. `leaves_at` is local time `HH:MM`."""

    from_airport: str = ""
    to_airport: str = ""
    carrier: str = ""
    flight: str = ""
    cabin: str = ""
    leaves_on: date | None = None
    leaves_at: str = ""
    fare_basis: str = ""
    baggage: str = ""


@dataclass(frozen=True, slots=True)
class AirItinerary:
    """What an 航空运输电子客票行程单 says beside the invoice fields. Amounts are yuan.

    Attributes:
        passenger, passenger_id: name and (masked) identity number.
        ticket_number: 电子客票号码; not the invoice number.
        verification_code: 验证码 of the itinerary.
        fare, fuel_surcharge: both without tax; together the amount without tax.
        development_fund: 民航发展基金, not taxed.
        other_taxes: 其他税费, not taxed.
        insurance: stated apart.
        issued_by: 填开单位.
        flights: the legs in order.
    """

    passenger: str = ""
    passenger_id: str = ""
    ticket_number: str = ""
    verification_code: str = ""
    fare: Decimal | None = None
    fuel_surcharge: Decimal | None = None
    development_fund: Decimal | None = None
    other_taxes: Decimal | None = None
    insurance: Decimal | None = None
    issued_by: str = ""
    flights: tuple[Flight, ...] = ()


@dataclass(frozen=True, slots=True)
class TollPassage:
    """One passage that a toll invoice is for."""

    plate: str = ""
    vehicle: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class PassengerJourney:
    """One journey of a passenger-transport invoice (出行人, 出行日期, 出发地, 到达地)."""

    traveller: str = ""
    traveller_id: str = ""
    leaves_on: date | None = None
    from_place: str = ""
    to_place: str = ""
    grade: str = ""
    vehicle: str = ""
