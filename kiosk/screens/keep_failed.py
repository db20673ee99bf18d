"""The service is gone and the request could not be kept either: nothing is owed."""

from kiosk.messages import KeepFailed
from kiosk.screens.message_screen import MessageScreen
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.theme import Meaning


class KeepFailedScreen(MessageScreen):
    """Says plainly that nothing was kept, and where to go."""

    tag = "keep_failed"
    view: KeepFailed

    def compose(self) -> None:
        """Fill the parts."""
        self.head(
            tone=Meaning.CAUTION,
            icon=Icon.NO_CLOUD,
            title=self.say("keep_failed.title"),
            sentence=self.say("keep_failed.sentence"),
            advice=self.say("keep_failed.next"),
        )
        self.body([])
        words = self.say("keep_failed.call_staff")
        self.offer(Action("keep_failed.call_staff", Icon.CALL, words, self.call_staff, filled=True))
