"""Keys for a company's name: letters of pinyin, or digits, signs and capitals."""

from collections.abc import Callable

from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.pinyin.composing import APART, BACK, CLEAR, MODE
from kiosk.widgets.keypad import KeyButton
from kiosk.widgets.look import look

_PINYIN = (tuple("abcdefghi"), tuple("jklmnopqr"), (*"stuvwxyz", APART))
_PLAIN = (
    tuple("123456789"),
    tuple("0（）·-&."),
    tuple("ABCDEFGHI"),
    tuple("JKLMNOPQR"),
    tuple("STUVWXYZ"),
)
_TIDS = {
    APART: "apart",
    "（": "open",
    "）": "close",
    "·": "dot",
    "-": "minus",
    "&": "and",
    ".": "point",
    BACK: "erase",
}


class NamePad(BoxLayout):
    """Rows of keys.

    Attributes:
        plain: keys are taken as they are.
        take_key: called with each key pressed (`kiosk.pinyin.composing`).
    """

    plain = BooleanProperty(False)
    take_key: Callable[[str], None] = ObjectProperty(None)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(orientation="vertical", spacing=look.space.gap * 0.6, **kwargs)
        self.fbind("plain", self._build)
        self._build()

    def _build(self, *_: object) -> None:
        self.clear_widgets()
        for row in (*(_PLAIN if self.plain else _PINYIN), (MODE, BACK, CLEAR)):
            line = BoxLayout(spacing=look.space.gap * 0.6)
            for key in row:
                line.add_widget(self._button(key))
            self.add_widget(line)

    def _button(self, key: str) -> KeyButton:
        words = {
            MODE: "enter_name.to_pinyin" if self.plain else "enter_name.to_plain",
            BACK: "enter.erase",
            CLEAR: "enter.clear",
        }.get(key)
        button = KeyButton(
            tid=f"key.{_TIDS.get(key, key)}",
            character="" if words else key,
            words=look.say(words) if words else "",
            modest=True,
        )
        button.bind(on_press=lambda _: self.take_key(key))
        return button
