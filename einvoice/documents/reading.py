"""Bytes of a file -> the invoice, told by content: OFD, 数电票 XML, XBRL, PDF, ZIP of several."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from einvoice.documents import container, limits, markup
from einvoice.documents.container import Budget, Container
from einvoice.documents.errors import DocumentError
from einvoice.documents.model import (
    Cause,
    DocumentField,
    Outcome,
    Problem,
    Reading,
    SeveralInvoices,
    Trouble,
    Unreadable,
)
from einvoice.documents.ofd import is_encrypted, is_ofd, ofd_statements
from einvoice.documents.packed_files import (
    ZIP_STARTS,
    LeftOut,
    NestedTooDeep,
    OfdFile,
    PlainFile,
    Unopened,
    packed_files,
)
from einvoice.documents.pdf import SIGNATURE, pdf_statements
from einvoice.documents.qr_text import QrDecoder, QrReader
from einvoice.documents.recognise import structured_statements
from einvoice.documents.statements import Statements, assemble

# A PDF reader accepts the header within the first kilobyte (PDF 1.7, appendix H.3.4.1).
_PDF_HEADER_WITHIN = 1024
_BLANKS = b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"

_Form = tuple[list[Statements], list[Problem]]
"""What one file, or one document of an OFD, states about one invoice."""


def read(data: bytes, name_hint: str = "", decode_qr: QrDecoder | None = None) -> Outcome:
    """Read an invoice file of any kind.

    A ZIP that holds one invoice in several forms gives one reading in which all forms were
    compared; one that holds several invoices gives `SeveralInvoices`.

    Args:
        data: the whole file.
        name_hint: the file's name; stands in front of the parts in places, decides nothing.
        decode_qr: reads a picture file; without it, QR codes in pictures are not compared.

    Returns:
        What was read, or why nothing was. Nothing is raised for any bytes.
    """
    source = _Source(f"{name_hint}!" if name_hint else "", Budget(), QrReader(decode_qr))
    try:
        if not data.startswith(ZIP_STARTS):
            return _one(_single(data, source))
        opened = Container.open(data, source.budget)
        if not is_ofd(opened):
            return _read_several(opened, source)
        return _read_ofd(opened, source)
    except container.ContainerError as bad:
        return _refused(bad)
    except DocumentError as bad:
        return Unreadable(bad.cause, bad.detail)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to be read.

    Attributes:
        prefix: its path, ending with `!`; empty for the file handed in.
        budget: of the file handed in.
        qr: of the file handed in.
    """

    prefix: str
    budget: Budget
    qr: QrReader


def _single(data: bytes, source: _Source) -> _Form:
    """Statements of a PDF or of XML."""
    if len(data) > limits.MAX_FILE_BYTES:
        raise DocumentError(Cause.TOO_LARGE, "file")
    if SIGNATURE in data[:_PDF_HEADER_WITHIN]:
        return pdf_statements(data, source.budget, source.prefix, source.qr)
    if data.lstrip(_BLANKS).startswith(b"<"):
        return _structured(data, source)
    raise DocumentError(Cause.UNKNOWN_FORMAT)


def _structured(data: bytes, source: _Source) -> _Form:
    try:
        parsed = markup.parse(data, source.budget)
    except markup.MarkupTooLarge as bad:
        raise DocumentError(Cause.TOO_LARGE, "XML") from bad
    except markup.MarkupForbidden as bad:
        raise DocumentError(Cause.UNSAFE, "XML") from bad
    except markup.MarkupDamaged as bad:
        raise DocumentError(Cause.DAMAGED, "XML") from bad
    problems = [Problem(Trouble.XML_REPAIRED, source.prefix)] if parsed.is_repaired else []
    return structured_statements(parsed, source.prefix, source.qr), problems


def _read_ofd(opened: Container, source: _Source) -> Outcome:
    documents, problems = ofd_statements(opened, source.prefix, source.qr)
    outcome = None
    if len(documents) > 1:
        outcome = _grouped([(stated, []) for stated in documents], problems)
    if outcome is None:
        outcome = _one(([one for stated in documents for one in stated], problems))
    if isinstance(outcome, Unreadable) and is_encrypted(opened):
        return Unreadable(Cause.ENCRYPTED, "OFD")
    return outcome


def _ofd_forms(opened: Container, source: _Source) -> list[_Form]:
    """A form for each document of an OFD; what hindered the reading goes with the first."""
    documents, problems = ofd_statements(opened, source.prefix, source.qr)
    return [(stated, [] if at else problems) for at, stated in enumerate(documents)]


def _one(form: _Form) -> Outcome:
    reading = assemble(*form)
    if reading.invoice.number:
        return reading
    troubles = {problem.trouble for problem in reading.problems}
    if troubles & _CUT:
        return Unreadable(Cause.TOO_LARGE)
    return Unreadable(Cause.DAMAGED if troubles & _BROKEN else Cause.NOT_AN_INVOICE)


# Troubles behind which an invoice number may have been.
_CUT = frozenset({Trouble.PART_TOO_LARGE, Trouble.PAGES_LEFT_OUT})
_BROKEN = frozenset(
    {
        Trouble.PART_DAMAGED,
        Trouble.PART_MISSING,
        Trouble.PART_REPEATED,
        Trouble.PART_REFUSED,
    }
)


def _read_several(opened: Container, source: _Source) -> Outcome:
    """A ZIP that is no OFD: every file in it is read, and files of one invoice are joined."""
    forms: list[_Form] = []
    problems: list[Problem] = []
    refusals: list[Cause] = []
    for file in packed_files(opened):
        path = source.prefix + file.path
        if isinstance(file, LeftOut):
            problems.append(Problem(Trouble.FILES_LEFT_OUT, path, str(file.files)))
            continue
        try:
            read_here = _forms_of(file, replace(source, prefix=f"{path}!"))
        except container.LimitExceeded:
            problems.append(Problem(Trouble.PART_TOO_LARGE, path))
            refusals.append(Cause.TOO_LARGE)
        except container.ContainerError as bad:
            problems.append(Problem(Trouble.FILE_UNREADABLE, path))
            refusals.append(_refused(bad).cause)
        except DocumentError as bad:
            problems.append(Problem(Trouble.FILE_UNREADABLE, path, bad.cause.value))
            refusals.append(bad.cause)
        else:
            stating = [form for form in read_here if _key(form).number]
            forms.extend(stating)
            if not stating:
                problems.append(Problem(Trouble.FILE_UNREADABLE, path))
                refusals.append(Cause.NOT_AN_INVOICE)
    outcome = _grouped(forms, problems)
    if outcome is not None:
        return outcome
    return Unreadable(refusals[0] if len(set(refusals)) == 1 else Cause.NOT_AN_INVOICE)


def _forms_of(file: PlainFile | OfdFile | Unopened, source: _Source) -> list[_Form]:
    match file:
        case PlainFile(_, data):
            return [_single(data, source)]
        case OfdFile(_, opened):
            return _ofd_forms(opened, source)
        case Unopened(_, error):
            raise error


@dataclass(frozen=True, slots=True)
class _Key:
    """What names one invoice. `code` is empty for a 数电票, and where a form lacks it."""

    number: str
    code: str


def _key(form: _Form) -> _Key:
    invoice = assemble(*form).invoice
    return _Key(invoice.number, invoice.code)


def _grouped(forms: Sequence[_Form], problems: Sequence[Problem]) -> Outcome | None:
    """Forms of one invoice as one reading; None if no form has a number."""
    groups: dict[_Key, list[_Form]] = {}
    keyed = [(_key(form), form) for form in forms]
    for key, form in keyed:
        if key.number:
            codes = {other.code for other, _ in keyed if other.number == key.number and other.code}
            if not key.code and len(codes) == 1:
                # Numbers of old invoices have eight digits and repeat under every code.
                key = _Key(key.number, *codes)
            groups.setdefault(key, []).append(form)
    readings = [_joined(group) for group in groups.values()]
    if len(readings) == 1:
        return replace(readings[0], problems=(*readings[0].problems, *problems))
    return SeveralInvoices(tuple(readings), tuple(problems)) if readings else None


def _joined(forms: Sequence[_Form]) -> Reading:
    """One reading of several forms of one invoice: structured ones first."""
    return assemble(*_merged(sorted(forms, key=lambda form: _is_page_only(form[0]))))


def _merged(forms: Sequence[_Form]) -> _Form:
    return (
        [source for sources, _ in forms for source in sources],
        [problem for _, problems in forms for problem in problems],
    )


def _is_page_only(sources: Sequence[Statements]) -> bool:
    """Whether a form states the number on its page only."""
    stated = [source for source in sources if DocumentField.NUMBER in source.found]
    return all(source.found[DocumentField.NUMBER].place.page > 0 for source in stated)


_CAUSE_OF_ENTRY: tuple[tuple[type[container.ContainerError], Cause], ...] = (
    (container.LimitExceeded, Cause.TOO_LARGE),
    (container.UnsafeName, Cause.UNSAFE),
    (container.DuplicateEntry, Cause.UNSAFE),
    (container.EntryRefused, Cause.ENCRYPTED),
    (NestedTooDeep, Cause.UNKNOWN_FORMAT),
    (container.ContainerError, Cause.DAMAGED),
)


def _refused(bad: container.ContainerError) -> Unreadable:
    cause = next(cause for kind, cause in _CAUSE_OF_ENTRY if isinstance(bad, kind))
    return Unreadable(cause, "ZIP")
