"""Nobody has been here for long: the home page for eyes that are far away."""

from typing import Literal

from kivy.input import MotionEvent

from kiosk.messages import Attract, GoHome, Home
from kiosk.screens.situation import FooterPlaces, Situation
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look


class AttractScreen(Situation):
    """Hall, time, and what to do, large. Nothing moves. A touch anywhere leads on.

    What was scanned needs no touch. The footer's tools are there, so that whoever needs
    another language or large text is not led past them.
    """

    tag = "attract"
    any_touch_leads_on = True
    footer = FooterPlaces(back=False, end=False, help=True, contrast=True)
    view: Home

    def compose(self) -> None:
        """Fill the parts."""
        self.ids.hall.words = self.means.hall
        self.ids.staff.words = self._for_staff(self.view.attract or Attract())

    def tick(self, clock: str) -> None:
        """The time, large. The label draws nothing anew while the words stay the same."""
        self.ids.clock.words = clock

    def _for_staff(self, attract: Attract) -> str:
        paper = look.words.say_first(f"attract.paper.{attract.paper}", "attract.paper.other")
        link = self.say("attract.link_down" if attract.link_down else "attract.link_up")
        return self.say("attract.staff", paper=paper, link=link)

    def on_touch_down(self, touch: MotionEvent) -> Literal[True] | None:
        """Remember a finger that came down here."""
        if self.collide_point(*touch.pos):
            touch.grab(self)
            return True
        return super().on_touch_down(touch)

    def on_touch_up(self, touch: MotionEvent) -> Literal[True] | None:
        """To the page itself."""
        if touch.grab_current is self:
            touch.ungrab(self)
            self.intend(lambda turn: GoHome(turn=turn))
            return True
        return super().on_touch_up(touch)


load_kv(__file__)
