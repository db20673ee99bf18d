"""The name of a company that is in no code and not registered, typed in pinyin."""

from kivy.properties import StringProperty

from einvoice.title_names import typed_name
from kiosk.applying_messages import EnterName, SubmitName
from kiosk.pinyin.composing import COMMON, Composing
from kiosk.pinyin.engine import pinyin
from kiosk.screens.situation import Means, Situation
from kiosk.text.typed import tax_id_grouped
from kiosk.widgets.buttons import Action, Actions
from kiosk.widgets.candidates import Candidates
from kiosk.widgets.keypad import ValueBox
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.name_pad import NamePad

_SHORT = 10
"""Names of more characters are shown smaller, so that they leave the keys their place."""


class EnterNameScreen(Situation):
    """Says why a name is asked for, and that nobody checks it."""

    tag = "enter_name"
    view: EnterName
    hint = StringProperty("")

    def __init__(self, view: EnterName, means: Means) -> None:
        self._pinyin = pinyin()
        super().__init__(view, means)

    def compose(self) -> None:
        """Fill the parts."""
        ids = self.ids
        # Lying and large, the place is for what is typed: why it is asked is said before.
        why = "of" if look.large and not look.portrait else self.view.why
        self.hint = self.say(f"enter_name.{why}", tax_id=tax_id_grouped(self.view.tax_id))
        self._box = ValueBox(tid="enter_name.value", empty=self.say("enter.empty"))
        ids.value.add_widget(self._box)
        self._candidates = Candidates(take=self.choose)
        ids.candidates.add_widget(self._candidates)
        self._pad = NamePad(take_key=self.press)
        ids.pad.add_widget(self._pad)
        actions = Actions()
        (ids.below if look.portrait else ids.beside).add_widget(actions)
        words = self.say("enter_name.give")
        actions.actions = (Action("enter_name.give", None, words, self.on_give, filled=True),)
        self._show()

    def press(self, key: str) -> None:
        """A key of the pad."""
        self.means.kept.name = self._now.press(key)
        self._show()

    def choose(self, index: int) -> None:
        """A candidate, or one of the common words."""
        now = self._now
        if now.letters:
            taken = self._pinyin.take(now.letters, index)
            self.means.kept.name = now.add(taken.text, taken.rest)
        else:
            self.means.kept.name = now.add(COMMON[index])
        self._show()

    def on_give(self) -> None:
        """用这个名称."""
        now = self._now
        name = typed_name(now.name)
        if name is None or now.letters:
            self.ids.letters.words = self.say("enter_name.not_whole")
            return
        self.intend(lambda turn: SubmitName(turn=turn, name=name))

    @property
    def _now(self) -> Composing:
        return self.means.kept.name

    def _show(self) -> None:
        now = self._now
        self._box.modest = len(now.name) > _SHORT
        self._box.value = now.name
        self.ids.letters.words = now.letters or self.say("enter_name.unchecked")
        if now.letters:
            self._candidates.offer(self._pinyin.candidates(now.letters))
        else:
            self._candidates.offer(() if now.plain else COMMON)
        self._pad.plain = now.plain


load_kv(__file__)
