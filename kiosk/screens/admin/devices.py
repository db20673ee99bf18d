"""Each device: its state, what can be tried, and the newest prints with their causes."""

from kiosk import admin_messages as a
from kiosk import staff_messages as s
from kiosk.guide_messages import OpenGuide
from kiosk.guides import Guide
from kiosk.screens.admin.page import AdminScreen
from kiosk.text import formats
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning

_TONES = {"proven": Meaning.GOOD, "failed": Meaning.STOP}


class DevicesScreen(AdminScreen):
    """Devices, as they say they are."""

    tag = "admin_devices"
    view: a.Devices

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        rows: list[Row] = [self._printer(one) for one in self.view.printers]
        rows.append(
            self.things(
                "scanner",
                self._state("scanner", self.view.scanner),
                self._tried("scanner"),
                self.press(
                    "test_scan", Icon.SCAN, lambda turn: a.Do(turn=turn, ask=s.TryScanner())
                ),
            )
        )
        if self.view.keypad:
            rows.append(self.things("keypad", self._state("keypad", self.view.keypad), ""))
        if self.view.a4:
            rows.append(
                self.things(
                    "a4",
                    self._state("a4", self.view.a4),
                    self._tried("a4"),
                    self.press_for(
                        "test_print",
                        "a4",
                        Icon.PRINT,
                        lambda turn: a.Do(turn=turn, ask=s.TryPrinter("a4")),
                    ),
                )
            )
        rows += [self._print(number, one) for number, one in enumerate(self.view.prints, 1)]
        self.rows(rows)
        self.offer(
            self.press("refill", Icon.HELP, lambda turn: OpenGuide(turn=turn, guide=Guide.REFILL))
        )

    def _printer(self, printer: s.PrinterView) -> Row:
        name = printer.name
        paper = self.say("admin.paper", slips=printer.left_slips, metres=printer.left_m)
        return self.things(
            name,
            f"{self._state(name, printer.status)} · {paper}",
            self._tried(name),
            self.press_for(
                "test_print",
                name,
                Icon.PRINT,
                lambda turn: a.Do(turn=turn, ask=s.TryPrinter(name)),
            ),
            self.press_for(
                "roll_changed",
                name,
                Icon.RECEIPT,
                lambda turn: a.Do(turn=turn, ask=s.RollChanged(name)),
            ),
        )

    def _state(self, name: str, state: str) -> str:
        return self.say("admin.state", name=self.say(f"admin.field.{name}"), state=self.word(state))

    def _tried(self, device: str) -> str:
        for one in self.view.trials:
            if one.device == device:
                outcome = self.word(one.outcome)
                at = formats.moment(look.words, one.at)
                return self.say("admin.last_trial", outcome=outcome, at=at)
        return self.say("admin.never_tried")

    def _print(self, number: int, line: a.PrintLine) -> Row:
        why = f" ({self.word(line.why)})" if line.why else ""
        words = self.say(
            "admin.print" if line.copy else "admin.print_first",
            at=formats.moment(look.words, line.at),
            slip=line.slip,
            copy=line.copy,
            outcome=self.word(line.outcome or "running"),
        )
        return self.mark(f"print.{number}", _TONES.get(line.outcome, Meaning.CAUTION), words + why)
