"""The seals of a file of any kind, and of each file inside a ZIP."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from einvoice.documents import limits
from einvoice.documents.container import Container, ContainerError
from einvoice.documents.ofd import is_ofd
from einvoice.seals import Outcome, SealReport, TrustStore, check_ofd, check_pdf, check_xml

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_PDF_START, _PDF_WITHIN = b"%PDF-", 1024
_BLANKS = b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"
# Signatures that are whole: what they cover is as it was signed, whoever the signer is.
_WHOLE = frozenset({Outcome.GENUINE_SEAL, Outcome.PARTLY_COVERED, Outcome.UNKNOWN_SIGNER})


@dataclass(frozen=True, slots=True)
class PartSeal:
    """The seals of one file.

    Attributes:
        part: its name inside a ZIP; empty for the file itself.
        report: what they show.
    """

    part: str
    report: SealReport

    @property
    def covered(self) -> frozenset[str]:
        """Paths that every signature covers, and all are whole; as places write them."""
        reports = self.report.signatures
        if not reports or any(report.outcome not in _WHOLE for report in reports):
            return frozenset()
        common = reports[0].covered
        for report in reports[1:]:
            common &= report.covered
        prefix = f"{self.part}!" if self.part else ""
        return frozenset(prefix + name for name in common)


def seals_of(data: bytes, trust: TrustStore, now: datetime) -> Iterator[PartSeal]:
    """The seals of every file that can have any. Nothing is raised for any bytes.

    Args:
        data: the whole file.
        trust: whose seals count.
        now: aware.
    """
    if not data.startswith(_ZIP_STARTS):
        report = _single(data, trust, now)
        if report is not None:
            yield PartSeal("", report)
        return
    try:
        opened = Container.open(data)
    except ContainerError:
        yield PartSeal("", check_ofd(data, trust, now))
        return
    if is_ofd(opened):
        yield PartSeal("", check_ofd(opened, trust, now))
        return
    for name in opened.names[: limits.MAX_FILES]:
        report = _inner(opened, name, trust, now)
        if report is not None:
            yield PartSeal(name, report)


def _inner(opened: Container, name: str, trust: TrustStore, now: datetime) -> SealReport | None:
    try:
        data = opened.read(name)
        if not data.startswith(_ZIP_STARTS):
            return _single(data, trust, now)
        inner = Container.open(data, opened.budget)
    except ContainerError:
        return None  # the reading says so
    return check_ofd(inner, trust, now) if is_ofd(inner) else None


def _single(data: bytes, trust: TrustStore, now: datetime) -> SealReport | None:
    """The seals of a PDF or XML; None for anything else."""
    if len(data) > limits.MAX_FILE_BYTES:
        return None
    if _PDF_START in data[:_PDF_WITHIN]:
        return check_pdf(data, trust, now)
    if data.lstrip(_BLANKS).startswith(b"<"):
        return check_xml(data)
    return None
