"""Electronic seals for trials, and signatures made with them, in all three versions."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from central.sandbox.mint import der
from central.sandbox.mint.authority import SM2_WITH_SM3, Credential, issuer_and_serial
from einvoice.seals.digests import sm3

VALID_FROM = datetime(2020, 2, 1, tzinfo=UTC)
VALID_TO = datetime(2023, 2, 1, tzinfo=UTC)
_DATA = "1.2.156.10197.6.1.4.2.1"
_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2"
_SM3 = "1.2.156.10197.1.401"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
# One white pixel.
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100a1d6b5b00000000049454e44ae426082"
)


class SealVersion(Enum):
    """Which standard the seal follows."""

    V1 = 1
    """GM/T 0031-2014."""
    V4 = 4
    """GB/T 38540-2020."""
    V5 = 5
    """GM/T 0031-2025."""


@dataclass(frozen=True)
class TrialSeal:
    """A seal in DER, and who made and holds it."""

    version: SealVersion
    der: bytes
    holder: Credential


def make_seal(
    maker: Credential,
    holder: Credential,
    *,
    version: SealVersion = SealVersion.V4,
    name: str = "沙箱监制章",
    holder_by_digest: bool = False,
    valid_from: datetime = VALID_FROM,
    valid_to: datetime = VALID_TO,
) -> TrialSeal:
    """A seal made by `maker` that `holder` may use.

    Args:
        maker: signs the seal.
        holder: is named in it.
        version: of the standard.
        name: the words of the seal.
        holder_by_digest: name the holder by SM3 of the certificate (versions 4 and 5).
        valid_from: first moment of validity, UTC.
        valid_to: last moment of validity, UTC.
    """
    is_v1 = version is SealVersion.V1
    time = der.utc_time if is_v1 else der.generalized_time
    if holder_by_digest:
        entry = der.sequence(der.tagged(0x13, b"SM3"), der.octets(sm3(holder.certificate)))
        holders = der.integer(2) + der.sequence(entry)
    else:
        holders = der.sequence(der.octets(holder.certificate))
        holders = holders if is_v1 else der.integer(1) + holders
    info = der.sequence(
        der.sequence(der.ia5("ES"), der.integer(version.value), der.ia5("SANDBOX")),
        der.ia5("00000000000001"),
        der.sequence(
            der.integer(3),
            der.utf8(name),
            holders,
            time(valid_from),
            time(valid_from),
            time(valid_to),
        ),
        der.sequence(der.ia5("png"), der.octets(_PICTURE), der.integer(30), der.integer(20)),
    )
    certificate, algorithm = der.octets(maker.certificate), der.oid(SM2_WITH_SM3)
    if is_v1:
        signature = der.bits(maker.key.sign(der.sequence(info, certificate, algorithm)))
        seal = der.sequence(info, der.sequence(certificate, algorithm, signature))
    else:
        signature = der.bits(maker.key.sign(info))
        seal = der.sequence(info, certificate, algorithm, signature)
    return TrialSeal(version, seal, holder)


def sealed_value(
    seal: TrialSeal, signer: Credential, signature_xml: bytes, path: str, signed_at: datetime
) -> bytes:
    """The content of SignedValue.dat for a signature made with a seal.

    Args:
        seal: goes into the signature.
        signer: signs; the seal's holder, unless the signature is to be refused.
        signature_xml: the signed part.
        path: of the signed part, with a leading slash.
        signed_at: UTC.
    """
    certificate, algorithm = der.octets(signer.certificate), der.oid(SM2_WITH_SM3)
    is_v1 = seal.version is SealVersion.V1
    stated = der.bits(der.utc_time(signed_at)) if is_v1 else der.generalized_time(signed_at)
    common = (
        der.integer(seal.version.value),
        seal.der,
        stated,
        der.bits(sm3(signature_xml)),
        der.ia5(path),
    )
    if is_v1:
        to_sign = der.sequence(*common, certificate, algorithm)
        return der.sequence(to_sign, der.bits(signer.key.sign(to_sign)))
    to_sign = der.sequence(*common)
    return der.sequence(to_sign, certificate, algorithm, der.bits(signer.key.sign(to_sign)))


def signed_message(
    signer: Credential,
    document: bytes,
    *,
    with_certificate: bool = True,
    with_attributes: bool = False,
    signed_document: bytes | None = None,
) -> bytes:
    """A GB/T 35275 signature: the content of SignedValue.dat for type Sign.

    Args:
        signer: signs.
        document: the signed part; its SM3 digest becomes the content.
        with_certificate: whether the certificate goes in.
        with_attributes: leave the content out and sign attributes that hold the digest.
        signed_document: is signed in place of the document, for a message to be refused.
    """
    digest = sm3(document)
    signed_digest = digest if signed_document is None else sm3(signed_document)
    attributes = [
        der.sequence(der.oid(_CONTENT_TYPE), der.set_of(der.oid(_DATA))),
        der.sequence(der.oid(_MESSAGE_DIGEST), der.set_of(der.octets(signed_digest))),
    ]
    if with_attributes:
        content = der.sequence(der.oid(_DATA))
        signature = signer.key.sign(der.set_of(*attributes))
    else:
        content = der.sequence(der.oid(_DATA), der.context(0, der.octets(digest)))
        signature = signer.key.sign(signed_digest)
    person = der.sequence(
        der.integer(1),
        issuer_and_serial(signer.certificate),
        der.sequence(der.oid(_SM3)),
        *([der.context(0, *attributes)] if with_attributes else []),
        der.sequence(der.oid(SM2_WITH_SM3)),
        der.octets(signature),
    )
    certificates = [der.context(0, signer.certificate)] if with_certificate else []
    message = der.sequence(
        der.integer(1),
        der.set_of(der.sequence(der.oid(_SM3))),
        content,
        *certificates,
        der.set_of(person),
    )
    return der.sequence(der.oid(_SIGNED_DATA), der.context(0, message))
