"""Addresses of people, sealed with a key that lies beside the database and not in it.

AES-256-GCM; the ticket's number is authenticated with it, so that a sealed address that is moved
to another ticket does not open. Throwing the key away erases them all, in every copy.
"""

import base64
import binascii
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from central.files import write_whole

FILE_NAME = "addresses.key"
KEY_BYTES = 32
NONCE_BYTES = 12  # random: at most 2**32 addresses for one key (NIST SP 800-38D, 8.2.2)


class SealBroken(Exception):
    """This was not sealed for this ticket with this key."""


class AddressKey:
    """Seals and opens addresses.

    Args:
        key: 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def ensured(cls, directory: Path) -> "AddressKey":
        """The key of a service's directory; made at the first call.

        Raises:
            OSError: it cannot be read or made.
            ValueError: the file is no key, or others can read it.
        """
        path = directory / FILE_NAME
        if not path.exists():
            write_whole(path, secrets.token_bytes(KEY_BYTES), 0o600)
        if path.stat().st_mode & 0o077:
            raise ValueError(f"{path} is open to others: chmod 600")
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise ValueError(f"{path} is not a key")
        return cls(key)

    def seal(self, address: str, ticket: str) -> str:
        """An address as it may lie in the database: text."""
        nonce = os.urandom(NONCE_BYTES)
        box = nonce + self._cipher.encrypt(nonce, address.encode(), ticket.encode())
        return base64.b64encode(box).decode()

    def unseal(self, sealed: str, ticket: str) -> str:
        """The address again.

        Raises:
            SealBroken: it was sealed for another ticket or with another key, or changed.
        """
        try:
            box = base64.b64decode(sealed, validate=True)
            plain = self._cipher.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], ticket.encode())
            return plain.decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise SealBroken(ticket) from error
