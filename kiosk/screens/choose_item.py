"""What was sold: one of what the business has registered."""

from functools import partial

from kiosk.applying_messages import ChooseItem, TakeItem
from kiosk.screens.choosing_screen import Choice, ChoosingScreen
from kiosk.text import formats


class ChooseItemScreen(ChoosingScreen):
    """Shows whose items they are, so that a wrong tax id is seen here."""

    tag = "choose_item"
    view: ChooseItem

    def compose(self) -> None:
        """Fill the parts."""
        self.ask(
            title=self.say("choose_item.title"),
            hint=self.say("choose_item.hint", seller=self.view.seller),
            choices=[
                Choice(
                    f"item_{at}",
                    item.name,
                    self.say("choose_item.rate", rate=formats.percent(item.rate)),
                    partial(self.on_item, item.id),
                )
                for at, item in enumerate(self.view.items)
            ],
        )

    def on_item(self, item: str) -> None:
        """One of them."""
        self.intend(lambda turn: TakeItem(turn=turn, item=item))
