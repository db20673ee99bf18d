"""The text of an invoice's QR -> statements, to compare with the rest of the file."""

from einvoice import qr
from einvoice.documents.model import DocumentField, Place
from einvoice.documents.statements import Statements
from einvoice.fields import KnownFields
from einvoice.invoice import InvoiceReference


def qr_statements(text: str, place: Place) -> Statements:
    """What the QR states; nothing if it is not an invoice's.

    Its amount is without tax for old kinds and with tax for a 数电票. Of the check code only
    the last six digits are known to us.
    """
    stated = Statements()
    scanned = qr.parse(text)
    if isinstance(scanned, qr.InvoiceCode):
        _state(scanned.reference, place, stated)
    elif isinstance(scanned, (qr.IncompleteInvoice, qr.UnknownKindInvoice)):
        _state(scanned.known, place, stated)
    return stated


def _state(known: InvoiceReference | KnownFields, place: Place, into: Statements) -> None:
    into.text(DocumentField.NUMBER, known.number, place)
    into.text(DocumentField.CODE, known.code, place)
    into.text(DocumentField.CHECK_CODE, known.check_code, place)
    if known.issued_on is not None:
        into.put(DocumentField.ISSUED_ON, known.issued_on, place)
    if known.kind is None:
        return
    into.put(DocumentField.KIND, known.kind, place)
    if known.amount is not None:
        is_total = known.kind.is_digital
        field = DocumentField.TOTAL_WITH_TAX if is_total else DocumentField.AMOUNT_WITHOUT_TAX
        into.put(field, known.amount, place)
