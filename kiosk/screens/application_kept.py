"""The application is accepted; the ticket tells the number later."""

from kiosk.applying_messages import ApplicationKept
from kiosk.messages import PrintSlip
from kiosk.screens.application_rows import application_rows
from kiosk.screens.message_screen import MessageScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class ApplicationKeptScreen(MessageScreen):
    """Says that it is accepted and not yet an invoice."""

    tag = "application_kept"
    view: ApplicationKept

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        later = view.application.without_service
        self.head(
            tone=Meaning.GOOD,
            icon=Icon.TICK_ROUND,
            title=self.say("application_kept.title"),
            sentence=self.say("application_kept.later" if later else "application_kept.soon"),
            advice=self.say("application_kept.next"),
        )
        registered = formats.moment(look.words, view.ticket.registered_at)
        rows: list[Row] = [
            self.field("ticket_number", view.ticket.number),
            self.field("registered_at", registered),
            *application_rows(self, view.application),
        ]
        self.body(rows)
        cannot = view.cannot_print
        reason = ""
        if cannot is not None:
            reason = look.words.say_first(f"cannot_print.{cannot.cause}", "cannot_print.other")
        self.offer(
            Action(
                "application_kept.print",
                Icon.RECEIPT,
                self.say("application_kept.print"),
                self.on_print,
                filled=True,
                disabled=cannot is not None,
                reason=reason,
            )
        )

    def on_print(self) -> None:
        """打印回执."""
        self.intend(lambda turn: PrintSlip(turn=turn))
