"""What became of a wish for one's own invoice: on its way, ordered, or not to be had."""

from kiosk.messages import GoBack
from kiosk.own_messages import FetchAgain, FetchFailed, Fetching, MailOrdered
from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.situation import FooterPlaces
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.theme import Meaning

_SAYS_NOTHING = frozenset({"unavailable", "unreachable", "busy", "link_down", "not_kept"})


class FetchingScreen(MessageScreen):
    """It takes some seconds."""

    tag = "own_fetching"
    footer = FooterPlaces(back=False, call=False)
    view: Fetching

    def compose(self) -> None:
        """Fill the parts."""
        what = self.view.what
        self.head(
            tone=Meaning.CALM,
            icon=Icon.SEARCH,
            title=look.words.say_first(f"own_fetching.{what}", "own_fetching.file"),
            sentence=self.say("own_fetching.sentence"),
        )
        self.body([])


class MailOrderedScreen(MessageScreen):
    """The letter is ordered."""

    tag = "own_mailed"
    view: MailOrdered

    def compose(self) -> None:
        """Fill the parts."""
        self.head(
            tone=Meaning.GOOD,
            icon=Icon.MAIL,
            title=self.say("own_mailed.title"),
            sentence=self.say("own_mailed.sentence"),
            advice=self.say("own_mailed.next"),
        )
        self.body([self.field("number", formats.grouped(self.view.number))], few=True)
        words = self.say("own_mailed.back")
        self.offer(Action("own_mailed.back", None, words, self.on_back, filled=True))


class FetchFailedScreen(MessageScreen):
    """Why it could not be had, and what can be done."""

    tag = "own_failed"
    view: FetchFailed

    def compose(self) -> None:
        """Fill the parts."""
        view, words = self.view, look.words
        nothing_said = view.why in _SAYS_NOTHING
        # That a file cannot be drawn says nothing about the invoice either.
        unsaid = nothing_said or view.what == "stick"
        key = f"own_failed.{view.why}"
        self.head(
            tone=Meaning.UNSAID if unsaid else Meaning.CAUTION,
            icon=Icon.NO_CLOUD if nothing_said else Icon.QUESTION,
            title=words.say_first(f"{key}_{view.what}_title", f"{key}_title", "own_failed.other"),
            sentence=words.say_first(f"{key}_next", "own_failed.other_next"),
        )
        self.body([])
        back = Action("own_failed.back", None, self.say("common.back"), self.on_back)
        if not view.may_repeat:
            self.offer(back._replace(filled=True))
            return
        again = self.say("own_failed.again")
        self.offer(Action("own_failed.again", Icon.AGAIN, again, self.on_again, filled=True), back)

    def on_back(self) -> None:
        """返回."""
        self.intend(lambda turn: GoBack(turn=turn))

    def on_again(self) -> None:
        """再试一次."""
        self.intend(lambda turn: FetchAgain(turn=turn))
