"""The tax bureau's signature in a 数电票 XML: seen, and not verifiable here.

The certificate is not inside, and how the signed elements are joined is not published; only
the Ministry of Finance's own tool can check it. What can be read is who claims to have
signed, so that a person may be told that a signature is there.
"""

import binascii

from einvoice.documents import limits, markup
from einvoice.documents.container import Budget
from einvoice.documents.markup import Element, MarkupError
from einvoice.seals.der import DerError
from einvoice.seals.judging import failed, noted, outcome_of, passed
from einvoice.seals.ofd_parts import note_of, stated_time
from einvoice.seals.report import Outcome, SealHolder, SealReport, SignatureReport, Step
from einvoice.seals.signed_data import SignedData

_SIGNATURE = "TaxBureauSignature"


def check_xml(data: bytes) -> SealReport:
    """Look for the tax bureau's signature in an XML invoice.

    Returns:
        CANNOT_VERIFY where there is one or the file is unreadable; NOT_SIGNED where there is
        none, or only its empty frame. Never anything better or worse.
    """
    try:
        root = markup.parse(data, Budget()).root
    except MarkupError as bad:
        finding = failed(Step.CONTAINER, note_of(bad))
        return SealReport(outcome_of([finding]), (finding,))
    opened = (passed(Step.CONTAINER),)
    frames = list(root.iter(_SIGNATURE))
    if len(frames) > limits.MAX_SIGNATURES:
        finding = failed(Step.CONTAINER, "limit_exceeded")
        return SealReport(outcome_of([finding]), (finding,))
    reports = tuple(_report(part) for part in frames if _text(part, "SignatureValue"))
    if reports:
        return SealReport(Outcome.CANNOT_VERIFY, opened, reports)
    if frames:
        opened += (noted(Step.STRUCTURE, "signature_frame_empty"),)
    return SealReport(Outcome.NOT_SIGNED, opened)


def _report(signature: Element) -> SignatureReport:
    # Hexadecimal, then "&" and the time in Base64.
    value = _text(signature, "SignatureValue").partition("&")[0]
    try:
        holder = _claimed_by(SignedData.parse(binascii.unhexlify("".join(value.split()))))
        finding = failed(Step.STRUCTURE, "canonical_form_unpublished")
    except (DerError, ValueError):  # ValueError: not hexadecimal
        holder = None
        finding = failed(Step.STRUCTURE, "signature_unreadable")
    return SignatureReport(
        name=_SIGNATURE,
        outcome=outcome_of([finding]),
        findings=(finding,),
        holder=holder,
        signed_at=stated_time(_text(signature, "SignatureTime")),
    )


def _claimed_by(message: SignedData) -> SealHolder:
    signer = message.signers[0]
    return SealHolder(
        subject="", issuer=signer.issuer, certificate_sha256="", serial=f"{signer.serial:x}"
    )


def _text(parent: Element, name: str) -> str:
    return "".join(markup.text_of(part) for part in parent if part.tag == name)
