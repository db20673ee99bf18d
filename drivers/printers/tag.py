"""Four characters that stand for a print job in the printer's memory."""

import hashlib
import string

_ALPHABET = (string.digits + string.ascii_letters).encode()
TAG_BYTES = 4


def job_tag(job_id: str) -> bytes:
    """Four bytes of 0-9 A-Z a-z for `GS ( H` (which takes 20-7E), the same for the same job.

    62^4 tags: a late reply to the job before is taken for this one's once in 15 million.
    """
    number = int.from_bytes(hashlib.sha256(job_id.encode()).digest()[:8], "big")
    tag = bytearray()
    for _ in range(TAG_BYTES):
        number, digit = divmod(number, len(_ALPHABET))
        tag.append(_ALPHABET[digit])
    return bytes(tag)
