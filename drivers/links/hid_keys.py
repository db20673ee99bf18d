"""Key strokes of a scanner in keyboard mode, back into the characters that it typed.

The scanner must be set to the US layout: it types positions, not characters. Codes are those of
linux/input-event-codes.h.
"""

NO_CHARACTER = b"\x00"
"""Stands for a stroke that is no character of this layout. It makes the text unreadable, which is
right: such scanners drop Chinese silently or type it as Alt codes, and a text with holes must
not be looked up."""

_UP, _DOWN = 0, 1
_ENTER, _KEYPAD_ENTER, _TAB, _CAPS = 28, 96, 15, 58
_SHIFTS = frozenset((42, 54))
_OTHER_MODIFIERS = frozenset((29, 97, 56, 100, 125, 126))  # control, alt, meta; left and right
_LOCKS = frozenset((69, 70))  # num lock, scroll lock: scanners press them for the numpad

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
_NUMPAD = ((55, "*"), (71, "789-456+1230."), (98, "/"), (117, "="))

_PLAIN = {first + n: c for first, row, _ in _ROWS for n, c in enumerate(row)}
_SHIFTED = {first + n: c for first, _, row in _ROWS for n, c in enumerate(row)}
_PAD = {first + n: c for first, row in _NUMPAD for n, c in enumerate(row)}


class KeyReader:
    """Follows the strokes of one scanner. Enter becomes CR, Tab a tab."""

    def __init__(self) -> None:
        self._held: set[int] = set()
        self._caps = False

    def reset(self) -> None:
        """No key is held: the scanner was plugged in anew, or strokes were lost."""
        self._held.clear()
        self._caps = False

    def stroke(self, code: int, value: int) -> bytes:
        """What one key event types.

        Args:
            code: the key.
            value: 0 = up, 1 = down, 2 = held for so long that it repeats.
        """
        if code in _SHIFTS or code in _OTHER_MODIFIERS:
            if value == _UP:
                self._held.discard(code)
            else:
                self._held.add(code)
            return b""
        if value != _DOWN or code in _LOCKS:
            return b""
        if code == _CAPS:
            self._caps = not self._caps
            return b""
        return self._typed(code)

    def _typed(self, code: int) -> bytes:
        if self._held & _OTHER_MODIFIERS:
            return NO_CHARACTER
        if code in (_ENTER, _KEYPAD_ENTER):
            return b"\r"
        if code == _TAB:
            return b"\t"
        if code in _PAD:
            return _PAD[code].encode("ascii")
        shifted = bool(self._held & _SHIFTS)
        if self._caps and _PLAIN.get(code, "").isalpha():
            shifted = not shifted
        character = (_SHIFTED if shifted else _PLAIN).get(code)
        return NO_CHARACTER if character is None else character.encode("ascii")
