"""Certificates for measuring TLS: an authority, a server, a terminal, made once in a folder."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_PEM = serialization.Encoding.PEM
Contexts = dict[str, ssl.SSLContext]


def contexts(folder: Path) -> tuple[Contexts, Contexts]:
    """The server's and the client's contexts, by kind: `tls` and `mutual`."""
    ca, server, client = (folder / name for name in ("ca.pem", "server.pem", "client.pem"))
    if not client.exists():
        _make(ca, server, client)
    servers: Contexts = {}
    clients: Contexts = {}
    for kind in ("tls", "mutual"):
        serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(ca))
        serving.load_cert_chain(server)
        serving.verify_mode = ssl.CERT_REQUIRED if kind == "mutual" else ssl.CERT_NONE
        asking = ssl.create_default_context(cafile=str(ca))
        if kind == "mutual":
            asking.load_cert_chain(client)
        servers[kind], clients[kind] = serving, asking
    return servers, clients


def _make(ca: Path, server: Path, client: Path) -> None:
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca.write_bytes(_signed("bench ca", ca_key, "bench ca", ca_key, is_ca=True).public_bytes(_PEM))
    for path, name in ((server, "localhost"), (client, "terminal")):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _signed(name, key, "bench ca", ca_key, is_ca=False)
        secret = key.private_bytes(
            _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(secret + certificate.public_bytes(_PEM))


def _signed(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    by: str,
    by_key: ec.EllipticCurvePrivateKey,
    *,
    is_ca: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(by_key, hashes.SHA256())
    )
