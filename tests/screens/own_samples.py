"""One sample of each situation on the way to one's own invoice. Made-up invoices."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw

from kiosk import own_messages as o
from kiosk.text.formats import CHINA

AT = datetime(2026, 11, 24, 10, 42, 7, tzinfo=CHINA)
LINE = o.FoundLine(
    number="26112000000100000018",
    issued_on=date(2026, 11, 24),
    total_with_tax=Decimal("1280.50"),
    seller_masked="北京示***有限公司",
)
READY = o.PrinterMeans(can=True)


def page() -> bytes:
    """Something of an invoice's shape: lines and a frame, no words."""
    picture = Image.new("L", (900, 600), 255)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 130, 860, 540), outline=90, width=3)
    for y in range(180, 540, 40):
        pen.line((40, y, 860, y), fill=160)
    pen.rectangle((300, 50, 600, 90), fill=120)
    pen.rectangle((40, 30, 120, 110), fill=40)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


OWN: dict[str, o.OwnSituation] = {
    "own_ways": o.WaysShown(),
    "own_order": o.EnterOrder(),
    "own_tax": o.AskTax(number=LINE.number),
    "own_tax_wrong": o.AskTax(number=LINE.number, is_wrong=True),
    "own_fetching": o.Fetching(what="file"),
    "own_found": o.FoundShown(
        lines=(
            LINE,
            o.FoundLine(
                number="26112000000100000026", is_red=True, seller_masked="北京示***有限公司"
            ),
            *(o.FoundLine(number=f"2611200000010000{n:04}") for n in range(8)),
        )
    ),
    "own_invoice": o.OwnInvoice(
        line=LINE,
        at=AT,
        picture=page(),
        pages=2,
        has_file=True,
        can_link=True,
        can_mail=True,
        slip=READY,
        a4=READY,
    ),
    "own_invoice_troubles": o.OwnInvoice(
        line=LINE,
        at=AT,
        why_no_picture="no_sandbox",
        has_file=True,
        can_link=True,
        can_mail=True,
        slip=o.PrinterMeans(can=False, cause="paper_out"),
        a4=o.PrinterMeans(can=False, cause="a4_tray_missing"),
    ),
    "own_invoice_no_a4": o.OwnInvoice(
        line=LINE, at=AT, why_no_picture="too_large", can_link=True, slip=READY
    ),
    "own_phone": o.PhoneLink(
        url="https://links.example.com/v1/fetch/ABCDEFGHIJKLMNOP",
        good_until=AT + timedelta(minutes=4, seconds=36),
    ),
    "own_phone_over": o.PhoneLink(url="", good_until=AT),
    "own_mailed": o.MailOrdered(number=LINE.number),
    **{
        f"own_failed_{why}": o.FetchFailed(what="list", why=why, may_repeat=why == "link_down")
        for why in ("none", "link_down", "too_often", "not_kept")
    },
    "a4_running": o.A4Running(number="SF-03-1124-0042"),
    "a4_running_waits": o.A4Running(
        number="SF-03-1124-0042", copy=1, sheets=1, waits_for="a4_tray_missing"
    ),
    "a4_running_cancelling": o.A4Running(number="SF-03-1124-0042", is_cancelling=True),
    "a4_proven": o.A4Ended(number="SF-03-1124-0042", outcome="proven", a4=READY),
    "a4_failed": o.A4Ended(
        number="SF-03-1124-0042",
        outcome="failed",
        why="a4_paper_out",
        copy=1,
        can_reprint=True,
        a4=o.PrinterMeans(can=False, cause="a4_paper_out"),
    ),
    "a4_unknown": o.A4Ended(
        number="SF-03-1124-0042", outcome="unknown", why="no_proof", can_reprint=True, a4=READY
    ),
}
