"""The invoice is looked for from now on; the ticket tells the answer."""

from kiosk.messages import CaseKept, PrintSlip, VerifyAnother
from kiosk.screens.message_screen import MessageScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class CaseKeptScreen(MessageScreen):
    """Says that the order is kept, and how the answer is had."""

    tag = "case_kept"
    view: CaseKept

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        self.head(
            tone=Meaning.GOOD,
            icon=Icon.TICK_ROUND,
            title=self.say("case_kept.title"),
            sentence=self.say("case_kept.sentence", days=view.days),
            advice=self.say("case_kept.next_letter" if view.by_letter else "case_kept.next"),
        )
        rows: list[Row] = [
            self.field("ticket_number", view.ticket.number),
            self.field("number", formats.grouped(view.reference.number)),
            self.field("registered_at", formats.moment(look.words, view.ticket.registered_at)),
        ]
        self.body(rows)
        cannot = view.cannot_print
        words = self.say("verdict_screen.print_ticket")
        reason = ""
        if cannot is not None:
            reason = look.words.say_first(f"cannot_print.{cannot.cause}", "cannot_print.other")
        self.offer(
            Action(
                "case_kept.print",
                Icon.RECEIPT,
                words,
                self.on_print,
                filled=True,
                disabled=cannot is not None,
                reason=reason,
            ),
            Action("case_kept.another", None, self.say("verdict_screen.another"), self.on_another),
        )

    def on_print(self) -> None:
        """打印小票."""
        self.intend(lambda turn: PrintSlip(turn=turn))

    def on_another(self) -> None:
        """再查一张."""
        self.intend(lambda turn: VerifyAnother(turn=turn))
