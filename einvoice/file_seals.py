"""The seals of a file of any kind, and of each file inside a ZIP."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from einvoice.documents import limits
from einvoice.documents.container import Container, ContainerError
from einvoice.documents.ofd import is_ofd
from einvoice.documents.packed_files import ZIP_STARTS, OfdFile, PlainFile, packed_files
from einvoice.seals import Outcome, SealReport, TrustStore, check_ofd, check_pdf, check_xml

_PDF_START, _PDF_WITHIN = b"%PDF-", 1024
_BLANKS = b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"
# Signatures that are whole: what they cover is as it was signed, whoever the signer is.
_WHOLE = frozenset({Outcome.GENUINE_SEAL, Outcome.PARTLY_COVERED, Outcome.UNKNOWN_SIGNER})


@dataclass(frozen=True, slots=True)
class PartSeal:
    """The seals of one file.

    Attributes:
        part: its path inside a ZIP, through a ZIP in it with `!`; empty for the file itself.
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
    if not data.startswith(ZIP_STARTS):
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
    for file in packed_files(opened):
        if isinstance(file, OfdFile):
            yield PartSeal(file.path, check_ofd(file.opened, trust, now))
        elif isinstance(file, PlainFile):
            report = _single(file.data, trust, now)
            if report is not None:
                yield PartSeal(file.path, report)
        # What could not be opened, the reading says.


def _single(data: bytes, trust: TrustStore, now: datetime) -> SealReport | None:
    """The seals of a PDF or XML; None for anything else."""
    if len(data) > limits.MAX_FILE_BYTES:
        return None
    if _PDF_START in data[:_PDF_WITHIN]:
        return check_pdf(data, trust, now)
    if data.lstrip(_BLANKS).startswith(b"<"):
        return check_xml(data)
    return None
