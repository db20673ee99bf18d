"""The service's own certificate authority: made at the first start, kept in its directory.

Terminals trust `ca.pem` and nothing else, so that no public authority and no proxy
of the network between can speak for the service. A city that has an authority of its
own puts `ca.pem` and `server.pem` (certificate and key) in the directory and keeps its
`ca-key.pem` elsewhere.
"""

import ipaddress
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from central.files import write_whole
from central.keys import private_pem
from central.service.china import utc_now

_log = logging.getLogger(__name__)

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
CA_VALID_FOR = timedelta(days=3650)
SERVER_VALID_FOR = timedelta(days=90)
RENEWED_BEFORE = timedelta(days=30)
"""A server certificate with less left than this is replaced."""
BACKDATED = timedelta(days=1)
"""A terminal whose clock is somewhat behind can still connect."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The files of one authority and of the service's certificate.

    Attributes:
        directory: where they are.
        names: host names and addresses that the server certificate is good for, beside
            the local ones.
        now: the present moment, aware.
    """

    directory: Path
    names: tuple[str, ...] = ()
    now: Callable[[], datetime] = utc_now

    @property
    def ca_file(self) -> Path:
        """What terminals are given: the authority's certificate, public."""
        return self.directory / "ca.pem"

    @property
    def _ca_key_file(self) -> Path:
        return self.directory / "ca-key.pem"

    @property
    def _server_file(self) -> Path:
        """The server's certificate and its key, in one file: both change at once."""
        return self.directory / "server.pem"

    def ensure(self) -> bool:
        """Makes what is missing and renews what ends soon; whether anything was made.

        Raises:
            OSError: the directory cannot be written.
            ValueError: a file there is not what it should be.
        """
        if not self.ca_file.exists():
            self._make_ca()
            self._make_server()
            return True
        if not self._ca_key_file.exists():
            # The authority is elsewhere: its people renew the certificate, and we use it.
            if not self._server_file.exists():
                raise ValueError(f"{self._server_file} is missing and there is no key to make it")
            return False
        if self._server_is_good():
            return False
        self._make_server()
        return True

    def context(self) -> ssl.SSLContext:
        """A server's TLS context with the present certificate. Call `ensure` first."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.load_into(context)
        return context

    def load_into(self, context: ssl.SSLContext) -> None:
        """Gives a running server the present certificate; later connections see it."""
        context.load_cert_chain(self._server_file)

    def _make_ca(self) -> None:
        key, certificate = new_root("Invoice terminal central service CA", self.now())
        write_whole(self._ca_key_file, private_pem(key), mode=0o600)
        write_whole(self.ca_file, certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)
        _log.info("authority.made valid_until=%s", certificate.not_valid_after_utc.date())

    def _make_server(self) -> None:
        ca = x509.load_pem_x509_certificate(self.ca_file.read_bytes())
        ca_key = serialization.load_pem_private_key(self._ca_key_file.read_bytes(), password=None)
        if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{self._ca_key_file}: not an elliptic-curve key")  # noqa: TRY004
        key = ec.generate_private_key(ec.SECP256R1())
        now = self.now()
        certificate = (
            x509.CertificateBuilder()
            .subject_name(
                x509.Name(
                    [x509.NameAttribute(NameOID.COMMON_NAME, "Invoice terminal central service")]
                )
            )
            .issuer_name(ca.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - BACKDATED)
            .not_valid_after(min(now + SERVER_VALID_FOR, ca.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(key_usage(is_authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(self._alternatives()), critical=False)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()),
                critical=False,
            )
            .sign(ca_key, hashes.SHA256())
        )
        both = certificate.public_bytes(serialization.Encoding.PEM) + private_pem(key)
        write_whole(self._server_file, both, mode=0o600)
        _log.info("certificate.made valid_until=%s", certificate.not_valid_after_utc.date())

    def _server_is_good(self) -> bool:
        """Whether the server's certificate is ours, for these names, and long enough valid."""
        if not self._server_file.exists():
            return False
        ca = x509.load_pem_x509_certificate(self.ca_file.read_bytes())
        server = x509.load_pem_x509_certificate(self._server_file.read_bytes())
        if not _signed_by(server, ca):
            return False
        found = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        if set(found) != set(self._alternatives()):
            return False
        ends = min(server.not_valid_after_utc, ca.not_valid_after_utc)
        now = self.now()
        # Near the end of the authority itself a new certificate would not last longer.
        is_last = server.not_valid_after_utc == ca.not_valid_after_utc
        return server.not_valid_before_utc <= now < ends and (
            is_last or now < ends - RENEWED_BEFORE
        )

    def _alternatives(self) -> list[x509.GeneralName]:
        return [_general_name(name) for name in dict.fromkeys((*LOCAL_NAMES, *self.names))]


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):  # other name, other kind of key, other key
        return False
    return True


def new_root(name: str, now: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """The key and the certificate of a new authority that signs no other authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + CA_VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(key_usage(is_authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def key_usage(*, is_authority: bool) -> x509.KeyUsage:
    """What a key may be used for: to sign certificates, or to prove who one is."""
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
