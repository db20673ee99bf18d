"""Names of the icons in use, and their places in the Material Icons font.

Code points from the font's own ligature table (Material Icons 1.017). An icon never stands
without a word.
"""

from enum import Enum


class Icon(Enum):
    """An icon: its character in the icon font."""

    BACK = "\ue5c4"
    END = "\ue5cd"
    LANGUAGE = "\ue894"
    TEXT_SIZE = "\ue245"
    CONTRAST = "\ueb37"
    MAIL = "\ue158"
    PHONE = "\ue325"
    CALL = "\ue7f4"
    HELP = "\ue8fd"
    KEYPAD = "\ue0bc"
    RECEIPT = "\ue8b0"
    SEARCH = "\ue8b6"
    SCAN = "\uf206"
    ONWARD = "\ue5cc"
    UP = "\ue5ce"
    DOWN = "\ue5cf"
    ERASE = "\ue14a"
    PRINT = "\ue8ad"
    TICK = "\ue5ca"
    TICK_ROUND = "\ue86c"
    INFO = "\ue88f"
    ATTENTION = "\ue001"
    CLOCK = "\ue8b5"
    NO_CLOUD = "\ue2c1"
    BARRED = "\ue14b"
    RETURNED = "\ue166"
    NOT_EQUAL = "≠"
    """Not in the icon font: drawn from the text font."""
    QUESTION = "\ueb8b"
    CALENDAR_OVER = "\ue615"
    COUNTER = "\ue1af"
    OTHER = "\ue5d3"
    PENCIL = "\ue3c9"
    AGAIN = "\ue5d5"
    WAITING = "\ue88b"
    PERSON = "\ue7fd"
    REPAIR = "\ue869"
    LIST = "\ue873"
    LOUDER = "\ue050"
    QUIETER = "\ue04d"
    SILENT = "\ue04f"
    POWER = "\ue8ac"

    @property
    def in_text_font(self) -> bool:
        """Whether the text font draws it."""
        return not "\ue000" <= self.value <= "\uf8ff"
