"""Keys for a tax id."""

from kiosk.text.typed import BACK, CLEAR
from kiosk.widgets.address_pad import AddressPad

ROWS: tuple[tuple[str, ...], ...] = (
    tuple("12345"),
    ("6", "7", "8", "9", "0", CLEAR),
    tuple("ABCDEFGHI"),
    tuple("JKLMNOPQR"),
    (*"STUVWXYZ", BACK),
)


class TaxIdPad(AddressPad):
    """Digits and the letters that stand in tax ids, in the order of the alphabet."""

    rows = ROWS
