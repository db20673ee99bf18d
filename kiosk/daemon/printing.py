"""The receipt printer, owned by one worker thread, and the jobs that it is given.

A job is on the disk before its first byte goes out, and ends exactly once, with the
outcome that the printer proved. Nothing here prints anything twice by itself.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import uuid_utils

from drivers.deadline import Deadline
from drivers.printers.encode import encode
from drivers.printers.escpos import EscposPrinter
from drivers.printers.glyphs import GlyphDrawer
from drivers.printers.outcome import Doubt, Failed, PrintOutcome, Proven, Unknown
from drivers.printers.paper import Document, Qr, Text
from drivers.printers.profile import Profile
from drivers.printers.status import Cause, NoAnswer, NotReady, PrinterStatus, Ready
from drivers.printers.tag import job_tag
from kiosk.clock import Clock
from kiosk.daemon.journal import Job
from kiosk.daemon.keeping import Keeper
from kiosk.logs import fact
from offline_queue.errors import OutboxFull, StorageFailed
from offline_queue.sealing import Sealer

STATUS_WITHIN_S = 1.0
WATCH_EVERY_S = 2.0
RECOVER_EVERY_S = 10.0
"""How often a printer with a cutter error is told to go on: it stays in error, after somebody
has freed the blade, until it is told."""

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is to be printed.

    Attributes:
        number: the slip's number; a reprint keeps it.
        copy: 0, or n for the n-th reprint.
        document: the paper.
        shown: the verdict screen it belongs to, as JSON, kept sealed until the visit ends:
            if the terminal is stopped in the middle, the next start can offer a reprint.
    """

    number: str
    copy: int
    document: Document
    shown: bytes


def status_word(status: PrinterStatus) -> str:
    """One word for a status, as logs, staff and the service see it."""
    match status:
        case Ready(near_end):
            return "paper_near_end" if near_end else "ready"
        case NotReady(cause):
            return cause.value
        case NoAnswer():
            return "silent"


def outcome_words(outcome: PrintOutcome) -> tuple[str, str]:
    """An outcome and its cause or doubt, as messages carry them."""
    match outcome:
        case Proven():
            return "proven", ""
        case Failed(cause):
            return "failed", cause.value
        case Unknown(doubt):
            return "unknown", doubt.value


@dataclass(frozen=True, slots=True)
class ReceiptPrinter:
    """The configured printer: the device, its model, and what draws the glyphs it lacks."""

    device: EscposPrinter
    profile: Profile
    glyphs: GlyphDrawer


class Printing:
    """Watches the printer while it is idle and prints slips one at a time."""

    def __init__(
        self,
        printer: ReceiptPrinter | None,
        keeper: Keeper,
        sealer: Sealer,
        clock: Clock,
        *,
        on_status: Callable[[PrinterStatus], None],
    ) -> None:
        self._printer = printer
        self._keeper = keeper
        self._sealer = sealer
        self._clock = clock
        self._on_status = on_status
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")
        self._busy = asyncio.Lock()
        self._look = asyncio.Event()
        self._recovered_at = clock.monotonic()
        self.status: PrinterStatus = NoAnswer() if printer else NotReady(Cause.DISCONNECTED)

    async def watch(self) -> None:
        """Ask the printer how it is, until cancelled; tell when that changes."""
        while True:
            await self.refresh()
            self._look.clear()
            try:
                async with asyncio.timeout(WATCH_EVERY_S):
                    await self._look.wait()
            except TimeoutError:
                continue

    async def refresh(self) -> None:
        """Ask the printer once."""
        if self._printer is None:
            return
        async with self._busy:
            status = await self._in_thread(self._printer.device.status, Deadline(STATUS_WITHIN_S))
            if status == NotReady(Cause.CUTTER_JAM) and self._may_recover():
                deadline = Deadline(STATUS_WITHIN_S)
                status = await self._in_thread(self._printer.device.recover, deadline)
        self._become(status)

    async def warm_up(self) -> None:
        """Encode something once: the first slip of the day must not pay for loading the font."""
        if self._printer is not None:
            await self._in_thread(encode, _WARM_UP, self._printer.profile, self._printer.glyphs)

    def _may_recover(self) -> bool:
        now = self._clock.monotonic()
        if now - self._recovered_at < RECOVER_EVERY_S:
            return False
        self._recovered_at = now
        return True

    async def print(self, slip: Slip) -> PrintOutcome | None:
        """Print a slip and say how it ended; the report is owed when this returns.

        None when the job could not be put on the disk first: then nothing was printed.
        """
        job_id = str(uuid_utils.uuid7())
        job = Job(
            job_id=job_id,
            slip=slip.number,
            copy=slip.copy,
            order_key=slip.number,
            begun_at=self._clock.now(),
            shown=self._sealer.seal(slip.shown, job_id),
        )
        try:
            await asyncio.to_thread(self._keeper.begin_job, job)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "print.not_begun", slip=slip.number, why=type(error).__name__)
            return None
        async with self._busy:
            outcome = await self._attempt(job, slip.document)
        words = outcome_words(outcome)
        fact(_log, "print.ended", slip=slip.number, copy=slip.copy, outcome=words[0], why=words[1])
        try:
            await asyncio.to_thread(self._keeper.end_job, job, *words)
        except (OutboxFull, StorageFailed) as error:
            # The job stays open in the journal and is reported as interrupted at the next
            # start; the person is told what the printer proved.
            fact(_log, "print.not_recorded", slip=slip.number, why=type(error).__name__)
        self._look.set()
        return outcome

    async def _attempt(self, job: Job, document: Document) -> PrintOutcome:
        if self._printer is None:
            return Failed(Cause.DISCONNECTED)
        printer = self._printer
        return await self._in_thread(_print, printer, job_tag(job.job_id), document)

    async def close(self) -> None:
        """Let a running job end, then let go of the printer."""
        await asyncio.to_thread(self._thread.shutdown)
        if self._printer is not None:
            self._printer.device.close()

    def unsealed(self, job: Job) -> bytes | None:
        """The verdict screen that a job belongs to, if it is still remembered."""
        return None if job.shown is None else self._sealer.unseal(job.shown, job.job_id)

    def report_interrupted(self) -> list[Job]:
        """Owe a report for each job that the terminal's own stop interrupted; blocking."""
        jobs = self._keeper.interrupted_jobs()
        for job in jobs:
            self._keeper.end_job(job, *outcome_words(Unknown(Doubt.INTERRUPTED)))
            fact(_log, "print.interrupted", slip=job.slip, copy=job.copy)
        return jobs

    async def _in_thread(self, call: Callable[..., _T], *arguments: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)

    def _become(self, status: PrinterStatus) -> None:
        if status == self.status:
            return
        self.status = status
        fact(_log, "printer.status_changed", status=status_word(status))
        self._on_status(status)


_WARM_UP = Document((Text("发票"), Qr("0")))


def _print(printer: ReceiptPrinter, tag: bytes, document: Document) -> PrintOutcome:
    slip = encode(document, printer.profile, printer.glyphs)
    return printer.device.print(tag, slip.body, printer.device.deadline_for(slip))
