"""Ready to scan at once; everything else is one touch away."""

from kiosk.messages import OpenHelp, StartEntry
from kiosk.screens.situation import FooterPlaces, Sheet, Situation
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv


class HomeScreen(Situation):
    """Nobody is here, or somebody has just begun."""

    tag = "home"
    footer = FooterPlaces(back=False, end=False, help=True)

    def on_enter_number(self) -> None:
        """输入号码查验."""
        self.intend(lambda turn: StartEntry(turn=turn))

    def on_ticket(self) -> None:
        """凭小票查结果: nothing to press, so this only says how."""
        self.means.explain(
            Sheet(
                tid="ticket_sheet",
                icon=Icon.SCAN,
                title=self.say("home.ticket_sheet_title"),
                sentence=self.say("home.ticket_sheet_sentence"),
                button=self.say("home.ticket_sheet_close"),
            )
        )

    def on_not_found(self) -> None:
        """查不到发票怎么办."""
        self.intend(lambda turn: OpenHelp(turn=turn, topic="not_found"))


load_kv(__file__)
