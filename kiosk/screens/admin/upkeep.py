"""Out of service with a message for people; restart; the machine's power."""

from kiosk import admin_messages as a
from kiosk.people_pages import OWN_PIN
from kiosk.screens.admin.page import AdminScreen
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning

ASK_POWER: dict[str, tuple[a.PowerAct, Icon]] = {
    "power_off": ("power_off", Icon.POWER),
    "reboot": ("reboot", Icon.AGAIN),
}


class UpkeepScreen(AdminScreen):
    """Whether the terminal serves."""

    tag = "admin_upkeep"
    view: a.Upkeep

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        closed = self.view.closed
        rows: list[Row] = []
        if closed:
            words = self.say("admin.closed_with", words=self.say(f"out_of_service.{closed}"))
            rows.append(self.mark("closed", Meaning.STOP, words))
        else:
            rows.append(self.mark("serves", Meaning.GOOD, self.say("admin.serves")))
            rows += [self._reason(one) for one in a.CLOSED_REASONS]
        if not self.view.asks:
            rows.append(self._power())
        self.rows(rows)
        buttons: list[Action] = []
        if closed:
            buttons.append(
                self.press("open", Icon.TICK, lambda turn: a.CloseTerminal(turn=turn), filled=True)
            )
        if self.view.asks == "restart":
            buttons += [
                self.press("restart_yes", Icon.AGAIN, lambda turn: a.RestartTerminal(turn=turn)),
                self.press("no", Icon.END, lambda turn: a.AskFirst(turn=turn, act="")),
            ]
        elif self.view.asks in ASK_POWER:
            act, icon = ASK_POWER[self.view.asks]
            buttons += [
                self.press(f"{act}_yes", icon, lambda turn: a.SwitchMachine(turn=turn, act=act)),
                self.press("no", Icon.END, lambda turn: a.AskFirst(turn=turn, act="")),
            ]
        else:
            buttons.append(
                self.press("restart", Icon.AGAIN, lambda turn: a.AskFirst(turn=turn, act="restart"))
            )
            buttons.append(self.to_page(OWN_PIN, Icon.PERSON))
        self.offer(*buttons)

    def _power(self) -> Row:
        why = self.view.no_power
        note = self.say(f"admin.power.{why}") if why else ""
        ask = [self._ask(*ASK_POWER[act]) for act in self.view.power]
        return self.things("power", self.say("admin.power.title"), note, *ask)

    def _ask(self, act: a.PowerAct, icon: Icon) -> Action:
        return self.press(act, icon, lambda turn: a.AskFirst(turn=turn, act=act))

    def _reason(self, reason: str) -> Row:
        return self.things(
            reason,
            self.say(f"out_of_service.{reason}"),
            "",
            self.press_for(
                "close",
                reason,
                Icon.BARRED,
                lambda turn: a.CloseTerminal(turn=turn, reason=reason),
            ),
        )
