"""Why an application is not accepted, and what can be done."""

from kiosk.applying_messages import NotAccepted
from kiosk.messages import GoBack
from kiosk.screens.message_screen import MessageScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class NotAcceptedScreen(MessageScreen):
    """Says why without blame; nothing was kept."""

    tag = "not_accepted"
    view: NotAccepted

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        key = f"not_accepted.{view.why}"
        known = key if f"{key}_title" in look.words else "not_accepted.other"
        self.head(
            tone=Meaning.CAUTION,
            icon=Icon.ATTENTION,
            title=self.say(f"{known}_title"),
            sentence=self.say(f"{known}_sentence"),
            advice=self.say(f"{known}_next"),
        )
        rows: list[Row] = []
        if view.seller:
            rows.append(self.field("seller", view.seller))
        if view.at_most is not None:
            rows.append(self.field("at_most", formats.money(look.words, view.at_most)))
        self.body(rows, few=True)
        words = self.say("not_accepted.back")
        self.offer(Action("not_accepted.back", Icon.BACK, words, self.on_step_back, filled=True))

    def on_step_back(self) -> None:
        """返回上一步."""
        self.intend(lambda turn: GoBack(turn=turn))
