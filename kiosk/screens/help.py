"""Answers to what people ask."""

from kiosk.messages import Help, StartEntry
from kiosk.screens.situation import Situation
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.pages import Pages
from kiosk.widgets.rows import AnswerRow

_ANSWERS = {"use": 5, "not_found": 7}
"""How many questions a topic has in the catalogue."""


class HelpScreen(Situation):
    """How to use the terminal, or why an invoice may not be found."""

    tag = "help"
    view: Help

    def compose(self) -> None:
        """Fill the parts."""
        topic = self.view.topic if self.view.topic in _ANSWERS else "use"
        self.ids.title.words = self.say(f"help_{topic}.title")
        rows = [
            AnswerRow(
                tid=f"help.{topic}.{index}",
                mark=str(index),
                question=self.say(f"help_{topic}.q{index}"),
                answer=self.say(f"help_{topic}.a{index}"),
                group=topic,
            )
            for index in range(1, _ANSWERS[topic] + 1)
        ]
        self.ids.place.add_widget(
            Pages(tid="help.pages", rows=rows, columns=1 if look.portrait else 2)
        )
        enter = self.say("help.enter")
        self.ids.actions.actions = (
            Action("help.enter", Icon.KEYPAD, enter, self.on_enter_number, filled=True),
        )

    def on_enter_number(self) -> None:
        """输入号码查验."""
        self.intend(lambda turn: StartEntry(turn=turn))


load_kv(__file__)
