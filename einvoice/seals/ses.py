"""Electronic seals and the signatures made with them, of all three versions.

Version 1 is GM/T 0031-2014, version 4 GB/T 38540-2020, version 5 GM/T 0031-2025. A version 1
SEQUENCE has two elements, the later ones four and an optional time stamp; optional ends are
read over, because nobody is pinned to make time stamps or to fill extensions.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat import asn1

from einvoice.seals import der
from einvoice.seals.certificate import Certificate
from einvoice.seals.der import DerError
from einvoice.seals.digests import sm3
from einvoice.seals.sm2 import Signature

SM2_WITH_SM3 = "1.2.156.10197.1.501"
_SM2_ALGORITHMS = frozenset({SM2_WITH_SM3, "1.2.156.10197.1.301", "1.2.156.10197.1.301.1"})
_CERTIFICATES = 1  # SES_ESPropertyInfo.certListType
_CERTIFICATE_DIGESTS = 2
_HEADER_ID = "ES"


@dataclass(frozen=True, slots=True)
class Seal:
    """An electronic seal: a picture, who may use it, and the maker's signature over both.

    Attributes:
        der: the whole seal, as it must stand in Seal.esl.
        info_der: what the maker signed, SES_SealInfo.
        maker_signed_der: what a maker of version 1 may have signed instead: info,
            certificate and algorithm in one SEQUENCE.
        version: of the header, 1 to 5.
        seal_id: the maker's number for it.
        name: the words around the picture.
        holder_certificates: the certificates of those who may use it.
        holder_digests: SM3 digests of such certificates, where the seal lists those instead.
        created: when it was made.
        valid_from, valid_to: when it may be used.
        maker: who made it.
        algorithm: object identifier of the maker's signature.
        value: the maker's signature.
    """

    der: bytes
    info_der: bytes
    maker_signed_der: bytes
    version: int
    seal_id: str
    name: str
    holder_certificates: frozenset[bytes]
    holder_digests: frozenset[bytes]
    created: datetime
    valid_from: datetime
    valid_to: datetime
    maker: Certificate
    algorithm: str
    value: Signature

    @classmethod
    def parse(cls, data: bytes) -> "Seal":
        """Read a seal of any version.

        Raises:
            DerError: it is none.
        """
        parts = der.elements(der.decode(asn1.TLV, data))
        if len(parts) == 2:
            info = parts[0]
            signed = der.elements(parts[1])
        elif len(parts) >= 4:
            info, *signed = parts
        else:
            raise DerError(f"a seal of {len(parts)} elements")
        certificate, algorithm, value = _exactly(signed[:3], 3)
        return _seal(data, info, certificate, algorithm, value)

    def may_be_used_by(self, certificate: Certificate) -> bool:
        """Whether the seal names this certificate as a holder's."""
        return (
            certificate.der in self.holder_certificates
            or sm3(certificate.der) in self.holder_digests
        )


@dataclass(frozen=True, slots=True)
class SealedSignature:
    """A signature made with a seal: the content of SignedValue.dat.

    Attributes:
        to_sign_der: what the signer signed.
        version: as the signed part says.
        seal: the seal within.
        signed_at: the signer's own word about the time; None where version 1 has a
            time stamp in its place, which nobody here is pinned to make.
        data_hash: SM3 of Signature.xml.
        property_info: the path of Signature.xml.
        signer: who signed.
        algorithm: object identifier of the signature.
        value: the signature.
    """

    to_sign_der: bytes
    version: int
    seal: Seal
    signed_at: datetime | None
    data_hash: bytes
    property_info: str
    signer: Certificate
    algorithm: str
    value: Signature

    @classmethod
    def parse(cls, data: bytes) -> "SealedSignature":
        """Read a signature of any version.

        Raises:
            DerError: it is none.
        """
        parts = der.elements(der.decode(asn1.TLV, data))
        to_sign = der.elements(parts[0]) if parts else []
        if len(parts) == 2 and len(to_sign) >= 7:
            value = parts[1]
            certificate, algorithm = to_sign[5:7]
        elif len(parts) >= 4 and len(to_sign) >= 5:
            certificate, algorithm, value = parts[1:4]
        else:
            raise DerError(f"a signature of {len(parts)} elements over {len(to_sign)}")
        version, seal, time, data_hash, property_info = to_sign[:5]
        return cls(
            to_sign_der=der.encoded(parts[0]),
            version=der.number(version),
            seal=Seal.parse(der.encoded(seal)),
            signed_at=None if der.wraps_sequence(time) else der.moment(time),
            data_hash=der.octets(data_hash),
            property_info=der.text(property_info),
            signer=Certificate.parse(der.octets(certificate)),
            algorithm=der.oid(algorithm),
            value=Signature.parse(der.octets(value)),
        )


def is_sm2(algorithm: str) -> bool:
    """Whether this object identifier means SM2 over SM3 (GB/T 33560-2017, annex A).

    Some makers name the curve where the signature's algorithm belongs.
    """
    return algorithm in _SM2_ALGORITHMS


def _seal(
    data: bytes, info: asn1.TLV, certificate: asn1.TLV, algorithm: asn1.TLV, value: asn1.TLV
) -> Seal:
    header, seal_id, properties = _exactly(der.elements(info)[:3], 3)
    header_id, version, *_maker_id = _at_least(der.elements(header), 2)
    if der.text(header_id) != _HEADER_ID:
        raise DerError("a seal without its mark ES")
    kind, name, *middle, created, valid_from, valid_to = _at_least(der.elements(properties), 6)
    del kind
    certificates, digests = _holders(middle)
    return Seal(
        der=data,
        info_der=der.encoded(info),
        maker_signed_der=asn1.encode_der(
            _MakerSigned(info=info, certificate=certificate, algorithm=algorithm)
        ),
        version=der.number(version),
        seal_id=der.text(seal_id),
        name=der.text(name),
        holder_certificates=certificates,
        holder_digests=digests,
        created=der.moment(created),
        valid_from=der.moment(valid_from),
        valid_to=der.moment(valid_to),
        maker=Certificate.parse(der.octets(certificate)),
        algorithm=der.oid(algorithm),
        value=Signature.parse(der.octets(value)),
    )


@asn1.sequence
class _MakerSigned:
    info: asn1.TLV
    certificate: asn1.TLV
    algorithm: asn1.TLV


def _holders(middle: list[asn1.TLV]) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Certificates and digests of those who may use the seal.

    Version 1 has the list alone, later ones say first what the list holds.
    """
    if len(middle) == 1:
        kind, listed = _CERTIFICATES, der.elements(middle[0])
    else:
        kind_tlv, list_tlv = _exactly(middle, 2)
        kind, listed = der.number(kind_tlv), der.elements(list_tlv)
    if kind == _CERTIFICATES:
        return frozenset(der.octets(entry) for entry in listed), frozenset()
    if kind == _CERTIFICATE_DIGESTS:
        # CertDigestObj: a name that the maker chooses, then the digest.
        pairs = [_exactly(der.elements(entry), 2) for entry in listed]
        return frozenset(), frozenset(der.octets(digest) for _, digest in pairs)
    raise DerError(f"a holder list of kind {kind}")


def _exactly(parts: list[asn1.TLV], count: int) -> list[asn1.TLV]:
    if len(parts) != count:
        raise DerError(f"{len(parts)} elements, not {count}")
    return parts


def _at_least(parts: list[asn1.TLV], count: int) -> list[asn1.TLV]:
    if len(parts) < count:
        raise DerError(f"{len(parts)} elements, fewer than {count}")
    return parts
