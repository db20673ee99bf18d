"""The tickets of this terminal: where each stands, here and at the service."""

from kiosk import admin_messages as a
from kiosk import look_messages as k
from kiosk.admin_pages import TICKET_FILTERS
from kiosk.screens.admin.page import AdminScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row


class TicketsScreen(AdminScreen):
    """Tickets, and cases being watched."""

    tag = "admin_tickets"
    view: a.Tickets

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        rows = [self._ticket(number, one) for number, one in enumerate(self.view.lines, 1)]
        self.rows(rows or [self.things("none", self.say("admin.no_tickets"), "")])
        self.offer(
            self.press(
                "ask_all", Icon.AGAIN, lambda turn: a.Do(turn=turn, ask=k.AskTicketsAgain())
            ),
            self.filter("tickets", TICKET_FILTERS, self.view.only),
        )

    def _ticket(self, number: int, line: k.TicketLine) -> Row:
        words = self.say(
            "admin.ticket",
            number=line.number,
            kind=self.word(f"ticket_{line.kind}"),
            at=formats.moment(look.words, line.registered_at),
        )
        actions: tuple[Action, ...] = ()
        if line.at_service != "answered" and line.here == "sent":
            actions = (
                self.press_for(
                    "ask",
                    str(number),
                    Icon.AGAIN,
                    lambda turn: a.Do(turn=turn, ask=k.AskTicketsAgain(line.number)),
                ),
            )
        return self.things(f"ticket.{number}", words, self._stands(line), *actions)

    def _stands(self, line: k.TicketLine) -> str:
        if line.here != "sent":
            return self.say(f"admin.ticket_{line.here}")
        if line.asked_at is None:
            return self.say("admin.ticket_not_asked")
        at = formats.moment(look.words, line.asked_at)
        if line.watched_until is not None:
            until = formats.day(look.words, line.watched_until)
            return self.say("admin.ticket_watched", at=at, until=until)
        return self.say(f"admin.ticket_{line.at_service}", at=at)
