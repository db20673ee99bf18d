"""A tax id and an amount as they are typed on the screen, key by key."""

from decimal import Decimal, InvalidOperation
from itertools import pairwise

from einvoice.reasons import Note
from einvoice.tax_ids import LENGTHS, read_tax_id

CLEAR, BACK, POINT = "clear", "back", "."
TAX_ID_KEYS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""All letters: a 统一社会信用代码 has no I, O, S, V, Z (GB 32100), an organisation code may
(GB 11714)."""
MAX_WHOLE_DIGITS = 8
_LONGEST = max(LENGTHS)


def tax_id_pressed(text: str, key: str) -> str:
    """What is typed of a tax id after a key: a character, `CLEAR` or `BACK`."""
    if key == CLEAR:
        return ""
    if key == BACK:
        return text[:-1]
    return text + key if len(text) < _LONGEST else text


def tax_id_remark(text: str) -> str:
    """What is odd about a typed tax id: "length", "check" or "" for nothing.

    An odd check character may stand in a true one, so it is asked about and not refused.
    """
    if len(text) not in LENGTHS:
        return "length"
    notes = set(read_tax_id(text).findings)
    odd = {Note.TAX_ID_CHECK_DIGIT, Note.TAX_ID_CHARACTERS, Note.TAX_ID_ORGANISATION_DIGIT}
    return "check" if notes & odd else ""


def tax_id_grouped(text: str) -> str:
    """In groups of the parts of a 统一社会信用代码: 2, 6, 9 and the check character."""
    cuts = (0, 2, 8, 12, 17, len(text))
    parts = [text[start:end] for start, end in pairwise(cuts)]
    return " ".join(part for part in parts if part)


def price_pressed(text: str, key: str) -> str:
    """What is typed of an amount after a key: a digit, `POINT`, `CLEAR` or `BACK`.

    At most two decimals; a leading zero gives way to the digit after it.
    """
    if key == CLEAR:
        return ""
    if key == BACK:
        return text[:-1]
    whole, point, decimals = text.partition(POINT)
    if key == POINT:
        return text if point else f"{whole or '0'}{POINT}"
    if point:
        return text + key if len(decimals) < 2 else text
    whole = "" if whole == "0" else whole
    return whole + key if len(whole) < MAX_WHOLE_DIGITS else text


def price_of(text: str) -> Decimal | None:
    """Yuan; None while nothing above zero is typed."""
    try:
        yuan = Decimal(text.rstrip(POINT))
    except InvalidOperation:
        return None
    return yuan if yuan > 0 else None
