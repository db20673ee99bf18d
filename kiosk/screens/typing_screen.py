"""The common shape of screens on which one thing is typed: a question, what is typed, keys."""

from kivy.uix.widget import Widget

from kiosk.screens.situation import Situation
from kiosk.widgets.buttons import Action
from kiosk.widgets.keypad import ValueBox
from kiosk.widgets.kv import load_kv


class TypingScreen(Situation):
    """Shows what is typed, large. What is typed stays while the screen is built anew."""

    def ask(self, *, title: str, hint: str, pad: Widget) -> None:
        """Fill the parts."""
        for name, words in (("title", title), ("hint", hint), ("remark", "")):
            self.ids[name].tid = f"{self.tag}.{name}"
            self.ids[name].words = words
        self._box = ValueBox(tid=f"{self.tag}.value", empty=self.say("enter.empty"))
        self.ids.value.add_widget(self._box)
        self.ids.pad.add_widget(pad)

    @property
    def typed(self) -> str:
        """What is typed so far."""
        return self.means.kept.typed(self.view)

    def take(self, typed: str, displayed: str) -> None:
        """This is typed now, and is shown so."""
        self.means.kept.type(self.view, typed)
        self._box.value = displayed
        self.remark("")

    def remark(self, words: str) -> None:
        """Say what is odd about it."""
        self.ids.remark.words = words

    def offer(self, *actions: Action) -> None:
        """Put the buttons in their place."""
        self.ids.actions.actions = actions


load_kv(__file__)
