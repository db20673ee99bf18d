"""One text to hold up for every verdict, for trying a terminal by hand.

Days count from today, so that each sample keeps its verdict as time goes by. The
texts are those of an invoice's QR (einvoice-formats §1).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from central.sandbox.records import Record, Says, read_records
from einvoice import qr_writer
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Sample:
    """A text to scan.

    Attributes:
        verdict: what the sandbox's service rules.
        qr_text: what the scanner reads.
        note: what it is, for the one who tries it.
    """

    verdict: Verdict
    qr_text: str
    note: str


_BY_SAYS = (
    (Says.NORMAL, Verdict.NORMAL, "数电专票 of three days ago; its record agrees"),
    (Says.VOID, Verdict.VOID, "old electronic invoice, voided two days after its issue"),
    (Says.RED_FULL, Verdict.RED_FULL, "数电专票, wholly reversed"),
    (Says.RED_PARTIAL, Verdict.RED_PARTIAL, "数电专票, partly reversed; 5650.00 are left"),
    (Says.LIMIT_REACHED, Verdict.LIMIT_REACHED, "asked for five times today, says the platform"),
    (Says.DOWN, Verdict.UNAVAILABLE, "the platform is down for this one: a ticket is given"),
)

PUBLIC_SAMPLES = (
    "01,10,033002000211,83089647,510.68,20200723,16197833567414507415,0941,",
    "01,10,050001700111,12235358,10000.00,20200805,16630282980991510014,7257",
    "01,10,011002680026,71500013,9709.00,20200220,03272875819686271285,1818,",
    "01,10,031001900511,04875996,57,20200420,77669856890717802165,64CF,",
    "01,10,050003523456,29342181,104.72,20180613,02418567008427471889,1774,",
    "01,10,011001605111,80100798,64.9,20161018,85342965681116380258,BE2D",
    "01,20,052002100113,00008006,24519.05,20220505,18001801513030862041,88CD,",
    "01,31,,24112000000048542163,4449.00,20240528,,B2B6",
    "01,31,,24322000000489101796,20000.00,20241205,,BBBB",
    "01,32,,26427000000375586818,10.70,20260430,,FAFB",
    "01,51,,26339132621000219582,56.00,20260423,,219a",
    "01,32,,24312000000136634917,0.01,20240514,,1DD6",
)
"""Texts as found in public documents. The sandbox has each, under made-up names: NORMAL while
the invoice is younger than five years, TOO_OLD from then on (all of 2020 and before are)."""


def samples(today: date) -> tuple[Sample, ...]:
    """One text per verdict. `today` is the day in China."""
    records = read_records()
    normal = _newest(records, Says.NORMAL).reference(today)
    found = [
        Sample(verdict, qr_writer.write(_newest(records, says).reference(today)), note)
        for says, verdict, note in _BY_SAYS
    ]
    return (
        *found,
        Sample(
            Verdict.MISMATCH,
            qr_writer.write(replace(normal, amount=Decimal("1300.00"))),
            "the first one with another amount (its record says 1200.00)",
        ),
        Sample(
            Verdict.NOT_FOUND,
            qr_writer.write(_absent(today - timedelta(days=10))),
            "ten days old and in no record",
        ),
        Sample(
            Verdict.NOT_YET,
            qr_writer.write(_absent(today)),
            "of today and in no record: it may be there tomorrow",
        ),
        Sample(
            Verdict.TOO_OLD,
            PUBLIC_SAMPLES[0],
            "public sample of 2020: older than five years, by the rule, whatever the record says",
        ),
        Sample(
            Verdict.UNSUPPORTED,
            qr_writer.write(replace(_absent(today - timedelta(days=2)), kind=Kind.DIGITAL_AIR)),
            "air itinerary: the sandbox platform does not verify this kind",
        ),
        Sample(
            Verdict.INVALID_INPUT,
            qr_writer.write(replace(normal, issued_on=today + timedelta(days=3))),
            "issued in three days, says its QR",
        ),
    )


def _newest(records: tuple[Record, ...], says: Says) -> Record:
    """The record of this kind that is dated from today and at least a day old."""
    return next(
        r for r in records if r.answer is says and r.issued is None and r.issued_days_ago > 0
    )


def _absent(issued_on: date) -> InvoiceReference:
    """An invoice that no record knows."""
    return InvoiceReference(
        kind=Kind.DIGITAL_ORDINARY,
        number=f"{issued_on:%y}112000000000999999",
        issued_on=issued_on,
        amount=Decimal("42.00"),
    )
