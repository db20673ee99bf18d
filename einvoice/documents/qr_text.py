"""The QR of an invoice, as text or as a picture in its file -> statements, to be compared."""

import base64
import binascii
import re
from collections.abc import Callable

from einvoice import qr
from einvoice.documents import limits
from einvoice.documents.model import DocumentField, Place
from einvoice.documents.statements import Statements
from einvoice.fields import KnownFields
from einvoice.invoice import InvoiceReference

QrDecoder = Callable[[bytes], str]
"""Picture file -> the text of the QR in it; empty if there is none. Must not raise."""

# A QR as text is far shorter than any picture of it.
_BASE64_PICTURE = re.compile(r"(?:data:image/[a-z]{1,9};base64,)?([A-Za-z0-9+/=\s]{200,})")


class QrReader:
    """Reads the QR codes of one file handed in, in no more pictures than a real one has."""

    def __init__(self, decode: QrDecoder | None) -> None:
        """Keep the decoder; None leaves pictures out."""
        self._decode = decode
        self._left = limits.MAX_PICTURES

    @property
    def reads_pictures(self) -> bool:
        """Whether another picture would be looked at."""
        return self._decode is not None and self._left > 0

    def picture(self, picture: bytes, place: Place) -> list[Statements]:
        """What the QR in a picture file states; nothing if there is none."""
        if self._decode is None or self._left <= 0 or not picture:
            return []
        self._left -= 1
        text = self._decode(picture)
        return [qr_statements(text, place)] if text else []

    def text(self, written: str, place: Place) -> list[Statements]:
        """What a text element states that holds a QR: its text, or its picture in Base64."""
        picture = _BASE64_PICTURE.fullmatch(written)
        if picture is None:
            return [qr_statements(written, place)]
        try:
            return self.picture(base64.b64decode("".join(picture[1].split())), place)
        except (binascii.Error, ValueError):
            return []


def qr_statements(text: str, place: Place) -> Statements:
    """What the text of a QR states; nothing if it is not an invoice's.

    Of the check code only the last six digits are known to us.
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
        has_tax = known.kind.qr_amount_has_tax
        field = DocumentField.TOTAL_WITH_TAX if has_tax else DocumentField.AMOUNT_WITHOUT_TAX
        into.put(field, known.amount, place)
