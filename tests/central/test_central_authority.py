"""The service's own authority: made once, renewed in time, never replaced behind one's back."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from central.service.authority import RENEWED_BEFORE, SERVER_VALID_FOR, Authority

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def made(directory: Path, *names: str, now: datetime = NOW) -> tuple[Authority, bool]:
    authority = Authority(directory, names, lambda: now)
    return authority, authority.ensure()


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    made(tmp_path)
    modes = {p.name: p.stat().st_mode & 0o777 for p in tmp_path.iterdir()}
    assert modes == {"ca.pem": 0o644, "ca-key.pem": 0o600, "server.pem": 0o600}


def test_the_second_start_makes_nothing(tmp_path: Path) -> None:
    made(tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert made(tmp_path)[1] is False
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_the_certificate_is_renewed_before_it_ends_and_terminals_notice_nothing(
    tmp_path: Path,
) -> None:
    authority, _ = made(tmp_path)
    ca = authority.ca_file.read_bytes()
    almost = NOW + SERVER_VALID_FOR - RENEWED_BEFORE
    assert made(tmp_path, now=almost - timedelta(seconds=1))[1] is False
    assert made(tmp_path, now=almost + timedelta(seconds=1))[1] is True
    assert authority.ca_file.read_bytes() == ca
    renewed = certificate(tmp_path / "server.pem")
    renewed.verify_directly_issued_by(certificate(authority.ca_file))
    assert renewed.not_valid_after_utc > almost + RENEWED_BEFORE


def test_another_name_makes_another_certificate(tmp_path: Path) -> None:
    made(tmp_path)
    assert made(tmp_path, "central.hall.example", "192.0.2.7")[1] is True
    names = certificate(tmp_path / "server.pem").extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["localhost", "central.hall.example"]
    addresses = [str(a) for a in names.value.get_values_for_type(x509.IPAddress)]
    assert addresses == ["127.0.0.1", "::1", "192.0.2.7"]


def test_a_crash_between_key_and_certificate_heals(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "ca.pem").unlink()
    (tmp_path / "ca-key.pem.new").write_bytes(b"half")
    authority, again = made(tmp_path)
    assert again is True
    authority.context()
    server = certificate(tmp_path / "server.pem")
    server.verify_directly_issued_by(certificate(authority.ca_file))


def test_a_certificate_of_another_authority_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    made(tmp_path / "a")
    made(tmp_path / "b")
    (tmp_path / "a" / "server.pem").write_bytes((tmp_path / "b" / "server.pem").read_bytes())
    authority, again = made(tmp_path / "a")
    assert again is True
    server = certificate(tmp_path / "a" / "server.pem")
    server.verify_directly_issued_by(certificate(authority.ca_file))


def test_an_authority_that_is_elsewhere_is_left_alone(tmp_path: Path) -> None:
    authority, _ = made(tmp_path)
    (tmp_path / "ca-key.pem").unlink()
    before = authority.ca_file.read_bytes()
    assert made(tmp_path, "new.name.example", now=NOW + timedelta(days=80))[1] is False
    assert authority.ca_file.read_bytes() == before
    (tmp_path / "server.pem").unlink()
    with pytest.raises(ValueError, match=r"server\.pem"):
        made(tmp_path)


def test_a_file_that_is_no_certificate_is_said(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ValueError, match="PEM"):
        made(tmp_path)


def test_the_strictest_reading_of_the_rules_accepts_it(tmp_path: Path) -> None:
    authority, _ = made(tmp_path, now=datetime.now(UTC))
    server = authority.context()
    client = ssl.create_default_context(cafile=str(authority.ca_file))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    at_server = server.wrap_bio(to_server, to_client, server_side=True)
    at_client = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    for _ in range(4):
        for side in (at_client, at_server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert at_client.version() == "TLSv1.3"
