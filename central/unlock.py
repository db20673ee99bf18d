"""The code with which the office lets a member of staff set a new PIN at a terminal off-line.

The terminal shows a challenge, somebody reads it to the office over the telephone, the office
reads eight digits back. Both sides derive them from the terminal's own unlock key, which the
terminal gets with its certificate and which the office derives anew from one key whenever it
is needed: HMAC-SHA256, truncated as in RFC 4226, section 5.3.
"""

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from central.files import write_whole

KEY_BYTES = 32
OFFICE_KEY_FILE = "office.key"
"""In the service's directory, beside its authority's key."""
CODE_DIGITS = 8
"""A hundred million, against five tries and then waits that double."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NONCE = 8
"""Characters of five bits: no challenge comes twice in a terminal's life."""


class NoChallenge(ValueError):
    """This is not a challenge as a terminal shows it."""


def office_key(directory: Path) -> bytes:
    """The office's key, made when it is first needed.

    Raises:
        OSError: it cannot be read or kept.
        ValueError: the file holds something else.
    """
    path = directory / OFFICE_KEY_FILE
    if not path.exists():
        write_whole(path, secrets.token_bytes(KEY_BYTES), mode=0o600)
    return read_key(path)


def read_key(path: Path) -> bytes:
    """A key from its file.

    Raises:
        OSError: it cannot be read.
        ValueError: it holds something else, or others may read it.
    """
    if path.stat().st_mode & 0o077 and os.geteuid() == path.stat().st_uid:
        raise ValueError(f"{path} can be read by others")
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path} holds no key")
    return key


def terminal_key(office: bytes, terminal: str) -> bytes:
    """The unlock key of one terminal: it opens no other."""
    return hmac.digest(office, b"unlock-key 1\0" + terminal.encode(), sha256)


def new_challenge(terminal: str) -> str:
    """A challenge that was never shown before: the terminal's number and eight characters."""
    nonce = "".join(secrets.choice(_ALPHABET) for _ in range(_NONCE))
    return f"{terminal}-{nonce[:4]}-{nonce[4:]}"


def terminal_of(challenge: str) -> str:
    """The number of the terminal that showed a challenge.

    Raises:
        NoChallenge: none did.
    """
    terminal, *nonce = tidied(challenge).rsplit("-", 2)
    if not terminal or len(nonce) != 2 or {len(part) for part in nonce} != {_NONCE // 2}:
        raise NoChallenge(challenge)
    if not set("".join(nonce)) <= set(_ALPHABET):
        raise NoChallenge(challenge)
    return terminal


def tidied(challenge: str) -> str:
    """A challenge as it was shown, from how somebody typed it: Crockford's look-alikes."""
    upper = challenge.strip().upper()
    terminal, *nonce = upper.rsplit("-", 2)
    swap = str.maketrans("OIL", "011")
    return "-".join((terminal, *(part.translate(swap) for part in nonce)))


def unlock_code(key: bytes, challenge: str) -> str:
    """The eight digits that answer a challenge.

    Args:
        key: the terminal's unlock key.
        challenge: as `new_challenge` gave it, or as somebody typed it.
    """
    mac = hmac.digest(key, b"unlock-code 1\0" + tidied(challenge).encode(), sha256)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 8], "big") & (2**63 - 1)
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
