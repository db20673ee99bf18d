"""Digits to press, and a place that shows what is typed."""

import secrets
from collections.abc import Callable

from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    ListProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from einvoice.entry import Key
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.pressable import Pressable

_DIGITS: tuple[tuple[Key, ...], ...] = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"))


def shuffled_keys() -> tuple[tuple[Key, ...], ...]:
    """The ten digits in an order of this moment: where fingers go says nothing."""
    digits: list[Key] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
    secrets.SystemRandom().shuffle(digits)
    rows = tuple(tuple(digits[start : start + 3]) for start in (0, 3, 6))
    return (*rows, ("clear", digits[9], "back"))


NUMBER_KEYS: tuple[tuple[Key, ...], ...] = (*_DIGITS, ("clear", "0", "back"))
AMOUNT_KEYS: tuple[tuple[Key, ...], ...] = (*_DIGITS, (".", "0", "back"), ("clear", "-"))
"""Amounts of reversing invoices are below zero."""

PRICE_KEYS: tuple[tuple[Key, ...], ...] = (*_DIGITS, (".", "0", "back"), ("clear",))

_WORDS: dict[str, str] = {"clear": "enter.clear", "-": "enter.minus"}
_ICONS: dict[str, Icon] = {"back": Icon.ERASE}


class KeyButton(Pressable):
    """A key: a character, a word, or the erase mark with its word.

    Attributes:
        modest: in smaller letters, where many keys stand in a row.
    """

    tid = StringProperty("")
    character = StringProperty("")
    words = StringProperty("")
    icon = ObjectProperty(None, allownone=True)
    modest = BooleanProperty(False)
    discreet = BooleanProperty(False)
    """It does not light up: nobody behind sees which it was."""
    ink = ColorProperty(look.colours.ink)


class Keypad(BoxLayout):
    """Rows of keys.

    Attributes:
        keys: rows of `Key`s.
        take_key: called with each key pressed.
        discreet: the keys do not light up.
        modest: in smaller letters, where there is little height.
    """

    keys = ListProperty([])
    discreet = BooleanProperty(False)
    modest = BooleanProperty(False)
    take_key: Callable[[Key], None] = ObjectProperty(None)
    # Not "on_...": Kivy takes such an argument for an event to bind to.

    def on_kv_post(self, base_widget: object) -> None:
        """Build the keys."""
        for row in self.keys:
            line = BoxLayout(spacing=look.space.gap * 0.67)
            for key in row:
                line.add_widget(self._button(key))
            self.add_widget(line)

    def _button(self, key: Key) -> KeyButton:
        has_word = key in _WORDS or key in _ICONS
        name = {"back": "erase", ".": "point", "-": "minus"}.get(key, key)
        button = KeyButton(
            tid=f"key.{name}",
            character="" if has_word else key,
            words=look.say(_WORDS.get(key, "enter.erase")) if has_word else "",
            icon=_ICONS.get(key),
            discreet=self.discreet,
            modest=self.modest,
        )
        button.bind(on_press=lambda _: self.take_key(key))
        return button


class ValueBox(BoxLayout):
    """Shows what is typed so far, or that something is to be typed."""

    tid = StringProperty("")
    value = StringProperty("")
    empty = StringProperty("")
    modest = BooleanProperty(False)
    """In smaller letters, where much is typed."""


class StepDots(BoxLayout):
    """Where the person is among the questions.

    Attributes:
        at: the present question, from 1.
        total: of how many; 0 draws nothing.
    """

    at = NumericProperty(0)
    total = NumericProperty(0)

    def on_kv_post(self, base_widget: object) -> None:
        """Draw one dot for each question."""
        for step in range(1, int(self.total) + 1):
            self.add_widget(StepDot(reached=step <= self.at))


class StepDot(Widget):
    """One question: reached, or still to come."""

    reached = BooleanProperty(False)


load_kv(__file__)
