"""An A4 printer that is not there: IPP on a real socket, jobs that take time, faults to order.

It serves one address on the loopback interface and keeps what it "printed" as PDF files. Written
from RFC 8011; `ipptool` of CUPS can speak to it.
"""

import itertools
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from drivers.documents import ipp_codec as codec
from drivers.documents.ipp import JobState, Operation, PrinterState
from drivers.documents.ipp_codec import Attribute, Group, IppMalformed, Message, Tag
from drivers.simulated.a4_http import A4Server
from drivers.simulated.a4_state import A4Job, A4JobLine, A4State
from drivers.simulated.clock import Clock, monotonic_clock

_PAGE = re.compile(rb"/Type\s*/Page\b")
_ENDED = frozenset((JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED))
_OK, _BAD_REQUEST, _NOT_POSSIBLE, _NOT_FOUND = 0x0000, 0x0400, 0x0404, 0x0406
_NOT_SUPPORTED, _FORMAT_ERROR, _NOT_ACCEPTING = 0x0501, 0x0411, 0x0506


@dataclass
class _Faults:
    reasons: set[str] = field(default_factory=set[str])
    """printer-state-reasons that stop the printer."""
    warnings: set[str] = field(default_factory=set[str])
    paper_left: int | None = None
    silent: bool = False
    accepting: bool = True
    garbage: bytes | None = None
    hang_up_after: int | None = None
    aborts: bool = False
    without: frozenset[Operation] = frozenset()
    queue_to: str | None = None
    errors: bool = False


class SimulatedA4:
    """A printer at `uri`. All methods can be called from any thread while clients print.

    Args:
        out_dir: gets a4-0001.pdf and so on, when a job is completed.
        sheet_s: seconds for a sheet.
        clock: seconds.
        port: 0 takes a free one.
    """

    def __init__(
        self,
        out_dir: Path,
        *,
        sheet_s: float = 2.0,
        clock: Clock = monotonic_clock,
        port: int = 0,
    ) -> None:
        out_dir.mkdir(parents=True, exist_ok=True)
        self._out_dir = out_dir
        self._sheet_s = sheet_s
        self._clock = clock
        self._lock = threading.RLock()
        self._faults = _Faults()
        self._jobs: dict[int, A4Job] = {}
        self._numbers = itertools.count(1)
        self._printed = len(list(out_dir.glob("a4-*.pdf")))
        self._unsilent = threading.Event()
        self._unsilent.set()
        self._server: A4Server | None = A4Server(self, port)
        self._port = int(self._server.server_port)
        self._thread: threading.Thread | None = None

    @property
    def uri(self) -> str:
        """Where it is."""
        return f"ipp://127.0.0.1:{self._port}/ipp/print"

    @property
    def jobs(self) -> tuple[A4Job, ...]:
        """All jobs of this run, as they are now."""
        with self._lock:
            self._advance()
            return tuple(replace(job) for job in self._jobs.values())

    def state(self) -> A4State:
        """How it stands now."""
        with self._lock:
            self._advance()
            lines = (
                A4JobLine(
                    job.number, job.name, job.state.name, job.sheets, job.sheets_done, job.file
                )
                for job in self._jobs.values()
            )
            faults = self._faults
            reasons = tuple(sorted(faults.reasons))
            return A4State(self.uri, reasons, faults.silent, faults.paper_left, tuple(lines))

    def start(self) -> Self:
        """Begin to serve."""
        if self._thread is None:
            server = self._server = self._server or A4Server(self, self._port)
            serve = server.serve_forever
            self._thread = threading.Thread(
                target=serve, args=(0.05,), name="simulated a4", daemon=True
            )
            self._thread.start()
        return self

    def stop(self) -> None:
        """End. Can be called again, and so can `start`: at the same port."""
        thread, self._thread = self._thread, None
        server, self._server = self._server, None
        if server is None:
            return
        if thread is not None:
            self._unsilent.set()
            server.shutdown()
            thread.join()
        server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # Steering

    def paper_out(self, after_sheets: int = 0) -> None:
        """The tray is empty after so many more sheets."""
        self._order(lambda faults: setattr(faults, "paper_left", after_sheets))

    def load_paper(self) -> None:
        """Paper is put in; the job goes on."""

        def order(faults: _Faults) -> None:
            faults.paper_left = None
            faults.reasons.discard("media-empty")

        self._order(order)

    def fault(self, reason: str, on: bool = True) -> None:
        """Any printer-state-reason that stops it: media-jam, cover-open, toner-empty, ..."""
        self._order(lambda f: f.reasons.add(reason) if on else f.reasons.discard(reason))

    def warn(self, reason: str, on: bool = True) -> None:
        """Any printer-state-reason, suffix and all, that does not stop it."""
        self._order(lambda f: f.warnings.add(reason) if on else f.warnings.discard(reason))

    def refuse_jobs(self, on: bool = True) -> None:
        """Take no jobs."""
        self._order(lambda faults: setattr(faults, "accepting", not on))

    def abort_jobs(self, on: bool = True) -> None:
        """Give every job up when it is printed: a document that it cannot read."""
        self._order(lambda faults: setattr(faults, "aborts", on))

    def fall_silent(self, on: bool = True) -> None:
        """Accept connections and say nothing."""
        self._order(lambda faults: setattr(faults, "silent", on))
        self._unsilent.clear() if on else self._unsilent.set()

    def talk_nonsense(self, data: bytes | None) -> None:
        """Answer everything with these bytes, as if they were IPP; None ends it."""
        self._order(lambda faults: setattr(faults, "garbage", data))

    def hang_up_in_document(self, after_bytes: int | None) -> None:
        """Break the connection in the next document that is longer, once."""
        self._order(lambda faults: setattr(faults, "hang_up_after", after_bytes))

    def unlearn(self, *operations: Operation) -> None:
        """Know these operations no more."""
        self._order(lambda faults: setattr(faults, "without", frozenset(operations)))

    def be_queue(self, device_uri: str) -> None:
        """Be a CUPS queue that sends its jobs there."""
        self._order(lambda faults: setattr(faults, "queue_to", device_uri))

    def complete_with_errors(self, on: bool = True) -> None:
        """Complete jobs, but with errors."""
        self._order(lambda faults: setattr(faults, "errors", on))

    def finish_jobs(self) -> None:
        """All pages of the jobs that it has are out at once, if nothing stops it."""

        def order(_: _Faults) -> None:
            for job in self._jobs.values():
                while job.state is JobState.PROCESSING:
                    job.next_sheet_at = self._clock()
                    self._advance()

        self._order(order)

    def heal(self) -> None:
        """Everything in order again, and nothing ordered."""
        self._unsilent.set()
        with self._lock:
            self._faults = _Faults()
            self._advance()

    def forget_jobs(self) -> None:
        """Power off and on: jobs are gone, and their numbers are given again."""
        with self._lock:
            self._jobs.clear()
            self._numbers = itertools.count(1)

    def _order(self, order: Callable[[_Faults], object]) -> None:
        with self._lock:
            self._advance()
            order(self._faults)

    # The mechanism

    def _advance(self) -> None:
        """Print what is due by now."""
        now = self._clock()
        for job in self._jobs.values():
            while job.state in (JobState.PROCESSING, JobState.STOPPED):
                self._check_paper()
                if self._faults.reasons:
                    job.state, job.reasons = JobState.STOPPED, ("printer-stopped",)
                    job.next_sheet_at = now + self._sheet_s
                    break
                job.state, job.reasons = JobState.PROCESSING, ("job-printing",)
                if job.next_sheet_at > now:
                    break
                self._sheet(job)

    def _check_paper(self) -> None:
        if self._faults.paper_left is not None and self._faults.paper_left <= 0:
            self._faults.reasons.add("media-empty")

    def _sheet(self, job: A4Job) -> None:
        if self._faults.aborts:
            job.state, job.reasons = JobState.ABORTED, ("aborted-by-system",)
            return
        job.sheets_done += 1
        job.next_sheet_at += self._sheet_s
        if self._faults.paper_left is not None:
            self._faults.paper_left -= 1
        if job.sheets_done >= job.sheets:
            ending = "with-errors" if self._faults.errors else "successfully"
            job.state, job.reasons = JobState.COMPLETED, (f"job-completed-{ending}",)
            self._printed += 1
            file = self._out_dir / f"a4-{self._printed:04d}.pdf"
            file.write_bytes(job.document)
            job.file = str(file)

    # Requests

    @property
    def is_silent(self) -> bool:
        """Whether it says nothing."""
        return self._faults.silent

    def wait_until_spoken(self) -> None:
        """Keep a client waiting while it is silent."""
        self._unsilent.wait()

    def hang_up_at(self, length: int) -> int | None:
        """Where to break off a request of that length, if that was ordered."""
        with self._lock:
            after = self._faults.hang_up_after
            if after is None or length <= after:
                return None
            self._faults.hang_up_after = None
            return after

    def answer(self, request: bytes) -> bytes:
        """The answer to one request."""
        with self._lock:
            if self._faults.garbage is not None:
                return self._faults.garbage
            try:
                asked, document = codec.decode(request)
            except IppMalformed:
                return codec.encode(Message(_BAD_REQUEST, 1))
            self._advance()
            status, groups = self._obey(asked, document)
            opening = Group(
                Tag.OPERATION,
                (
                    codec.words("attributes-charset", Tag.CHARSET, "utf-8"),
                    codec.words("attributes-natural-language", Tag.LANGUAGE, "en"),
                ),
            )
            return codec.encode(
                Message(status, asked.request_id, (opening, *groups), asked.version)
            )

    def _obey(self, asked: Message, document: bytes) -> tuple[int, tuple[Group, ...]]:
        if asked.code in self._faults.without:
            return _NOT_SUPPORTED, ()
        match asked.code:
            case Operation.GET_PRINTER_ATTRIBUTES:
                return _OK, (Group(Tag.PRINTER, self._printer_attributes()),)
            case Operation.CREATE_JOB | Operation.PRINT_JOB:
                if not self._faults.accepting:
                    return _NOT_ACCEPTING, ()
                name = "".join(asked.texts(Tag.OPERATION, "job-name")[:1])
                job = A4Job(next(self._numbers), name)
                self._jobs[job.number] = job
                if asked.code == Operation.PRINT_JOB:
                    return self._take_document(job, document)
                return _OK, (self._job_group(job),)
            case Operation.SEND_DOCUMENT | Operation.GET_JOB_ATTRIBUTES | Operation.CANCEL_JOB:
                return self._obey_for_job(asked, document)
            case _:
                return _NOT_SUPPORTED, ()

    def _obey_for_job(self, asked: Message, document: bytes) -> tuple[int, tuple[Group, ...]]:
        job = self._jobs.get(asked.integer(Tag.OPERATION, "job-id") or 0)
        if job is None:
            return _NOT_FOUND, ()
        if asked.code == Operation.GET_JOB_ATTRIBUTES:
            return _OK, (self._job_group(job),)
        if job.state in _ENDED:
            return _NOT_POSSIBLE, ()
        if asked.code == Operation.SEND_DOCUMENT:
            return self._take_document(job, document)
        job.state, job.reasons = JobState.CANCELED, ("job-canceled-by-user",)
        return _OK, ()

    def _take_document(self, job: A4Job, document: bytes) -> tuple[int, tuple[Group, ...]]:
        if not document.startswith(b"%PDF-"):
            job.state, job.reasons = JobState.ABORTED, ("document-format-error",)
            return _FORMAT_ERROR, ()
        job.document = document
        job.sheets = max(1, len(_PAGE.findall(document)))
        job.state, job.next_sheet_at = JobState.PROCESSING, self._clock() + self._sheet_s
        self._advance()
        return _OK, (self._job_group(job),)

    def _job_group(self, job: A4Job) -> Group:
        return Group(
            Tag.JOB,
            (
                codec.number("job-id", job.number),
                codec.words("job-uri", Tag.URI, f"{self.uri}/{job.number}"),
                codec.words("job-name", Tag.NAME, job.name),
                codec.number("job-state", job.state, Tag.ENUM),
                codec.words("job-state-reasons", Tag.KEYWORD, *job.reasons),
                codec.number("job-media-sheets-completed", job.sheets_done),
            ),
        )

    def _printer_attributes(self) -> tuple[Attribute, ...]:
        self._check_paper()
        at_work = any(job.state is JobState.PROCESSING for job in self._jobs.values())
        state = PrinterState.PROCESSING if at_work else PrinterState.IDLE
        if self._faults.reasons:
            state = PrinterState.STOPPED
        reasons = sorted(f"{reason}-error" for reason in self._faults.reasons)
        reasons += sorted(self._faults.warnings)
        queue: tuple[Attribute, ...] = ()
        if self._faults.queue_to is not None:
            queue = (
                codec.words("cups-version", Tag.TEXT, "2.4.2"),
                codec.words("device-uri", Tag.URI, self._faults.queue_to),
            )
        known = [one for one in Operation if one not in self._faults.without]
        return (
            codec.words("printer-uri-supported", Tag.URI, self.uri),
            codec.words("printer-name", Tag.NAME, "Simulated A4"),
            codec.number("printer-state", state, Tag.ENUM),
            codec.words("printer-state-reasons", Tag.KEYWORD, *(reasons or ["none"])),
            codec.truth("printer-is-accepting-jobs", self._faults.accepting),
            codec.words("document-format-supported", Tag.MIME, "application/pdf"),
            Attribute(
                "operations-supported",
                tuple(codec.number("", one, Tag.ENUM).values[0] for one in known),
            ),
            codec.words("ipp-versions-supported", Tag.KEYWORD, "1.1", "2.0"),
            codec.words("charset-configured", Tag.CHARSET, "utf-8"),
            codec.number("printer-up-time", max(1, int(time.monotonic()))),
            *queue,
        )
