"""From values of the house to what the screen shows."""

from einvoice import qr
from einvoice.documents.model import DocumentField
from einvoice.invoice import InvoiceReference
from einvoice.masked_fields import masked
from einvoice.masking import mask_name
from einvoice.ticket import Ticket
from einvoice.verdict import Answer, Compared, RecordDetails
from kiosk import messages as m

_FIELDS = frozenset(field.value for field in DocumentField)


def reference_view(reference: InvoiceReference) -> m.ReferenceView:
    """An invoice reference as it is shown."""
    return m.ReferenceView(
        kind=reference.kind,
        number=reference.number,
        issued_on=reference.issued_on,
        code=reference.code,
        amount=reference.amount,
        check_code=reference.check_code,
    )


def reference_of(view: m.ReferenceView) -> InvoiceReference:
    """The invoice reference that a view shows."""
    return InvoiceReference(
        kind=view.kind,
        number=view.number,
        issued_on=view.issued_on,
        code=view.code,
        amount=view.amount,
        check_code=view.check_code,
    )


def verdict_view(
    reference: InvoiceReference,
    answer: Answer,
    ticket: m.TicketView | None,
    cannot_print: m.CannotPrint | None,
) -> m.VerdictShown:
    """A verdict as it is shown: names of parties masked here, once, for screen and paper."""
    details = answer.details or RecordDetails()
    return m.VerdictShown(
        verdict=answer.verdict,
        source=answer.source,
        at=answer.at,
        reference=reference_view(reference),
        evidence=tuple(
            m.EvidenceView(
                check=line.check,
                finding=line.finding,
                note=line.note,
                compared=tuple(_compared(one) for one in line.compared),
            )
            for line in answer.evidence
        ),
        reason=answer.reason,
        seller_masked=mask_name(details.seller) if details.seller else "",
        buyer_masked=mask_name(details.buyer) if details.buyer else "",
        total_with_tax=details.total_with_tax,
        amount_without_tax=details.amount_without_tax,
        tax=details.tax,
        red_on=details.red_on,
        red_balance=details.red_balance,
        void_on=details.void_on,
        red_number=details.red_number,
        original_number=details.original_number,
        ticket=ticket,
        cannot_print=cannot_print,
    )


def _compared(one: Compared) -> m.ComparedView:
    """Both values, masked once more: a service that compares names sends them whole."""
    stated, recorded = one.stated, one.recorded
    if one.field in _FIELDS and not one.rule:
        field = DocumentField(one.field)
        stated, recorded = masked(field, stated), masked(field, recorded)
    return m.ComparedView(one.field, stated, recorded, one.rule, one.line)


def what_was_scanned(read: qr.Scanned) -> InvoiceReference | Ticket | m.NotAnInvoice:
    """What to do with a scanned text: verify it, look it up, or say politely what it is."""
    match read:
        case qr.InvoiceCode(reference=reference):
            return reference
        case qr.TicketCode(number=number, secret=secret):
            return Ticket(number, secret)
        case qr.DeliveryLink(number=number):
            return m.NotAnInvoice(what=read.key, number=number)
        case qr.IncompleteInvoice(known=known) | qr.UnknownKindInvoice(known=known):
            return m.NotAnInvoice(what=read.key, number=known.number)
        case other:
            return m.NotAnInvoice(what=other.key)
