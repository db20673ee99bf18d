"""Signed messages as of GB/T 35275-2017: PKCS#7 with SM2 and SM3.

They stand in an OFD's signature of type Sign and in the signature block of a 数电票 XML.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat import asn1

from einvoice.seals import der, sm2
from einvoice.seals.certificate import Certificate, common_name
from einvoice.seals.der import DerError
from einvoice.seals.digests import sm3
from einvoice.seals.sm2 import Signature

# GB/T 35275-2017, section 5; the second is PKCS#7's own, which some makers keep.
_SIGNED_DATA = frozenset({"1.2.156.10197.6.1.4.2.2", "1.2.840.113549.1.7.2"})
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"

_SET = b"\x31"
_CONTEXT_0 = b"\xa0"


@dataclass(frozen=True, slots=True)
class Signer:
    """One signer's part.

    Attributes:
        issuer, serial: which certificate; the issuer by its common name.
        issuer_der: the issuer's whole name, in DER.
        attributes_der: what was signed, where it is not the content itself.
        message_digest: the digest among the attributes; empty where there is none.
        algorithm: object identifier of the signature.
        value: the signature.
    """

    issuer: str
    issuer_der: bytes
    serial: int
    attributes_der: bytes
    message_digest: bytes
    algorithm: str
    value: Signature


@dataclass(frozen=True, slots=True)
class SignedData:
    """A signed message.

    Attributes:
        content: what was signed; None where it is kept elsewhere.
        certificates: those that came with it, often none.
        signers: at least one.
    """

    content: bytes | None
    certificates: tuple[Certificate, ...]
    signers: tuple[Signer, ...]

    @classmethod
    def parse(cls, data: bytes) -> "SignedData":
        """Read a signed message.

        Raises:
            DerError: it is none, or nobody signed it.
        """
        outer = der.elements(der.decode(asn1.TLV, data))
        if len(outer) != 2 or der.oid(outer[0]) not in _SIGNED_DATA:
            raise DerError("no signed message")
        (inner,) = _only(der.children(outer[1]))
        _version, _digests, content, *rest, signers = _long_enough(der.elements(inner))
        return cls(
            content=_content(content),
            certificates=tuple(
                Certificate.parse(der.encoded(certificate))
                for part in rest
                if part.tag_bytes == _CONTEXT_0
                for certificate in der.children(part)
            ),
            signers=tuple(_signer(part) for part in _some(der.children(signers))),
        )

    def certificate_of(self, signer: Signer) -> Certificate | None:
        """The signer's certificate, where it came with the message."""
        for certificate in self.certificates:
            if (certificate.issuer_der, certificate.serial) == (signer.issuer_der, signer.serial):
                return certificate
        return None

    def is_signed_by(self, signer: Signer, certificate: Certificate, document: bytes) -> bool:
        """Whether this signer signed this document with this certificate's key.

        What stands for the document differs between makers: the document, its SM3 digest
        (GM/T 0099-2020, section 7.2.2) or that digest in Base64. Each binds it.
        """
        if certificate.key is None:
            return False
        for stand_in in self._stand_ins(document):
            message = stand_in
            if signer.attributes_der:
                if signer.message_digest not in {sm3(stand_in), stand_in}:
                    continue
                message = signer.attributes_der
            if sm2.verify(certificate.key, message, signer.value):
                return True
        return False

    def _stand_ins(self, document: bytes) -> Iterator[bytes]:
        digest = sm3(document)
        for stand_in in (digest, document, base64.b64encode(digest)):
            if self.content is None or self.content == stand_in:
                yield stand_in


def _signer(part: asn1.TLV) -> Signer:
    _version, name_and_serial, _digest, *rest = _long_enough(der.elements(part))
    attributes = rest.pop(0) if rest and rest[0].tag_bytes == _CONTEXT_0 else None
    if len(rest) < 2:
        raise DerError("a signer without a signature")
    name, serial = _only(der.elements(name_and_serial), 2)
    algorithm = der.elements(rest[0])
    return Signer(
        issuer=common_name(name),
        issuer_der=der.encoded(name),
        serial=der.number(serial),
        attributes_der=b"" if attributes is None else der.retagged(attributes, _SET),
        message_digest=b"" if attributes is None else _message_digest(attributes),
        algorithm=der.oid(algorithm[0]) if algorithm else "",
        value=Signature.parse(der.octets(rest[1])),
    )


def _message_digest(attributes: asn1.TLV) -> bytes:
    for attribute in der.children(attributes):
        kind, values = _only(der.elements(attribute), 2)
        if der.oid(kind) == _MESSAGE_DIGEST:
            (digest,) = _only(der.children(values))
            return der.octets(digest)
    raise DerError("signed attributes without a digest")


def _content(part: asn1.TLV) -> bytes | None:
    _kind, *content = der.elements(part) or [part]
    if not content:
        return None
    (octets,) = _only(der.children(content[0]))
    return der.octets(octets)


def _only(parts: list[asn1.TLV], count: int = 1) -> list[asn1.TLV]:
    if len(parts) != count:
        raise DerError(f"{len(parts)} elements, not {count}")
    return parts


def _some(parts: list[asn1.TLV]) -> list[asn1.TLV]:
    if not parts:
        raise DerError("nobody signed")
    return parts


def _long_enough(parts: list[asn1.TLV]) -> list[asn1.TLV]:
    if len(parts) < 4:
        raise DerError(f"{len(parts)} elements, fewer than 4")
    return parts
