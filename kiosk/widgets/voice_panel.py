"""How loud the screen is read, and whether it is."""

from typing import Literal

from kivy.input import MotionEvent
from kivy.properties import NumericProperty, ObjectProperty
from kivy.uix.anchorlayout import AnchorLayout

from kiosk.messages import LOUDEST
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look


class VoicePanel(AnchorLayout):
    """Louder, quieter, off. A touch beside it closes it and reaches nothing below.

    Attributes:
        volume: 1 to `LOUDEST`.
        choose: called with another volume.
        leave: called when it is to be closed.
        stop: called when nothing is to be read any more.
    """

    volume = NumericProperty(2)
    choose = ObjectProperty(None)
    leave = ObjectProperty(None)
    stop = ObjectProperty(None)

    @property
    def title(self) -> str:
        """What is set, in words."""
        return look.say(f"voice.volume_{self.volume}")

    def by(self, step: int) -> None:
        """One step louder or quieter."""
        wanted = min(max(self.volume + step, 1), LOUDEST)
        if wanted != self.volume:
            self.volume = wanted
            self.choose(wanted)

    def on_touch_down(self, touch: MotionEvent) -> Literal[True]:
        """Take every touch."""
        super().on_touch_down(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> Literal[True]:
        """Nothing below may move."""
        super().on_touch_move(touch)
        return True

    def on_touch_up(self, touch: MotionEvent) -> Literal[True]:
        """Let go of a button, or close."""
        super().on_touch_up(touch)
        if not self.ids.panel.collide_point(*touch.pos):
            self.leave()
        return True


load_kv(__file__)
