"""References inside an OFD, and signatures made without a seal or by version 1's ways."""

from datetime import datetime

import pytest
from seal_fixtures import ENTRIES, HOLDER, PAGE, PINS_HOLDER, PINS_MAKER, seal, signed

from central.sandbox.mint import der
from central.sandbox.mint.ofd_signer import SIGNED_AT, pack, sign_with_message, sign_with_seal
from central.sandbox.mint.seals import SealVersion, signed_message
from einvoice.documents.container import Container
from einvoice.seals import Outcome, check_ofd, ofd_parts
from einvoice.seals.digests import sm3
from einvoice.seals.validity import CHINA
from einvoice.verdict import Finding

LIST = "Doc_0/Signs/Signatures.xml"
SIGNATURE_XML = "Doc_0/Signs/Sign_0/Signature.xml"
SIGNED_VALUE = "Doc_0/Signs/Sign_0/SignedValue.dat"


def test_a_signed_message_counts_when_its_signer_is_pinned() -> None:
    file = sign_with_message(ENTRIES, HOLDER).packed()
    assert check_ofd(file, PINS_HOLDER).outcome is Outcome.GENUINE_SEAL
    assert check_ofd(file, PINS_MAKER).outcome is Outcome.UNKNOWN_SIGNER


@pytest.mark.parametrize("with_attributes", [False, True])
def test_a_signed_message_is_about_its_own_document(with_attributes: bool) -> None:
    entries = sign_with_message(ENTRIES, HOLDER).entries
    xml = entries[SIGNATURE_XML]
    own = signed_message(HOLDER, xml, with_attributes=with_attributes)
    other = signed_message(HOLDER, xml, with_attributes=with_attributes, signed_document=b"another")
    outcomes = [
        check_ofd(pack({**entries, SIGNED_VALUE: value}), PINS_HOLDER).outcome
        for value in (own, other)
    ]
    assert outcomes == [Outcome.GENUINE_SEAL, Outcome.TAMPERED]


def test_a_message_with_another_content_is_refused_though_it_is_signed() -> None:
    entries = sign_with_message(ENTRIES, HOLDER).entries
    value = signed_message(HOLDER, b"another", signed_document=entries[SIGNATURE_XML])
    report = check_ofd(pack({**entries, SIGNED_VALUE: value}), PINS_HOLDER)
    assert report.outcome is Outcome.TAMPERED


def test_a_changed_signed_message_is_refused() -> None:
    entries = dict(sign_with_message(ENTRIES, HOLDER).entries)
    entries[SIGNATURE_XML] = entries[SIGNATURE_XML].replace(b"sandbox", b"Sandbox")
    report = check_ofd(pack(entries), PINS_HOLDER)
    assert report.outcome is Outcome.TAMPERED


@pytest.mark.parametrize(("is_bare", "with_certificate"), [(True, True), (False, False)])
def test_a_signature_without_a_certificate_cannot_be_verified(
    is_bare: bool, with_certificate: bool
) -> None:
    file = sign_with_message(ENTRIES, HOLDER, is_bare=is_bare, with_certificate=with_certificate)
    report = check_ofd(file.packed(), PINS_HOLDER)
    assert report.outcome is Outcome.CANNOT_VERIFY
    assert report.signatures[0].findings[0].note == "no_certificate"
    assert report.evidence.finding is Finding.NOT_CHECKED


@pytest.mark.parametrize(
    ("base", "reference", "found"),
    [
        ("OFD.xml", "Doc_0/Signs/Signatures.xml", LIST),
        ("OFD.xml", "/Doc_0/Signs/Signatures.xml", LIST),
        (LIST, "Sign_0/Signature.xml", SIGNATURE_XML),
        (LIST, "Signs/Sign_0/Signature.xml", SIGNATURE_XML),
        (LIST, "Doc_0\\Signs\\Sign_0\\Signature.xml", SIGNATURE_XML),
        (SIGNATURE_XML, "SignedValue.dat", SIGNED_VALUE),
        (SIGNATURE_XML, "Pages/Page_0/Content.xml", PAGE),
        (SIGNATURE_XML, "./../../Pages/Page_0/Content.xml", PAGE),
        (SIGNATURE_XML, "missing.xml", "Doc_0/Signs/Sign_0/missing.xml"),
        (SIGNATURE_XML, "/missing.xml", "missing.xml"),
    ],
)
def test_references_are_followed_as_makers_write_them(
    base: str, reference: str, found: str
) -> None:
    container = Container.open(signed().packed())
    assert ofd_parts.resolved(container, base, reference) == found


@pytest.mark.parametrize("reference", ["", "/", "../../../x", "/../x", "."])
def test_references_that_leave_the_container_are_refused(reference: str) -> None:
    with pytest.raises(ofd_parts.PartError):
        ofd_parts.resolved(Container.open(signed().packed()), "OFD.xml", reference)


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_chinese_name_packed_without_its_flag_is_no_tampering(codec: str) -> None:
    name = "Doc_0/Attachs/发票.xml"
    entries = dict(sign_with_seal({**ENTRIES, name: b"<x/>"}, seal()).entries)
    content = entries.pop(name)
    # Python's writer marks such a name as UTF-8; careless packers do not.
    written = name.encode(codec)
    stand_in = "x" * len(written)
    file = pack({**entries, stand_in: content}).replace(stand_in.encode(), written)
    report = check_ofd(file, PINS_MAKER)
    assert report.outcome is Outcome.GENUINE_SEAL


def test_a_time_stamp_in_place_of_a_time_leaves_the_time_of_the_list() -> None:
    value = sealed_value_with_time_stamp()
    report = check_ofd(pack({**signed(SealVersion.V1).entries, SIGNED_VALUE: value}), PINS_MAKER)
    assert report.outcome is Outcome.GENUINE_SEAL
    assert report.signatures[0].signed_at == SIGNED_AT


def sealed_value_with_time_stamp() -> bytes:
    made, xml = seal(SealVersion.V1), signed(SealVersion.V1).entries[SIGNATURE_XML]
    algorithm = der.oid("1.2.156.10197.1.501")
    to_sign = der.sequence(
        der.integer(1),
        made.der,
        der.bits(der.sequence(der.integer(1))),
        der.bits(sm3(xml)),
        der.ia5(f"/{SIGNATURE_XML}"),
        der.octets(HOLDER.certificate),
        algorithm,
    )
    return der.sequence(to_sign, der.bits(HOLDER.key.sign(to_sign)))


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("20200723130907.763Z", datetime(2020, 7, 23, 13, 9, 7, tzinfo=CHINA)),
        ("20221031141634", datetime(2022, 10, 31, 14, 16, 34, tzinfo=CHINA)),
        ("2026-08-04 10:08:09", datetime(2026, 8, 4, 10, 8, 9, tzinfo=CHINA)),
        ("2026-08-04T10:08:09Z", datetime(2026, 8, 4, 10, 8, 9, tzinfo=CHINA)),
        ("2026-08-04", None),
        ("20261332101010", None),
        ("", None),
    ],
)
def test_the_time_of_signing_is_written_in_many_ways(written: str, moment: datetime | None) -> None:
    assert ofd_parts.stated_time(written) == moment
