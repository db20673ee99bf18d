"""What the file SignedValue.dat proves: who signed Signature.xml, and with which seal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from einvoice.seals import ses, sm2
from einvoice.seals.certificate import Certificate
from einvoice.seals.curve import Point
from einvoice.seals.der import DerError
from einvoice.seals.digests import sm3
from einvoice.seals.judging import failed, not_done, passed
from einvoice.seals.ofd_parts import PartError, SignatureXml
from einvoice.seals.report import Result, Step, StepFinding
from einvoice.seals.ses import Seal, SealedSignature
from einvoice.seals.signed_data import SignedData
from einvoice.seals.sm2 import Signature


@dataclass(frozen=True, slots=True)
class Proof:
    """What the signature itself showed.

    Attributes:
        findings: the steps from SEAL_FILE to HOLDER.
        signer: the signer's certificate.
        seal: the seal; None for a signature without one.
        signed_at: the signer's word about the time; None where it gives none.
    """

    findings: tuple[StepFinding, ...]
    signer: Certificate
    seal: Seal | None
    signed_at: datetime | None

    @property
    def is_whole(self) -> bool:
        """Whether none of these steps failed."""
        return all(finding.result is not Result.FAILED for finding in self.findings)

    @property
    def vouching_maker(self) -> Certificate | None:
        """The maker of the seal, where the seal is whole and names the signer."""
        return self.seal.maker if self.seal is not None and self.is_whole else None


def read_proof(
    name: str, xml: SignatureXml, value: bytes, seal_file: Callable[[], bytes | None]
) -> Proof:
    """Check the signature over Signature.xml.

    What kind of signature it is, its own structure says.

    Args:
        name: path of Signature.xml.
        xml: what it says.
        value: the content of the file that it names as the signature.
        seal_file: reads Seal.esl; None where it is named and missing. Not called where
            Signature.xml names none.

    Raises:
        PartError: it cannot be checked: no known structure, no certificate, not SM2.
    """
    try:
        return _sealed(name, xml, SealedSignature.parse(value), seal_file)
    except DerError:
        pass  # not made with a seal
    try:
        return _signed(xml, SignedData.parse(value))
    except DerError:
        # Type Sign may be two bare numbers, which any key might fit.
        raise PartError(
            "no_certificate" if _is_bare(value) else "signature_unreadable", xml.signed_value
        ) from None


def _sealed(
    name: str,
    xml: SignatureXml,
    signature: SealedSignature,
    seal_file: Callable[[], bytes | None],
) -> Proof:
    seal = signature.seal
    signer_key = _key(signature.signer, signature.algorithm, xml)
    maker_key = _key(seal.maker, seal.algorithm, xml)
    findings = (
        _seal_file(xml, seal, seal_file),
        (
            passed(Step.DATA_HASH)
            if sm3(xml.raw) == signature.data_hash
            else failed(Step.DATA_HASH, "list_changed", name)
        ),
        (
            passed(Step.SIGNATURE)
            if sm2.verify(signer_key, signature.to_sign_der, signature.value)
            else failed(Step.SIGNATURE, "signature_wrong", xml.signed_value)
        ),
        (
            passed(Step.SEAL)
            # Which of the two the maker signs differs: version 1 adds certificate and
            # algorithm. Both bind the seal.
            if sm2.verify(maker_key, seal.info_der, seal.value)
            or sm2.verify(maker_key, seal.maker_signed_der, seal.value)
            else failed(Step.SEAL, "seal_wrong", xml.signed_value)
        ),
        (
            passed(Step.HOLDER)
            if seal.may_be_used_by(signature.signer)
            else failed(Step.HOLDER, "seal_of_another", xml.signed_value)
        ),
    )
    return Proof(findings, signature.signer, seal, signature.signed_at or xml.signed_at)


def _seal_file(xml: SignatureXml, seal: Seal, seal_file: Callable[[], bytes | None]) -> StepFinding:
    if not xml.seal_file:
        return not_done(Step.SEAL_FILE, "no_seal_file")
    if seal_file() == seal.der:
        return passed(Step.SEAL_FILE)
    return failed(Step.SEAL_FILE, "seal_file_changed", xml.seal_file)


def _signed(xml: SignatureXml, message: SignedData) -> Proof:
    if len(message.signers) != 1:
        raise PartError("several_signers", xml.signed_value)
    (signer,) = message.signers
    certificate = message.certificate_of(signer)
    if certificate is None:
        raise PartError("no_certificate", xml.signed_value)
    _key(certificate, signer.algorithm, xml)
    is_signed = message.is_signed_by(signer, certificate, xml.raw)
    return Proof(
        findings=(
            not_done(Step.SEAL_FILE, "no_seal"),
            not_done(Step.DATA_HASH, "no_seal"),
            (
                passed(Step.SIGNATURE)
                if is_signed
                else failed(Step.SIGNATURE, "signature_wrong", xml.signed_value)
            ),
            not_done(Step.SEAL, "no_seal"),
            not_done(Step.HOLDER, "no_seal"),
        ),
        signer=certificate,
        seal=None,
        signed_at=xml.signed_at,
    )


def _key(certificate: Certificate, algorithm: str, xml: SignatureXml) -> Point:
    if certificate.key is None or not ses.is_sm2(algorithm):
        raise PartError("algorithm_unknown", xml.signed_value)
    return certificate.key


def _is_bare(value: bytes) -> bool:
    try:
        Signature.parse(value)
    except DerError:
        return False
    return True
