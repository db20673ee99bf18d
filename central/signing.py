"""What the office signs for its terminals, whatever it is.

Signed with the key of the service's own authority, whose certificate every terminal has known
since its enrolment: there is nothing more to pin. Whoever carries it (the service, a technician
with a file) can neither change it nor make one.
"""

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from central.contract import Message, encode

MAX_BYTES = 128 * 1024


class Signed(Message, frozen=True):
    """An order's own bytes and the signature (ECDSA P-256, SHA-256, DER) over them."""

    order: bytes
    signature: bytes


class NotSigned(ValueError):
    """Nobody whom this terminal trusts signed it, or it is no order."""


def sign(order: bytes, context: bytes, ca_key_pem: bytes) -> bytes:
    """The order with its signature, as it is carried: JSON.

    Args:
        order: its bytes.
        context: what is signed begins with this: a signature for one use is none for another.
        ca_key_pem: the authority's key.

    Raises:
        ValueError: not an elliptic-curve key.
    """
    key = serialization.load_pem_private_key(ca_key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not an elliptic-curve key")  # noqa: TRY004
    return encode(Signed(order, key.sign(context + order, ec.ECDSA(hashes.SHA256()))))


def verified(carried: bytes, context: bytes, ca_pem: str) -> bytes:
    """The order's bytes, once they are known to come from one of these authorities.

    Raises:
        NotSigned: they do not.
    """
    if len(carried) > MAX_BYTES:
        raise NotSigned(f"longer than {MAX_BYTES} bytes")
    try:
        both = msgspec.json.decode(carried, type=Signed)
        authorities = x509.load_pem_x509_certificates(ca_pem.encode())
    except (msgspec.DecodeError, ValueError) as error:
        raise NotSigned(f"cannot be read: {error}") from error
    if not any(_is_by(one, both, context) for one in authorities):
        raise NotSigned("not signed by this terminal's service")
    return both.order


def _is_by(authority: x509.Certificate, both: Signed, context: bytes) -> bool:
    key = authority.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(both.signature, context + both.order, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
