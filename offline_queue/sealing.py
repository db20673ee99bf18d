"""Bodies are sealed on the disk: AES-256-GCM under a key that lies elsewhere.

A box is `version (1) | key id (4) | nonce (12) | ciphertext and tag`. The name of what is
inside (the operation id) is authenticated with it, so that a box moved to another row does
not open.

A key file has one line for each key, oldest first; the last one seals, all unseal:

    1 3f9a01c2 <base64 of 32 bytes>

Throwing the file away erases every box sealed with it, wherever copies of it lie.
"""

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from offline_queue.durable_file import overwrite_and_remove, write_durably
from offline_queue.errors import OutboxError

VERSION: Final = 1
KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 4
NONCE_BYTES: Final = 12  # NIST SP 800-38D, 8.2.2: random, so at most 2**32 boxes for one key
TAG_BYTES: Final = 16
HEADER_BYTES: Final = 1 + KEY_ID_BYTES


class SealingError(OutboxError):
    """Base of what can go wrong with keys and boxes."""


class KeyFileRefused(SealingError):
    """The key file is missing, readable by others, or not a key file. The text says which."""


class KeyMissing(SealingError):
    """The ring holds no key of this id."""


class SealBroken(SealingError):
    """The box is not what was sealed under this name: changed, moved or cut short."""


class Sealer(Protocol):
    """Seals bodies. All sealers write the box described above."""

    @property
    def key_id(self) -> str:
        """Hexadecimal id of the key that seals now."""
        ...

    def holds(self, key_id: str) -> bool:
        """Whether boxes of this key can be opened."""
        ...

    def seal(self, plain: bytes, name: str) -> bytes:
        """A box that opens only under the same name."""
        ...

    def unseal(self, box: bytes, name: str) -> bytes:
        """What was sealed.

        Raises:
            KeyMissing: the key of the box is not held.
            SealBroken: the box is not what was sealed under this name.
        """
        ...


def key_id_of(box: bytes) -> str:
    """Id of the key that a box was sealed with, from its first `HEADER_BYTES`.

    Raises:
        SealBroken: too short, or of a version that is not known.
    """
    if len(box) < HEADER_BYTES or box[0] != VERSION:
        raise SealBroken("not a sealed box")
    return box[1:HEADER_BYTES].hex()


@dataclass(frozen=True, slots=True)
class SealingKey:
    """One AES-256 key and the id that boxes name it by."""

    key_id: str
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "SealingKey":
        """A random key under a random id."""
        return cls(secrets.token_hex(KEY_ID_BYTES), secrets.token_bytes(KEY_BYTES))


class KeyRing:
    """Keys in memory: the newest seals, all unseal."""

    def __init__(self, keys: Sequence[SealingKey]) -> None:
        """A ring of these keys, oldest first.

        Raises:
            ValueError: no key, or two of one id.
        """
        if not keys:
            raise ValueError("a key ring holds at least one key")
        if len({key.key_id for key in keys}) != len(keys):
            raise ValueError("two keys have one id")
        self._keys = tuple(keys)
        self._ciphers = {key.key_id: AESGCM(key.secret) for key in keys}
        self._header = bytes([VERSION]) + bytes.fromhex(keys[-1].key_id)
        self._cipher = self._ciphers[keys[-1].key_id]

    @classmethod
    def new(cls) -> "KeyRing":
        """A ring of one random key that stands in no file."""
        return cls([SealingKey.new()])

    @classmethod
    def from_file(cls, path: Path, *, credential: bool = False) -> "KeyRing":
        """Read a key file.

        Args:
            path: the file; only its owner may read it.
            credential: it is a systemd credential (`LoadCredentialEncrypted=`): systemd gives
                it to a service user by an ACL, which shows as the group's right to read.

        Raises:
            KeyFileRefused: missing, readable by others, or not a key file.
        """
        forbidden = 0o037 if credential else 0o077
        try:
            with path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                content = file.read()
        except OSError as error:
            raise KeyFileRefused(f"{path.name}: {error.strerror}") from error
        if mode & forbidden:
            raise KeyFileRefused(f"{path.name}: mode {mode:04o} lets others at the key")
        return cls(_parse(content, path.name))

    @classmethod
    def create_file(cls, path: Path) -> "KeyRing":
        """Write a new key file with one random key, durably.

        Raises:
            FileExistsError: there is one already; overwriting it would erase what it seals.
            OSError: the disk refused.
        """
        if path.exists():
            raise FileExistsError(path)
        ring = cls.new()
        write_durably(path, ring.encode())
        return ring

    @property
    def key_id(self) -> str:
        """Id of the key that seals now."""
        return self._keys[-1].key_id

    @property
    def key_ids(self) -> tuple[str, ...]:
        """All ids, oldest first."""
        return tuple(key.key_id for key in self._keys)

    def holds(self, key_id: str) -> bool:
        """Whether boxes of this key can be opened."""
        return key_id in self._ciphers

    def seal(self, plain: bytes, name: str) -> bytes:
        """A box that opens only under the same name."""
        nonce = os.urandom(NONCE_BYTES)
        return self._header + nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def unseal(self, box: bytes, name: str) -> bytes:
        """What was sealed.

        Raises:
            KeyMissing: the key of the box is not in the ring.
            SealBroken: the box is not what was sealed under this name.
        """
        key_id = key_id_of(box)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise KeyMissing(key_id)
        if len(box) < HEADER_BYTES + NONCE_BYTES + TAG_BYTES:
            raise SealBroken("cut short")
        nonce = box[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
        try:
            return cipher.decrypt(nonce, box[HEADER_BYTES + NONCE_BYTES :], name.encode())
        except InvalidTag as error:
            raise SealBroken("changed, or sealed under another name") from error

    def rotated(self) -> "KeyRing":
        """This ring with a new key that seals from now on."""
        return KeyRing([*self._keys, SealingKey.new()])

    def without(self, key_id: str) -> "KeyRing":
        """This ring without one key: what is still sealed with it can never be opened again.

        Raises:
            KeyMissing: it is not in the ring.
            ValueError: it is the one that seals.
        """
        if key_id not in self._ciphers:
            raise KeyMissing(key_id)
        if key_id == self.key_id:
            raise ValueError("the key that seals cannot be taken out")
        return KeyRing([key for key in self._keys if key.key_id != key_id])

    def encode(self) -> bytes:
        """The content of a key file."""
        return b"".join(
            b"%d %s %s\n" % (VERSION, key.key_id.encode(), base64.b64encode(key.secret))
            for key in self._keys
        )

    def save(self, path: Path) -> None:
        """Write the key file (mode 0600) in one durable step.

        Raises:
            OSError: the disk refused; the old file is untouched.
        """
        write_durably(path, self.encode())


def crypto_erase(path: Path) -> None:
    """Throw a key file away: every box sealed with its keys, in every copy, is noise from now on.

    Raises:
        OSError: there is no such file, or the disk refused.
    """
    overwrite_and_remove(path)


def _parse(content: bytes, name: str) -> list[SealingKey]:
    keys: list[SealingKey] = []
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            version, key_id, encoded = line.split(b" ")
            secret = base64.b64decode(encoded, validate=True)
            named = bytes.fromhex(key_id.decode("ascii"))
        except (ValueError, binascii.Error) as error:
            raise KeyFileRefused(f"{name}: line {number} is not a key") from error
        if version != b"%d" % VERSION or len(named) != KEY_ID_BYTES or len(secret) != KEY_BYTES:
            raise KeyFileRefused(f"{name}: line {number} is not a key of version {VERSION}")
        keys.append(SealingKey(named.hex(), secret))
    if not keys:
        raise KeyFileRefused(f"{name}: no key in it")
    if len({key.key_id for key in keys}) != len(keys):
        raise KeyFileRefused(f"{name}: two keys have one id")
    return keys
