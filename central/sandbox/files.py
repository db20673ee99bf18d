"""Files of the sandbox's records: minted so that they say what the record says."""

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

from central.platforms.lookups import Document, DocumentAnswer, DocumentForm
from central.platforms.outcome import NotFound, NotSupported
from central.sandbox.mint import MintedInvoice, invoices, made_up
from central.sandbox.records import Record
from einvoice.capitals import to_capitals
from einvoice.documents.model import Invoice, Line, Party
from einvoice.kinds import Kind
from einvoice.money import Rate, RateKind

_FONT = "NotoSansSC-Regular.otf"
_FONTS_OF_SET_UP = Path(__file__).parents[2] / "build" / "fonts"
_WITH_XML = frozenset({Kind.DIGITAL_SPECIAL, Kind.DIGITAL_ORDINARY})
_TRAVEL = frozenset({Kind.DIGITAL_RAILWAY, Kind.DIGITAL_AIR})
_TAX_RATES = ("0.01", "0.03", "0.06", "0.09", "0.13")


def file_of(record: Record, form: DocumentForm, today: date) -> DocumentAnswer:
    """The file of a record in one form. Blocking; a PDF takes a second.

    NotFound for a record that does not have all its amounts or a form that its kind has not;
    NotSupported for a PDF where the fonts of the set-up are missing.
    """
    invoice = _invoice(record, today)
    if invoice is None:
        return NotFound()
    minted = MintedInvoice(invoice, "0000")
    match form:
        case DocumentForm.PDF:
            font = Path(os.environ.get("KIOSK_FONTS") or _FONTS_OF_SET_UP) / _FONT
            return Document(form, minted.pdf(font)) if font.exists() else NotSupported()
        case DocumentForm.OFD:
            return Document(form, minted.ofd())
        case DocumentForm.XML:
            if record.kind not in _WITH_XML:
                return NotFound()
            return Document(form, minted.xml())


def _invoice(record: Record, today: date) -> Invoice | None:
    reference, details = record.reference(today), record.details(today)
    net, tax, total = details.amount_without_tax, details.tax, details.total_with_tax
    if net is None or tax is None or total is None:
        return None
    if record.kind not in invoices.KINDS or record.kind in _TRAVEL:
        return None
    random = Random(reference.number)  # noqa: S311 - no secret: the same each time
    region = reference.number[2:4] if record.kind.is_digital else reference.code[1:3]
    made = invoices.make_invoice(
        record.kind, random, issued_on=reference.issued_on, region=region, lines=1
    )
    goods = made.lines[0]
    line: Line = replace(
        goods, quantity=Decimal(1), unit_price=net, amount=net, rate=_rate(net, tax), tax=tax
    )
    return replace(
        made,
        number=reference.number,
        code=reference.code,
        check_code=made.check_code[:-6] + reference.check_code if reference.check_code else "",
        lines=(line,),
        amount_without_tax=net,
        tax=tax,
        total_with_tax=total,
        total_in_words=to_capitals(total),
        seller=replace(made.seller, name=record.seller),
        buyer=Party(record.buyer, made_up.tax_id(random, region) if record.buyer else ""),
    )


def _rate(net: Decimal, tax: Decimal) -> Rate | None:
    """The legal rate that gives this tax to the fen, if one does."""
    for text in _TAX_RATES:
        rate = Decimal(text)
        if abs(net * rate - tax) < Decimal("0.01"):
            return Rate(RateKind.PERCENT, rate)
    return None
