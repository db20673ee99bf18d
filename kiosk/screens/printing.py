"""A slip is being printed. Nothing here can lose it."""

from kiosk.messages import Printing
from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.situation import FooterPlaces
from kiosk.widgets.icons import Icon
from kiosk.widgets.theme import Meaning


class PrintingScreen(MessageScreen):
    """Says that it prints, how far it is, and where the paper comes out."""

    tag = "printing"
    footer = FooterPlaces(back=False, end=False, call=False)
    view: Printing

    def compose(self) -> None:
        """Fill the parts."""
        copy = self.view.copy
        self.head(
            tone=Meaning.CALM,
            icon=Icon.PRINT,
            title=self.say("printing.title_copy", copy=copy)
            if copy
            else self.say("printing.title"),
            sentence=self.say("printing.take_below"),
            advice=self.say("printing.sentence"),
        )
        self.body(
            [
                self.field("slip_number", self.view.slip),
                self.mark(
                    "ready", Icon.TICK_ROUND, self.say("printing.step_send"), tone=Meaning.GOOD
                ),
                self.mark(
                    "print", Icon.WAITING, self.say("printing.step_print"), tone=Meaning.UNSAID
                ),
            ],
            few=True,
        )
