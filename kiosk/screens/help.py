"""Answers to what people ask."""

from kiosk.messages import Help, StartEntry
from kiosk.screens.answers_screen import AnswersScreen
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon

_ANSWERS = {"use": 5, "not_found": 9}
"""How many questions a topic has in the catalogue."""


class HelpScreen(AnswersScreen):
    """How to use the terminal, or why an invoice may not be found."""

    tag = "help"
    view: Help

    def compose(self) -> None:
        """Fill the parts."""
        topic = self.view.topic if self.view.topic in _ANSWERS else "use"
        key = f"help_{topic}"
        self.fill(
            title=self.say(f"{key}.title"),
            rows=[
                self.answer(f"{topic}.{n}", n, self.say(f"{key}.q{n}"), self.say(f"{key}.a{n}"))
                for n in range(1, _ANSWERS[topic] + 1)
            ],
        )
        enter = self.say("help.enter")
        self.offer(Action("help.enter", Icon.KEYPAD, enter, self.on_enter_number, filled=True))

    def on_enter_number(self) -> None:
        """输入号码查验."""
        self.intend(lambda turn: StartEntry(turn=turn))
