"""The common shape of most screens: a banner, rows in cards, buttons."""

from kivy.properties import StringProperty

from kiosk.screens.situation import Situation
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.pages import Pages, cards
from kiosk.widgets.rows import FieldRow, MarkRow, Row
from kiosk.widgets.theme import Meaning


class MessageScreen(Situation):
    """Says one thing, shows what belongs to it, and offers what can be done.

    Attributes:
        shape: "strip": banner above many rows (portrait); "beside": banner at their left
            (landscape); "stack" and "line": a banner that takes the place that few rows
            leave, with the shape above (portrait) or beside (landscape) the words.
    """

    shape = StringProperty("stack")

    def head(
        self, *, tone: Meaning, icon: Icon, title: str, sentence: str = "", advice: str = ""
    ) -> None:
        """Fill the banner."""
        banner = self.ids.banner
        banner.tid = self.tag
        self._meaning = tone
        banner.tone, banner.icon = look.colours.tone(tone), icon
        banner.title, banner.sentence, banner.advice = title, sentence, advice

    def body(self, rows: list[Row], *, few: bool = False) -> None:
        """Put rows into cards; `few` when they certainly fit beside a tall banner."""
        place = self.ids.place
        if few or not rows:
            self.shape = "stack" if look.portrait else "line"
            for card in cards(rows):
                place.add_widget(card)
        else:
            self.shape = "strip" if look.portrait else "beside"
            banner = self.ids.banner
            if look.large and not look.portrait and banner.advice:
                # A narrow banner with large words has no place for a third text.
                advice = self.mark(
                    "next", Icon.ONWARD, banner.advice, tone=self._meaning, group="advice"
                )
                rows = [advice, *rows]
                banner.advice = ""
            place.add_widget(Pages(tid=f"{self.tag}.pages", rows=rows))

    def offer(self, *actions: Action) -> None:
        """Put the buttons in their place."""
        self.ids.actions.actions = actions

    def field(self, name: str, value: str, group: str = "fields") -> FieldRow:
        """A label and its value; `name` is the label's key in [field]."""
        return FieldRow(
            tid=f"{self.tag}.{name}", label=self.say(f"field.{name}"), value=value, group=group
        )

    def mark(
        self, tid: str, icon: Icon, words: str, *, tone: Meaning, group: str = "marks"
    ) -> MarkRow:
        """A mark and its sentence."""
        colours = look.colours.tone(tone)
        return MarkRow(tid=f"{self.tag}.{tid}", icon=icon, words=words, tone=colours, group=group)


load_kv(__file__)
