"""Which kind of invoice."""

from functools import partial

from einvoice.kinds import Kind
from kiosk.applying_messages import ChooseKind, TakeKind
from kiosk.screens.choosing_screen import Choice, ChoosingScreen


class ChooseKindScreen(ChoosingScreen):
    """Says for whom each is."""

    tag = "choose_kind"
    view: ChooseKind

    def compose(self) -> None:
        """Fill the parts."""
        self.ask(
            title=self.say("choose_kind.title"),
            hint=self.say("choose_kind.hint"),
            choices=[
                Choice(
                    kind.value,
                    self.say(f"kind.{kind.value}"),
                    self.say(
                        "choose_kind.special"
                        if kind is Kind.DIGITAL_SPECIAL
                        else "choose_kind.ordinary"
                    ),
                    partial(self.on_kind, kind),
                )
                for kind in self.view.kinds
            ],
        )

    def on_kind(self, kind: Kind) -> None:
        """One of them."""
        self.intend(lambda turn: TakeKind(turn=turn, kind=kind))
