"""The person asked for help: said large, so that staff see it across the hall."""

from kiosk.messages import StaffComing
from kiosk.screens.situation import FooterPlaces, Situation
from kiosk.text import formats
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look


class StaffComingScreen(Situation):
    """Says that somebody is coming, and which machine it is."""

    tag = "staff_coming"
    footer = FooterPlaces(call=False)
    view: StaffComing

    def compose(self) -> None:
        """Fill the parts."""
        self.ids.terminal.words = self.say("common.terminal", number=self.means.terminal)
        time = formats.time_of_day(look.words, self.view.called_at)
        key = {None: "", True: "told_", False: "not_told_"}[self.view.told]
        self.ids.title.words = self.say(f"staff.{key}title")
        self.ids.sentence.words = self.say(f"staff.{key}sentence")
        self.ids.called_at.words = self.say("staff.called_at", time=time)


load_kv(__file__)
