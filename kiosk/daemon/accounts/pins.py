"""PINs: which are good enough, and how they are kept."""

import os
from dataclasses import dataclass
from itertools import pairwise

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

LEAST_DIGITS, MOST_DIGITS = 6, 12
_SALT_BYTES, _HASH_BYTES = 16, 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try costs whoever has the file (RFC 9106, section 4, second choice).

    Attributes:
        memory_kib: memory, KiB.
        iterations: passes over it.
    """

    memory_kib: int = 65536
    iterations: int = 3


def is_weak(pin: str, number: str) -> bool:
    """Whether a PIN is none, or one of the first that anybody would try.

    Args:
        pin: what shall be the PIN.
        number: the staff number that it is for.
    """
    if not (pin.isascii() and pin.isdigit() and LEAST_DIGITS <= len(pin) <= MOST_DIGITS):
        return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    is_run = len(steps) == 1 and steps <= {0, 1, 9}
    half = len(pin) // 2
    return is_run or pin[:half] * 2 == pin or (len(number) >= 4 and number in pin)


def hashed(pin: str, cost: Cost) -> str:
    """The PIN as it is kept (PHC string). Takes a good part of a second: call it in a thread."""
    return Argon2id(
        salt=os.urandom(_SALT_BYTES),
        length=_HASH_BYTES,
        iterations=cost.iterations,
        lanes=1,
        memory_cost=cost.memory_kib,
    ).derive_phc_encoded(pin.encode())


def is_pin(pin: str, kept: str) -> bool:
    """Whether this is the PIN that was kept. As slow as `hashed`."""
    try:
        Argon2id.verify_phc_encoded(pin.encode(), kept)
    except InvalidKey:
        return False
    return True
