"""The terminal's own Ed25519 key, in a file that only its owner reads."""

import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from offline_queue.durable_file import write_durably
from offline_queue.sealing import KeyFileRefused

RAW_BYTES = 32  # RFC 8032, 5.1.5: the private key is 32 octets


def read_signing_key(path: Path, *, credential: bool = False) -> Ed25519PrivateKey:
    """Read a key file: the 32 raw bytes.

    Args:
        path: the file; only its owner may read it.
        credential: it is a systemd credential (see `sealing.KeyRing.from_file`).

    Raises:
        KeyFileRefused: missing, readable by others, or of another length.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        raw = path.read_bytes()
    except OSError as error:
        raise KeyFileRefused(f"{path.name}: {error.strerror}") from error
    if mode & (0o037 if credential else 0o077):
        raise KeyFileRefused(f"{path.name}: mode {mode:04o} lets others at the key")
    if len(raw) != RAW_BYTES:
        raise KeyFileRefused(f"{path.name}: not {RAW_BYTES} bytes")
    return Ed25519PrivateKey.from_private_bytes(raw)


def create_signing_key(path: Path) -> Ed25519PrivateKey:
    """Make a key and write its file durably.

    Raises:
        FileExistsError: there is one already.
        OSError: the disk refused.
    """
    if path.exists():
        raise FileExistsError(path)
    key = Ed25519PrivateKey.generate()
    write_durably(path, key.private_bytes_raw())
    return key
