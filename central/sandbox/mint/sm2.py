"""SM2 keys and signatures for trials, the same from the same seed.

The arithmetic takes as long as its numbers ask: never give it a key that guards anything.
"""

from dataclasses import dataclass
from functools import cached_property

from einvoice.seals import curve, sm2
from einvoice.seals.curve import Point
from einvoice.seals.digests import sm3


@dataclass(frozen=True)
class TrialKey:
    """A key pair made from a seed.

    Attributes:
        secret: 1 to N - 2.
    """

    secret: int

    @classmethod
    def from_seed(cls, seed: str) -> "TrialKey":
        """The key of this seed."""
        return cls(_scalar(b"key", seed.encode()) % (curve.N - 2) + 1)

    @cached_property
    def point(self) -> Point:
        """The public key."""
        point = curve.combine(self.secret, 0, curve.G)
        if point is None:
            raise ValueError("a secret that is a multiple of the curve's order")
        return point

    def sign(self, message: bytes) -> bytes:
        """A signature over the message with the default user id, in DER.

        GB/T 32918.2-2016, section 6.1, with a nonce drawn from key and message instead of
        a random one, so that fixtures stay the same.
        """
        digest = sm2.message_digest(self.point, message)
        e = int.from_bytes(digest, "big")
        attempt = 0
        while True:
            nonce = _scalar(
                b"nonce", self.secret.to_bytes(32, "big"), digest, attempt.to_bytes(4, "big")
            )
            attempt += 1
            point = curve.combine(nonce % curve.N, 0, curve.G)
            r = (e + point[0]) % curve.N if point is not None else 0
            inverse = pow(1 + self.secret, -1, curve.N)
            s = inverse * (nonce - r * self.secret) % curve.N
            if r and s and (r + nonce) % curve.N:
                return sm2.Signature(r, s).der


def _scalar(*parts: bytes) -> int:
    return int.from_bytes(sm3(*parts), "big")
