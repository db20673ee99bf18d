"""A ticket was scanned and there is no answer yet."""

from kiosk.messages import TicketWaiting, TryAgain
from kiosk.screens.message_screen import MessageScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning

_REASONS = frozenset({"pending", "watched", "unknown", "kept_here", "unreachable"})
_ICONS = {"pending": Icon.WAITING, "watched": Icon.CLOCK, "unknown": Icon.QUESTION}


class TicketWaitingScreen(MessageScreen):
    """Says where the request stands, and that it is not lost."""

    tag = "ticket_waiting"
    view: TicketWaiting

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        reason = view.reason if view.reason in _REASONS else "unreachable"
        self.head(
            tone=Meaning.UNSAID,
            icon=_ICONS.get(reason, Icon.NO_CLOUD),
            title=self.say(f"ticket.{reason}_title"),
            sentence=self.say(f"ticket.{reason}_sentence"),
            advice=self.say(f"ticket.{reason}_next"),
        )
        rows: list[Row] = [self.field("ticket_number", view.number)]
        if view.registered_at is not None:
            registered = formats.moment(look.words, view.registered_at)
            rows.append(self.field("registered_at", registered))
        if view.watched_until is not None:
            until = formats.day(look.words, view.watched_until)
            rows.append(self.field("watched_until", until))
        if view.asked_at is not None:
            rows.append(self.field("last_asked", formats.moment(look.words, view.asked_at)))
        self.body(rows, few=True)
        again = self.say("ticket.try_again")
        self.offer(Action("ticket_waiting.again", Icon.AGAIN, again, self.on_again, filled=True))

    def on_again(self) -> None:
        """再查一次."""
        self.intend(lambda turn: TryAgain(turn=turn))
