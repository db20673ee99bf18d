"""What became of an application for an invoice, told by its ticket."""

from kiosk.applying_messages import ApplicationTold
from kiosk.messages import PrintSlip, TryAgain
from kiosk.screens.message_screen import MessageScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning

_LOOKS = {
    "taken": (Meaning.UNSAID, Icon.WAITING),
    "issued": (Meaning.GOOD, Icon.TICK_ROUND),
    "refused": (Meaning.STOP, Icon.BARRED),
}


class ApplicationToldScreen(MessageScreen):
    """Says where the application stands, and what can be done."""

    tag = "application_told"
    view: ApplicationTold

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        tone, icon = _LOOKS[view.state]
        self.head(
            tone=tone,
            icon=icon,
            title=self.say(f"application.{view.state}_title"),
            sentence=self.say(f"application.{view.state}_sentence"),
            advice=self.say(f"application.{view.state}_next"),
        )
        rows: list[Row] = []
        if view.words:
            rows.append(self.field("refused_because", view.words))
        if view.number:
            rows.append(self.field("number", formats.grouped(view.number)))
        if view.issued_on is not None:
            rows.append(self.field("issued_on", formats.day(look.words, view.issued_on)))
        rows += [
            self.field("total_with_tax", formats.money(look.words, view.total_with_tax)),
            self.field("ticket_number", view.ticket.number),
            self.field("registered_at", formats.moment(look.words, view.ticket.registered_at)),
        ]
        self.body(rows)
        self.offer(*self._actions())

    def _actions(self) -> list[Action]:
        if self.view.state == "taken":
            again = self.say("ticket.try_again")
            return [Action("application_told.again", Icon.AGAIN, again, self.on_again, filled=True)]
        cannot = self.view.cannot_print
        reason = ""
        if cannot is not None:
            reason = look.words.say_first(f"cannot_print.{cannot.cause}", "cannot_print.other")
        return [
            Action(
                "application_told.print",
                Icon.RECEIPT,
                self.say("application.print"),
                self.on_print,
                filled=True,
                disabled=cannot is not None,
                reason=reason,
            )
        ]

    def on_again(self) -> None:
        """再查一次."""
        self.intend(lambda turn: TryAgain(turn=turn))

    def on_print(self) -> None:
        """打印凭条."""
        self.intend(lambda turn: PrintSlip(turn=turn))
