"""Writing DER, as far as certificates and seals need it."""

from datetime import datetime

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

from einvoice.seals import der as read

SEQUENCE = 0x30
SET = 0x31
OCTET_STRING = 0x04


def tagged(tag: int, *parts: bytes) -> bytes:
    """One element: tag, length, and the parts as its content."""
    return read.tagged(bytes([tag]), b"".join(parts))


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of elements."""
    return tagged(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """SET of elements; the caller gives them in order."""
    return tagged(SET, *parts)


def context(number: int, *parts: bytes) -> bytes:
    """A constructed element with a context tag."""
    return tagged(0xA0 | number, *parts)


def integer(value: int) -> bytes:
    """INTEGER."""
    return asn1.encode_der(value)


def octets(content: bytes) -> bytes:
    """OCTET STRING."""
    return tagged(OCTET_STRING, content)


def bits(content: bytes) -> bytes:
    """BIT STRING of whole bytes."""
    return tagged(0x03, b"\0", content)


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER."""
    return asn1.encode_der(ObjectIdentifier(dotted))


def utf8(text: str) -> bytes:
    """UTF8String."""
    return tagged(0x0C, text.encode())


def ia5(text: str) -> bytes:
    """IA5String."""
    return tagged(0x16, text.encode("ascii"))


def generalized_time(moment: datetime) -> bytes:
    """GeneralizedTime of an aware moment in UTC."""
    return tagged(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())


def utc_time(moment: datetime) -> bytes:
    """UTCTime of an aware moment in UTC."""
    return tagged(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())
