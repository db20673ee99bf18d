"""How everything is: what is wrong first, each with its next step."""

from kiosk import admin_messages as a
from kiosk.health.faults import faults
from kiosk.screens.admin.page import AdminScreen
from kiosk.screens.situation import FooterPlaces
from kiosk.text import formats
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class OverviewScreen(AdminScreen):
    """The first page after the sign-in."""

    tag = "admin_overview"
    footer = FooterPlaces(back=False, call=False)
    view: a.Overview

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        self.rows([*self._faults(), *self._lines()])
        pages = [
            self.to_page("admin_devices", Icon.PRINT),
            self.to_page("admin_queue", Icon.LIST),
            self.to_page("admin_tickets", Icon.RECEIPT),
            self.to_page("admin_network", Icon.SEARCH),
            self.to_page("admin_logs", Icon.INFO),
            self.to_page("admin_history", Icon.COUNTER),
            self.to_page("admin_screen", Icon.KEYPAD),
            self.to_page("admin_upkeep", Icon.REPAIR),
        ]
        if self.view.who.role == "supervisor":
            pages.append(self.to_page("admin_users", Icon.PERSON))
            pages.append(self.to_page("admin_settings", Icon.PENCIL))
        self.offer(*pages)

    def _faults(self) -> list[Row]:
        view = self.view
        rows: list[Row] = []
        if view.closed:
            rows.append(self.mark("closed", Meaning.STOP, self.say("admin.closed_now")))
        known = faults()
        for number, found in enumerate(view.faults, 1):
            if found.id not in known:
                continue  # a newer daemon's: it is in the list of its own `kiosk doctor`
            fault = known[found.id]
            what, step = fault.said(look.language.value, found.detail)
            tone = Meaning.STOP if fault.grave else Meaning.CAUTION
            words = self.say("admin.fault", what=what, step=step)
            rows.append(self.mark(f"fault.{number}", tone, words))
        if not rows:
            rows.append(self.mark("well", Meaning.GOOD, self.say("admin.all_well")))
        return rows

    def _lines(self) -> list[Row]:
        view = self.view
        rows: list[Row] = [
            self.line("link", self.word(view.link)),
            self.line("owed", self.say("admin.owed", waiting=view.waiting, parked=view.parked)),
        ]
        for printer in view.printers:
            paper = self.say("admin.paper", slips=printer.left_slips, metres=printer.left_m)
            rows.append(self.line(printer.name, f"{self.word(printer.status)} · {paper}"))
        rows.append(self.line("scanner", self.word(view.scanner)))
        if view.a4:
            rows.append(self.line("a4", self.word(view.a4)))
        rows.append(self.line("clock", self.word(view.clock)))
        certificate = (
            self.say("admin.not_enrolled")
            if view.certificate_days is None
            else self.say("admin.days", days=view.certificate_days)
        )
        rows.append(self.line("certificate", certificate))
        if view.disk_free_mib is not None:
            rows.append(self.line("disk", self.say("admin.mib", mib=view.disk_free_mib)))
        warmest = (
            self.say("admin.not_told") if view.temperature_c is None else f"{view.temperature_c} °C"
        )
        rows.append(self.line("temperature", warmest))
        backup = (
            self.say("admin.none_yet")
            if view.backup_at is None
            else formats.moment(look.words, view.backup_at)
        )
        rows.append(self.line("backup", backup))
        rows += [
            self.line(
                f"tried_{one.device}",
                f"{self.word(one.outcome)} · {formats.moment(look.words, one.at)}",
            )
            for one in view.trials
        ]
        rows.append(self.line("version", view.version))
        rows.append(self.line("started", formats.moment(look.words, view.started_at)))
        return rows
