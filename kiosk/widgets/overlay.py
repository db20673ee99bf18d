"""What lies over a screen: the idle warning, and a sheet that explains."""

from typing import Literal

from kivy.input import MotionEvent
from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv


class Overlay(AnchorLayout):
    """A panel over the dimmed screen. A touch anywhere answers it and reaches nothing below.

    Attributes:
        tid: the parts are `<tid>.title`, `<tid>.sentence` and `<tid>.answer`.
        button: its words; without them there is none, and a touch does nothing.
        answer: called once with each touch; None while nothing can be answered.
    """

    tid = StringProperty("")
    icon = ObjectProperty(Icon.CLOCK)
    title = StringProperty("")
    sentence = StringProperty("")
    button = StringProperty("")
    answer = ObjectProperty(None)

    def on_touch_down(self, touch: MotionEvent) -> Literal[True]:
        """Take every touch, and show the button as pressed."""
        self.ids.answer.state = "down"
        return True

    def on_touch_move(self, touch: MotionEvent) -> Literal[True]:
        """Nothing below may move."""
        return True

    def on_touch_up(self, touch: MotionEvent) -> Literal[True]:
        """Answer."""
        self.ids.answer.state = "normal"
        if self.answer is not None:
            self.answer()
        return True


load_kv(__file__)
