"""An A4 printer, and what became of a job on it.

A job goes: ask the printer how it is - Create-Job - Send-Document - ask after the job until it is
over. Submitting proves nothing. A job is announced before its document is sent, so that a line
that breaks in between leaves a number to ask after, and nothing printed.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import assert_never

from drivers.deadline import Deadline, DeadlinePassed
from drivers.documents.ipp import (
    PDF,
    IppClient,
    IppRefused,
    IppStatus,
    JobFacts,
    JobState,
    Operation,
    PageSetup,
    PrinterFacts,
    PrinterState,
)
from drivers.documents.ipp_http import IppNotSpoken, IppUnreachable
from drivers.documents.outcome import (
    A4Cause,
    A4Failed,
    A4NoAnswer,
    A4NotReady,
    A4Outcome,
    A4Printing,
    A4Progress,
    A4Proven,
    A4Ready,
    A4Status,
    A4Unknown,
    A4Waiting,
)
from drivers.documents.reasons import faults
from drivers.printers.outcome import Doubt

_log = logging.getLogger(__name__)

POLL_S = 0.5
"""How often a job is asked after."""
_ANSWER_S = 3.0
_CANCEL_S = 6.0  # kept free at the end of the deadline for ending the job
_ANY_FORMAT = "application/octet-stream"  # the printer finds out by itself


class _Gone(Exception):
    """The printer could not be asked: nobody there, no answer in time, or not IPP."""


class A4Printer:
    """One printer. Calls block until their deadline; one job at a time.

    Args:
        client: speaks to it.
        clock: seconds.
        poll_s: how often a job is asked after.
    """

    def __init__(
        self,
        client: IppClient,
        clock: Callable[[], float] = time.monotonic,
        poll_s: float = POLL_S,
    ) -> None:
        self._client = client
        self._clock = clock
        self._poll_s = poll_s
        self._last_status: A4Status | None = None

    def status(self, deadline: Deadline) -> A4Status:
        """How the printer is, by its own words."""
        try:
            return self._noted(_status(self._client.printer_facts(deadline)))
        except IppUnreachable:
            return self._noted(A4NotReady(A4Cause.DISCONNECTED))
        except (DeadlinePassed, IppNotSpoken, IppRefused):
            return self._noted(A4NoAnswer())

    def print(
        self,
        document: bytes,
        job_name: str,
        deadline: Deadline,
        *,
        setup: PageSetup | None = None,
        cancel: threading.Event | None = None,
        on_progress: Callable[[A4Progress], None] = lambda _: None,
        on_number: Callable[[int], None] = lambda _: None,
    ) -> A4Outcome:
        """Print a PDF and find out what became of it.

        Args:
            document: the PDF.
            job_name: shown on the printer's own screen: never a person's data.
            deadline: when to give up; the last seconds are for ending the job.
            setup: how pages are to come out.
            cancel: set it to end the job.
            on_progress: is told each change, from this thread.
            on_number: is told the printer's number of the job, from this thread, before the
                printer gets the document (after it, where the printer has only Print-Job).
        """
        job = _Job(self._client, cancel or threading.Event(), on_progress, self._clock, on_number)
        outcome = job.run(document, job_name, setup or PageSetup(), deadline, self._poll_s)
        _log.info("a4.job_ended outcome=%s", outcome)
        return outcome

    def settle(self, number: int, job_name: str, deadline: Deadline) -> A4Outcome:
        """Find out what became of a job that nobody follows any more; end it if it still runs.

        What it still held would come out hours later, before somebody else.

        Args:
            number: the printer's number of the job, as `on_number` told it.
            job_name: its name. A printer that was off may count from 1 again: a job of another
                name is not ours, and is left alone.
            deadline: when to give up.
        """
        nobody = threading.Event()
        nobody.set()
        job = _Job(self._client, nobody, lambda _: None, self._clock, lambda _: None)
        outcome = job.settle(number, job_name, deadline, self._poll_s)
        _log.info("a4.job_settled outcome=%s", outcome)
        return outcome

    def _noted(self, status: A4Status) -> A4Status:
        if status != self._last_status:
            self._last_status = status
            _log.info("a4.status_changed status=%s", status)
        return status


def _status(facts: PrinterFacts) -> A4Status:
    found = faults(facts.reasons)
    if not facts.accepting:
        return A4NotReady(A4Cause.NOT_ACCEPTING)
    if found and (found[0].stops or facts.state is PrinterState.STOPPED):
        return A4NotReady(found[0].cause)
    if facts.state is PrinterState.STOPPED:
        return A4NotReady(A4Cause.PAUSED)
    return A4Ready(tuple(fault.cause for fault in found))


class _Job:
    """One job from its announcement to its end."""

    def __init__(
        self,
        client: IppClient,
        cancel: threading.Event,
        on_progress: Callable[[A4Progress], None],
        clock: Callable[[], float],
        on_number: Callable[[int], None],
    ) -> None:
        self._client = client
        self._cancel = cancel
        self._on_progress = on_progress
        self._on_number = on_number
        self._clock = clock
        self._proves = True
        self._name = ""
        self._is_in_touch = True
        self._last_cause: A4Cause | None = None
        self._progress: A4Progress | None = None

    def run(
        self, document: bytes, name: str, setup: PageSetup, deadline: Deadline, poll_s: float
    ) -> A4Outcome:
        self._name = name
        reserve_s = min(_CANCEL_S, deadline.left_s / 3)
        until = Deadline(deadline.left_s - reserve_s, self._clock)
        try:
            facts = self._client.printer_facts(self._within(until))
            refusal = self._refusal(facts)
            if refusal is not None:
                return A4Failed(refusal)
            if Operation.CREATE_JOB not in facts.operations:
                return self._at_once(document, name, setup, until, deadline, poll_s)
            number = self._client.create_job(name, setup, self._within(until))
        except IppRefused as error:
            return A4Failed(_refused(error))
        except (DeadlinePassed, IppUnreachable, IppNotSpoken):
            return A4Failed(A4Cause.DISCONNECTED)  # it was given no document
        self._on_number(number)
        return self._sent_and_followed(number, document, until, deadline, poll_s)

    def settle(self, number: int, name: str, deadline: Deadline, poll_s: float) -> A4Outcome:
        self._name = name
        try:
            self._note_spooler(self._client.printer_facts(self._within(deadline)))
            self._client.job_facts(number, self._within(deadline))  # refused: it is forgotten
            ended = self._look(number, deadline)
        except IppRefused as error:
            is_gone = error.status == IppStatus.NOT_FOUND
            return A4Unknown(Doubt.NO_PROOF if is_gone else Doubt.LOST_LINK)
        except (DeadlinePassed, IppUnreachable, IppNotSpoken, _Gone):
            return A4Unknown(Doubt.LOST_LINK)
        return self._given_up(number, deadline, poll_s) if ended is None else ended

    def _at_once(
        self,
        document: bytes,
        name: str,
        setup: PageSetup,
        until: Deadline,
        deadline: Deadline,
        poll_s: float,
    ) -> A4Outcome:
        """Print-Job, where the printer has nothing better: a broken line leaves no number."""
        try:
            number = self._client.print_job(name, document, setup, until)
        except IppRefused as error:
            return A4Failed(_refused(error))
        except (DeadlinePassed, IppUnreachable, IppNotSpoken):
            return A4Unknown(Doubt.LOST_LINK)
        self._on_number(number)
        return self._followed(number, until, deadline, poll_s)

    def _note_spooler(self, facts: PrinterFacts) -> None:
        # A queue that only passes bytes on calls a job completed when they are gone.
        passes_on = ("ipp:", "ipps:", "dnssd:", "implicitclass:")
        self._proves = not facts.spooler or facts.device.startswith(passes_on)

    def _refusal(self, facts: PrinterFacts) -> A4Cause | None:
        self._note_spooler(facts)
        status = _status(facts)
        match status:
            case A4NotReady(cause):
                return cause
            case A4Ready() | A4NoAnswer():
                pass
            case _:
                assert_never(status)
        if facts.formats and not facts.formats & {PDF, _ANY_FORMAT}:
            return A4Cause.FORMAT_REFUSED
        return None

    def _sent_and_followed(
        self, number: int, document: bytes, until: Deadline, deadline: Deadline, poll_s: float
    ) -> A4Outcome:
        try:
            self._client.send_document(number, document, until)
        except IppRefused as error:
            self._end(number, deadline)
            return A4Failed(_refused(error))
        except (DeadlinePassed, IppUnreachable, IppNotSpoken):
            # All of it may be there. The job has a number: it can be asked after, and ended.
            _log.warning("a4.document_broke_off job=%d", number)
        return self._followed(number, until, deadline, poll_s)

    def _followed(
        self, number: int, until: Deadline, deadline: Deadline, poll_s: float
    ) -> A4Outcome:
        while not self._cancel.is_set() and until.left_s > 0:
            ended = self._look_if_there(number, until)
            if ended is not None:
                return ended
            self._cancel.wait(min(poll_s, until.left_s))
        return self._given_up(number, deadline, poll_s)

    def _look_if_there(self, number: int, deadline: Deadline) -> A4Outcome | None:
        try:
            ended = self._look(number, deadline)
        except _Gone:
            self._is_in_touch = False
            return None
        self._is_in_touch = True
        return ended

    def _look(self, number: int, deadline: Deadline) -> A4Outcome | None:
        """Ask after job and printer. The outcome if the job is over."""
        try:
            job = self._client.job_facts(number, self._within(deadline))
            printer = self._client.printer_facts(self._within(deadline))
        except IppRefused as error:
            if error.status == IppStatus.NOT_FOUND:
                return A4Unknown(Doubt.NO_PROOF)  # it was turned off and on, or forgets quickly
            raise _Gone from error
        except (IppUnreachable, IppNotSpoken, DeadlinePassed) as error:
            raise _Gone from error
        if job.name and job.name != self._name:
            return A4Unknown(Doubt.NO_PROOF)  # off and on, it counts from 1: somebody else's job
        found = faults(printer.reasons)
        cause = found[0].cause if found else None
        if cause is None and JobState.STOPPED is job.state:
            cause = A4Cause.FAULT
        match job.state:
            case JobState.COMPLETED:
                return self._completed(job)
            case JobState.CANCELED:
                return A4Failed(A4Cause.CANCELLED)
            case JobState.ABORTED:
                return A4Failed(_aborted(job, cause))
            case _:
                self._tell(cause, job)
                return None

    def _completed(self, job: JobFacts) -> A4Outcome:
        if not self._proves or "job-completed-with-errors" in job.reasons:
            return A4Unknown(Doubt.NO_PROOF)
        return A4Proven(job.sheets)

    def _tell(self, cause: A4Cause | None, job: JobFacts) -> None:
        self._last_cause = cause
        now = A4Waiting(cause) if cause is not None else A4Printing(job.sheets)
        if now != self._progress:
            self._progress = now
            self._on_progress(now)

    def _given_up(self, number: int, deadline: Deadline, poll_s: float) -> A4Outcome:
        """End the job, and find out how it ended."""
        if not self._is_in_touch:
            # It may have been off and on: the number may be a stranger's, not to be cancelled.
            ended = self._look_if_there(number, deadline)
            if ended is not None:
                return ended
        wanted = self._cancel.is_set()
        cause = self._last_cause
        self._end(number, deadline)
        pause = threading.Event()
        doubt = Doubt.LOST_LINK
        while deadline.left_s > 0:
            try:
                ended = self._look(number, deadline)
                doubt = Doubt.NO_PROOF
            except _Gone:
                ended, doubt = None, Doubt.LOST_LINK
            if ended is not None:
                if ended != A4Failed(A4Cause.CANCELLED) or wanted:
                    return ended
                return A4Unknown(Doubt.NO_PROOF) if cause is None else A4Failed(cause)
            pause.wait(min(poll_s, deadline.left_s))
        return A4Unknown(doubt)

    def _end(self, number: int, deadline: Deadline) -> None:
        try:
            self._client.cancel_job(number, self._within(deadline))
        except IppRefused:
            _log.info("a4.cancel_refused job=%d", number)  # it is over already, most often
        except (IppUnreachable, IppNotSpoken, DeadlinePassed):
            _log.warning("a4.cancel_not_delivered job=%d", number)

    def _within(self, deadline: Deadline) -> Deadline:
        return Deadline(min(_ANSWER_S, deadline.left_s), self._clock)


def _refused(error: IppRefused) -> A4Cause:
    if error.status in (IppStatus.FORMAT_NOT_SUPPORTED, IppStatus.FORMAT_ERROR):
        return A4Cause.FORMAT_REFUSED
    return A4Cause.NOT_ACCEPTING


def _aborted(job: JobFacts, cause: A4Cause | None) -> A4Cause:
    if any(reason.startswith("document-") for reason in job.reasons):
        return A4Cause.FORMAT_REFUSED  # document-format-error, document-access-error, ...
    return cause or A4Cause.ABORTED
