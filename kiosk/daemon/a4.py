"""The A4 printer: documents, each followed to its end, and none printed twice.

A job is on the disk before the printer hears of it, and the printer's own number of it before
the printer gets the document. A terminal that was stopped in between settles what it left: it
asks the printer how the job ended, and takes it back if it still waits, so that nobody's
invoice comes out hours later before somebody else. It never prints one again by itself.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar, assert_never

import uuid_utils

from drivers.deadline import Deadline
from drivers.documents.a4_printer import A4Printer
from drivers.documents.ipp import PageSetup
from drivers.documents.outcome import (
    A4Cause,
    A4Failed,
    A4NoAnswer,
    A4NotReady,
    A4Outcome,
    A4Progress,
    A4Proven,
    A4Ready,
    A4Status,
    A4Unknown,
)
from drivers.printers.outcome import Doubt
from kiosk.clock import Clock
from kiosk.daemon.journal import Job, Medium
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.printing import TrialRefused
from kiosk.logs import fact
from offline_queue.errors import OutboxFull, StorageFailed

STATUS_WITHIN_S = 3.0
WATCH_EVERY_S = 5.0
SETTLE_WITHIN_S = 12.0

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class A4Setup:
    """The configured printer.

    Attributes:
        device: speaks to it.
        pages: how pages are to come out.
        give_up_s: seconds after which a document that does not come out is taken back.
    """

    device: A4Printer
    pages: PageSetup
    give_up_s: float


@dataclass(frozen=True, slots=True)
class A4Document:
    """What is to be printed.

    Attributes:
        number: the number that it is reported and found under, as a slip's; the printer shows it.
        copy: 0, or n for the n-th reprint.
        pdf: the pages.
    """

    number: str
    copy: int
    pdf: bytes


def a4_status_word(status: A4Status | None) -> str:
    """One word for a status, as logs, staff and the service see it; "" if there is no printer."""
    match status:
        case None:
            return ""
        case A4Ready(warnings):
            return warnings[0].value if warnings else "ready"
        case A4NotReady(cause):
            return cause.value
        case A4NoAnswer():
            return "silent"
        case _:
            assert_never(status)


def a4_outcome_words(outcome: A4Outcome) -> tuple[str, str]:
    """An outcome and its cause or doubt, as messages carry them."""
    match outcome:
        case A4Proven():
            return "proven", ""
        case A4Failed(cause):
            return "failed", cause.value
        case A4Unknown(doubt):
            return "unknown", doubt.value
        case _:
            assert_never(outcome)


class A4Printing:
    """Watches the A4 printer while it is idle and prints one document at a time.

    Attributes:
        status: how it is; None if there is none.
    """

    def __init__(
        self,
        setup: A4Setup | None,
        keeper: Keeper,
        clock: Clock,
        *,
        on_status: Callable[[A4Status], None],
    ) -> None:
        self._setup = setup
        self._keeper = keeper
        self._clock = clock
        self._on_status = on_status
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="a4")
        self._busy = asyncio.Lock()
        self._look = asyncio.Event()
        self._cancel: threading.Event | None = None
        self._left: list[Job] = []
        self.status: A4Status | None = None if setup is None else A4NoAnswer()

    @property
    def is_printing(self) -> bool:
        """Whether a document is on its way at this moment."""
        return self._cancel is not None

    async def watch(self) -> None:
        """Settle what an earlier run left, then ask the printer how it is, until cancelled."""
        await self.settle_left()
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
        if self._setup is None:
            return
        async with self._busy:
            status = await self._in_thread(self._setup.device.status, Deadline(STATUS_WITHIN_S))
        if status != self.status:
            self.status = status
            fact(_log, "a4.status_changed", status=a4_status_word(status))
            self._on_status(status)
        if self._left and isinstance(status, A4Ready | A4NotReady):
            await self._take_back_left()

    async def print(
        self, document: A4Document, on_progress: Callable[[A4Progress], None] = lambda _: None
    ) -> A4Outcome | None:
        """Print a document and follow it to its end; the report is owed when this returns.

        Args:
            document: what is to come out.
            on_progress: is told each change (sheets that are out, what it waits for), in the
                loop that this was called from.

        Returns:
            The outcome. None when the job could not be put on the disk first: then nothing was
            printed.
        """
        job = Job(
            job_id=str(uuid_utils.uuid7()),
            slip=document.number,
            copy=document.copy,
            order_key=document.number,
            begun_at=self._clock.now(),
            shown=None,
            medium=Medium.A4,
        )
        try:
            await asyncio.to_thread(self._keeper.begin_job, job)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "a4.not_begun", slip=document.number, why=type(error).__name__)
            return None

        def remember(number: int) -> None:
            try:
                self._keeper.job_taken(job.job_id, number)
            except (OutboxFull, StorageFailed) as error:
                # It is printed all the same; only a restart in the middle cannot settle it.
                fact(_log, "a4.number_not_kept", slip=job.slip, why=type(error).__name__)

        outcome = await self._attempt(document.pdf, document.number, on_progress, remember)
        await self._record(job, outcome)
        self._look.set()
        return outcome

    async def print_trial(self, pdf: bytes) -> A4Outcome:
        """Print a technician's trial page; nobody is owed a report of it.

        Raises:
            TrialRefused: there is no A4 printer, or a document is being printed.
        """
        if self._setup is None:
            raise TrialRefused("no a4 printer is set up")
        if self.is_printing:
            raise TrialRefused("a document is being printed")
        outcome = await self._attempt(pdf, "trial", lambda _: None, lambda _: None)
        self._look.set()
        return outcome

    def cancel(self) -> None:
        """Take the document back that is being printed, if any; `print` says how that ended."""
        if self._cancel is not None:
            self._cancel.set()

    async def close(self) -> None:
        """Take back what is being printed, and let go of the printer."""
        self.cancel()
        await asyncio.to_thread(self._thread.shutdown)

    async def settle_left(self) -> None:
        """Find out what became of documents that our own stop left with the printer."""
        for job in await asyncio.to_thread(self._keeper.interrupted_jobs, Medium.A4):
            outcome: A4Outcome = A4Unknown(Doubt.INTERRUPTED)
            if job.taken_as is not None:
                outcome = await self._settled(job, job.taken_as)
            if isinstance(outcome, A4Unknown) and job.taken_as is not None:
                self._left.append(job)
            await self._record(job, outcome)

    async def _settled(self, job: Job, number: int) -> A4Outcome:
        if self._setup is None:
            return A4Unknown(Doubt.INTERRUPTED)
        settle = partial(self._setup.device.settle, number, job.slip, Deadline(SETTLE_WITHIN_S))
        async with self._busy:
            outcome = await self._in_thread(settle)
        return A4Unknown(Doubt.INTERRUPTED) if isinstance(outcome, A4Unknown) else outcome

    async def _take_back_left(self) -> None:
        """The printer can be asked again: end what it may still hold. It was reported already."""
        left, self._left = self._left, []
        for job in left:
            if job.taken_as is not None:
                outcome = await self._settled(job, job.taken_as)
                words = a4_outcome_words(outcome)
                fact(_log, "a4.taken_back", slip=job.slip, outcome=words[0], why=words[1])

    async def _attempt(
        self,
        pdf: bytes,
        name: str,
        on_progress: Callable[[A4Progress], None],
        on_number: Callable[[int], None],
    ) -> A4Outcome:
        setup = self._setup
        if setup is None:
            return A4Failed(A4Cause.DISCONNECTED)
        loop = asyncio.get_running_loop()

        def tell(progress: A4Progress) -> None:
            loop.call_soon_threadsafe(on_progress, progress)

        async with self._busy:
            cancel = self._cancel = threading.Event()
            try:
                return await self._in_thread(
                    partial(
                        setup.device.print,
                        pdf,
                        name,
                        Deadline(setup.give_up_s),
                        setup=setup.pages,
                        cancel=cancel,
                        on_progress=tell,
                        on_number=on_number,
                    )
                )
            finally:
                self._cancel = None

    async def _record(self, job: Job, outcome: A4Outcome) -> None:
        words = a4_outcome_words(outcome)
        fact(_log, "a4.ended", slip=job.slip, copy=job.copy, outcome=words[0], why=words[1])
        try:
            await asyncio.to_thread(self._keeper.end_job, job, *words)
        except (OutboxFull, StorageFailed) as error:
            # The job stays open in the journal and is settled at the next start.
            fact(_log, "a4.not_recorded", slip=job.slip, why=type(error).__name__)

    async def _in_thread(self, call: Callable[..., _T], *arguments: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)
