"""Own addresses, and the way to the service, stage by stage."""

from kiosk import admin_messages as a
from kiosk.health.faults import faults
from kiosk.screens.admin.page import AdminScreen
from kiosk.text import formats
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class NetworkScreen(AdminScreen):
    """The network."""

    tag = "admin_network"
    view: a.Network

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        view = self.view
        rows: list[Row] = [self.line("link", self.word(view.link))]
        rows += [
            self.things(f"address.{one.interface}", f"{one.interface}: {one.address}", "")
            for one in view.addresses
        ]
        if view.probed_at is not None:
            rows.append(self.line("probed", formats.moment(look.words, view.probed_at)))
        rows += [self._stage(one) for one in view.stages]
        self.rows(rows)
        self.offer(
            self.press("probe", Icon.SEARCH, lambda turn: a.GoTheWay(turn=turn), filled=True)
        )

    def _stage(self, stage: a.StageLine) -> Row:
        name = self.word(f"stage_{stage.name}")
        if stage.fault is not None and stage.fault.id in faults():
            what, step = faults()[stage.fault.id].said(look.language.value, stage.fault.detail)
            words = self.say("admin.stage_failed", name=name, what=what, step=step)
            return self.mark(f"stage.{stage.name}", Meaning.STOP, words)
        if not stage.well:
            words = self.say("admin.stage_untried", name=name)
            return self.mark(f"stage.{stage.name}", Meaning.UNSAID, words)
        words = self.say("admin.stage_well", name=name, ms=round(stage.took_ms or 0))
        return self.mark(f"stage.{stage.name}", Meaning.GOOD, words)
