"""How a person shows which invoice is theirs: a code to the scan window, or a typed number."""

from kiosk.messages import StartEntry
from kiosk.own_messages import StartOrder, WaysShown
from kiosk.screens.message_screen import MessageScreen
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.theme import Meaning

_CODES = (("invoice", Icon.SCAN), ("alipay", Icon.PHONE))


class WaysScreen(MessageScreen):
    """Ready for any of the codes."""

    tag = "own_ways"
    view: WaysShown

    def compose(self) -> None:
        """Fill the parts."""
        self.head(
            tone=Meaning.CALM,
            icon=Icon.SCAN,
            title=self.say("own_ways.title"),
            sentence=self.say("own_ways.sentence"),
        )
        self.body(
            [
                self.mark(name, icon, self.say(f"own_ways.{name}"), tone=Meaning.UNSAID)
                for name, icon in _CODES
            ]
        )
        number, order = self.say("own_ways.number"), self.say("own_ways.order")
        self.offer(
            Action("own_ways.number", Icon.KEYPAD, number, self.on_number),
            Action("own_ways.order", Icon.KEYPAD, order, self.on_order),
        )

    def on_number(self) -> None:
        """输入发票号码."""
        self.intend(lambda turn: StartEntry(turn=turn))

    def on_order(self) -> None:
        """输入订单号."""
        self.intend(lambda turn: StartOrder(turn=turn))
