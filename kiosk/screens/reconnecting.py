"""No daemon answers: the screen has nobody to ask and says only what is certain."""

from dataclasses import dataclass

from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.situation import FooterPlaces
from kiosk.widgets.icons import Icon
from kiosk.widgets.theme import Meaning

LONG_AFTER_S = 20.0
"""A restart of the daemon takes a few seconds; after this the person should not wait."""


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """What the screen shows while no daemon answers.

    Attributes:
        is_long: it has taken longer than `LONG_AFTER_S`.
    """

    is_long: bool = False


class ReconnectingScreen(MessageScreen):
    """Asks for patience, and after a while sends people to the next machine."""

    tag = "reconnecting"
    footer = FooterPlaces(back=False, end=False, call=False, settings=False)
    view: Reconnecting

    def compose(self) -> None:
        """Fill the parts."""
        long = "long_" if self.view.is_long else ""
        self.head(
            tone=Meaning.UNSAID,
            icon=Icon.WAITING,
            title=self.say(f"reconnecting.{long}title"),
            sentence=self.say(f"reconnecting.{long}sentence"),
        )
        self.body([])
