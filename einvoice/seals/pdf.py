"""Checking the signatures of a PDF, offline, with pyHanko.

pyHanko reads the file, compares digests and judges what was added after signing. Whose
signature counts is decided here, by the same pins as for an OFD: no chain is built, nothing
is fetched, and no authority that this computer happens to know is believed.
"""

# pyHanko carries no complete type information.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import io
import struct
import zlib
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.decode_limits import (
    DecodeLimits,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from einvoice.documents import limits
from einvoice.documents.pdf_bulk import is_too_bulky
from einvoice.seals.certificate import Certificate
from einvoice.seals.der import DerError
from einvoice.seals.judging import changed_names, failed, not_done, outcome_of, passed
from einvoice.seals.report import (
    Outcome,
    SealHolder,
    SealReport,
    SignatureReport,
    Step,
    StepFinding,
    worst,
)
from einvoice.seals.trust import TrustStore
from einvoice.seals.validity import CHINA, trust_in, validity

# The library's own limits allow a file 256 MB.
_BOUNDS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=limits.MAX_SIGNED_PDF_BYTES // 4),
    document_budget=DocumentDecodeBudget(limits.MAX_SIGNED_PDF_BYTES, max_ratio=0),
)
_KNOWN_FILTERS = frozenset({"/adbe.pkcs7.detached", "/ETSI.CAdES.detached"})
# SHA-1 stays allowed: invoices of before 2018 bear it, and making two files with one digest
# would take the signer himself.
_BROKEN_DIGESTS = frozenset({"md2", "md5"})

# pyHanko and the ASN.1 reader below it let these through on damaged files (found by changing
# bytes of good ones); each means no more than that the file is not as it should be.
_DAMAGE = (
    PdfError,
    UnsupportedAlgorithm,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def check_pdf(data: bytes, trust: TrustStore, now: datetime | None = None) -> SealReport:
    """Check every signature of a PDF. Time stamps of the whole document are passed over.

    Args:
        data: the file.
        trust: whose signatures count; only its signers, since a PDF has no seal.
        now: aware; a signature from the future is then noticed. None: not looked at.

    Returns:
        A report, also for a file that is no PDF at all: CANNOT_VERIFY with the cause.
    """
    if is_too_bulky(data):
        return _unreadable("limit_exceeded")
    try:
        reader = PdfFileReader(io.BytesIO(data), decode_limits=_BOUNDS)
        if reader.encrypted and not _opens_without_password(reader):
            return _unreadable("password_needed")
        fields = _signature_fields(reader)
    except PdfDecodeLimitError:
        return _unreadable("limit_exceeded")
    except _DAMAGE:
        return _unreadable("pdf_damaged")
    if len(fields) > limits.MAX_SIGNATURES:
        return _unreadable("limit_exceeded")
    opened = (passed(Step.CONTAINER),)
    if not fields:
        return SealReport(Outcome.NOT_SIGNED, opened)
    reports = tuple(_checked(data, reader, name, field, trust, now) for name, field in fields)
    return SealReport(worst(report.outcome for report in reports), opened, reports)


def _signature_fields(reader: PdfFileReader) -> list[tuple[str, DictionaryObject]]:
    fields: list[tuple[str, DictionaryObject]] = []
    for name, value, reference in enumerate_sig_fields(reader, filled_status=True):
        field, signature = reference.get_object(), value and value.get_object()
        if not (isinstance(field, DictionaryObject) and isinstance(signature, DictionaryObject)):
            raise PdfError("a signature field that is no dictionary")
        if signature.get("/Type", "/Sig") == "/Sig":
            fields.append((str(name), field))
    return fields


def _opens_without_password(reader: PdfFileReader) -> bool:
    """Old invoices forbid editing with an owner's password; reading them needs none."""
    return reader.decrypt(b"").status.value > 0


def _checked(
    data: bytes,
    reader: PdfFileReader,
    name: str,
    field: DictionaryObject,
    trust: TrustStore,
    now: datetime | None,
) -> SignatureReport:
    """Do all steps for one signature."""
    try:
        signature = EmbeddedPdfSignature(reader, field, name)
        if signature.sig_object.get("/SubFilter") not in _KNOWN_FILTERS:
            return _uncheckable(name, "signature_type_unknown")
        if signature.md_algorithm in _BROKEN_DIGESTS:
            return _uncheckable(name, "digest_method_weak", signature.md_algorithm)
        signature.compute_integrity_info()
        is_intact, is_valid = validate_sig_integrity(
            signature.signer_info,
            signature.signer_cert,
            expected_content_type="data",
            actual_digest=signature.compute_digest(),
        )
        signed_at = signature.self_reported_timestamp
        certificate = Certificate.parse(signature.signer_cert.dump())
        coverage = _coverage(signature, name, data)
    except DerError:
        return _uncheckable(name, "certificate_unreadable")
    except _DAMAGE:
        return _uncheckable(name, "signature_unreadable")
    if signed_at is not None and signed_at.tzinfo is None:
        signed_at = signed_at.replace(tzinfo=CHINA)
    findings = (
        passed(Step.STRUCTURE),
        passed(Step.DIGESTS) if is_intact else failed(Step.DIGESTS, "content_changed", name),
        not_done(Step.SEAL_FILE, "no_seal"),
        not_done(Step.DATA_HASH, "no_seal"),
        passed(Step.SIGNATURE) if is_valid else failed(Step.SIGNATURE, "signature_wrong", name),
        not_done(Step.SEAL, "no_seal"),
        not_done(Step.HOLDER, "no_seal"),
        validity(signed_at, certificate, None, now),
        trust_in(trust, certificate, None),
        coverage,
        not_done(Step.TAX_BUREAU),
    )
    return SignatureReport(
        name=name,
        outcome=outcome_of(findings),
        findings=findings,
        holder=SealHolder(
            subject=certificate.subject,
            issuer=certificate.issuer,
            certificate_sha256=certificate.sha256,
            serial=f"{certificate.serial:x}",
            tax_bureau=certificate.tax_bureau,
        ),
        signed_at=signed_at,
        uncovered=coverage.subjects if coverage.step is Step.COVERAGE else (),
        changed=changed_names(findings),
    )


def _coverage(signature: EmbeddedPdfSignature, name: str, data: bytes) -> StepFinding:
    """What was added to the file after this signature.

    Even additions that change nothing for pyHanko are outside the signature: another reader,
    one that repairs what it cannot read, may show them.
    """
    coverage, difference = signature.coverage, signature.diff_result
    if coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return passed(Step.COVERAGE)
    if coverage is not SignatureCoverageLevel.ENTIRE_REVISION:
        # The signed bytes are no whole revision: what a reader shows may come from elsewhere.
        return failed(Step.STRUCTURE, "coverage_unclear", name)
    if not isinstance(difference, DiffResult):
        return failed(Step.DIGESTS, "changed_after_signing", name)
    _, _, start, length = (int(number) for number in signature.sig_object["/ByteRange"])
    if not data[start + length :].strip():
        return passed(Step.COVERAGE)
    return failed(Step.COVERAGE, "extended_after_signing", name)


def _uncheckable(name: str, note: str, *subjects: str) -> SignatureReport:
    finding = failed(Step.STRUCTURE, note, *subjects)
    return SignatureReport(name, outcome_of([finding]), (finding,))


def _unreadable(note: str) -> SealReport:
    finding = failed(Step.CONTAINER, note)
    return SealReport(outcome_of([finding]), (finding,))
