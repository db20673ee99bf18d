"""The newest lines of the daemon's log, in memory, as far as staff may read them.

What is kept is what may also leave the terminal in a bundle (`kiosk.bundle.scrub`): facts and
the kinds of errors, never the words of an error, which could hold anything of a person.
"""

import logging
from collections import deque
from datetime import datetime

from kiosk.bundle.scrub import CUT, scrubbed
from kiosk.clock import BEIJING
from kiosk.look_messages import AskLogs, LogLine, LogsShown

KEPT = 2_000
"""Lines, the newest."""
MAX_CHARS = 240
"""Of one line: with `KEPT` this bounds the memory to less than 2 MiB."""


class LogRing(logging.Handler):
    """Keeps lines; called from any thread (`logging.Handler` holds a lock around `emit`)."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[LogLine] = deque(maxlen=KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        head = f"00:00:00,0 daemon {record.levelname} {record.name} "
        # What is not of the shape of our lines is cut whole, and then there is no name in it.
        said = next(scrubbed([head + _said(record)])).partition(f" {record.name} ")[2] or CUT
        self._lines.append(
            LogLine(
                at=datetime.fromtimestamp(record.created, BEIJING),
                level=record.levelname.lower(),
                source=record.name,
                said=said[:MAX_CHARS],
            )
        )

    def shown(self, asked: AskLogs) -> LogsShown:
        """The newest lines that are asked for, the newest first."""
        self.acquire()
        try:
            lines = list(self._lines)
        finally:
            self.release()
        wanted = [one for one in reversed(lines) if _is_wanted(one, asked)]
        return LogsShown(tuple(wanted[: asked.limit]), kept=len(lines))


def _said(record: logging.LogRecord) -> str:
    words = record.getMessage().partition("\n")[0]
    if record.exc_info is None or record.exc_info[0] is None:
        return words
    return f"{words} error={record.exc_info[0].__name__}"


def _is_wanted(line: LogLine, asked: AskLogs) -> bool:
    is_grave = line.level in ("warning", "error", "critical")
    return (
        (is_grave or not asked.grave_only)
        and (not asked.sources or any(one in line.source for one in asked.sources))
        and asked.text.lower() in line.said.lower()
    )
