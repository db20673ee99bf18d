"""Whatever is done to a sealed file, it is never genuine unless its content is as sealed."""

import contextlib
import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st
from seal_fixtures import (
    ENTRIES,
    HOLDER,
    PINS_HOLDER,
    PINS_MAKER,
    seal,
    signed,
)

from central.sandbox.mint.ofd_signer import pack, sign_with_message
from central.sandbox.mint.seals import SealVersion, signed_message
from einvoice.documents import limits
from einvoice.seals import Outcome, check_ofd, check_pdf, check_xml
from einvoice.seals.certificate import Certificate
from einvoice.seals.der import DerError
from einvoice.seals.ses import Seal, SealedSignature
from einvoice.seals.signed_data import SignedData

FILES = {version: signed(version) for version in SealVersion}
MESSAGE = sign_with_message(ENTRIES, HOLDER)
SIGNED_VALUE = "Doc_0/Signs/Sign_0/SignedValue.dat"

# What single bytes of a signature file may be without any effect on what is proved: the
# list's own words, and the unsigned rest of the signature.
REFUSALS = {
    Outcome.TAMPERED,
    Outcome.CANNOT_VERIFY,
    Outcome.UNKNOWN_SIGNER,
    Outcome.PARTLY_COVERED,
    Outcome.NOT_SIGNED,
}


def test_a_file_with_more_signatures_than_any_has_is_not_checked() -> None:
    entries = dict(signed().entries)
    name = "Doc_0/Signs/Signatures.xml"
    head, start, rest = entries[name].partition(b"<ofd:Signature ")
    one, _, foot = rest.partition(b"/>")
    many = head + (start + one + b"/>") * (limits.MAX_SIGNATURES + 1) + foot
    report = check_ofd(pack({**entries, name: many}), PINS_MAKER)
    assert report.outcome is Outcome.CANNOT_VERIFY
    assert [finding.note for finding in report.findings] == ["limit_exceeded"]


def test_an_xml_with_more_signatures_than_any_has_is_not_checked() -> None:
    frame = "<TaxBureauSignature><SignatureValue>00</SignatureValue></TaxBureauSignature>"
    data = f"<EInvoice>{frame * (limits.MAX_SIGNATURES + 1)}</EInvoice>".encode()
    assert check_xml(data).signatures == ()
    assert check_xml(data).outcome is Outcome.CANNOT_VERIFY


def test_a_pdf_of_more_objects_than_any_has_is_not_parsed() -> None:
    report = check_pdf(b"%PDF-1.7\n" + b"0 0 obj " * (limits.MAX_PDF_OBJECTS + 1), PINS_MAKER)
    assert [finding.note for finding in report.findings] == ["limit_exceeded"]


@settings(max_examples=150, deadline=None)
@given(
    version=st.sampled_from(SealVersion),
    name=st.sampled_from(sorted(ENTRIES)),
    at=st.integers(0),
    change=st.integers(1, 255),
)
def test_any_changed_byte_of_a_covered_entry_is_tampering(
    version: SealVersion, name: str, at: int, change: int
) -> None:
    entries = dict(FILES[version].entries)
    content = bytearray(entries[name])
    content[at % len(content)] ^= change
    report = check_ofd(pack({**entries, name: bytes(content)}), PINS_MAKER)
    if name == "OFD.xml":
        # Without OFD.xml the signatures may no longer be found at all.
        assert report.outcome in REFUSALS
    else:
        assert report.outcome is Outcome.TAMPERED
        assert report.changed == (name,)


@settings(max_examples=150, deadline=None)
@given(version=st.sampled_from(SealVersion), at=st.integers(0), change=st.integers(1, 255))
def test_any_changed_byte_of_the_signed_list_is_refused(
    version: SealVersion, at: int, change: int
) -> None:
    entries = dict(FILES[version].entries)
    name = "Doc_0/Signs/Sign_0/Signature.xml"
    content = bytearray(entries[name])
    content[at % len(content)] ^= change
    report = check_ofd(pack({**entries, name: bytes(content)}), PINS_MAKER)
    assert report.outcome in {Outcome.TAMPERED, Outcome.CANNOT_VERIFY}


@settings(max_examples=250, deadline=None)
@given(version=st.sampled_from(SealVersion), at=st.integers(0), change=st.integers(1, 255))
def test_any_changed_byte_of_a_sealed_signature_is_refused(
    version: SealVersion, at: int, change: int
) -> None:
    entries = dict(FILES[version].entries)
    content = bytearray(entries[SIGNED_VALUE])
    content[at % len(content)] ^= change
    report = check_ofd(pack({**entries, SIGNED_VALUE: bytes(content)}), PINS_MAKER)
    assert report.outcome in REFUSALS - {Outcome.NOT_SIGNED, Outcome.PARTLY_COVERED}


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0), change=st.integers(1, 255))
def test_a_changed_signed_message_proves_the_same_or_nothing(at: int, change: int) -> None:
    content = bytearray(MESSAGE.entries[SIGNED_VALUE])
    content[at % len(content)] ^= change
    report = check_ofd(pack({**MESSAGE.entries, SIGNED_VALUE: bytes(content)}), PINS_HOLDER)
    # Version numbers and the like are signed by nobody; the document still is.
    if report.outcome is Outcome.GENUINE_SEAL:
        message = SignedData.parse(bytes(content))
        assert (
            message.signers[0].value
            == SignedData.parse(MESSAGE.entries[SIGNED_VALUE]).signers[0].value
        )


def _contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


PACKED = FILES[SealVersion.V4].packed()


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(PACKED) - 1), change=st.integers(1, 255))
def test_any_changed_byte_of_the_file_is_refused_or_changes_no_content(
    at: int, change: int
) -> None:
    data = bytearray(PACKED)
    data[at] ^= change
    report = check_ofd(bytes(data), PINS_MAKER)
    if report.outcome is Outcome.GENUINE_SEAL:
        assert _contents(bytes(data)) == FILES[SealVersion.V4].entries


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PACKED) - 1))
def test_a_truncated_file_is_never_genuine(length: int) -> None:
    assert check_ofd(PACKED[:length], PINS_MAKER).outcome is not Outcome.GENUINE_SEAL


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_reported_by_every_check(data: bytes) -> None:
    assert check_ofd(data, PINS_MAKER).outcome is Outcome.CANNOT_VERIFY
    assert check_pdf(data, PINS_MAKER).outcome is Outcome.CANNOT_VERIFY
    assert check_xml(data).outcome in {Outcome.CANNOT_VERIFY, Outcome.NOT_SIGNED}


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_as_any_part_are_reported(data: bytes) -> None:
    whole = FILES[SealVersion.V4].entries
    for name in [name for name in whole if name not in ENTRIES or name == "OFD.xml"]:
        report = check_ofd(pack({**whole, name: data}), PINS_MAKER)
        assert report.outcome is not Outcome.GENUINE_SEAL


PARSERS = (Certificate.parse, Seal.parse, SealedSignature.parse, SignedData.parse)
GOOD_DER = (
    HOLDER.certificate,
    *(seal(version).der for version in SealVersion),
    *(file.entries[SIGNED_VALUE] for file in FILES.values()),
    signed_message(HOLDER, b"document"),
)


@settings(max_examples=400, deadline=None)
@given(
    good=st.sampled_from(GOOD_DER),
    at=st.integers(0),
    cut=st.integers(0, 5),
    put=st.binary(max_size=5),
)
def test_der_with_anything_cut_and_put_in_is_read_or_a_typed_error(
    good: bytes, at: int, cut: int, put: bytes
) -> None:
    at %= len(good)
    bad = good[:at] + put + good[at + cut :]
    for parse in PARSERS:
        with contextlib.suppress(DerError):
            parse(bad)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_random_der_is_read_or_a_typed_error(data: bytes) -> None:
    for parse in PARSERS:
        with contextlib.suppress(DerError):
            parse(data)


def test_deeply_nested_der_is_a_typed_error() -> None:
    nested = b""
    for _ in range(3000):
        nested = b"\x30\x80" + nested + b"\0\0"
    for parse in PARSERS:
        with contextlib.suppress(DerError):
            parse(nested)
