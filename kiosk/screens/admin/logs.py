"""What the daemon did of late, line by line, the newest first."""

from kiosk import admin_messages as a
from kiosk.admin_pages import LOG_FILTERS
from kiosk.look_messages import LogLine
from kiosk.screens.admin.page import AdminScreen
from kiosk.text import formats
from kiosk.widgets.look import look
from kiosk.widgets.rows import MarkRow, Row
from kiosk.widgets.theme import Meaning


class LogsScreen(AdminScreen):
    """The log, live."""

    tag = "admin_logs"
    view: a.Logs

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        view = self.view
        rows: list[Row] = [self.line("log_kept", self.say("admin.log_kept", count=view.kept))]
        rows += [self._line(number, one) for number, one in enumerate(view.lines, 1)]
        self.rows(rows)
        self.offer(self.filter("logs", tuple(LOG_FILTERS), view.only))

    def _line(self, number: int, line: LogLine) -> MarkRow:
        grave = {"warning": Meaning.CAUTION, "error": Meaning.STOP, "critical": Meaning.STOP}
        words = self.say(
            "admin.log_line",
            at=formats.moment(look.words, line.at),
            source=line.source.rpartition(".")[2],
            said=line.said,
        )
        return self.mark(f"line.{number}", grave.get(line.level, Meaning.UNSAID), words)
