"""The authority that terminals' certificates come from, and nothing else.

It is another one than the service's own (`central.service.authority`): whoever steals its
key can make certificates, but not speak for the service to a terminal. And a
certificate alone lets nobody in: it must also stand in the service's register.

`terminals-ca.pem` may hold several certificates: the first issues, the others are
still accepted while their terminals are given new ones.
"""

import hashlib
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from central.files import write_whole
from central.keys import private_pem
from central.service.authority import BACKDATED, key_usage, new_root
from central.service.china import utc_now
from central.tls import X509_V_FLAG_NO_CHECK_TIME

_log = logging.getLogger(__name__)

MAX_CSR_CHARS = 8192


class UnusableRequest(ValueError):
    """A certificate request that nothing is issued for, and why."""


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate and what the register keeps of it.

    Attributes:
        fingerprint: SHA-256 of the certificate (DER), hexadecimal.
        key_sha256: SHA-256 of its public key (SubjectPublicKeyInfo, DER), hexadecimal.
    """

    pem: str
    fingerprint: str
    key_sha256: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class TerminalAuthority:
    """The files of the authority for terminals.

    Attributes:
        directory: where they are.
        valid_for: how long a terminal's certificate is valid.
        now: the present moment, aware.
    """

    directory: Path
    valid_for: timedelta = timedelta(days=90)
    now: Callable[[], datetime] = utc_now

    @property
    def ca_file(self) -> Path:
        """The authority's certificate, public; the service admits what comes from it."""
        return self.directory / "terminals-ca.pem"

    @property
    def _key_file(self) -> Path:
        return self.directory / "terminals-ca-key.pem"

    def ensure(self) -> None:
        """Makes what is missing.

        Raises:
            OSError: the directory cannot be written.
            ValueError: a file there is not what it should be.
        """
        if self.ca_file.exists():
            self._load()
        else:
            self._make()

    def issue(self, csr: x509.CertificateSigningRequest, terminal: str, machine: str) -> str:
        """A certificate (PEM) for the key in a request that `readable` has accepted.

        Args:
            csr: only its key counts; what it calls itself does not.
            terminal: the terminal's number, its common name and DNS-free alternative name.
            machine: UUID of the enrolled machine; the same through all renewals.

        Raises:
            ValueError: the authority's own files cannot be used.
        """
        ca, ca_key = self._load()
        now = self.now().replace(microsecond=0)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, terminal)]))
            .issuer_name(ca.subject)
            .public_key(csr.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - BACKDATED)
            .not_valid_after(min(now + self.valid_for, ca.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(key_usage(is_authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=True)
            .add_extension(
                x509.SubjectAlternativeName(
                    [
                        x509.UniformResourceIdentifier(f"urn:invoice-terminal:{terminal}"),
                        x509.UniformResourceIdentifier(f"urn:uuid:{machine}"),
                    ]
                ),
                critical=False,
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(csr.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()),
                critical=False,
            )
            .sign(ca_key, hashes.SHA256())
        )
        return certificate.public_bytes(serialization.Encoding.PEM).decode()

    def admit_into(self, context: ssl.SSLContext) -> None:
        """Makes a server ask terminals for their certificate.

        Who shows none is served what is open, so that it can be told why it gets no more.
        Validity in time is judged by the service, in words, not by the handshake: an alert
        could not say whose clock is wrong.
        """
        context.verify_mode = ssl.CERT_OPTIONAL
        context.verify_flags |= X509_V_FLAG_NO_CHECK_TIME
        context.load_verify_locations(self.ca_file)

    def _load(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        ca = x509.load_pem_x509_certificates(self.ca_file.read_bytes())[0]
        key = serialization.load_pem_private_key(self._key_file.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{self._key_file}: not an elliptic-curve key")  # noqa: TRY004
        if _spki(key.public_key()) != _spki(ca.public_key()):
            raise ValueError(f"{self._key_file}: not the key of {self.ca_file}")
        return ca, key

    def _make(self) -> None:
        key, certificate = new_root("Invoice terminals CA", self.now())
        write_whole(self._key_file, private_pem(key), mode=0o600)
        write_whole(self.ca_file, certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)
        _log.info("terminal_authority.made valid_until=%s", certificate.not_valid_after_utc.date())


def readable(csr_pem: str) -> x509.CertificateSigningRequest:
    """The request, once it is known to be one that a certificate can be issued for.

    Raises:
        UnusableRequest: it is none, its key is of another kind, or it is not signed by it.
    """
    if len(csr_pem) > MAX_CSR_CHARS:
        raise UnusableRequest("too long")
    try:
        csr = x509.load_pem_x509_csr(csr_pem.encode())
        key = csr.public_key()
        is_signed = csr.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature) as error:
        raise UnusableRequest("cannot be read") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnusableRequest("not an EC P-256 key")
    if not is_signed:
        raise UnusableRequest("not signed by its own key")
    return csr


def key_of(csr: x509.CertificateSigningRequest) -> str:
    """Names a request's key: SHA-256 of its SubjectPublicKeyInfo, hexadecimal."""
    return _sha256(_spki(csr.public_key()))


def fingerprint_of(der: bytes) -> str:
    """Names a certificate: SHA-256 of its DER, hexadecimal."""
    return _sha256(der)


def described(pem: str) -> IssuedCertificate:
    """What the register keeps of a certificate."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    return IssuedCertificate(
        pem,
        fingerprint_of(certificate.public_bytes(serialization.Encoding.DER)),
        _sha256(_spki(certificate.public_key())),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )


def _spki(key: object) -> bytes:
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("not an elliptic-curve key")  # noqa: TRY004
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
