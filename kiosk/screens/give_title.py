"""Whom the invoice is made out to."""

from kiosk.applying_messages import GiveTitle, MakeOutToPerson, TypeBuyer
from kiosk.screens.message_screen import MessageScreen
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class GiveTitleScreen(MessageScreen):
    """Ready to scan at once; typing is the second way."""

    tag = "give_title"
    view: GiveTitle

    def compose(self) -> None:
        """Fill the parts."""
        said = self.view.said
        self.head(
            tone=Meaning.CALM,
            icon=Icon.SCAN,
            title=self.say("give_title.title"),
            sentence=self.say("give_title.sentence"),
            advice=self.say("give_title.advice"),
        )
        rows: list[Row] = []
        if said:
            words = self.say(f"give_title.{said}")
            rows.append(self.mark("said", Icon.ATTENTION, words, tone=Meaning.CAUTION))
        self.body(rows, few=True)
        actions = [
            Action("give_title.type", Icon.KEYPAD, self.say("give_title.type"), self.on_type)
        ]
        if self.view.may_be_person:
            words = self.say("give_title.person")
            actions.append(Action("give_title.person", Icon.PERSON, words, self.on_person))
        self.offer(*actions)

    def on_type(self) -> None:
        """输入购买方税号."""
        self.intend(lambda turn: TypeBuyer(turn=turn))

    def on_person(self) -> None:
        """开给个人."""
        self.intend(lambda turn: MakeOutToPerson(turn=turn))
