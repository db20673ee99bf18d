"""Out of service with a message for people; restart."""

from kiosk import admin_messages as a
from kiosk.people_pages import OWN_PIN
from kiosk.screens.admin.page import AdminScreen
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class UpkeepScreen(AdminScreen):
    """Whether the terminal serves."""

    tag = "admin_upkeep"
    view: a.Upkeep

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        closed = self.view.closed
        rows: list[Row] = []
        if closed:
            words = self.say("admin.closed_with", words=self.say(f"out_of_service.{closed}"))
            rows.append(self.mark("closed", Meaning.STOP, words))
        else:
            rows.append(self.mark("serves", Meaning.GOOD, self.say("admin.serves")))
            rows += [self._reason(one) for one in a.CLOSED_REASONS]
        self.rows(rows)
        buttons: list[Action] = []
        if closed:
            buttons.append(
                self.press("open", Icon.TICK, lambda turn: a.CloseTerminal(turn=turn), filled=True)
            )
        if self.view.asks == "restart":
            buttons += [
                self.press("restart_yes", Icon.AGAIN, lambda turn: a.RestartTerminal(turn=turn)),
                self.press("no", Icon.END, lambda turn: a.AskFirst(turn=turn, act="")),
            ]
        else:
            buttons.append(
                self.press("restart", Icon.AGAIN, lambda turn: a.AskFirst(turn=turn, act="restart"))
            )
            buttons.append(self.to_page(OWN_PIN, Icon.PERSON))
        self.offer(*buttons)

    def _reason(self, reason: str) -> Row:
        return self.things(
            reason,
            self.say(f"out_of_service.{reason}"),
            "",
            self.press_for(
                "close",
                reason,
                Icon.BARRED,
                lambda turn: a.CloseTerminal(turn=turn, reason=reason),
            ),
        )
