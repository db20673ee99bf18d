"""PDF signatures, made here with a key made here."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

from einvoice.seals import Outcome, Result, SealReport, Step, TrustStore, check_pdf

NOW = datetime.now(UTC)


@cache
def certificate() -> x509.Certificate:
    key = signing_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "样例销售方")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "样例CA")]))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )


def signing_key(secret: int = 20240528) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(secret, ec.SECP256R1())


def signer(key: ec.EllipticCurvePrivateKey) -> SimpleSigner:
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(
            certificate().public_bytes(serialization.Encoding.DER)
        ),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
        cert_registry=SimpleCertificateStore(),
    )


SHA256 = hashlib.sha256(certificate().public_bytes(serialization.Encoding.DER)).hexdigest()
PINNED = TrustStore.parse(f'[[signer]]\nsha256 = "{SHA256}"\n')


@cache
def unsigned(owner_password: str = "") -> bytes:
    writer = PdfFileWriter(stream_xrefs=False)
    content = writer.add_object(generic.StreamObject(stream_data=b"q Q % total 12.00"))
    writer.insert_page(PageObject(contents=content, media_box=(0, 0, 600, 400)))
    if owner_password:
        writer.encrypt(owner_password, "")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def sign(data: bytes, field: str = "Seal", key: ec.EllipticCurvePrivateKey | None = None) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    if writer.prev.encrypted:
        writer.encrypt("")
    signed = sign_pdf(
        writer,
        PdfSignatureMetadata(field_name=field),
        signer(key or signing_key()),
        new_field_spec=SigFieldSpec(field),
        bytes_reserved=8192,
    )
    return signed.getvalue()


@cache
def signed() -> bytes:
    return sign(unsigned())


def failures(report: SealReport) -> set[tuple[Step, str]]:
    return {
        (finding.step, finding.note)
        for signature in report.signatures
        for finding in signature.findings
        if finding.result is Result.FAILED
    }


def test_a_whole_signature_of_a_pinned_signer_is_genuine() -> None:
    report = check_pdf(signed(), PINNED, NOW)
    assert report.outcome is Outcome.GENUINE_SEAL
    (signature,) = report.signatures
    assert signature.holder is not None
    assert signature.holder.subject == "样例销售方"
    assert signature.holder.certificate_sha256 == SHA256
    assert signature.signed_at is not None


def test_an_unpinned_signer_is_unknown_whatever_it_calls_itself() -> None:
    report = check_pdf(signed(), TrustStore(), NOW)
    assert report.outcome is Outcome.UNKNOWN_SIGNER
    assert failures(report) == {(Step.TRUST, "unknown")}


def test_changed_content_is_tampering() -> None:
    report = check_pdf(signed().replace(b"total 12.00", b"total 92.00"), PINNED)
    assert report.outcome is Outcome.TAMPERED
    assert (Step.DIGESTS, "content_changed") in failures(report)
    assert report.changed == ("Seal",)


def test_a_signature_by_another_key_than_the_certificate_s_is_tampering() -> None:
    report = check_pdf(sign(unsigned(), key=signing_key(7)), PINNED)
    assert report.outcome is Outcome.TAMPERED
    assert failures(report) == {(Step.SIGNATURE, "signature_wrong")}


def test_a_page_replaced_by_a_later_revision_is_tampering() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed()))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"% total 92.00"))
    writer.update_container(page)
    changed = io.BytesIO()
    writer.write(changed)
    report = check_pdf(changed.getvalue(), PINNED)
    assert report.outcome is Outcome.TAMPERED
    assert failures(report) == {(Step.DIGESTS, "changed_after_signing")}


def test_a_second_signature_leaves_the_first_one_partly_covering() -> None:
    report = check_pdf(sign(signed(), "Second"), PINNED)
    assert [signature.outcome for signature in report.signatures] == [
        Outcome.PARTLY_COVERED,
        Outcome.GENUINE_SEAL,
    ]
    assert report.outcome is Outcome.PARTLY_COVERED


def test_bytes_put_behind_the_signed_ones_are_noticed() -> None:
    report = check_pdf(signed() + b"\n% more", PINNED)
    assert report.outcome is Outcome.PARTLY_COVERED
    assert failures(report) == {(Step.COVERAGE, "extended_after_signing")}


def test_blank_lines_behind_the_signed_bytes_do_not_matter() -> None:
    assert check_pdf(signed() + b"\r\n \n", PINNED).outcome is Outcome.GENUINE_SEAL


def test_a_file_without_a_signature_is_not_signed() -> None:
    assert check_pdf(unsigned(), PINNED).outcome is Outcome.NOT_SIGNED


def test_a_file_locked_against_editing_is_read_without_a_password() -> None:
    assert check_pdf(sign(unsigned("owner")), PINNED).outcome is Outcome.GENUINE_SEAL


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"PK\x03\x04"])
def test_what_is_no_pdf_is_said_plainly(data: bytes) -> None:
    report = check_pdf(data, PINNED)
    assert report.outcome is Outcome.CANNOT_VERIFY
    assert report.findings[0].note == "pdf_damaged"


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0), change=st.integers(1, 255))
def test_any_changed_byte_outside_the_signature_itself_is_refused(at: int, change: int) -> None:
    data = bytearray(signed())
    start = data.index(b"/Contents <") + len(b"/Contents <")
    end = data.index(b">", start)
    outside = [*range(start), *range(end + 1, len(data))]
    data[outside[at % len(outside)]] ^= change
    assert check_pdf(bytes(data), PINNED).outcome is not Outcome.GENUINE_SEAL


@settings(max_examples=60, deadline=None)
@given(st.integers(0))
def test_a_truncated_file_is_never_genuine(at: int) -> None:
    data = signed()
    assert check_pdf(data[: at % len(data)], PINNED).outcome is not Outcome.GENUINE_SEAL


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0), change=st.integers(1, 255))
def test_a_changed_byte_of_the_signature_itself_is_reported(at: int, change: int) -> None:
    data = bytearray(signed())
    start = data.index(b"/Contents <") + len(b"/Contents <")
    end = data.index(b">", start)
    data[start + at % (end - start)] ^= change
    report = check_pdf(bytes(data), PINNED)
    if report.outcome is Outcome.GENUINE_SEAL:
        assert report == check_pdf(signed(), PINNED)
