"""An invoice reference -> the text of a QR that `einvoice.qr.parse` reads back.

It has the fields of an invoice's own QR, so that any reader of those can ask the same
question again; the tail, whose rule is unknown, stays empty, and a check code has only
the six digits that verification asks for.
"""

from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.qr import KINDS

_TYPE_CODES = {kind: type_code for type_code, kind in KINDS.items()}
_OTHER_TYPE = "99"
"""For a 数电票 of unknown type: no invoice carries it, and its number says what it is."""


class NoCodeForKind(ValueError):
    """A typed invoice whose kind is not known: no QR says that."""


def write(reference: InvoiceReference) -> str:
    """The QR text; `parse(write(r))` gives `r` back for every complete reference.

    Raises:
        NoCodeForKind: the kind is only known by its fourth field.
    """
    if reference.kind is Kind.DIGITAL_OTHER:
        type_code = _OTHER_TYPE
    elif reference.kind in _TYPE_CODES:
        type_code = _TYPE_CODES[reference.kind]
    else:
        raise NoCodeForKind(reference.kind.value)
    amount = "" if reference.amount is None else f"{reference.amount:.2f}"
    fields = (
        "01",
        type_code,
        reference.code,
        reference.number,
        amount,
        f"{reference.issued_on:%Y%m%d}",
        reference.check_code,
        "",
    )
    return ",".join(fields)
