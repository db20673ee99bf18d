"""SM3, the hash of Chinese electronic seals (GB/T 32905-2016)."""

from cryptography.hazmat.primitives import hashes


def sm3(*parts: bytes) -> bytes:
    """The 32-byte SM3 digest of the parts, joined.

    Taken from the OpenSSL that `cryptography` brings along, not from `hashlib`: some
    distributions build theirs without SM3.
    """
    digest = hashes.Hash(hashes.SM3())
    for part in parts:
        digest.update(part)
    return digest.finalize()
