"""All invoices of a visit, each with its verdict in a few words, and one slip for all."""

from kiosk.messages import BatchShown, PrintSlip, VerifyAnother
from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.verdict import SHAPES
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.theme import Meaning

NO_BREAK = "\u00a0"
"""A blank at which no line ends."""


class BatchScreen(MessageScreen):
    """What was found out in this visit."""

    tag = "batch"
    view: BatchShown

    def compose(self) -> None:
        """Fill the parts."""
        count = len(self.view.lines)
        full = self.say("batch.full", count=count) if self.view.is_full else ""
        self.head(
            tone=Meaning.CALM,
            icon=Icon.LIST,
            title=self.say("batch.title", count=count),
            sentence=self.say("batch.sentence"),
            advice=full,
        )
        self.body(
            [
                self.mark(
                    f"line.{number}",
                    SHAPES[line.verdict].icon,
                    self.say(
                        "batch.line",
                        number=formats.grouped(line.reference.number).replace(" ", NO_BREAK),
                        verdict=self.say(f"slip.short.{line.verdict.value}"),
                    ),
                    tone=SHAPES[line.verdict].tone,
                )
                for number, line in enumerate(self.view.lines, 1)
            ]
        )
        another = Action("batch.another", None, self.say("verdict_screen.another"), self.on_another)
        self.offer(self._print(), another)

    def _print(self) -> Action:
        cannot, words = self.view.cannot_print, self.say("batch.print")
        if cannot is None:
            return Action("batch.print", Icon.PRINT, words, self.on_print, filled=True)
        reason = look.words.say_first(f"cannot_print.{cannot.cause}", "cannot_print.other")
        return Action(
            "batch.print",
            Icon.PRINT,
            words,
            self.on_print,
            filled=True,
            disabled=True,
            reason=reason,
        )

    def on_print(self) -> None:
        """打印."""
        self.intend(lambda turn: PrintSlip(turn=turn))

    def on_another(self) -> None:
        """再查一张."""
        self.intend(lambda turn: VerifyAnother(turn=turn))
