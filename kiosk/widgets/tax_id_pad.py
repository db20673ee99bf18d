"""Keys for a tax id."""

from kiosk.text.typed import BACK, CLEAR
from kiosk.widgets.address_pad import AddressPad

ROWS: tuple[tuple[str, ...], ...] = (
    (*"12345", BACK),
    (*"67890", CLEAR),
    tuple("ABCDEFGHI"),
    tuple("JKLMNOPQR"),
    tuple("STUVWXYZ"),
)


class TaxIdPad(AddressPad):
    """Digits and the letters that stand in tax ids, in the order of the alphabet."""

    rows = ROWS
