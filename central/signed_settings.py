"""Settings that the office signs for its terminals.

Signed with the key of the service's own authority, whose certificate every terminal has known
since its enrolment: there is nothing more to pin. Whoever carries an order (a technician with
a file) can neither change it nor make one; a terminal takes only higher numbers than it had.
"""

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from central.contract import Message, Moment, encode

CONTEXT = b"invoice-terminal settings 1\0"
"""What is signed begins with this: a signature for something else is none for settings."""
MAX_BYTES = 128 * 1024


class SettingsOrder(Message, frozen=True):
    """Settings for one terminal or for all.

    Attributes:
        terminal: the number; "" for every terminal of the service.
        serial: each new order has a higher one.
        at: when it was signed.
        settings: TOML text, as in a settings file; all that the office wants set.
    """

    terminal: str
    serial: int
    at: Moment
    settings: str


class SignedSettings(Message, frozen=True):
    """An order's own bytes and the signature (ECDSA P-256, SHA-256, DER) over them."""

    order: bytes
    signature: bytes


class NotSigned(ValueError):
    """Nobody whom this terminal trusts signed it, or it is no order."""


def signed(order: SettingsOrder, ca_key_pem: bytes) -> bytes:
    """The order with its signature, as it is carried: JSON.

    Raises:
        ValueError: not an elliptic-curve key.
    """
    key = serialization.load_pem_private_key(ca_key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not an elliptic-curve key")  # noqa: TRY004
    content = encode(order)
    return encode(SignedSettings(content, key.sign(CONTEXT + content, ec.ECDSA(hashes.SHA256()))))


def opened(carried: bytes, ca_pem: str) -> SettingsOrder:
    """The order, once it is known to come from one of these authorities.

    Raises:
        NotSigned: it does not, or it is none.
    """
    if len(carried) > MAX_BYTES:
        raise NotSigned(f"longer than {MAX_BYTES} bytes")
    try:
        both = msgspec.json.decode(carried, type=SignedSettings)
        authorities = x509.load_pem_x509_certificates(ca_pem.encode())
    except (msgspec.DecodeError, ValueError) as error:
        raise NotSigned(f"cannot be read: {error}") from error
    if not any(_is_by(one, both) for one in authorities):
        raise NotSigned("not signed by this terminal's service")
    try:
        return msgspec.json.decode(both.order, type=SettingsOrder)
    except msgspec.DecodeError as error:
        raise NotSigned(f"no order: {error}") from error


def _is_by(authority: x509.Certificate, both: SignedSettings) -> bool:
    key = authority.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(both.signature, CONTEXT + both.order, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
