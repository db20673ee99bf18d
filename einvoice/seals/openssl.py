"""SM2 from the OpenSSL library that this Python is already linked with, where it has it.

`cryptography` does not offer SM2, the library beneath Python's own `ssl` mostly does. Six
calls are enough. Where one is missing (a Python with OpenSSL built in, a distribution
that leaves SM2 out), `load` says so and `einvoice.seals.sm2` counts for itself.
"""

import _ssl
import ctypes
from typing import Self

from einvoice.seals.curve import Point

# SubjectPublicKeyInfo of an uncompressed SM2 point, up to the point: id-ecPublicKey
# 1.2.840.10045.2.1 and the curve 1.2.156.10197.1.301 (GM/T 0015-2012).
_SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")


class OpenSslSm2:
    """Checks SM2 signatures over a digest. Made by `load`."""

    def __init__(self, library: ctypes.CDLL) -> None:
        """Bind the calls.

        Raises:
            AttributeError: the library lacks one of them.
        """
        pointer, size = ctypes.c_void_p, ctypes.c_size_t
        self._d2i_pubkey = library.d2i_PUBKEY
        self._d2i_pubkey.restype = pointer
        self._d2i_pubkey.argtypes = [pointer, ctypes.POINTER(ctypes.c_char_p), ctypes.c_long]
        self._pkey_free = library.EVP_PKEY_free
        self._pkey_free.restype = None
        self._pkey_free.argtypes = [pointer]
        self._ctx_new = library.EVP_PKEY_CTX_new
        self._ctx_new.restype = pointer
        self._ctx_new.argtypes = [pointer, pointer]
        self._ctx_free = library.EVP_PKEY_CTX_free
        self._ctx_free.restype = None
        self._ctx_free.argtypes = [pointer]
        self._verify_init = library.EVP_PKEY_verify_init
        self._verify_init.restype = ctypes.c_int
        self._verify_init.argtypes = [pointer]
        self._verify = library.EVP_PKEY_verify
        self._verify.restype = ctypes.c_int
        self._verify.argtypes = [pointer, ctypes.c_char_p, size, ctypes.c_char_p, size]
        # OpenSSL queues errors per thread, and Python's ssl reads the same queue.
        self._clear_errors = library.ERR_clear_error
        self._clear_errors.restype = None
        self._clear_errors.argtypes = []

    @classmethod
    def load(cls) -> Self | None:
        """The library behind Python's `ssl`, or None where its calls cannot be reached."""
        try:
            # Symbols of an extension module's dependencies are found through the module.
            return cls(ctypes.CDLL(_ssl.__file__))
        except (AttributeError, OSError):
            return None

    def verify(self, key: Point, digest: bytes, signature_der: bytes) -> bool:
        """Whether the signature is the key's over this 32-byte digest (Z included).

        Args:
            key: a point on the curve.
            digest: SM3 over Z and the message.
            signature_der: SEQUENCE of r and s, in DER.
        """
        spki = _SPKI_HEAD + key[0].to_bytes(32, "big") + key[1].to_bytes(32, "big")
        pkey = self._d2i_pubkey(None, ctypes.byref(ctypes.c_char_p(spki)), len(spki))
        context = self._ctx_new(pkey, None) if pkey else None
        try:
            if not context or self._verify_init(context) != 1:
                return False
            answer: int = self._verify(
                context, signature_der, len(signature_der), digest, len(digest)
            )
            return answer == 1
        finally:
            self._ctx_free(context)
            self._pkey_free(pkey)
            self._clear_errors()
