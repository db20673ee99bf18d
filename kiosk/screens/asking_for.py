"""A question about a business or a title is on its way."""

from kiosk.applying_messages import AskingFor
from kiosk.screens.message_screen import MessageScreen
from kiosk.widgets.icons import Icon
from kiosk.widgets.theme import Meaning


class AskingForScreen(MessageScreen):
    """Says what is being asked; 返回 gives it up."""

    tag = "asking_for"
    view: AskingFor

    def compose(self) -> None:
        """Fill the parts."""
        self.head(
            tone=Meaning.CALM,
            icon=Icon.SEARCH,
            title=self.say(f"asking_for.{self.view.what}"),
            sentence=self.say("checking.sentence"),
        )
        words = self.say("asking_for.step")
        self.body([self.mark("ask", Icon.WAITING, words, tone=Meaning.UNSAID)], few=True)
