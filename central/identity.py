"""A terminal's identity: its key, its certificate, and whom it trusts. The key never leaves.

    enrolment.json   address, number and authorities; public
    identity.pem     certificate and key, in one file: both change at once (0600)
    next-key.pem     a key that a certificate was, or will be, asked for (0600)
    unlock.key       what the office's codes for a lost PIN are checked with (0600)

A key is on the disk before anybody hears of it, and a certificate replaces the old one in one
step. So whatever the moment at which the terminal is switched off, it comes back with an
identity that works, and asks again with the same key for what it did not hear.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from central.files import make_private, write_whole
from central.keys import private_pem
from central.tls import Access
from central.unlock import read_key


class IdentityInUse(RuntimeError):
    """Another process is giving this terminal an identity at the same moment."""


class UnusableIdentity(ValueError):
    """The files are damaged or do not belong together; a new enrolment replaces them."""


class _Enrolled(msgspec.Struct, frozen=True):
    url: str
    terminal: str
    ca_pem: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a terminal is.

    Attributes:
        url: the service that enrolled it.
        terminal: the number that its certificate names.
        ca_pem: the authorities that the service's certificate may come from.
        fingerprint: SHA-256 of the certificate (DER), hexadecimal.
    """

    url: str
    terminal: str
    ca_pem: str
    fingerprint: str
    not_before: datetime
    not_after: datetime


class IdentityFiles:
    """The files of one terminal's identity."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @property
    def identity_file(self) -> Path:
        """Certificate and key (PEM)."""
        return self._directory / "identity.pem"

    @property
    def _enrolment_file(self) -> Path:
        return self._directory / "enrolment.json"

    @property
    def _next_key_file(self) -> Path:
        return self._directory / "next-key.pem"

    @property
    def _unlock_key_file(self) -> Path:
        return self._directory / "unlock.key"

    def unlock_key(self) -> bytes | None:
        """What the office's codes are checked with; None while the office has given none."""
        try:
            return read_key(self._unlock_key_file)
        except (OSError, ValueError):
            return None

    def stamp(self) -> tuple[int, int] | None:
        """Differs whenever the identity was replaced; None while there is none."""
        try:
            found = self.identity_file.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    @contextmanager
    def held(self) -> Generator[None]:
        """Keeps other processes from changing the identity while the block runs.

        Raises:
            IdentityInUse: one is doing so.
            OSError: the directory cannot be written.
        """
        make_private(self._directory)
        path = self._directory / "lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IdentityInUse(str(self._directory)) from error
            yield
        finally:
            os.close(descriptor)

    def load(self) -> Identity | None:
        """Who this terminal is; None before enrolment.

        Raises:
            UnusableIdentity: there are files, and they are damaged.
            OSError: they cannot be read.
        """
        if not (self.identity_file.exists() and self._enrolment_file.exists()):
            return None
        try:
            enrolled = msgspec.json.decode(self._enrolment_file.read_bytes(), type=_Enrolled)
            content = self.identity_file.read_bytes()
            certificate = x509.load_pem_x509_certificate(content)
            key = serialization.load_pem_private_key(content, password=None)
            names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        except (ValueError, TypeError, msgspec.DecodeError) as error:
            raise UnusableIdentity(f"{self._directory}: {error}") from error
        if certificate.public_key() != key.public_key() or len(names) != 1:
            raise UnusableIdentity(f"{self.identity_file}: not the key of this certificate")
        return Identity(
            enrolled.url,
            str(names[0].value),
            enrolled.ca_pem,
            certificate.fingerprint(hashes.SHA256()).hex(),
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
        )

    def access(self, identity: Identity, url: str = "", ca_pem: str = "") -> Access:
        """How to reach the service as this terminal.

        Args:
            identity: what `load` gave.
            url: an address to use instead of that of the enrolment.
            ca_pem: authorities to trust instead of those of the enrolment.

        Raises:
            ValueError: `url` is not an https address.
        """
        return Access(url or identity.url, ca_pem or identity.ca_pem, self.identity_file)

    def request(self) -> str:
        """A PKCS #10 request (PEM) for the next key, made now or before an interruption.

        Raises:
            OSError: the key cannot be kept.
        """
        key = self._next_key()
        return (
            x509.CertificateSigningRequestBuilder()
            .subject_name(x509.Name([]))
            .sign(key, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
            .decode()
        )

    def keep(
        self, url: str, terminal: str, ca_pem: str, certificate_pem: str, unlock_key: bytes = b""
    ) -> Identity:
        """Makes a certificate for the next key this terminal's identity.

        Raises:
            UnusableIdentity: it is not for that key or not for this terminal; nothing changed.
            OSError: it cannot be kept; the old identity still works.
        """
        key = self._next_key()
        try:
            certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
            x509.load_pem_x509_certificates(ca_pem.encode())
            is_for_key = certificate.public_key() == key.public_key()
        except (ValueError, TypeError) as error:
            raise UnusableIdentity(f"no certificate: {error}") from error
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        if not is_for_key or [name.value for name in names] != [terminal]:
            raise UnusableIdentity("a certificate for another key or terminal")
        enrolled = msgspec.json.encode(_Enrolled(url, terminal, ca_pem))
        if not self._enrolment_file.exists() or self._enrolment_file.read_bytes() != enrolled:
            write_whole(self._enrolment_file, enrolled, mode=0o644)
        if unlock_key:
            write_whole(self._unlock_key_file, unlock_key, mode=0o600)
        both = certificate.public_bytes(serialization.Encoding.PEM) + private_pem(key)
        write_whole(self.identity_file, both, mode=0o600)
        self._next_key_file.unlink(missing_ok=True)
        identity = self.load()
        if identity is None:
            raise UnusableIdentity("the files vanished while they were written")
        return identity

    def _next_key(self) -> ec.EllipticCurvePrivateKey:
        make_private(self._directory)
        if self._next_key_file.exists():
            try:
                key = serialization.load_pem_private_key(
                    self._next_key_file.read_bytes(), password=None
                )
            except ValueError:
                key = None  # damaged: nobody has a certificate for it that could be used
            if isinstance(key, ec.EllipticCurvePrivateKey) and not self._is_present(key):
                return key
        key = ec.generate_private_key(ec.SECP256R1())
        write_whole(self._next_key_file, private_pem(key), mode=0o600)
        return key

    def _is_present(self, key: ec.EllipticCurvePrivateKey) -> bool:
        """Whether this key is in use already: switched off just before the last unlinking."""
        if not self.identity_file.exists():
            return False
        return private_pem(key) in self.identity_file.read_bytes()
