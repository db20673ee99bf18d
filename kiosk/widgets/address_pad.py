"""Keys for an e-mail address.

Letters stand in the order of the alphabet: ten in a row, as on a typewriter, would be narrower
than a finger is sure of on a portrait screen.
"""

from collections.abc import Callable
from typing import ClassVar

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.text.address import BACK, CLEAR, SUFFIXES
from kiosk.widgets.keypad import KeyButton
from kiosk.widgets.look import look

ROWS: tuple[tuple[str, ...], ...] = (
    tuple("123456789"),
    ("0", ".", "-", "_", "@", BACK, CLEAR),
    tuple("abcdefghi"),
    tuple("jklmnopqr"),
    tuple("stuvwxyz"),
    SUFFIXES,
)
_NAMES = {".": "point", "-": "minus", "_": "underscore", "@": "at", BACK: "erase"}
_WORDS = {CLEAR: "enter.clear", BACK: "enter.erase"}


class AddressPad(BoxLayout):
    """Rows of keys.

    Attributes:
        rows: the keys.
        take_key: called with each key pressed (`kiosk.text.address.pressed`).
    """

    rows: ClassVar[tuple[tuple[str, ...], ...]] = ROWS

    take_key: Callable[[str], None] = ObjectProperty(None)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(orientation="vertical", spacing=look.space.gap * 0.6, **kwargs)
        for row in self.rows:
            line = BoxLayout(spacing=look.space.gap * 0.6)
            for key in row:
                line.add_widget(self._button(key))
            self.add_widget(line)

    def _button(self, key: str) -> KeyButton:
        is_suffix = key in SUFFIXES
        button = KeyButton(
            tid=f"key.{_NAMES.get(key, key.removeprefix('@'))}",
            character="" if is_suffix or key in (BACK, CLEAR) else key,
            words=key if is_suffix else look.say(_WORDS[key]) if key in _WORDS else "",
            modest=True,
        )
        button.bind(on_press=lambda _: self.take_key(key))
        return button
