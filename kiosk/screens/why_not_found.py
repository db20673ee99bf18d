"""Why this invoice cannot be found: possible causes, the likeliest first, and what to do."""

from kiosk.messages import OfferWatch, StartEntry, VerifyAnother, WhyNotFound
from kiosk.screens.answers_screen import AnswersScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look


class WhyNotFoundScreen(AnswersScreen):
    """The guided diagnosis. It never says more than the facts carry."""

    tag = "why_not_found"
    view: WhyNotFound

    def compose(self) -> None:
        """Fill the parts."""
        view, again = self.view, self.view.ask_again_on
        sentence = self.say(f"why_not_found.{view.verdict.value}")
        if again is not None:
            day = formats.day(look.words, again)
            sentence += self.say("why_not_found.ask_again", day=day)
        self.fill(
            title=self.say("why_not_found.title"),
            sentence=sentence,
            rows=[
                self.answer(
                    cause.id.value,
                    number,
                    self.say(f"cause.{cause.id.value}.title", region=cause.region),
                    self.say(f"cause.{cause.id.value}.do"),
                )
                for number, cause in enumerate(view.causes, 1)
            ],
        )
        correct = Action(
            "why_not_found.correct",
            Icon.PENCIL,
            self.say("verdict_screen.correct" if view.typed else "help.enter"),
            self.on_correct,
            filled=not view.can_watch,
        )
        another = Action(
            "why_not_found.another", None, self.say("verdict_screen.another"), self.on_another
        )
        if not view.can_watch:
            self.offer(correct, another)
            return
        words = self.say("why_not_found.watch")
        watch = Action("why_not_found.watch", Icon.CLOCK, words, self.on_watch, filled=True)
        self.offer(watch, correct, another)

    def on_watch(self) -> None:
        """继续查."""
        self.intend(lambda turn: OfferWatch(turn=turn))

    def on_correct(self) -> None:
        """修改输入: what was typed is still there."""
        self.intend(lambda turn: StartEntry(turn=turn))

    def on_another(self) -> None:
        """再查一张."""
        self.intend(lambda turn: VerifyAnother(turn=turn))
