"""Made-up invoices of every kind that is minted, each in order: sums, capitals, ids, dates."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from central.sandbox.mint import made_up
from einvoice.capitals import to_capitals
from einvoice.documents.model import (
    AirItinerary,
    Flight,
    Invoice,
    Line,
    Party,
    RailwayTrip,
    TollPassage,
)
from einvoice.kinds import Kind
from einvoice.money import FEN, Rate, RateKind

RATES = ("0.13", "0.09", "0.06", "0.03", "0.01")
# The last two digits of a 发票代码, by kind (rule of the verification page).
_CODE_END = {
    Kind.ORDINARY_PAPER: "04",
    Kind.ORDINARY_ELECTRONIC: "11",
    Kind.TOLL: "12",
    Kind.SPECIAL_ELECTRONIC: "13",
}
_CHANNEL_WEB, _CHANNEL_RAILWAY = "2", "9"
_NINE = Decimal("0.09")
# The railway's own ids are not made up here: its tickets name no seller.
_AIRLINE = "示例航空股份有限公司"


def make_invoice(
    kind: Kind, random: Random, *, issued_on: date, region: str, lines: int
) -> Invoice:
    """An invoice of a kind.

    Args:
        kind: one of `KINDS`.
        random: decides everything else.
        issued_on: date of issue.
        region: two digits of the province.
        lines: how many, where the kind has any.

    Raises:
        KeyError: a kind that is not minted.
    """
    return KINDS[kind](kind, random, issued_on, region, lines)


def _number(random: Random, issued_on: date, region: str, channel: str) -> str:
    return f"{issued_on:%y}{region}{channel}{random.randrange(1, 10**15):015d}"


def _digital(kind: Kind, random: Random, issued_on: date, region: str, lines: int) -> Invoice:
    return replace(
        _with_sums(_lines(random, lines)),
        kind=kind,
        number=_number(random, issued_on, region, _CHANNEL_WEB),
        issued_on=issued_on,
        seller=made_up.firm(random, region, with_contacts=True),
        buyer=made_up.firm(random, region, with_contacts=False),
        drawer=made_up.person(random),
        remark=f"订单号：SL{made_up.digits(random, 8)}",
    )


def _old(kind: Kind, random: Random, issued_on: date, region: str, lines: int) -> Invoice:
    return replace(
        _with_sums(_lines(random, lines)),
        kind=kind,
        number=f"{random.randrange(1, 10**8):08d}",
        code=f"0{region}00{issued_on:%y}001{_CODE_END[kind]}",
        issued_on=issued_on,
        check_code=made_up.digits(random, 20),
        machine_number=f"0000{made_up.digits(random, 8)}",
        seller=made_up.firm(random, region, with_contacts=True),
        buyer=made_up.firm(random, region, with_contacts=True),
        drawer=made_up.person(random),
        payee=made_up.person(random),
        reviewer=made_up.person(random),
        remark=f"订单号：SL{made_up.digits(random, 8)}",
    )


def _toll(kind: Kind, random: Random, issued_on: date, region: str, lines: int) -> Invoice:
    old = _old(kind, random, issued_on, region, lines)
    day = issued_on - timedelta(days=2)
    rated = tuple(_at_three_percent(line) for line in old.lines)
    passages = tuple(
        TollPassage(f"京A{made_up.digits(random, 5)}", "客车", day, day) for _ in old.lines
    )
    toll = tuple(
        replace(
            line,
            name="*经营租赁*通行费",
            specification="",
            unit="",
            quantity=None,
            unit_price=None,
            classification="3040502020200000000",
        )
        for line in rated
    )
    sums = _with_sums(toll)
    return replace(
        old,
        lines=toll,
        tolls=passages,
        tax=sums.tax,
        total_with_tax=sums.total_with_tax,
        total_in_words=sums.total_in_words,
    )


def _at_three_percent(line: Line) -> Line:
    amount = line.amount or Decimal(0)
    rate = Decimal("0.03")
    tax = (amount * rate).quantize(FEN, ROUND_HALF_UP)
    return replace(line, rate=Rate(RateKind.PERCENT, rate), tax=tax)


def _railway(kind: Kind, random: Random, issued_on: date, region: str, lines: int) -> Invoice:
    del lines  # a ticket has none
    total = Decimal(random.randrange(100, 9000)) / 10
    net = (total / (1 + _NINE)).quantize(FEN, ROUND_HALF_UP)
    travels_on = issued_on - timedelta(days=3)
    return Invoice(
        kind=kind,
        number=_number(random, issued_on, region, _CHANNEL_RAILWAY),
        issued_on=issued_on,
        amount_without_tax=net,
        tax=total.quantize(FEN) - net,
        total_with_tax=total.quantize(FEN),
        buyer=made_up.firm(random, region, with_contacts=False),
        railway=RailwayTrip(
            passenger=made_up.person(random),
            passenger_id=made_up.masked_person_id(date(1990, 1, 1)),
            ticket_number=made_up.digits(random, 21),
            business="售",
            train=f"G{random.randrange(1, 999)}",
            from_station="示例东",
            to_station="样例西",
            leaves_on=travels_on,
            leaves_at=f"{random.randrange(6, 23):02d}:{random.randrange(60):02d}",
            seat_class="二等座",
            carriage=f"{random.randrange(1, 17):02d}车",
            seat=f"{random.randrange(1, 20):02d}{random.choice('ABCDF')}号",
        ),
        is_red=False,
    )


def _air(kind: Kind, random: Random, issued_on: date, region: str, lines: int) -> Invoice:
    del lines  # an itinerary has legs
    fare, fuel = (
        (Decimal(random.randrange(low, high)) / (1 + _NINE)).quantize(FEN, ROUND_HALF_UP)
        for low, high in ((300, 2000), (20, 80))
    )
    fund = Decimal("50.00")
    # Rounded for each component (einvoice-formats: 47.07 where one product gives 47.06).
    tax = sum(
        ((part * _NINE).quantize(FEN, ROUND_HALF_UP) for part in (fare, fuel)), Decimal("0.00")
    )
    return Invoice(
        kind=kind,
        number=_number(random, issued_on, region, _CHANNEL_WEB),
        issued_on=issued_on,
        amount_without_tax=fare + fuel,
        tax=tax,
        total_with_tax=fare + fuel + tax + fund,
        buyer=made_up.firm(random, region, with_contacts=False),
        seller=Party(_AIRLINE, made_up.tax_id(random, region)),
        air=AirItinerary(
            passenger=made_up.person(random),
            passenger_id=made_up.masked_person_id(date(1990, 1, 1)),
            ticket_number=made_up.digits(random, 13),
            verification_code=made_up.digits(random, 4),
            fare=fare,
            fuel_surcharge=fuel,
            development_fund=fund,
            other_taxes=Decimal("0.00"),
            issued_by=_AIRLINE,
            flights=(
                Flight(
                    from_airport="示例首都",
                    to_airport="样例虹桥",
                    carrier="示航",
                    flight=f"SL{random.randrange(1000, 9999)}",
                    cabin="Y",
                    leaves_on=issued_on - timedelta(days=1),
                    leaves_at="08:00",
                    fare_basis="Y",
                    baggage="20K",
                ),
            ),
        ),
        is_red=False,
    )


def _lines(random: Random, count: int) -> tuple[Line, ...]:
    return tuple(_line(random) for _ in range(count))


def _line(random: Random) -> Line:
    goods = random.choice(made_up.GOODS)
    rate = Decimal(random.choice(RATES))
    quantity = Decimal(random.randrange(1, 20))
    price = Decimal(random.randrange(100, 50000)) / 100
    amount = (quantity * price).quantize(FEN)
    return Line(
        name=goods.name,
        specification=goods.specification,
        unit=goods.unit,
        quantity=quantity,
        unit_price=price,
        amount=amount,
        rate=Rate(RateKind.PERCENT, rate),
        tax=(amount * rate).quantize(FEN, ROUND_HALF_UP),
        classification=goods.classification,
    )


def _with_sums(lines: tuple[Line, ...]) -> Invoice:
    net = sum((line.amount for line in lines if line.amount is not None), Decimal("0.00"))
    tax = sum((line.tax for line in lines if line.tax is not None), Decimal("0.00"))
    return Invoice(
        lines=lines,
        amount_without_tax=net,
        tax=tax,
        total_with_tax=net + tax,
        total_in_words=to_capitals(net + tax),
        is_red=False,
    )


_Maker = Callable[[Kind, Random, date, str, int], Invoice]
KINDS: Mapping[Kind, _Maker] = {
    Kind.DIGITAL_SPECIAL: _digital,
    Kind.DIGITAL_ORDINARY: _digital,
    Kind.DIGITAL_RAILWAY: _railway,
    Kind.DIGITAL_AIR: _air,
    Kind.ORDINARY_ELECTRONIC: _old,
    Kind.SPECIAL_ELECTRONIC: _old,
    Kind.ORDINARY_PAPER: _old,
    Kind.TOLL: _toll,
}
"""Every kind that is minted."""
