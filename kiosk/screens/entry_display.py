"""How what is typed looks while it is being typed."""

from einvoice.entry import DATE_LENGTH, Entry
from einvoice.fields import Field
from einvoice.kinds import FourthField
from kiosk.text import formats

_DATE_PARTS = ((0, 4), (4, 6), (6, DATE_LENGTH))


def question_key(entry: Entry) -> str:
    """The name of the current question's sentences: enter.title_<name>, enter.hint_<name>."""
    match entry.current:
        case Field.AMOUNT:
            is_total = entry.kind is not None and (
                entry.kind.fourth_field is FourthField.TOTAL_WITH_TAX
            )
            return "total_with_tax" if is_total else "amount_without_tax"
        case Field.CHOICE_OF_FOURTH:
            return "choice"
        case other:
            return other.value


def displayed(entry: Entry) -> str:
    """What is typed into the current field, for reading and comparing; empty if nothing is."""
    text = entry.typed.text(entry.current)
    if not text:
        return ""
    match entry.current:
        case Field.ISSUED_ON:
            padded = text.ljust(DATE_LENGTH, "_")
            return "-".join(padded[start:end] for start, end in _DATE_PARTS)
        case Field.AMOUNT:
            return f"¥{text}"
        case _:
            return formats.grouped(text)
