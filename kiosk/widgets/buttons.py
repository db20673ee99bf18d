"""What a person presses."""

from collections.abc import Callable
from typing import NamedTuple

from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.boxlayout import BoxLayout

from kiosk.widgets.fonts import ruler
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.pressable import Pressable
from kiosk.widgets.theme import type_scale


class PressButton(Pressable):
    """A button with a word and, mostly, an icon. One on a screen is `filled`: the main action.

    Attributes:
        tid: stable name for tests.
        words: what it says; may wrap.
        icon: an `Icon`, or None.
        filled: the screen's main action.
        modest: in smaller letters, where its place is narrow.
        least_height: it grows beyond when its words need it, px.
        natural_height: what its words need, px; follows its width.
    """

    tid = StringProperty("")
    words = StringProperty("")
    icon = ObjectProperty(None, allownone=True)
    filled = BooleanProperty(False)
    modest = BooleanProperty(False)
    least_height = NumericProperty(0)
    natural_height = NumericProperty(0)
    ink = ColorProperty(look.colours.action)
    paint = ColorProperty(look.colours.card)
    edge = ColorProperty(look.colours.action)

    def on_kv_post(self, base_widget: object) -> None:
        """Fit once the kv values are there, and again at each change of them."""
        for name in ("words", "width", "icon", "least_height"):
            self.fbind(name, self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        group, words = self.ids.group, self.ids.words
        words.room = max(2.0, self.width - look.space.line - self._icon_room())
        group.width = words.width + self._icon_room()
        group.height = max(words.height, self.ids.mark.height)
        self.natural_height = max(self.least_height, words.height + look.space.line)

    def _icon_room(self) -> float:
        return 0.0 if self.icon is None else self.ids.mark.width + self.ids.group.spacing


class ToolButton(Pressable):
    """A small button of the footer: an icon above its word, without outline.

    Attributes:
        type_size: of the word, px. Where the place is narrow it gives way, down to what it is
            in the normal view: a word that breaks in two is harder to read than a smaller one.
    """

    tid = StringProperty("")
    words = StringProperty("")
    icon = ObjectProperty(Icon.INFO)
    ink = ColorProperty(look.colours.action)
    type_size = NumericProperty(look.type.small)

    def on_kv_post(self, base_widget: object) -> None:
        """Fit once the kv values are there, and again at each change of them."""
        for name in ("words", "width"):
            self.fbind(name, self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        size = look.type.small
        least = type_scale(portrait=look.portrait, large=False).small
        while size > least and ruler(size, bold=False).width(self.words) > self.width:
            size -= 1
        self.type_size = size


class Action(NamedTuple):
    """Something that a screen offers: a button to be."""

    tid: str
    icon: Icon | None
    words: str
    do: Callable[[], None]
    filled: bool = False
    disabled: bool = False
    reason: str = ""
    """Said in the button's place, in words, when it cannot be pressed."""
    modest: bool = False
    """In smaller letters, where its place is narrow."""


class Actions(BoxLayout):
    """The buttons of a screen: the filled one over the whole width, the others in pairs.

    Attributes:
        actions: the `Action`s, in order.
        in_one_row: all side by side, for a screen that is wide and has nothing else.
    """

    actions = ObjectProperty(())
    in_one_row = BooleanProperty(False)

    def on_kv_post(self, base_widget: object) -> None:
        """Build the buttons, and build them anew at each change."""
        for name in ("actions", "in_one_row"):
            self.fbind(name, self._build)
        self._build()

    def _build(self, *_: object) -> None:
        self.clear_widgets()
        if self.in_one_row:
            if self.actions:
                row = self._add_row([action_button(action) for action in reversed(self.actions)])
                row.children[0].size_hint_x = 1.4
            return
        rest: list[PressButton] = []
        for action in self.actions:
            button = action_button(action)
            if action.filled:
                self._add_row([button])
            else:
                rest.append(button)
        for start in range(0, len(rest), 2):
            self._add_row(rest[start : start + 2])

    def _add_row(self, buttons: list[PressButton]) -> "ActionRow":
        row = ActionRow()
        for button in buttons:
            row.add_widget(button)
            button.fbind("natural_height", row.even_out)
        row.even_out()
        self.add_widget(row)
        return row


class ActionRow(BoxLayout):
    """Buttons side by side, equally high."""

    def even_out(self, *_: object) -> None:
        """Give all the height of the highest."""
        self.height = max(button.natural_height for button in self.children)


def action_button(action: Action) -> PressButton:
    """The button of an action."""
    button = PressButton(
        tid=action.tid,
        icon=action.icon,
        words=action.reason if action.disabled and action.reason else action.words,
        filled=action.filled,
        disabled=action.disabled,
        modest=action.modest,
        least_height=look.space.main_button if action.filled else look.space.button,
    )
    button.bind(on_release=lambda _: action.do())
    return button


load_kv(__file__)
