"""All that will be applied for, for a last look."""

from kiosk.applying_messages import ApplicationReview, Apply
from kiosk.screens.application_rows import application_rows
from kiosk.screens.message_screen import MessageScreen
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.theme import Meaning


class ApplicationReviewScreen(MessageScreen):
    """Says before anything is promised whether it will be issued now or later."""

    tag = "application_review"
    view: ApplicationReview

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        later = view.without_service
        self.head(
            tone=Meaning.UNSAID if later else Meaning.CALM,
            icon=Icon.NO_CLOUD if later else Icon.PENCIL,
            title=self.say("application_review.title"),
            sentence=self.say("application_review.later" if later else "application_review.soon"),
        )
        self.body(application_rows(self, view))
        cannot = view.cannot_print
        reason = ""
        if cannot is not None:
            # Without its receipt nobody could ask for the number.
            reason = look.words.say_first(f"cannot_print.{cannot.cause}", "cannot_print.other")
        self.offer(
            Action(
                "application_review.apply",
                Icon.RECEIPT,
                self.say("application_review.apply"),
                self.on_apply,
                filled=True,
                disabled=cannot is not None,
                reason=reason,
            )
        )

    def on_apply(self) -> None:
        """提交申请."""
        self.intend(lambda turn: Apply(turn=turn))
