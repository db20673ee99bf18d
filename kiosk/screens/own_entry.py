"""One number to type on the way to an invoice: an order number, or the 税额 as the proof."""

from decimal import Decimal, InvalidOperation

from einvoice.entry import Key
from kiosk.own_messages import (
    ORDER_DIGITS,
    TAX_CHARS,
    AskTax,
    EnterOrder,
    SubmitOrder,
    SubmitTax,
)
from kiosk.screens.situation import Situation
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.keypad import AMOUNT_KEYS, NUMBER_KEYS, Keypad, ValueBox
from kiosk.widgets.kv import load_kv

_LEAST_ORDER_DIGITS = 6


class OwnEntryScreen(Situation):
    """Shows what is typed, large, beside what it is for."""

    keys = NUMBER_KEYS
    most_chars = ORDER_DIGITS

    def compose(self) -> None:
        """Fill the parts."""
        self.ids.title.words = self.say(f"{self.tag}.title")
        self.ids.hint.words = self.hint
        self._box = ValueBox(tid=f"{self.tag}.value", empty=self.say("enter.empty"))
        self.ids.value.add_widget(self._box)
        self.ids.pad.add_widget(Keypad(take_key=self.press, keys=self.keys))
        give = self.say(f"{self.tag}.give")
        self.ids.actions.actions = (
            Action(f"{self.tag}.give", Icon.SEARCH, give, self.on_give, filled=True),
        )
        self._show(self.first_remark)

    @property
    def hint(self) -> str:
        """Where what is asked for stands."""
        return self.say(f"{self.tag}.hint")

    @property
    def first_remark(self) -> str:
        """Said before anything is typed."""
        return ""

    @property
    def typed(self) -> str:
        """What is typed so far."""
        return self.means.kept.plain

    def press(self, key: Key) -> None:
        """A key of the pad."""
        typed = self.typed
        match key:
            case "back":
                typed = typed[:-1]
            case "clear":
                typed = ""
            case _ if self.may_follow(typed, key):
                typed += key
            case _:
                pass
        self.means.kept.plain = typed
        self._show("")

    def may_follow(self, typed: str, key: str) -> bool:
        """Whether this can be typed next."""
        return len(typed) < self.most_chars

    def displayed(self, typed: str) -> str:
        """For reading and comparing."""
        return formats.grouped(typed)

    def on_give(self) -> None:
        """The main action."""
        raise NotImplementedError

    def _show(self, remark: str) -> None:
        self._box.value = self.displayed(self.typed)
        self.ids.remark.words = remark


class EnterOrderScreen(OwnEntryScreen):
    """京东订单号."""

    tag = "own_order"
    view: EnterOrder

    def on_give(self) -> None:
        """查找发票."""
        number = self.typed
        if len(number) < _LEAST_ORDER_DIGITS:
            self._show(self.say("own_order.too_short"))
            return
        self.intend(lambda turn: SubmitOrder(turn=turn, number=number))


class AskTaxScreen(OwnEntryScreen):
    """税额, which stands on the invoice and in no code."""

    tag = "own_tax"
    keys = AMOUNT_KEYS
    most_chars = TAX_CHARS
    view: AskTax

    @property
    def hint(self) -> str:
        """Of which invoice, and where it stands there."""
        return self.say("own_tax.hint", number=formats.grouped(self.view.number))

    @property
    def first_remark(self) -> str:
        """That what was typed before did not show it."""
        return self.say("own_tax.wrong") if self.view.is_wrong else ""

    def may_follow(self, typed: str, key: str) -> bool:
        """One sign at the beginning, one point, two places after it."""
        if key == "-":
            return not typed
        if key == ".":
            return "." not in typed and typed.strip("-") != ""
        return super().may_follow(typed, key) and len(typed.partition(".")[2]) < 2

    def displayed(self, typed: str) -> str:
        """As an amount."""
        return f"¥{typed}" if typed else ""

    def on_give(self) -> None:
        """确认."""
        try:
            tax = Decimal(self.typed)
        except InvalidOperation:
            self._show(self.say("own_tax.empty"))
            return
        self.intend(lambda turn: SubmitTax(turn=turn, tax=tax))


load_kv(__file__)
