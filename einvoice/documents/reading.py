"""Bytes of a file -> the invoice, told by content: OFD, 数电票 XML, XBRL, PDF, ZIP of several."""

from collections.abc import Sequence
from dataclasses import replace

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
from einvoice.documents.ofd import QrDecoder, is_ofd, ofd_statements
from einvoice.documents.pdf import SIGNATURE, pdf_statements
from einvoice.documents.recognise import structured_statements
from einvoice.documents.statements import Statements, assemble

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
# A PDF reader accepts the header within the first kilobyte (PDF 1.7, appendix H.3.4.1).
_PDF_HEADER_WITHIN = 1024
_BLANKS = b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"

_Stated = tuple[list[Statements], list[Problem]]


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
    prefix = f"{name_hint}!" if name_hint else ""
    budget = Budget()
    try:
        if data.startswith(_ZIP_STARTS):
            return _read_zip(data, prefix, budget, decode_qr)
        sources, problems = _single(data, prefix, budget)
    except container.ContainerError as bad:
        return _refused(bad)
    except DocumentError as bad:
        return Unreadable(bad.cause, bad.detail)
    return _one(sources, problems)


def _single(data: bytes, prefix: str, budget: Budget) -> _Stated:
    """Statements of a PDF or of XML."""
    if len(data) > limits.MAX_FILE_BYTES:
        raise DocumentError(Cause.TOO_LARGE, "file")
    if SIGNATURE in data[:_PDF_HEADER_WITHIN]:
        return pdf_statements(data, budget, prefix)
    if data.lstrip(_BLANKS).startswith(b"<"):
        return _structured(data, prefix, budget)
    raise DocumentError(Cause.UNKNOWN_FORMAT)


def _structured(data: bytes, prefix: str, budget: Budget) -> _Stated:
    try:
        parsed = markup.parse(data, budget)
    except markup.MarkupTooLarge as bad:
        raise DocumentError(Cause.TOO_LARGE, "XML") from bad
    except markup.MarkupForbidden as bad:
        raise DocumentError(Cause.UNSAFE, "XML") from bad
    except markup.MarkupDamaged as bad:
        raise DocumentError(Cause.DAMAGED, "XML") from bad
    problems = [Problem(Trouble.XML_REPAIRED, prefix)] if parsed.is_repaired else []
    return structured_statements(parsed.root, prefix), problems


def _read_zip(data: bytes, prefix: str, budget: Budget, decode_qr: QrDecoder | None) -> Outcome:
    opened = Container.open(data, budget)
    if is_ofd(opened):
        return _one(*ofd_statements(opened, prefix, decode_qr))
    return _read_several(opened, prefix, decode_qr)


def _one(sources: Sequence[Statements], problems: Sequence[Problem]) -> Outcome:
    reading = assemble(sources, problems)
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


def _read_several(opened: Container, prefix: str, decode_qr: QrDecoder | None) -> Outcome:
    """A ZIP that is no OFD: every file in it is read, and files of one invoice are joined."""
    by_number: dict[str, list[_Stated]] = {}
    problems: list[Problem] = []
    names = opened.names
    if len(names) > limits.MAX_FILES:
        problems.append(Problem(Trouble.FILES_LEFT_OUT, prefix, str(len(names))))
    refusals: list[Cause] = []
    for name in names[: limits.MAX_FILES]:
        inner = f"{prefix}{name}!"
        try:
            stated = _inner(opened.read(name), inner, opened.budget, decode_qr)
        except container.LimitExceeded:
            problems.append(Problem(Trouble.PART_TOO_LARGE, prefix + name))
            refusals.append(Cause.TOO_LARGE)
            continue
        except container.ContainerError as bad:
            problems.append(Problem(Trouble.FILE_UNREADABLE, prefix + name))
            refusals.append(_refused(bad).cause)
            continue
        except DocumentError as bad:
            problems.append(Problem(Trouble.FILE_UNREADABLE, prefix + name, bad.cause.value))
            refusals.append(bad.cause)
            continue
        number = assemble(*stated).invoice.number
        if number:
            by_number.setdefault(number, []).append(stated)
        else:
            problems.append(Problem(Trouble.FILE_UNREADABLE, prefix + name))
            refusals.append(Cause.NOT_AN_INVOICE)
    readings = [_joined(forms) for forms in by_number.values()]
    if len(readings) == 1:
        return replace(readings[0], problems=(*readings[0].problems, *problems))
    if readings:
        return SeveralInvoices(tuple(readings), tuple(problems))
    return Unreadable(refusals[0] if len(set(refusals)) == 1 else Cause.NOT_AN_INVOICE)


def _inner(data: bytes, prefix: str, budget: Budget, decode_qr: QrDecoder | None) -> _Stated:
    if not data.startswith(_ZIP_STARTS):
        return _single(data, prefix, budget)
    opened = Container.open(data, budget)
    if not is_ofd(opened):
        raise DocumentError(Cause.UNKNOWN_FORMAT, "ZIP in a ZIP")
    return ofd_statements(opened, prefix, decode_qr)


def _joined(forms: Sequence[_Stated]) -> Reading:
    """One reading of several files about one invoice: structured ones first."""
    ranked = sorted(forms, key=lambda form: len(form[0]) > 0 and _is_page_only(form[0]))
    return assemble(
        [source for sources, _ in ranked for source in sources],
        [problem for _, problems in ranked for problem in problems],
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
    (container.ContainerError, Cause.DAMAGED),
)


def _refused(bad: container.ContainerError) -> Unreadable:
    cause = next(cause for kind, cause in _CAUSE_OF_ENTRY if isinstance(bad, kind))
    return Unreadable(cause, "ZIP")
