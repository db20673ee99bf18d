"""Why an invoice may not be found, in answers; and how things are done, in pictures."""

from kiosk.guide_messages import OpenGuide
from kiosk.guides import Guide
from kiosk.messages import Help, StartEntry
from kiosk.screens.answers_screen import AnswersScreen
from kiosk.screens.situation import Situation
from kiosk.widgets.buttons import Action, action_button
from kiosk.widgets.icons import Icon
from kiosk.widgets.intent_card import IntentCard
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look

_ANSWERS = 9
"""How many answers the catalogue has."""
_ICONS = {
    Guide.SCAN: Icon.SCAN,
    Guide.NUMBER: Icon.KEYPAD,
    Guide.SLIP: Icon.RECEIPT,
    Guide.PHONE: Icon.PHONE,
    Guide.TICKET: Icon.CLOCK,
}


def _enter(screen: Situation) -> Action:
    """输入号码查验."""
    words = screen.say("help.enter")
    return Action(
        "help.enter",
        Icon.KEYPAD,
        words,
        lambda: screen.intend(lambda turn: StartEntry(turn=turn)),
        filled=True,
    )


class AnswersOfHelp(AnswersScreen):
    """Why an invoice may not be found."""

    tag = "help"
    view: Help

    def compose(self) -> None:
        """Fill the parts."""
        say = self.say
        self.fill(
            title=say("help_not_found.title"),
            rows=[
                self.answer(
                    f"not_found.{n}", n, say(f"help_not_found.q{n}"), say(f"help_not_found.a{n}")
                )
                for n in range(1, _ANSWERS + 1)
            ],
        )
        self.offer(_enter(self))


class TasksOfHelp(Situation):
    """What can be done here: each task is shown in pictures."""

    tag = "help"
    view: Help

    def compose(self) -> None:
        """A card for each task."""
        for guide, icon in _ICONS.items():
            card = IntentCard(
                tid=f"help.{guide.value}",
                icon=icon,
                words=self.say(f"guide.{guide.value}.card"),
                brief=True,
                modest=look.large or not look.portrait,
            )
            card.bind(on_release=lambda _, guide=guide: self.on_guide(guide))
            self.ids.cards.add_widget(card)
        if self.view.takes_sticks:
            self.ids.stick.words = self.say("help_use.stick")
        button = action_button(_enter(self))
        # It stands among the cards, as high as they are.
        button.size_hint_y = 1
        self.ids.cards.add_widget(button)

    def on_guide(self, guide: Guide) -> None:
        """看图."""
        self.intend(lambda turn: OpenGuide(turn=turn, guide=guide))


load_kv(__file__)
