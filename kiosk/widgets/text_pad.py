"""Keys for a line of Latin text: addresses, names in English."""

from collections.abc import Callable

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.text.plain_typing import BACK, CLEAR, SPACE
from kiosk.widgets.keypad import KeyButton
from kiosk.widgets.look import look

LETTERS = "letters"
"""The key that turns small letters to capitals and back."""
ROWS: tuple[tuple[str, ...], ...] = (
    tuple("123456789"),
    tuple("0.-_:/=,@"),
    tuple("abcdefghi"),
    tuple("jklmnopqr"),
    (*"stuvwxyz", "'"),
    (LETTERS, SPACE, BACK, CLEAR),
)
_NAMES = {
    ".": "point",
    "-": "minus",
    "_": "underscore",
    ":": "colon",
    "/": "slash",
    "=": "equals",
    ",": "comma",
    "@": "at",
    "'": "apostrophe",
    BACK: "erase",
}
_WORDS = {
    CLEAR: "enter.clear",
    BACK: "enter.erase",
    SPACE: "admin.setting.space",
    LETTERS: "admin.setting.letters",
}


class TextPad(BoxLayout):
    """Rows of keys: digits, marks, and the letters in the order of the alphabet.

    Attributes:
        take_key: called with each key pressed (`kiosk.text.plain_typing.pressed`).
    """

    take_key: Callable[[str], None] = ObjectProperty(None)

    def __init__(self, **kwargs: object) -> None:
        self._letters: list[KeyButton] = []
        super().__init__(orientation="vertical", spacing=look.space.gap * 0.6, **kwargs)
        for row in ROWS:
            line = BoxLayout(spacing=look.space.gap * 0.6)
            for key in row:
                line.add_widget(self._button(key))
            self.add_widget(line)

    def _button(self, key: str) -> KeyButton:
        button = KeyButton(
            tid=f"key.{_NAMES.get(key, key)}",
            character="" if key in _WORDS else key,
            words=look.say(_WORDS[key]) if key in _WORDS else "",
            modest=True,
        )
        if key == LETTERS:
            button.bind(on_press=lambda _: self._turn_letters())
        elif len(key) == 1 and key.isalpha():
            self._letters.append(button)
            button.bind(on_press=lambda pressed: self.take_key(pressed.character))
        else:
            button.bind(on_press=lambda _: self.take_key(key))
        return button

    def _turn_letters(self) -> None:
        for button in self._letters:
            button.character = button.character.swapcase()
