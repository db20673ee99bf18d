"""Which structured data a root element is, told by what it holds, never by its file's name."""

from einvoice.documents.markup import Markup
from einvoice.documents.model import DocumentField, Medium
from einvoice.documents.qr_text import QrReader
from einvoice.documents.statements import Statements
from einvoice.documents.structured import (
    digital_invoice,
    first,
    original_invoice,
    places_in,
    plain_names,
)
from einvoice.documents.xbrl import taxonomy, xbrl_statements


def structured_statements(data: Markup, part: str, qr: QrReader) -> list[Statements]:
    """What a piece of structured data states; nothing if it is no invoice that we know.

    Args:
        data: parsed.
        part: path of the file that it is from, for places.
        qr: reads the QR that it may hold.
    """
    root = data.root
    if root.tag.lower() == "xbrl" or taxonomy(data):
        return xbrl_statements(data, part)
    if root.tag.lower() in {"einvoice", "e-invoice"} or first(root, "EInvoiceData") is not None:
        if first(root, "EInvoiceData") is not None or first(root, "TaxSupervisionInfo") is not None:
            return digital_invoice(root, places_in(Medium.INVOICE_XML, part))
        if first(root, "InvoiceNo") is not None:
            return original_invoice(root, places_in(Medium.ATTACHMENT, part), part, qr)
    stated = plain_names(root, places_in(Medium.INVOICE_XML, part))
    return stated if DocumentField.NUMBER in stated[0].found else []
