"""An invoice on A4: coming out, standing still, and how it ended."""

from kiosk.messages import VerifyAnother
from kiosk.own_messages import A4Ended, A4Running, CancelA4, PrintA4
from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.situation import FooterPlaces
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class A4RunningScreen(MessageScreen):
    """Says how far it is, and what it waits for. It can be taken back."""

    tag = "a4_running"
    footer = FooterPlaces(back=False, end=False, call=False)
    view: A4Running

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        waits = view.waits_for and not view.is_cancelling
        copy = self.say("a4_running.copy", copy=view.copy) if view.copy else ""
        self.head(
            tone=Meaning.CAUTION if waits else Meaning.CALM,
            icon=Icon.ATTENTION if waits else Icon.PRINT,
            title=self.say("a4_running.waits" if waits else "a4_running.title"),
            sentence=self._progress(),
            advice=copy,
        )
        self.body([self.field("slip_number", view.number)] if view.number else [], few=True)
        if not view.is_cancelling:
            words = self.say("a4_running.cancel")
            self.offer(Action("a4_running.cancel", Icon.END, words, self.on_cancel))

    def _progress(self) -> str:
        view = self.view
        if view.is_cancelling:
            return self.say("a4_progress.cancelling")
        if view.waits_for:
            return look.words.say_first(f"a4_waiting.{view.waits_for}", "a4_waiting.other")
        if view.sheets:
            return self.say("a4_progress.printing_sheets", sheets=view.sheets)
        return self.say("a4_progress.sending" if view.sheets is None else "a4_progress.printing")

    def on_cancel(self) -> None:
        """不打了."""
        self.means.presses.tell(CancelA4())


class A4EndedScreen(MessageScreen):
    """Proven, failed with its cause, or not known: nothing else is ever said."""

    tag = "a4_ended"
    view: A4Ended

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        match view.outcome:
            case "proven":
                tone, icon = Meaning.GOOD, Icon.TICK
                sentence = self.say("a4_ended.proven_sentence")
            case "failed":
                tone, icon = Meaning.STOP, Icon.PRINT
                sentence = look.words.say_first(f"a4_failed.{view.why}", "a4_failed.a4_fault")
            case _:
                tone, icon = Meaning.UNSAID, Icon.QUESTION
                sentence = look.words.say_first(f"a4_doubt.{view.why}", "a4_doubt.no_proof")
        outcome = view.outcome if view.outcome in ("proven", "failed") else "unknown"
        self.head(
            tone=tone, icon=icon, title=self.say(f"a4_ended.{outcome}_title"), sentence=sentence
        )
        rows: list[Row] = [self.field("slip_number", view.number)] if view.number else []
        if view.copy:
            rows.append(self.field("copy", self.say("a4_running.copy", copy=view.copy)))
        self.body(rows, few=True)
        self.offer(*self._actions())

    def _actions(self) -> list[Action]:
        view = self.view
        more = Action(
            "a4_ended.back",
            None,
            self.say("a4_ended.back"),
            self.on_back,
            filled=not view.can_reprint,
        )
        if not view.can_reprint:
            another = self.say("a4_ended.another")
            return [more, Action("a4_ended.another", None, another, self.on_another)]
        can = view.a4 is not None and view.a4.can
        cause = "" if view.a4 is None else view.a4.cause
        return [
            Action(
                "a4_ended.again",
                Icon.PRINT,
                self.say("print_ended.reprint"),
                self.on_again,
                filled=True,
                disabled=not can,
                reason="" if can else look.words.say_first(f"cannot_a4.{cause}", "cannot_a4.other"),
            ),
            more,
        ]

    def on_again(self) -> None:
        """补打."""
        self.intend(lambda turn: PrintA4(turn=turn))

    def on_another(self) -> None:
        """再查一张."""
        self.intend(lambda turn: VerifyAnother(turn=turn))
