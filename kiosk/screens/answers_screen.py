"""A title, numbered questions or causes with their answers, and what can be done."""

from collections.abc import Sequence

from kivy.properties import BooleanProperty

from kiosk.screens.situation import Situation
from kiosk.widgets.buttons import Action
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.pages import Pages
from kiosk.widgets.rows import AnswerRow, Row


class AnswersScreen(Situation):
    """Says several things, one under the other.

    Attributes:
        beside: title and sentence stand at the left of the answers (landscape).
    """

    beside = BooleanProperty(False)

    def fill(self, *, title: str, sentence: str = "", rows: Sequence[Row]) -> None:
        """Fill the parts."""
        self.ids.title.words = title
        self.ids.title.tid = f"{self.tag}.title"
        self.ids.sentence.words = sentence
        self.ids.sentence.tid = f"{self.tag}.sentence"
        self.beside = bool(sentence) and not look.portrait
        columns = 1 if look.portrait or self.beside else 2
        self.ids.place.add_widget(Pages(tid=f"{self.tag}.pages", rows=list(rows), columns=columns))

    def answer(self, tid: str, number: int, question: str, answer: str) -> AnswerRow:
        """One of them, with its number."""
        return AnswerRow(
            tid=f"{self.tag}.{tid}",
            mark=str(number),
            question=question,
            answer=answer,
            group=self.tag,
        )

    def offer(self, *actions: Action) -> None:
        """Put the buttons in their place."""
        self.ids.actions.actions = actions


load_kv(__file__)
