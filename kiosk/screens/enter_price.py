"""The person types how much was paid."""

from kiosk.applying_messages import EnterPrice, SubmitPrice
from kiosk.screens.typing_screen import TypingScreen
from kiosk.text import formats
from kiosk.text.typed import price_of, price_pressed
from kiosk.widgets.buttons import Action
from kiosk.widgets.keypad import PRICE_KEYS, Keypad
from kiosk.widgets.look import look


class EnterPriceScreen(TypingScreen):
    """Says beforehand how much can be accepted, and why not more."""

    tag = "enter_price"
    view: EnterPrice

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        most = formats.money(look.words, view.at_most)
        key = "hint_without_service" if view.without_service else "hint"
        self.ask(
            title=self.say("enter_price.title"),
            hint=self.say(f"enter_price.{key}", item=view.item, at_most=most),
            pad=Keypad(take_key=self.press, keys=PRICE_KEYS),
        )
        self._show(self.typed)
        if view.too_much:
            self.remark(self.say("enter_price.too_much", at_most=most))
        next_step = self.say("enter.next")
        self.offer(Action("enter_price.give", None, next_step, self.on_give, filled=True))

    def press(self, key: str) -> None:
        """A key of the pad."""
        self._show(price_pressed(self.typed, key))

    def on_give(self) -> None:
        """下一项."""
        yuan = price_of(self.typed)
        if yuan is None:
            self.remark(self.say("enter_price.nothing"))
            return
        self.intend(lambda turn: SubmitPrice(turn=turn, yuan=yuan))

    def _show(self, typed: str) -> None:
        self.take(typed, f"¥{typed}" if typed else "")
