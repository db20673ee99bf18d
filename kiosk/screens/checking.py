"""The question is on its way; an answer or an honest "cannot" comes within seconds."""

from kiosk.messages import Checking
from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.reference_rows import reference_rows
from kiosk.screens.situation import FooterPlaces
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.theme import Meaning


class CheckingScreen(MessageScreen):
    """Shows what is being asked, and how far it is."""

    tag = "checking"
    footer = FooterPlaces(back=False, call=False)
    view: Checking

    def compose(self) -> None:
        """Fill the parts."""
        reference = self.view.reference
        self.head(
            tone=Meaning.CALM,
            icon=Icon.SEARCH,
            title=self.say("checking.title" if reference else "checking.title_ticket"),
            sentence=self.say("checking.sentence"),
        )
        read = "checking.step_read" if reference else "checking.step_read_ticket"
        rows = reference_rows(self, reference) if reference else []
        self.body(
            [
                *rows,
                self.mark("read", Icon.TICK_ROUND, self.say(read), tone=Meaning.GOOD),
                self.mark("ask", Icon.WAITING, self.say("checking.step_ask"), tone=Meaning.UNSAID),
            ],
            few=look.portrait or reference is None,
        )
