"""The invoice can be looked for day by day: what will happen, and the order."""

from kiosk.messages import OpenCase, StartAddress, WatchOffered
from kiosk.screens.message_screen import MessageScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class WatchOfferedScreen(MessageScreen):
    """Says what is done with the invoice and the address, before anything is."""

    tag = "watch_offered"
    view: WatchOffered

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        self.head(
            tone=Meaning.CALM,
            icon=Icon.CLOCK,
            title=self.say("watch_offered.title"),
            sentence=self.say("watch_offered.sentence", days=view.days),
        )
        rows: list[Row] = [self.field("number", formats.grouped(view.reference.number))]
        if view.address:
            rows.append(self.field("address", formats.breakable_address(view.address)))
        said = [("ticket", Icon.RECEIPT)]
        if view.may_write:
            said.append(("letter" if view.address else "letter_possible", Icon.MAIL))
        if view.address:
            said.append(("forgotten", Icon.TICK_ROUND))
        for name, icon in said:
            words = self.say(f"watch_offered.{name}")
            rows.append(self.mark(name, icon, words, tone=Meaning.UNSAID))
        self.body(rows)
        self.offer(*self._actions())

    def _actions(self) -> list[Action]:
        view = self.view
        cannot = view.cannot_print
        words, reason = self.say("watch_offered.order"), ""
        if cannot is not None:
            words = self.say("watch_offered.order_without_slip")
            # Without a slip and without a letter nobody could ask for the answer.
            reason = look.words.say_first(f"cannot_print.{cannot.cause}", "cannot_print.other")
        actions = [
            Action(
                "watch_offered.order",
                Icon.CLOCK if cannot else Icon.RECEIPT,
                words,
                self.on_order,
                filled=True,
                disabled=cannot is not None and not view.address,
                reason=reason,
            )
        ]
        if view.may_write:
            key = "change_address" if view.address else "leave_address"
            words = self.say(f"watch_offered.{key}")
            actions.append(Action("watch_offered.address", Icon.MAIL, words, self.on_address))
        return actions

    def on_order(self) -> None:
        """继续查."""
        self.intend(lambda turn: OpenCase(turn=turn))

    def on_address(self) -> None:
        """留邮箱."""
        self.intend(lambda turn: StartAddress(turn=turn))
