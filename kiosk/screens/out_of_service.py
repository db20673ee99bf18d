"""The terminal cannot serve."""

from kiosk.messages import OutOfService
from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.situation import FooterPlaces
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.theme import Meaning


class OutOfServiceScreen(MessageScreen):
    """Says so, and where to go."""

    tag = "out_of_service"
    footer = FooterPlaces(back=False, end=False, call=False)
    view: OutOfService

    def compose(self) -> None:
        """Fill the parts."""
        reason = f"out_of_service.{self.view.reason}"
        self.head(
            tone=Meaning.UNSAID,
            icon=Icon.REPAIR,
            title=self.say("out_of_service.title"),
            sentence=self.say("out_of_service.next"),
            advice=look.words.say_first(reason, "out_of_service.other"),
        )
        self.body([])
