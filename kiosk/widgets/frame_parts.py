"""Header, footer and ribbon: what stays in its place on every screen."""

from collections.abc import Callable

from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.widgets.buttons import PressButton, ToolButton
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look


class Header(BoxLayout):
    """Hall, clock and terminal. Nothing to touch."""

    hall = StringProperty("")
    clock = StringProperty("")
    terminal = StringProperty("")


class Ribbon(BoxLayout):
    """One sentence about a trouble that concerns the person, under the header."""

    words = StringProperty("")
    icon = ObjectProperty(Icon.ATTENTION)
    tid = StringProperty("ribbon")


class Footer(BoxLayout):
    """Back at the left, language, text size and staff in the middle, end at the right.

    Attributes:
        left_share: width of the left place against what it usually is.
        right_share: 0 when the right place is empty: the tools take its width.
    """

    left_share = NumericProperty(1)
    right_share = NumericProperty(1)

    def offer(
        self,
        *,
        left: PressButton | None,
        tools: list[ToolButton],
        right: PressButton | None,
    ) -> None:
        """Put the buttons in their places; a place without a button stays empty."""
        self.right_share = min(self.left_share, 1) if right is not None else 0
        for place, button in ((self.ids.left, left), (self.ids.right, right)):
            place.clear_widgets()
            if button is not None:
                place.add_widget(button)
        middle = self.ids.middle
        middle.clear_widgets()
        for tool in tools:
            middle.add_widget(tool)


def footer_button(tid: str, icon: Icon, words: str, do: Callable[[], None]) -> PressButton:
    """A button for the left or right place of the footer."""
    button = PressButton(tid=tid, icon=icon, words=words, least_height=look.space.target)
    button.bind(on_release=lambda _: do())
    return button


def footer_tool(tid: str, icon: Icon, words: str, do: Callable[[], None]) -> ToolButton:
    """A button for the middle of the footer."""
    button = ToolButton(tid=tid, icon=icon, words=words)
    button.bind(on_release=lambda _: do())
    return button


load_kv(__file__)
