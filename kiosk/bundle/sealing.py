r"""Seals a bundle to the office's public key: who carries it cannot read it.

    "KIOSKBUNDLE1\n" | ephemeral X25519 public key (32) | nonce (12) | ChaCha20-Poly1305

The key of the cipher is HKDF-SHA256 over the X25519 secret, with both public keys as its context;
the header is authenticated too. Only the office's private key opens it, not the terminal itself.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"KIOSKBUNDLE1\n"
_KEY = 32
_NONCE = 12
_HEADER = len(MAGIC) + _KEY + _NONCE


class NotOpened(ValueError):
    """It is no bundle, it was changed, or it is sealed to another key."""


def seal(content: bytes, office_key: bytes) -> bytes:
    """The content, sealed to an X25519 public key of 32 bytes.

    Raises:
        ValueError: not such a key.
    """
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(office_key))
    nonce = os.urandom(_NONCE)
    header = MAGIC + public + nonce
    key = _derived(secret, public, office_key)
    return header + ChaCha20Poly1305(key).encrypt(nonce, content, header)


def unseal(sealed: bytes, private_key: bytes) -> bytes:
    """The content.

    Raises:
        NotOpened: it cannot be opened with this key.
    """
    if not sealed.startswith(MAGIC) or len(sealed) <= _HEADER:
        raise NotOpened("not a support bundle")
    public = sealed[len(MAGIC) : len(MAGIC) + _KEY]
    header, nonce = sealed[:_HEADER], sealed[_HEADER - _NONCE : _HEADER]
    private = X25519PrivateKey.from_private_bytes(private_key)
    try:
        secret = private.exchange(X25519PublicKey.from_public_bytes(public))
        key = _derived(secret, public, private.public_key().public_bytes_raw())
        return ChaCha20Poly1305(key).decrypt(nonce, sealed[_HEADER:], header)
    except (InvalidTag, ValueError) as error:  # ValueError: a public key of low order
        raise NotOpened("sealed to another key, or changed") from error


def _derived(secret: bytes, ephemeral: bytes, office: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY, salt=None, info=MAGIC + ephemeral + office).derive(secret)
