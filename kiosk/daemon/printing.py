"""The receipt printers, owned by one worker thread, and the jobs that they are given.

A job is on the disk before its first byte goes out, and ends exactly once, with the
outcome that the printer proved. Nothing here prints anything twice by itself.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import uuid_utils

from drivers.deadline import Deadline
from drivers.printers.outcome import Doubt, Failed, PrintOutcome, Proven, Unknown
from drivers.printers.paper import Document, Qr, Text
from drivers.printers.presenter import Bezel
from drivers.printers.status import Cause, NoAnswer, NotReady, PrinterStatus, Ready
from drivers.printers.tag import job_tag
from kiosk.clock import Clock
from kiosk.daemon.held_slips import Fate, fate_of
from kiosk.daemon.journal import Job
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.paper_stock import PaperStock
from kiosk.daemon.stations import Printed, ReceiptPrinter, ask_status, print_on, together
from kiosk.logs import fact
from offline_queue.errors import OutboxFull, StorageFailed
from offline_queue.sealing import Sealer

STATUS_WITHIN_S = 1.0
RETRACT_WITHIN_S = 5.0
WATCH_EVERY_S = 2.0
NOTICE_EVERY_S = 0.2
"""How often it is seen whether a printer is still plugged in, which costs nothing on the line."""
RECOVER_EVERY_S = 10.0
"""How often a printer with a cutter error is told to go on: it stays in error, after somebody
has freed the blade, until it is told."""

CALL_MAY_TAKE_S = 20.0
"""A question to the printer has a deadline of a second, the first glyphs take some; beyond this
the thread hangs in the driver or the kernel, and only a new process helps."""
PRINT_MAY_TAKE_S = 240.0
"""The longest slip at the slowest line, on two printers one after the other."""

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


class TrialRefused(Exception):
    """A trial print is not possible now; the text says why."""


class Printing:
    """Watches the printers while they are idle and prints slips one at a time.

    Args:
        printers: the first is printed on, the second takes what the first could not begin.
        on_status: is told how printing is, on change: ready if any of them is.
        on_printer: is told a printer and the word for its status, on change.
        on_paper: is told a printer and how its paper stands, on change.
        on_fate: is told what became of a slip (its number, its copy) that a presenter held out.

    Nothing that a presenter holds out is left to itself, whoever it belongs to: a trial slip, and
    one that the terminal's own stop left there, are drawn in as well. What cannot be drawn in
    makes the printer `Cause.SLIP_LEFT` until it is gone.
    """

    def __init__(
        self,
        printers: tuple[ReceiptPrinter, ...],
        keeper: Keeper,
        sealer: Sealer,
        clock: Clock,
        *,
        on_status: Callable[[PrinterStatus], None],
        on_printer: Callable[[str, str], None],
        on_paper: Callable[[str, str], None],
        on_fate: Callable[[str, int, Fate], None],
    ) -> None:
        self._printers = printers
        self._keeper = keeper
        self._sealer = sealer
        self._clock = clock
        self._on_status = on_status
        self._on_printer = on_printer
        self._on_fate = on_fate
        self._held: dict[str, tuple[asyncio.Task[None], asyncio.Event]] = {}
        self._left: set[str] = set()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")
        self._busy = asyncio.Lock()
        self._due_s: float | None = None
        self._look = asyncio.Event()
        self._jobs = 0
        self._recovered_at: dict[str, float] = {}
        self._begun_at = clock.monotonic()
        supplies = {printer.name: printer.supply for printer in printers}
        self.paper = PaperStock(keeper, supplies, on_level=on_paper)
        self._statuses: dict[str, PrinterStatus] = {one.name: NoAnswer() for one in printers}
        self.status: PrinterStatus = together(tuple(self._statuses.values()))

    @property
    def statuses(self) -> Mapping[str, PrinterStatus]:
        """How each printer is, by its name."""
        return self._statuses

    def model(self, printer: str) -> str | None:
        """Title of a printer's model; None if there is no such printer."""
        return next((one.profile.title for one in self._printers if one.name == printer), None)

    @property
    def is_printing(self) -> bool:
        """Whether a printer is in use at this moment."""
        return self._jobs > 0

    async def start(self) -> None:
        """Go on with the rolls that were counted, and get ready for the first slip."""
        await self.paper.load()
        await self._warm_up()
        await self.refresh()
        # Said once even if nothing has changed: without any printer nothing ever will.
        self._on_status(self.status)

    async def watch(self) -> None:
        """Ask the printers how they are, until cancelled; tell when that changes."""
        while True:
            await self.refresh()
            self._look.clear()
            ask_at = self._clock.monotonic() + WATCH_EVERY_S
            while self._clock.monotonic() < ask_at and not self._is_any_gone():
                try:
                    async with asyncio.timeout(NOTICE_EVERY_S):
                        await self._look.wait()
                    break
                except TimeoutError:
                    continue

    def _is_any_gone(self) -> bool:
        """Whether a printer went away since it was asked: the screen must know at once."""
        return any(printer.device.is_gone() for printer in self._printers)

    async def refresh(self) -> None:
        """Ask each printer once."""
        for printer in self._printers:
            async with self._busy:
                may_recover = self._may_recover(printer)
                ask = partial(ask_status, printer, STATUS_WITHIN_S, may_recover=may_recover)
                status = await self._in_thread(ask)
                if isinstance(status, Ready) and printer.device.presents:
                    status = await self._with_outlet(printer, status)
            await self._become(printer.name, status)

    async def _with_outlet(self, printer: ReceiptPrinter, status: Ready) -> PrinterStatus:
        """The status of a presenter, whose outlet may hold what nobody follows; lock held."""
        name = printer.name
        if name in self._held:
            return status
        held = await self._in_thread(printer.device.bezel, Deadline(STATUS_WITHIN_S))
        if held is Bezel.EMPTY:
            self._left.discard(name)
        elif held is Bezel.HOLDS_SLIP and name not in self._left:
            self._watch_held(printer, None)
        return NotReady(Cause.SLIP_LEFT) if name in self._left else status

    async def _warm_up(self) -> None:
        """Encode something once: the first slip of the day must not pay for loading the font."""
        for printer in self._printers:
            await self._in_thread(printer.encode, _WARM_UP)

    def _may_recover(self, printer: ReceiptPrinter) -> bool:
        now = self._clock.monotonic()
        before = self._recovered_at.get(printer.name, self._begun_at)
        jammed = self._statuses[printer.name] == NotReady(Cause.CUTTER_JAM)
        if not jammed or now - before < RECOVER_EVERY_S:
            return False
        self._recovered_at[printer.name] = now
        return True

    async def print(self, slip: Slip) -> Printed | None:
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
        printed = await self._attempt(self._printers, job_id, slip.document, slip)
        words = outcome_words(printed.outcome)
        fact(
            _log,
            "print.ended",
            slip=slip.number,
            copy=slip.copy,
            printer=printed.printer,
            outcome=words[0],
            why=words[1],
        )
        roll = self.paper.printed(printed.printer, printed.paper_mm, printed.outcome)
        kept = None if roll is None else (printed.printer, roll)
        try:
            await asyncio.to_thread(self._keeper.end_job, job, *words, kept)
        except (OutboxFull, StorageFailed) as error:
            # The job stays open in the journal and is reported as interrupted at the next
            # start; the person is told what the printer proved.
            fact(_log, "print.not_recorded", slip=slip.number, why=type(error).__name__)
        self._look.set()
        return printed

    def _watch_held(self, printer: ReceiptPrinter, slip: Slip | None) -> None:
        hurry = asyncio.Event()
        task = asyncio.create_task(self._follow_held(printer, slip, hurry))
        self._held[printer.name] = task, hurry

    async def _follow_held(
        self, printer: ReceiptPrinter, slip: Slip | None, hurry: asyncio.Event
    ) -> None:
        async def ask(call: Callable[[Deadline], Bezel], within_s: float) -> Bezel:
            async with self._busy:
                return await self._in_thread(call, Deadline(within_s))

        device = printer.device
        fate = await fate_of(
            partial(ask, device.bezel, STATUS_WITHIN_S),
            partial(ask, device.retract, RETRACT_WITHIN_S),
            self._clock,
            hurry,
        )
        del self._held[printer.name]
        if fate is Fate.LEFT:
            self._left.add(printer.name)
            self._look.set()
        number, copy = ("", 0) if slip is None else (slip.number, slip.copy)
        fact(_log, "print.held", printer=printer.name, slip=number, copy=copy, fate=fate.value)
        if slip is not None:
            self._on_fate(number, copy, fate)

    async def _clear_outlets(self) -> None:
        """Nobody may find another person's slip: what is held out is drawn in first."""
        for task, hurry in tuple(self._held.values()):
            hurry.set()
            await task

    async def print_trial(self, printer: str, document: Document) -> PrintOutcome:
        """Print a technician's trial slip on one printer; nobody is owed a report of it.

        Raises:
            TrialRefused: there is no such printer, or a slip is being printed.
        """
        chosen = tuple(one for one in self._printers if one.name == printer)
        if not chosen:
            raise TrialRefused(f"no {printer} is set up")
        if self.is_printing:
            raise TrialRefused("a slip is being printed")
        printed = await self._attempt(chosen, str(uuid_utils.uuid7()), document, None)
        self.paper.printed(printer, printed.paper_mm, printed.outcome)
        await self.paper.keep(printer)
        self._look.set()
        return printed.outcome

    async def _attempt(
        self,
        printers: tuple[ReceiptPrinter, ...],
        job_id: str,
        document: Document,
        slip: Slip | None,
    ) -> Printed:
        self._jobs += 1
        try:
            await self._clear_outlets()
            async with self._busy:
                printed = await self._in_thread(
                    print_on, printers, job_tag(job_id), document, within_s=PRINT_MAY_TAKE_S
                )
                # Under the lock: a look at the outlet in between would not know whose it is.
                self._outlet_after(printed, slip)
                return printed
        finally:
            self._jobs -= 1

    def _outlet_after(self, printed: Printed, slip: Slip | None) -> None:
        match printed.outcome:
            case Proven(waits=waits):
                self._left.discard(printed.printer)
                if waits:
                    named = (one for one in self._printers if one.name == printed.printer)
                    self._watch_held(next(named), slip)
            case Failed(Cause.SLIP_LEFT):
                self._left.add(printed.printer)
            case _:
                pass  # what the outlet holds is seen at the next look

    async def close(self) -> None:
        """Let a running job end, then let go of the printers; a held slip stays where it is."""
        followers = [task for task, _ in self._held.values()]
        for task in followers:
            task.cancel()
        await asyncio.gather(*followers, return_exceptions=True)
        await asyncio.to_thread(self._thread.shutdown)
        for printer in self._printers:
            printer.device.close()

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

    @property
    def stuck(self) -> str:
        """What the thread hangs in, long after each deadline inside it; "" when it does not."""
        if self._due_s is None or self._clock.monotonic() < self._due_s:
            return ""
        return "printer thread"

    async def _in_thread(
        self, call: Callable[..., _T], *arguments: object, within_s: float = CALL_MAY_TAKE_S
    ) -> _T:
        self._due_s = self._clock.monotonic() + within_s
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)
        finally:
            self._due_s = None

    async def _become(self, printer: str, status: PrinterStatus) -> None:
        await self.paper.said(printer, status)
        if status != self._statuses[printer]:
            self._statuses[printer] = status
            word = status_word(status)
            fact(_log, "printer.status_changed", printer=printer, status=word)
            self._on_printer(printer, word)
        whole = together(tuple(self._statuses.values()))
        if whole != self.status:
            self.status = whole
            self._on_status(whole)


_WARM_UP = Document((Text("发票"), Qr("0")))
