"""A USB stick is read and checked here; that takes seconds."""

from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.situation import FooterPlaces
from kiosk.stick_messages import StickReading
from kiosk.widgets.icons import Icon
from kiosk.widgets.theme import Meaning


class StickReadingScreen(MessageScreen):
    """Says that the stick must stay in, and that nothing is written on it."""

    tag = "stick_reading"
    footer = FooterPlaces(back=False, call=False)
    view: StickReading

    def compose(self) -> None:
        """Fill the parts."""
        self.head(
            tone=Meaning.CALM,
            icon=Icon.SEARCH,
            title=self.say("stick_reading.title"),
            sentence=self.say("stick_reading.sentence"),
            advice=self.say("stick_reading.next"),
        )
        self.body([])
