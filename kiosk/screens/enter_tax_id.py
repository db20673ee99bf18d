"""The person types a tax id, or holds up a code that has one."""

from kiosk.applying_messages import EnterTaxId, SubmitTaxId
from kiosk.screens.typing_screen import TypingScreen
from kiosk.text.typed import tax_id_grouped, tax_id_pressed, tax_id_remark
from kiosk.widgets.buttons import Action
from kiosk.widgets.tax_id_pad import TaxIdPad


class EnterTaxIdScreen(TypingScreen):
    """Compares the check character before anything is asked."""

    tag = "enter_tax_id"
    view: EnterTaxId

    def compose(self) -> None:
        """Fill the parts."""
        whose = self.view.whose
        self._doubted = ""
        self.ask(
            title=self.say(f"enter_tax_id.{whose}_title"),
            hint=self.say(f"enter_tax_id.{whose}_hint"),
            pad=TaxIdPad(take_key=self.press),
        )
        self.take(self.typed, tax_id_grouped(self.typed))
        if self.view.said:
            self.remark(self.say(f"enter_tax_id.{self.view.said}"))
        next_step = self.say("enter.next")
        self.offer(Action("enter_tax_id.give", None, next_step, self.on_give, filled=True))

    def press(self, key: str) -> None:
        """A key of the pad."""
        typed = tax_id_pressed(self.typed, key)
        self.take(typed, tax_id_grouped(typed))

    def on_give(self) -> None:
        """下一项; an odd one is asked about once."""
        typed = self.typed
        odd = tax_id_remark(typed)
        if odd == "length" or (odd and self._doubted != typed):
            self._doubted = typed
            self.remark(self.say(f"enter_tax_id.odd_{odd}", count=len(typed)))
            return
        self.intend(lambda turn: SubmitTaxId(turn=turn, tax_id=typed))
