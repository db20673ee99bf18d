"""DER read strictly: what is not exactly the expected shape is one typed error.

The reader is `cryptography.hazmat.asn1` (Rust, declarative). Because it takes nothing but
DER, encoding an element again gives the very bytes that were signed.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

_T = TypeVar("_T")

_TEXT_CODECS = {
    b"\x0c": "utf-8",
    b"\x13": "ascii",
    b"\x16": "ascii",
    b"\x14": "latin-1",  # TeletexString, as old certificates use it
    b"\x1e": "utf-16-be",
}
_BIT_STRING = b"\x03"
_OCTET_STRING = b"\x04"
_SEQUENCE = b"\x30"
# DER allows a Z and nothing else; the times around signatures are written in more ways.
_WRITTEN_TIME = re.compile(rb"(\d{14})(?:\.\d+)?(Z|[+-]\d{4})?")
_UTC_TIME = b"\x17"
_GENERALIZED_TIME = b"\x18"


class DerError(ValueError):
    """The bytes are not what the structure asks for."""


def decode(shape: type[_T], data: bytes) -> _T:
    """Read the whole of `data` as one `shape`.

    Raises:
        DerError: another shape, not DER, or bytes left over.
    """
    try:
        return asn1.decode_der(shape, data)
    except (ValueError, OverflowError) as bad:
        raise DerError(str(bad)) from bad


def encoded(element: asn1.TLV) -> bytes:
    """The element with its head, byte for byte as it was read."""
    return asn1.encode_der(element)


def element(shape: type[_T], tlv: asn1.TLV) -> _T:
    """Read one element as `shape`.

    Raises:
        DerError: it has another shape.
    """
    return decode(shape, encoded(tlv))


@asn1.sequence
class _Wrapped:
    only: asn1.TLV


@asn1.sequence
class _WrappedElements:
    only: list[asn1.TLV]


def only_field(shape: type[_T], tlv: asn1.TLV) -> _T:
    """Read one element as the only field of `shape`.

    The reader's roots are SEQUENCEs with named fields; a SEQUENCE OF is read this way.

    Raises:
        DerError: it has another shape.
    """
    return decode(shape, asn1.encode_der(_Wrapped(only=tlv)))


def elements(tlv: asn1.TLV) -> list[asn1.TLV]:
    """The elements of a SEQUENCE, whatever they are.

    Raises:
        DerError: it is no SEQUENCE.
    """
    return only_field(_WrappedElements, tlv).only


def children(tlv: asn1.TLV) -> list[asn1.TLV]:
    """The elements inside any constructed element: a SET, or a context tag.

    Raises:
        DerError: its content is no row of elements.
    """
    return elements(decode(asn1.TLV, retagged(tlv, _SEQUENCE)))


def retagged(tlv: asn1.TLV, tag: bytes) -> bytes:
    """The element with another tag: an IMPLICIT one as the type that it stands for."""
    return tagged(tag, bytes(tlv.data))


def tagged(tag: bytes, content: bytes) -> bytes:
    """One element: tag, length in its shortest form, content."""
    size = len(content)
    if size < 0x80:
        return tag + bytes([size]) + content
    size_bytes = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag + bytes([0x80 | len(size_bytes)]) + size_bytes + content


def oid(tlv: asn1.TLV) -> str:
    """The dotted text of an OBJECT IDENTIFIER.

    Raises:
        DerError: it is none.
    """
    return decode(ObjectIdentifier, encoded(tlv)).dotted_string


def number(tlv: asn1.TLV) -> int:
    """The value of an INTEGER.

    Raises:
        DerError: it is none.
    """
    return decode(int, encoded(tlv))


def text(tlv: asn1.TLV) -> str:
    """The text of any of the string types that names use.

    Raises:
        DerError: no string type, or bytes that it does not allow.
    """
    codec = _TEXT_CODECS.get(tlv.tag_bytes)
    if codec is None:
        raise DerError(f"no text under tag {tlv.tag_bytes.hex()}")
    try:
        return bytes(tlv.data).decode(codec)
    except UnicodeDecodeError as bad:
        raise DerError("text in a wrong encoding") from bad


def octets(tlv: asn1.TLV) -> bytes:
    """The bytes of an OCTET STRING, or of a BIT STRING with no bits unused.

    Some makers write one where the standard has the other.

    Raises:
        DerError: another type, or unused bits.
    """
    content = bytes(tlv.data)
    if tlv.tag_bytes == _OCTET_STRING:
        return content
    if tlv.tag_bytes == _BIT_STRING and content[:1] == b"\0":
        return content[1:]
    raise DerError("neither octets nor whole-byte bits")


def wraps_sequence(tlv: asn1.TLV) -> bool:
    """Whether a BIT STRING holds a whole SEQUENCE, as a time stamp is one."""
    return tlv.tag_bytes == _BIT_STRING and bytes(tlv.data[1:2]) == _SEQUENCE


def moment(tlv: asn1.TLV) -> datetime:
    """The time in a UTCTime, GeneralizedTime, or a BIT STRING that wraps one.

    Raises:
        DerError: another type, or no date of the calendar.
    """
    if tlv.tag_bytes in _MOMENTS:
        return _MOMENTS[tlv.tag_bytes](bytes(tlv.data))
    if tlv.tag_bytes in {_BIT_STRING, _OCTET_STRING}:
        content = octets(tlv)
        # Version 1 seals put a UTCTime or GeneralizedTime, whole or bare, into the bits.
        if content[:1] in _MOMENTS:
            return moment(decode(asn1.TLV, content))
        bare = _UTC_TIME if len(content) <= len(b"yymmddhhmmssZ") else _GENERALIZED_TIME
        return _MOMENTS[bare](content)
    raise DerError(f"no time under tag {tlv.tag_bytes.hex()}")


def _utc_time(content: bytes) -> datetime:
    # Two-digit years: 50-99 are of the last century (RFC 5280, 4.1.2.5.1).
    century = b"19" if content[:2] >= b"50" else b"20"
    return _generalized_time(century + content)


def _generalized_time(content: bytes) -> datetime:
    matched = _WRITTEN_TIME.fullmatch(content)
    if matched is None:
        raise DerError("a time in another form")
    whole, offset = matched[1], matched[2]
    year, rest = int(whole[:4]), [int(whole[at : at + 2]) for at in range(4, len(whole), 2)]
    month, day, hour, minute, second = rest
    try:
        zone = UTC if offset in {None, b"Z"} else _zone(offset)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as bad:
        raise DerError("no date of the calendar") from bad


def _zone(offset: bytes) -> timezone:
    size = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5]))
    return timezone(-size if offset[:1] == b"-" else size)


_MOMENTS: dict[bytes, Callable[[bytes], datetime]] = {
    _UTC_TIME: _utc_time,
    _GENERALIZED_TIME: _generalized_time,
}
