"""The pages of railway tickets and air itineraries."""

from central.sandbox.mint import texts
from central.sandbox.mint.page import Page, Square, Text, filled
from einvoice.documents.model import AirItinerary, Flight, Invoice, RailwayTrip

_TITLE_SIZE = 6.0


def railway_pages(invoice: Invoice) -> tuple[Page, ...]:
    """One page. The tax does not stand on it: a railway ticket has it in its XBRL only."""
    trip = invoice.railway or RailwayTrip()
    leaves = f"{texts.chinese(trip.leaves_on)} {trip.leaves_at}开"
    form = (
        Text("电子发票（铁路电子客票）", 60.0, 12.0, _TITLE_SIZE),
        Text("发票号码:", 12.0, 22.0),
        Text("开票日期:", 140.0, 22.0),
        Text("电子客票号:", 12.0, 76.0),
        Text("购买方名称:", 12.0, 84.0),
        Text("统一社会信用代码:", 100.0, 84.0),
    )
    content = (
        Text(invoice.number, 28.0, 22.0),
        Text(texts.chinese(invoice.issued_on), 156.0, 22.0),
        Text(f"{trip.from_station}站", 20.0, 36.0, 5.0),
        Text(trip.train, 80.0, 36.0, 5.0),
        Text(f"{trip.to_station}站", 120.0, 36.0, 5.0),
        Text(leaves, 20.0, 46.0),
        Text(trip.carriage, 80.0, 46.0),
        Text(trip.seat, 92.0, 46.0),
        Text(trip.seat_class, 110.0, 46.0),
        Text(f"票价:¥{texts.plain(invoice.total_with_tax)}", 20.0, 56.0),
        Text(f"{trip.passenger_id} {trip.passenger}", 20.0, 66.0),
        Text(trip.ticket_number, 32.0, 76.0),
        Text(invoice.buyer.name, 32.0, 84.0),
        Text(invoice.buyer.tax_id, 130.0, 84.0),
    )
    return (Page(210.0, 100.0, form, tuple(filled(content)), Square(170.0, 60.0, 20.0)),)


def air_pages(invoice: Invoice) -> tuple[Page, ...]:
    """One page."""
    itinerary = invoice.air or AirItinerary()
    flight = itinerary.flights[0] if itinerary.flights else Flight()
    form = (
        Text("电子发票（航空运输电子客票行程单）", 50.0, 12.0, _TITLE_SIZE),
        Text("发票号码:", 140.0, 22.0),
        Text("旅客姓名", 12.0, 30.0),
        Text("有效身份证件号码", 70.0, 30.0),
        *(
            Text(heading, 12.0 + 26.0 * at, 64.0)
            for at, heading in enumerate(
                (
                    "票价",
                    "燃油附加费",
                    "增值税税率",
                    "增值税税额",
                    "民航发展基金",
                    "其他税费",
                    "合计",
                )
            )
        ),
        Text("电子客票号码:", 12.0, 84.0),
        Text("验证码:", 90.0, 84.0),
        Text("购买方名称:", 12.0, 92.0),
        Text("统一社会信用代码/纳税人识别号:", 100.0, 92.0),
        Text("填开单位:", 12.0, 100.0),
        Text("填开日期:", 140.0, 100.0),
    )
    amounts = (
        f"CNY {texts.plain(itinerary.fare)}",
        f"CNY {texts.plain(itinerary.fuel_surcharge)}",
        "9%",
        f"CNY {texts.plain(invoice.tax)}",
        f"CNY {texts.plain(itinerary.development_fund)}",
        f"CNY {texts.plain(itinerary.other_taxes)}",
        f"CNY {texts.plain(invoice.total_with_tax)}",
    )
    content = (
        Text(invoice.number, 156.0, 22.0),
        Text(itinerary.passenger, 12.0, 35.0),
        Text(itinerary.passenger_id, 70.0, 35.0),
        Text(f"自:{flight.from_airport}", 12.0, 46.0),
        Text(f"至:{flight.to_airport}", 12.0, 51.0),
        Text(f"{flight.carrier} {flight.flight} {flight.cabin}", 60.0, 46.0),
        Text(texts.chinese(flight.leaves_on), 100.0, 46.0),
        Text(flight.leaves_at, 130.0, 46.0),
        *(Text(amount, 12.0 + 26.0 * at, 70.0) for at, amount in enumerate(amounts)),
        Text(itinerary.ticket_number, 33.0, 84.0),
        Text(itinerary.verification_code, 104.0, 84.0),
        Text(invoice.buyer.name, 32.0, 92.0),
        Text(invoice.buyer.tax_id, 150.0, 92.0),
        Text(itinerary.issued_by, 28.0, 100.0),
        Text(texts.chinese(invoice.issued_on), 156.0, 100.0),
    )
    return (Page(210.0, 110.0, form, tuple(filled(content)), Square(180.0, 26.0, 20.0)),)
