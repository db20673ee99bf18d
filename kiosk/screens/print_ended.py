"""How the print ended: proven, failed, or not known. Nothing else is ever said."""

from kiosk.messages import PrintEnded, Reprint, VerifyAnother
from kiosk.screens.message_screen import MessageScreen
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class PrintEndedScreen(MessageScreen):
    """Says what is known of the slip, and offers what follows from it."""

    tag = "print_ended"
    view: PrintEnded

    def compose(self) -> None:
        """Fill the parts."""
        why = self.view.why
        match self.view.outcome:
            case "proven" if self.view.not_taken:
                not_taken = self.view.not_taken
                self.head(
                    tone=Meaning.CALM,
                    icon=Icon.PRINT,
                    title=self.say(f"print_ended.{not_taken}_title"),
                    sentence=self.say(f"print_ended.{not_taken}_sentence"),
                )
            case "proven":
                self.head(
                    tone=Meaning.GOOD,
                    icon=Icon.TICK,
                    title=self.say("print_ended.proven_title"),
                    sentence=self.say(
                        "print_ended.second_sentence"
                        if self.view.is_second
                        else "print_ended.proven_sentence"
                    ),
                )
            case "failed":
                self.head(
                    tone=Meaning.STOP,
                    icon=Icon.PRINT,
                    title=self.say("print_ended.failed_title"),
                    sentence=look.words.say_first(f"print_failed.{why}", "print_failed.other"),
                )
            case _:
                self.head(
                    tone=Meaning.UNSAID,
                    icon=Icon.QUESTION,
                    title=self.say("print_ended.unknown_title"),
                    sentence=self.say("print_ended.unknown_sentence"),
                    advice=look.words.say_first(f"print_doubt.{why}", "print_doubt.other"),
                )
        rows: list[Row] = [self.field("slip_number", self.view.slip)]
        if self.view.is_second:
            rows.append(self.field("outlet", self.say("print_ended.second_outlet")))
        self.body(rows, few=True)
        self.offer(*self._actions())

    def _actions(self) -> list[Action]:
        view = self.view
        words = self.say("print_ended.another")
        another = Action(
            "print_ended.another", None, words, self.on_another, filled=not view.can_reprint
        )
        if not view.can_reprint:
            return [another]
        failed = view.outcome == "failed"
        words = self.say("print_ended.reprint_failed" if failed else "print_ended.reprint")
        cannot = view.cannot_print
        reason = (
            ""
            if cannot is None
            else look.words.say_first(f"cannot_print.{cannot.cause}", "cannot_print.other")
        )
        return [
            Action(
                "print_ended.reprint",
                Icon.PRINT,
                words,
                self.on_reprint,
                filled=True,
                disabled=cannot is not None,
                reason=reason,
            ),
            another,
        ]

    def on_reprint(self) -> None:
        """补打."""
        self.intend(lambda turn: Reprint(turn=turn))

    def on_another(self) -> None:
        """再查一张."""
        self.intend(lambda turn: VerifyAnother(turn=turn))
