"""Checking SM2 signatures (GB/T 32918.2-2016) as electronic seals use them.

The digest covers Z, a hash over the signer's id and key, before the message. Seals use
the default id of GB/T 35276-2017. OpenSSL does the arithmetic where this Python reaches
one that knows SM2; `einvoice.seals.curve` does it elsewhere, with the same answers.
"""

from dataclasses import dataclass

from cryptography.hazmat import asn1

from einvoice.seals import curve
from einvoice.seals.curve import Point
from einvoice.seals.der import DerError, decode
from einvoice.seals.digests import sm3
from einvoice.seals.openssl import OpenSslSm2

DEFAULT_ID = b"1234567812345678"
"""User id of GB/T 35276-2017, section 10; all seals seen use it."""

_RAW_BYTES = 64


@asn1.sequence
class _SignatureValue:
    r: int
    s: int


@dataclass(frozen=True, slots=True)
class Signature:
    """The two numbers of an SM2 signature."""

    r: int
    s: int

    @classmethod
    def parse(cls, data: bytes) -> "Signature":
        """Read a signature: SEQUENCE of two INTEGERs, or 64 bytes r and s.

        Raises:
            DerError: it is neither.
        """
        if len(data) == _RAW_BYTES:
            return cls(int.from_bytes(data[:32], "big"), int.from_bytes(data[32:], "big"))
        value = decode(_SignatureValue, data)
        return cls(value.r, value.s)

    @property
    def der(self) -> bytes:
        """SEQUENCE of r and s."""
        return asn1.encode_der(_SignatureValue(r=self.r, s=self.s))


def parse_point(data: bytes) -> Point:
    """A public key from its uncompressed form, 04 x y.

    Raises:
        DerError: another form, or not on the curve.
    """
    if len(data) != 1 + _RAW_BYTES or data[0] != 4:
        raise DerError("not an uncompressed point")
    point = int.from_bytes(data[1:33], "big"), int.from_bytes(data[33:], "big")
    if not curve.is_on_curve(point):
        raise DerError("not a point of the SM2 curve")
    return point


def message_digest(key: Point, message: bytes, user_id: bytes = DEFAULT_ID) -> bytes:
    """SM3 over Z and the message: what the signature is about."""
    numbers = (curve.A, curve.B, *curve.G, *key)
    z = sm3(
        (len(user_id) * 8).to_bytes(2, "big"),
        user_id,
        *(number.to_bytes(32, "big") for number in numbers),
    )
    return sm3(z, message)


def verify(key: Point, message: bytes, signature: Signature) -> bool:
    """Whether the signature over the message was made with this key.

    Args:
        key: a point of the curve, from `parse_point`.
        message: the signed bytes themselves, not their hash.
        signature: from `Signature.parse`.
    """
    if not (0 < signature.r < curve.N and 0 < signature.s < curve.N):
        return False
    digest = message_digest(key, message)
    if _OPENSSL is not None:
        return _OPENSSL.verify(key, digest, signature.der)
    return verify_in_python(key, digest, signature)


def verify_in_python(key: Point, digest: bytes, signature: Signature) -> bool:
    """The same check without OpenSSL (GB/T 32918.2-2016, section 7.1).

    Args:
        key: a point of the curve.
        digest: from `message_digest`.
        signature: both numbers in 1..N-1.
    """
    on_key = (signature.r + signature.s) % curve.N
    if not on_key:
        return False
    point = curve.combine(signature.s, on_key, key)
    if point is None:
        return False
    return (int.from_bytes(digest, "big") + point[0]) % curve.N == signature.r


def uses_openssl() -> bool:
    """Whether the OpenSSL of this Python does the arithmetic, which is much faster."""
    return _OPENSSL is not None


def _trusted_openssl() -> OpenSslSm2 | None:
    """OpenSSL, when it agrees with a known signature and refuses its neighbour."""
    library = OpenSslSm2.load()
    if library is None:
        return None
    digest, neighbour = bytes.fromhex(_KNOWN_DIGEST), bytes.fromhex(_KNOWN_DIGEST[:-2] + "00")
    signature = _KNOWN_SIGNATURE.der
    agrees = library.verify(_KNOWN_KEY, digest, signature)
    return library if agrees and not library.verify(_KNOWN_KEY, neighbour, signature) else None


# GB/T 32918.5-2017, annex A.2: message "message digest", the default id.
_KNOWN_KEY = (
    0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
    0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
)
_KNOWN_DIGEST = "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"
_KNOWN_SIGNATURE = Signature(
    0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3,
    0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA,
)

_OPENSSL = _trusted_openssl()
