"""The operations of IPP that printing a page needs (RFC 8011 section 4)."""

import itertools
from dataclasses import dataclass
from enum import IntEnum

from drivers.deadline import Deadline
from drivers.documents import ipp_codec as codec
from drivers.documents.ipp_codec import Attribute, Group, IppMalformed, Message, Tag
from drivers.documents.ipp_http import IppAddress, IppNotSpoken, exchange

PDF = "application/pdf"
_USER = "kiosk"
_NO_ERROR = 0x0100  # successful-ok and its relatives are below


class Operation(IntEnum):
    """RFC 8011 section 5.4.15."""

    PRINT_JOB = 0x0002
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_PRINTER_ATTRIBUTES = 0x000B


class JobState(IntEnum):
    """RFC 8011 section 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class PrinterState(IntEnum):
    """RFC 8011 section 5.4.11."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class IppStatus(IntEnum):
    """The error statuses that mean something here (RFC 8011 appendix B)."""

    NOT_POSSIBLE = 0x0404
    NOT_FOUND = 0x0406
    FORMAT_NOT_SUPPORTED = 0x040A
    FORMAT_ERROR = 0x0411
    NOT_ACCEPTING = 0x0506


class IppRefused(Exception):
    """The printer understood the request and said no."""

    def __init__(self, operation: Operation, status: int) -> None:
        super().__init__(f"{operation.name}: {status:#06x}")
        self.status = status


@dataclass(frozen=True, slots=True)
class PrinterFacts:
    """What a printer says about itself.

    Attributes:
        state: idle, processing or stopped; None if it says something else.
        reasons: printer-state-reasons, with their severity suffixes.
        accepting: it takes jobs.
        formats: document formats that it takes; empty if it does not say.
        operations: what it can be asked.
        spooler: it is a print queue of a computer, not the printer itself.
        device: where a spooler sends its jobs.
    """

    state: PrinterState | None
    reasons: tuple[str, ...]
    accepting: bool
    formats: frozenset[str]
    operations: frozenset[int]
    spooler: bool
    device: str


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What a printer says about a job.

    Attributes:
        state: None if it says something that is no state.
        reasons: job-state-reasons.
        sheets: sheets that are out, if it counts them.
        name: the name that it was given; "" if the printer does not say.
    """

    state: JobState | None
    reasons: tuple[str, ...]
    sheets: int | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class PageSetup:
    """How pages are to come out. A printer that cannot do it does the nearest that it can.

    Attributes:
        media: PWG self-describing size name.
        sides: "one-sided" or "two-sided-long-edge".
        copies: how many.
    """

    media: str = "iso_a4_210x297mm"
    sides: str = "one-sided"
    copies: int = 1

    def attributes(self) -> tuple[Attribute, ...]:
        """As job template attributes."""
        return (
            codec.words("media", Tag.KEYWORD, self.media),
            codec.words("sides", Tag.KEYWORD, self.sides),
            codec.number("copies", self.copies),
        )


class IppClient:
    """One printer. Every call raises what `exchange` raises, and `IppRefused`."""

    def __init__(self, address: IppAddress) -> None:
        self._address = address
        self._numbers = itertools.count(1)

    def printer_facts(self, deadline: Deadline) -> PrinterFacts:
        """Ask the printer about itself."""
        asked = codec.words(
            "requested-attributes", Tag.KEYWORD,
            "printer-state", "printer-state-reasons", "printer-is-accepting-jobs",
            "document-format-supported", "operations-supported", "cups-version", "device-uri",
        )  # fmt: skip
        answer = self._ask(Operation.GET_PRINTER_ATTRIBUTES, deadline, asked)
        state = answer.integer(Tag.PRINTER, "printer-state")
        return PrinterFacts(
            state=PrinterState(state) if state in set(PrinterState) else None,
            reasons=answer.texts(Tag.PRINTER, "printer-state-reasons"),
            accepting=answer.boolean(Tag.PRINTER, "printer-is-accepting-jobs") is not False,
            formats=frozenset(answer.texts(Tag.PRINTER, "document-format-supported")),
            operations=answer.integers(Tag.PRINTER, "operations-supported"),
            spooler=bool(answer.values(Tag.PRINTER, "cups-version")),
            device="".join(answer.texts(Tag.PRINTER, "device-uri")[:1]),
        )

    def create_job(self, name: str, setup: PageSetup, deadline: Deadline) -> int:
        """Announce a job without a document: nothing is printed yet.

        Returns:
            Its number.
        """
        named = codec.words("job-name", Tag.NAME, name)
        answer = self._ask(Operation.CREATE_JOB, deadline, named, job=setup.attributes())
        return self._job_id(answer)

    def send_document(self, job: int, document: bytes, deadline: Deadline) -> None:
        """Give a job its only document, a PDF."""
        self._ask(
            Operation.SEND_DOCUMENT,
            deadline,
            codec.number("job-id", job),
            codec.words("document-format", Tag.MIME, PDF),
            codec.truth("last-document", True),
            document=document,
        )

    def print_job(self, name: str, document: bytes, setup: PageSetup, deadline: Deadline) -> int:
        """Both at once, for printers that know nothing else. Returns the job's number."""
        answer = self._ask(
            Operation.PRINT_JOB,
            deadline,
            codec.words("job-name", Tag.NAME, name),
            codec.words("document-format", Tag.MIME, PDF),
            job=setup.attributes(),
            document=document,
        )
        return self._job_id(answer)

    def job_facts(self, job: int, deadline: Deadline) -> JobFacts:
        """Ask how a job stands."""
        asked = codec.words(
            "requested-attributes", Tag.KEYWORD,
            "job-state", "job-state-reasons", "job-media-sheets-completed", "job-name",
        )  # fmt: skip
        number = codec.number("job-id", job)
        answer = self._ask(Operation.GET_JOB_ATTRIBUTES, deadline, number, asked)
        state = answer.integer(Tag.JOB, "job-state")
        return JobFacts(
            state=JobState(state) if state in set(JobState) else None,
            reasons=answer.texts(Tag.JOB, "job-state-reasons"),
            sheets=answer.integer(Tag.JOB, "job-media-sheets-completed"),
            name="".join(answer.texts(Tag.JOB, "job-name")[:1]),
        )

    def cancel_job(self, job: int, deadline: Deadline) -> None:
        """Ask the printer to end a job. It may have ended already, or print some more pages."""
        self._ask(Operation.CANCEL_JOB, deadline, codec.number("job-id", job))

    def _job_id(self, answer: Message) -> int:
        number = answer.integer(Tag.JOB, "job-id")
        if number is None:
            raise IppNotSpoken(f"{self._address.uri}: a job without a number")
        return number

    def _ask(
        self,
        operation: Operation,
        deadline: Deadline,
        *own: Attribute,
        job: tuple[Attribute, ...] = (),
        document: bytes = b"",
    ) -> Message:
        # These three first and in this order (RFC 8011 section 4.1.4); job-id right after them.
        target = (
            codec.words("attributes-charset", Tag.CHARSET, "utf-8"),
            codec.words("attributes-natural-language", Tag.LANGUAGE, "en"),
            codec.words("printer-uri", Tag.URI, self._address.uri),
        )
        leading = tuple(attribute for attribute in own if attribute.name == "job-id")
        others = tuple(attribute for attribute in own if attribute.name != "job-id")
        user = codec.words("requesting-user-name", Tag.NAME, _USER)
        groups = [Group(Tag.OPERATION, (*target, *leading, user, *others))]
        if job:
            groups.append(Group(Tag.JOB, job))
        request = Message(operation, next(self._numbers), tuple(groups))
        wire = exchange(self._address, codec.encode(request) + document, deadline)
        try:
            answer, _ = codec.decode(wire)
        except IppMalformed as error:
            raise IppNotSpoken(self._address.uri) from error
        if answer.request_id != request.request_id:
            raise IppNotSpoken(f"{self._address.uri}: an answer to another question")
        if answer.code >= _NO_ERROR:
            raise IppRefused(operation, answer.code)
        return answer
