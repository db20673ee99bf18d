"""Something was scanned that cannot be verified: what it is, and what to scan instead."""

from kiosk.messages import NotAnInvoice, OpenHelp, StartEntry
from kiosk.screens.message_screen import MessageScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.theme import Meaning


class NotAnInvoiceScreen(MessageScreen):
    """Says what it was, without blame. Scanning again needs no touch."""

    tag = "not_an_invoice"
    view: NotAnInvoice

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        known = f"not_an_invoice.{view.what}_title" in look.words
        what = view.what if known else "other"
        advice = f"not_an_invoice.{what}_next"
        self.head(
            tone=Meaning.UNSAID,
            icon=Icon.SCAN,
            title=self.say(f"not_an_invoice.{what}_title"),
            sentence=self.say(
                "not_an_invoice.delivery_link_number_next" if view.number else advice
            ),
            advice=self.say("not_an_invoice.scan_again"),
        )
        self.body(
            [self.field("number", formats.grouped(view.number))] if view.number else [],
            few=bool(view.number),
        )
        self.offer(
            Action(
                "not_an_invoice.enter",
                Icon.KEYPAD,
                self.say("not_an_invoice.enter"),
                self.on_enter_number,
                filled=True,
            ),
            Action("not_an_invoice.help", Icon.HELP, self.say("common.help"), self.on_help),
        )

    def on_enter_number(self) -> None:
        """输入号码查验; a number that was in the link is typed already."""
        if self.view.number:
            self.means.kept.offer_number(self.view.number)
        self.intend(lambda turn: StartEntry(turn=turn))

    def on_help(self) -> None:
        """使用帮助."""
        self.intend(lambda turn: OpenHelp(turn=turn, topic="use"))
