"""What a file turned out to be, as plain texts for people and programs.

Everything that `documents`, `seals` and `screening` say about a file, in one value that
holds nothing but texts and numbers, masked unless asked otherwise. Nothing here can fail
for any bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from einvoice.documents import (
    DocumentField,
    Outcome,
    Place,
    Reading,
    SeveralInvoices,
    Unreadable,
    read,
)
from einvoice.documents.qr_text import QrDecoder
from einvoice.field_texts import Showing, texts_of
from einvoice.file_seals import PartSeal, seals_of
from einvoice.screening import RuleFinding, Severity, evidence, screen_reading
from einvoice.seals import Outcome as SealOutcome
from einvoice.seals import Result, SignatureReport, TrustStore

_SEALS_AGAINST = frozenset({SealOutcome.TAMPERED.value, SealOutcome.TEST_SEAL.value})


class What(Enum):
    """What a file is."""

    INVOICE = "invoice"
    SEVERAL_INVOICES = "several_invoices"
    UNREADABLE = "unreadable"
    """Says nothing about whether an invoice in it is genuine."""


@dataclass(frozen=True, slots=True)
class FieldRead:
    """One field: its value, where it stood, and whether a whole seal covers that part."""

    field: str
    value: str
    place: str
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class FieldDiffers:
    """Two places that state different things about one field."""

    field: str
    taken: str
    taken_at: str
    other: str
    other_at: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be read."""

    trouble: str
    part: str
    detail: str


@dataclass(frozen=True, slots=True)
class Screened:
    """One rule that does not hold. `line` is counted from 1; 0 for the whole invoice."""

    rule: str
    severity: str
    field: str
    line: int
    stated: str
    expected: str
    sentence: str


@dataclass(frozen=True, slots=True)
class InvoiceReport:
    """One invoice of the file.

    Attributes:
        read: each field that the file states.
        lines: each line, as one text.
        disagreements: fields that another place states differently.
        troubles: what could not be read.
        screening: findings, the heaviest first.
        screening_says: all of them as one word: agrees, noted, differs.
    """

    read: tuple[FieldRead, ...]
    lines: tuple[str, ...]
    disagreements: tuple[FieldDiffers, ...]
    troubles: tuple[Trouble, ...]
    screening: tuple[Screened, ...]
    screening_says: str


@dataclass(frozen=True, slots=True)
class SignatureRead:
    """One signature. `failed` and `noted` name the steps that did not simply pass."""

    name: str
    outcome: str
    signed_at: str
    signer: str
    issuer: str
    certificate_sha256: str
    seal: str
    failed: tuple[str, ...]
    noted: tuple[str, ...]
    changed: tuple[str, ...]
    uncovered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SealRead:
    """The seals of one file; `part` is its name inside a ZIP, empty for the file itself."""

    part: str
    outcome: str
    notes: tuple[str, ...]
    signatures: tuple[SignatureRead, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file turned out to be.

    Attributes:
        what: what it is.
        cause: why nothing could be read; empty otherwise.
        invoices: each invoice in it.
        seals: of the file, or of each file in a ZIP that can have any.
        troubles: of the ZIP as a whole.
    """

    what: What
    cause: str
    invoices: tuple[InvoiceReport, ...]
    seals: tuple[SealRead, ...]
    troubles: tuple[Trouble, ...]

    @property
    def is_in_order(self) -> bool:
        """Whether invoices were read, nothing differs and no seal speaks against the file."""
        differs = Severity.DIFFERS.value
        return (
            self.what is not What.UNREADABLE
            and all(invoice.screening_says != differs for invoice in self.invoices)
            and all(seal.outcome not in _SEALS_AGAINST for seal in self.seals)
        )


def report_file(
    data: bytes,
    today: date,
    *,
    trust: TrustStore,
    now: datetime,
    showing: Showing,
    decode_qr: QrDecoder | None = None,
) -> FileReport:
    """Read, check and screen a file.

    Args:
        data: the whole file.
        today: the date in China.
        trust: whose seals count.
        now: aware; for the validity of signatures.
        showing: whether personal data is masked.
        decode_qr: reads a picture; None leaves pictures out.
    """
    outcome: Outcome = read(data, decode_qr=decode_qr)
    seals = tuple(seals_of(data, trust, now))
    readings = _readings(outcome)
    reports = tuple(_invoice(reading, today, seals, showing) for reading in readings)
    several = outcome if isinstance(outcome, SeveralInvoices) else None
    return FileReport(
        what=_what(outcome),
        cause=outcome.cause.value if isinstance(outcome, Unreadable) else "",
        invoices=reports,
        seals=tuple(_seal(seal, showing) for seal in seals),
        troubles=tuple(
            Trouble(problem.trouble.value, showing.path(problem.part), problem.detail)
            for problem in (several.problems if several else ())
        ),
    )


def _readings(outcome: Outcome) -> Sequence[Reading]:
    match outcome:
        case Reading():
            return (outcome,)
        case SeveralInvoices():
            return outcome.readings
        case Unreadable():
            return ()


def _what(outcome: Outcome) -> What:
    match outcome:
        case Reading():
            return What.INVOICE
        case SeveralInvoices():
            return What.SEVERAL_INVOICES
        case Unreadable():
            return What.UNREADABLE


def _invoice(
    reading: Reading, today: date, seals: Sequence[PartSeal], showing: Showing
) -> InvoiceReport:
    findings = screen_reading(reading, today)
    sealed = frozenset(name for seal in seals for name in seal.covered)
    return InvoiceReport(
        read=tuple(_fields(reading, sealed, showing)),
        lines=tuple(showing.line(line) for line in reading.invoice.lines),
        disagreements=tuple(
            FieldDiffers(
                field=one.field.value,
                taken=showing.value(one.field, one.taken.value),
                taken_at=_place(one.taken.place, showing),
                other=showing.value(one.field, one.other.value),
                other_at=_place(one.other.place, showing),
            )
            for one in reading.disagreements
        ),
        troubles=tuple(
            Trouble(problem.trouble.value, showing.path(problem.part), problem.detail)
            for problem in reading.problems
        ),
        screening=tuple(_screened(finding, showing) for finding in findings),
        screening_says=evidence(findings).finding.value,
    )


def _fields(reading: Reading, sealed: frozenset[str], showing: Showing) -> Iterator[FieldRead]:
    for field, value in texts_of(reading.invoice, showing):
        place = reading.places.get(field)
        if place is not None:
            is_sealed = place.part in sealed
            yield FieldRead(field.value, value, _place(place, showing), is_sealed)


def _place(place: Place, showing: Showing) -> str:
    """Where a field stood, in one text: medium, part, detail, page, millimetres."""
    pieces = [place.medium.value, showing.path(place.part), place.detail]
    if place.page:
        pieces.append(f"page {place.page}")
    if place.box is not None:
        pieces.append(f"at {place.box.left:.1f},{place.box.top:.1f} mm")
    return " ".join(piece for piece in pieces if piece)


def _screened(finding: RuleFinding, showing: Showing) -> Screened:
    shown = _shown(finding, showing)
    return Screened(
        rule=shown.rule.id,
        severity=shown.rule.severity.value,
        field=shown.field.value,
        line=shown.line,
        stated=shown.stated,
        expected=shown.expected,
        sentence=shown.sentence,
    )


def _shown(finding: RuleFinding, showing: Showing) -> RuleFinding:
    field: DocumentField = finding.field
    return RuleFinding(
        finding.rule,
        field,
        showing.text(field, finding.stated),
        showing.text(field, finding.expected),
        finding.line,
    )


def _seal(seal: PartSeal, showing: Showing) -> SealRead:
    return SealRead(
        part=showing.path(seal.part),
        outcome=seal.report.outcome.value,
        notes=tuple(finding.note for finding in seal.report.findings if finding.note),
        signatures=tuple(_signature(one, showing) for one in seal.report.signatures),
    )


def _signature(report: SignatureReport, showing: Showing) -> SignatureRead:
    holder = report.holder

    def steps(result: Result) -> tuple[str, ...]:
        return tuple(
            f"{finding.step.value}: {finding.note}".rstrip(": ")
            for finding in report.findings
            if finding.result is result
        )

    return SignatureRead(
        name=report.name,
        outcome=report.outcome.value,
        signed_at="" if report.signed_at is None else report.signed_at.isoformat(),
        signer="" if holder is None else showing.name(holder.subject),
        issuer="" if holder is None else holder.issuer,
        certificate_sha256="" if holder is None else holder.certificate_sha256,
        seal="" if holder is None else showing.name(holder.seal_name),
        failed=steps(Result.FAILED),
        noted=steps(Result.NOTED),
        changed=report.changed,
        uncovered=report.uncovered,
    )
