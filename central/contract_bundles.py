"""Messages about support bundles: sealed to the office's key, carried and kept by the service.

A bundle comes in parts, as a backup does. It counts as handed over when the service's answer
carries the digest of the whole, as the service reads it back from its own disk.
"""

from central.message import Message

PATH_BUNDLE = "/v1/bundle"

MAX_BUNDLE_PART_BYTES = 128 * 1024
"""Of one part: on a line of 20 KB/s it arrives within the service's patience."""
MAX_BUNDLE_PARTS = 32
"""Parts of one bundle: 4 MiB; a real one has less than one."""


class BundlePart(Message, frozen=True):
    """One part of a sealed bundle. The service cannot open it.

    Attributes:
        bundle_id: 1 to 64 of letters, digits and hyphen; a later one sorts after an earlier one.
        part, parts: which of how many, from 1.
        sha256: hexadecimal SHA-256 of `content`.
        content: at most `MAX_BUNDLE_PART_BYTES`; base64 on the wire.
    """

    request_id: str
    bundle_id: str
    part: int
    parts: int
    sha256: str
    content: bytes


class BundlePartTaken(Message, frozen=True):
    """The part is on the service's disk. Echoes the request's id and the digest.

    Attributes:
        whole_sha256: hexadecimal SHA-256 of the whole bundle; "" while parts are missing.
    """

    request_id: str
    sha256: str
    whole_sha256: str = ""
