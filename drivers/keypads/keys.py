"""What the keys of a keypad mean, and which codes they send.

Codes are those of linux/input-event-codes.h.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class KeypadKey(Enum):
    """What a press means. The value is the word that settings and messages use."""

    PREVIOUS = "previous"
    NEXT = "next"
    PRESS = "press"
    BACK = "back"
    END = "end"
    REPEAT = "repeat"
    """Say again what this is; with reading aloud off, begin it."""
    LOUDER = "louder"
    QUIETER = "quieter"
    ERASE = "erase"
    POINT = "point"
    DIGIT_0 = "0"
    DIGIT_1 = "1"
    DIGIT_2 = "2"
    DIGIT_3 = "3"
    DIGIT_4 = "4"
    DIGIT_5 = "5"
    DIGIT_6 = "6"
    DIGIT_7 = "7"
    DIGIT_8 = "8"
    DIGIT_9 = "9"


KeyTable = Mapping[int, KeypadKey]

_DIGITS = {code: KeypadKey(digit) for code, digit in enumerate("1234567890", 2)}
_NUMPAD = {
    **{code: KeypadKey(digit) for code, digit in enumerate("789", 71)},
    **{code: KeypadKey(digit) for code, digit in enumerate("456", 75)},
    **{code: KeypadKey(digit) for code, digit in enumerate("1230", 79)},
    83: KeypadKey.POINT,
    96: KeypadKey.PRESS,
}
_EZ_ACCESS = {
    # Storm's AudioNav and EZ-Access keypads as delivered: F17 to F24. The codes are those of the
    # Trace Center's ezaccess.js (key codes 128 to 135); "<<" = F23 is also in the 1400 Series
    # AudioNav manual, p. 28.
    187: KeypadKey.REPEAT,  # ?
    188: KeypadKey.PREVIOUS,  # up
    189: KeypadKey.NEXT,  # down
    190: KeypadKey.PRESS,  # the round key
    191: KeypadKey.BACK,
    192: KeypadKey.NEXT,
    193: KeypadKey.PREVIOUS,  # <<
    194: KeypadKey.NEXT,  # >>
}
_KEYBOARD = {
    1: KeypadKey.BACK,  # Esc
    14: KeypadKey.ERASE,
    15: KeypadKey.NEXT,  # Tab
    28: KeypadKey.PRESS,  # Enter
    52: KeypadKey.POINT,
    57: KeypadKey.PRESS,  # space
    59: KeypadKey.REPEAT,  # F1
    103: KeypadKey.PREVIOUS,  # up
    105: KeypadKey.PREVIOUS,  # left
    106: KeypadKey.NEXT,  # right
    107: KeypadKey.END,
    108: KeypadKey.NEXT,  # down
    111: KeypadKey.ERASE,  # Delete
    114: KeypadKey.QUIETER,
    115: KeypadKey.LOUDER,
    138: KeypadKey.REPEAT,  # Help
    158: KeypadKey.BACK,
}

USUAL_KEYS: KeyTable = MappingProxyType({**_DIGITS, **_NUMPAD, **_EZ_ACCESS, **_KEYBOARD})
"""What a keypad sends as it is delivered, on the makes that are known."""
