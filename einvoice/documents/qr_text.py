"""The text of an invoice's QR -> statements, to compare with the rest of the file."""

from einvoice.documents import values
from einvoice.documents.model import DocumentField, Place
from einvoice.documents.statements import Statements
from einvoice.kinds import Kind

# Type codes of the QR. 20 is the electronic special invoice, which verification calls 08.
_TYPES = {
    **{
        kind.value: kind
        for kind in Kind
        if kind not in (Kind.SPECIAL_ELECTRONIC, Kind.DIGITAL_OTHER)
    },
    "20": Kind.SPECIAL_ELECTRONIC,
}


def qr_statements(text: str, place: Place) -> Statements:
    """What `01,type,code,number,amount,date,check code,tail` states; nothing if it is none.

    The amount is without tax for old kinds and with tax for a 数电票. The tail is not judged.
    """
    stated = Statements()
    fields = [field.strip() for field in text.replace("，", ",").split(",")]
    if len(fields) < 6 or fields[0] != "01":
        return stated
    code, number, amount, issued = fields[2:6]
    is_digital = len(number) == 20 and not code
    kind = _TYPES.get(fields[1])
    if kind is not None:
        stated.put(DocumentField.KIND, kind, place)
    stated.text(DocumentField.CODE, code, place)
    stated.text(DocumentField.NUMBER, number, place)
    stated.text(DocumentField.ISSUED_ON, issued, place)
    if len(fields) > 6 and values.digits_of(fields[6]):
        stated.text(DocumentField.CHECK_CODE, fields[6], place)
    if is_digital:
        stated.text(DocumentField.TOTAL_WITH_TAX, amount, place)
    elif code:
        stated.text(DocumentField.AMOUNT_WITHOUT_TAX, amount, place)
    return stated
