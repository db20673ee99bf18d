"""The common shape of most screens: a banner, rows in cards, buttons."""

from datetime import datetime

from kivy.properties import BooleanProperty

from kiosk.screens.situation import Situation
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.pages import Pages, cards
from kiosk.widgets.rows import FieldRow, MarkRow, Row
from kiosk.widgets.theme import Tone


class MessageScreen(Situation):
    """Says one thing, shows what belongs to it, and offers what can be done.

    Attributes:
        bare: there are no rows, so the banner has the place to itself.
        few: the rows are so few that the banner takes what they leave.
    """

    bare = BooleanProperty(True)
    few = BooleanProperty(False)

    def head(
        self, *, tone: Tone, icon: Icon, title: str, sentence: str = "", advice: str = ""
    ) -> None:
        """Fill the banner."""
        banner = self.ids.banner
        banner.tid = self.tag
        banner.tone, banner.icon = tone, icon
        banner.title, banner.sentence, banner.advice = title, sentence, advice

    def body(self, rows: list[Row], *, few: bool = False) -> None:
        """Put rows into cards; `few` when they certainly fit beside a tall banner."""
        self.bare = not rows
        self.few = few and look.portrait
        place = self.ids.place
        if self.few:
            for card in cards(rows):
                place.add_widget(card)
        elif rows:
            place.add_widget(Pages(tid=f"{self.tag}.pages", rows=rows))

    def offer(self, *actions: Action) -> None:
        """Put the buttons in their place."""
        self.ids.actions.in_one_row = self.bare and not look.portrait
        self.ids.actions.actions = actions

    def field(self, name: str, value: str, group: str = "fields") -> FieldRow:
        """A label and its value; `name` is the label's key in [field]."""
        return FieldRow(
            tid=f"{self.tag}.{name}", label=self.say(f"field.{name}"), value=value, group=group
        )

    def mark(
        self, tid: str, icon: Icon, words: str, *, tone: Tone, group: str = "marks"
    ) -> MarkRow:
        """A mark and its sentence."""
        return MarkRow(tid=f"{self.tag}.{tid}", icon=icon, words=words, tone=tone, group=group)

    def time(self, moment: datetime) -> str:
        """Hours and minutes, as people read them."""
        return formats.time_of_day(look.words, moment)


load_kv(__file__)
