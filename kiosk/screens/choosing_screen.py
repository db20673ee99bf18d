"""The common shape of screens on which one of several things is chosen."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kiosk.screens.situation import Situation
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.intent_card import IntentCard
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look


class Choice(NamedTuple):
    """Something that can be chosen: its name for tests, its words, and what follows."""

    tid: str
    words: str
    hint: str
    choose: Callable[[], None]


class ChoosingScreen(Situation):
    """Cards to press; more of them than a screen holds come one screen after the other."""

    def ask(self, *, title: str, hint: str, choices: Sequence[Choice]) -> None:
        """Fill the parts."""
        for name, words in (("title", title), ("hint", hint)):
            self.ids[name].tid = f"{self.tag}.{name}"
            self.ids[name].words = words
        self._choices, self._first = choices, 0
        self._show()

    @property
    def _at_once(self) -> int:
        return 3 if look.large or not look.portrait else 6

    def _show(self) -> None:
        ids = self.ids
        ids.cards.clear_widgets()
        for choice in self._choices[self._first : self._first + self._at_once]:
            card = IntentCard(
                tid=f"{self.tag}.{choice.tid}",
                icon=Icon.ONWARD,
                words=choice.words,
                hint=choice.hint,
                size_hint_y=None,
            )
            card.fbind("natural_height", card.setter("height"))
            card.height = card.natural_height
            card.bind(on_release=lambda _, choose=choice.choose: choose())
            ids.cards.add_widget(card)
        ids.actions.actions = ()
        if len(self._choices) > self._at_once:
            words = self.say("choosing.more", at=self._first + 1, count=len(self._choices))
            ids.actions.actions = (Action(f"{self.tag}.more", Icon.DOWN, words, self.on_more),)

    def on_more(self) -> None:
        """更多: the next ones, and from the last ones to the first."""
        following = self._first + self._at_once
        self._first = following if following < len(self._choices) else 0
        self._show()


load_kv(__file__)
