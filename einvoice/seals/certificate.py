"""What a seal's check needs from an X.509 certificate (RFC 5280; keys as GM/T 0015-2012).

Read with the declarative reader, not with `cryptography.x509`: that one has no SM2 keys
and warns about the long Chinese names that tax certificates carry.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

from einvoice.seals import der
from einvoice.seals.curve import Point
from einvoice.seals.der import DerError
from einvoice.seals.sm2 import parse_point

_COMMON_NAME = "2.5.4.3"
_AUTHORITY_KEY_ID = "2.5.29.35"
_TAX_BUREAU = "1.2.86.11.7.3"
_KEY_IDENTIFIER_TAG = b"\x80"  # [0] of AuthorityKeyIdentifier
_SM2_CURVE = "1.2.156.10197.1.301"


@asn1.sequence
class _Algorithm:
    oid: ObjectIdentifier
    parameters: ObjectIdentifier | None


@asn1.sequence
class _PublicKey:
    algorithm: asn1.TLV
    key: asn1.BitString


@asn1.sequence
class _Validity:
    not_before: asn1.TLV
    not_after: asn1.TLV


@asn1.sequence
class _Attribute:
    oid: ObjectIdentifier
    value: asn1.TLV


@asn1.sequence
class _Extension:
    oid: ObjectIdentifier
    critical: bool | None
    value: bytes


@asn1.sequence
class _ToBeSigned:
    version: Annotated[int | None, asn1.Explicit(0)]
    serial: int
    algorithm: asn1.TLV
    issuer: asn1.TLV
    validity: _Validity
    subject: asn1.TLV
    public_key: _PublicKey
    issuer_unique_id: Annotated[asn1.BitString | None, asn1.Implicit(1)]
    subject_unique_id: Annotated[asn1.BitString | None, asn1.Implicit(2)]
    extensions: Annotated[list[_Extension] | None, asn1.Explicit(3)]


@asn1.sequence
class _Certificate:
    to_be_signed: _ToBeSigned
    algorithm: asn1.TLV
    signature: asn1.BitString


@asn1.sequence
class _Names:
    only: list[asn1.SetOf[_Attribute]]


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate, as far as it matters here.

    Attributes:
        der: the whole certificate.
        subject, issuer: common names; empty where there is none.
        issuer_der: the whole issuer name, in DER.
        serial: the serial number.
        not_before, not_after: validity, aware.
        key: the SM2 public key; None for a key of another kind.
        authority_key_id: the issuer's key id, in hexadecimal; empty where it is not given.
        tax_bureau: 11 digits, 1 + region + zeros; empty where it is not given.
    """

    der: bytes
    subject: str
    issuer: str
    issuer_der: bytes
    serial: int
    not_before: datetime
    not_after: datetime
    key: Point | None
    authority_key_id: str
    tax_bureau: str

    @classmethod
    def parse(cls, data: bytes) -> "Certificate":
        """Read a certificate in DER.

        Raises:
            DerError: it is none, or a part that matters here is broken.
        """
        body = der.decode(_Certificate, data).to_be_signed
        extensions = {
            extension.oid.dotted_string: extension.value for extension in body.extensions or ()
        }
        return cls(
            der=data,
            subject=common_name(body.subject),
            issuer=common_name(body.issuer),
            issuer_der=der.encoded(body.issuer),
            serial=body.serial,
            not_before=der.moment(body.validity.not_before),
            not_after=der.moment(body.validity.not_after),
            key=_sm2_key(body.public_key),
            authority_key_id=_key_id(extensions.get(_AUTHORITY_KEY_ID)),
            tax_bureau=_extension_text(extensions.get(_TAX_BUREAU)),
        )

    @property
    def sha256(self) -> str:
        """SHA-256 of the whole certificate, in hexadecimal: the name that trust is pinned to."""
        return hashlib.sha256(self.der).hexdigest()


def common_name(name: asn1.TLV) -> str:
    """The common name in a distinguished name; empty where there is none.

    Raises:
        DerError: it is no name, or its text is broken.
    """
    for part in der.only_field(_Names, name).only:
        for attribute in part.as_list():
            if attribute.oid.dotted_string == _COMMON_NAME:
                return der.text(attribute.value)
    return ""


def _sm2_key(public_key: _PublicKey) -> Point | None:
    try:
        algorithm = der.element(_Algorithm, public_key.algorithm)
    except DerError:
        return None  # an algorithm with other parameters: RSA, or a curve written out
    if algorithm.parameters is None or algorithm.parameters.dotted_string != _SM2_CURVE:
        return None
    return parse_point(public_key.key.as_bytes())


def _key_id(value: bytes | None) -> str:
    if value is None:
        return ""
    for part in der.elements(der.decode(asn1.TLV, value)):
        if part.tag_bytes == _KEY_IDENTIFIER_TAG:
            return bytes(part.data).hex()
    return ""


def _extension_text(value: bytes | None) -> str:
    if value is None:
        return ""
    try:
        return der.text(der.decode(asn1.TLV, value))
    except DerError:
        return ""  # tells only which region the seal is of
