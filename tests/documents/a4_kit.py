"""A job on an A4 printer that can be followed by a test."""

import threading

from drivers.deadline import Deadline
from drivers.documents.a4_printer import A4Printer
from drivers.documents.ipp import IppClient
from drivers.documents.ipp_http import IppAddress
from drivers.documents.outcome import (
    A4Outcome,
    A4Progress,
)

WAIT_S = 20.0
PDF = b"%PDF-1.4\n1 0 obj <</Type /Page>> endobj\n2 0 obj <</Type /Page>> endobj\n%%EOF\n"


def printer_at(uri: str) -> A4Printer:
    return A4Printer(IppClient(IppAddress(uri)), poll_s=0.02)


class Job:
    """A job on a thread of its own, whose progress can be waited for."""

    def __init__(self, printer: A4Printer, deadline_s: float = WAIT_S) -> None:
        self.cancel = threading.Event()
        self.outcome: A4Outcome | None = None
        self._said: list[A4Progress] = []
        self._came = threading.Condition()
        self._printer = printer
        self._deadline_s = deadline_s
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.outcome = self._printer.print(
            PDF, "job-1", Deadline(self._deadline_s), cancel=self.cancel, on_progress=self._say
        )

    def _say(self, progress: A4Progress) -> None:
        with self._came:
            self._said.append(progress)
            self._came.notify_all()

    def wait_for(self, progress: A4Progress) -> None:
        with self._came:
            assert self._came.wait_for(lambda: progress in self._said, WAIT_S), self._said

    def end(self) -> A4Outcome | None:
        self._thread.join(WAIT_S + 5)
        assert not self._thread.is_alive()
        return self.outcome
