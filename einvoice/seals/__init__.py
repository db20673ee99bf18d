"""Signatures of files: digests, SM2, coverage, trusted keys."""

from datetime import datetime

from einvoice.seals.ofd import check_ofd
from einvoice.seals.ofd_parts import region_of
from einvoice.seals.report import (
    Outcome,
    Result,
    SealHolder,
    SealReport,
    SignatureReport,
    Step,
    StepFinding,
)
from einvoice.seals.trust import Standing, TrustError, TrustStore
from einvoice.seals.xml import check_xml

__all__ = [
    "Outcome",
    "Result",
    "SealHolder",
    "SealReport",
    "SignatureReport",
    "Standing",
    "Step",
    "StepFinding",
    "TrustError",
    "TrustStore",
    "check_ofd",
    "check_pdf",
    "check_xml",
    "region_of",
]


def check_pdf(data: bytes, trust: TrustStore, now: datetime | None = None) -> SealReport:
    """Check every signature of a PDF; see `einvoice.seals.pdf.check_pdf`."""
    # pyHanko takes half a second to import: only those pay who hold a PDF.
    from einvoice.seals import pdf

    return pdf.check_pdf(data, trust, now)
