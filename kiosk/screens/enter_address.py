"""The person types an e-mail address for the answer, and may leave it away after all."""

from kiosk.messages import EnterAddress, SubmitAddress
from kiosk.screens.situation import Means, Situation
from kiosk.text import formats
from kiosk.text.address import is_whole, pressed
from kiosk.widgets.address_pad import AddressPad
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.keypad import ValueBox
from kiosk.widgets.kv import load_kv


class EnterAddressScreen(Situation):
    """Shows what is typed, large, for a last look before it is given."""

    tag = "enter_address"
    view: EnterAddress

    def __init__(self, view: EnterAddress, means: Means) -> None:
        means.kept.begin_address(view)
        super().__init__(view, means)

    def compose(self) -> None:
        """Fill the parts."""
        self._box = ValueBox(tid="enter_address.value", empty=self.say("enter.empty"))
        self.ids.value.add_widget(self._box)
        self.ids.pad.add_widget(AddressPad(take_key=self.press))
        self._show()

    @property
    def typed(self) -> str:
        """What is typed so far."""
        return self.means.kept.address

    def press(self, key: str) -> None:
        """A key of the pad."""
        self.means.kept.address = pressed(self.typed, key)
        self._show()

    def on_give(self) -> None:
        """用这个邮箱, or 不留邮箱 when nothing is typed."""
        typed = self.typed
        if typed and not is_whole(typed):
            self.ids.remark.words = self.say("enter_address.not_whole")
            return
        self.intend(lambda turn: SubmitAddress(turn=turn, address=typed))

    def _show(self) -> None:
        typed = self.typed
        self._box.value = formats.breakable_address(typed)
        self.ids.remark.words = ""
        none = "none_file" if self.view.for_file else "none"
        words = self.say(f"enter_address.{'give' if typed else none}")
        icon = Icon.MAIL if typed else None
        self.ids.actions.actions = (
            Action("enter_address.give", icon, words, self.on_give, filled=True),
        )


load_kv(__file__)
