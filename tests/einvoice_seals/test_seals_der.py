from datetime import UTC, datetime

import pytest
from cryptography.hazmat import asn1
from hypothesis import given
from hypothesis import strategies as st
from seal_fixtures import ACCEPTED, HOLDER

from central.sandbox.mint import der as written
from einvoice.seals import der
from einvoice.seals.certificate import Certificate
from einvoice.seals.der import DerError


def read(element: bytes) -> asn1.TLV:
    return der.decode(asn1.TLV, element)


NOON = datetime(2020, 7, 23, 13, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "element",
    [
        written.utc_time(NOON),
        written.generalized_time(NOON),
        written.tagged(0x18, b"20200723130907.763Z"),
        written.tagged(0x18, b"20200723210907+0800"),
        written.bits(written.utc_time(NOON)),
        written.bits(written.generalized_time(NOON)),
        written.bits(b"200723130907Z"),
        written.bits(b"20200723130907Z"),
        written.octets(b"20200723130907"),
    ],
)
def test_a_moment_is_written_in_many_ways(element: bytes) -> None:
    assert der.moment(read(element)) == NOON


@pytest.mark.parametrize(
    "element",
    [
        written.tagged(0x18, b"20200231000000Z"),
        written.tagged(0x18, b"2020"),
        written.tagged(0x18, "２０２００７２３１３０９０７Z".encode()),
        written.bits(b""),
        written.bits(written.sequence()),
        written.integer(5),
    ],
)
def test_what_is_no_moment_is_refused(element: bytes) -> None:
    with pytest.raises(DerError):
        der.moment(read(element))


def test_the_last_century_begins_at_50() -> None:
    assert der.moment(read(written.tagged(0x17, b"500101000000Z"))).year == 1950
    assert der.moment(read(written.tagged(0x17, b"490101000000Z"))).year == 2049


@pytest.mark.parametrize(
    ("element", "text"),
    [
        (written.utf8("税务"), "税务"),
        (written.ia5("ES"), "ES"),
        (written.tagged(0x1E, "税务".encode("utf-16-be")), "税务"),
    ],
)
def test_names_come_in_several_string_types(element: bytes, text: str) -> None:
    assert der.text(read(element)) == text


@pytest.mark.parametrize(
    "element", [written.tagged(0x0C, b"\xff"), written.integer(1), written.tagged(0x1E, b"a")]
)
def test_what_is_no_text_is_refused(element: bytes) -> None:
    with pytest.raises(DerError):
        der.text(read(element))


def test_bits_with_unused_ones_are_no_octets() -> None:
    assert der.octets(read(written.bits(b"ab"))) == b"ab"
    with pytest.raises(DerError):
        der.octets(read(written.tagged(0x03, b"\x01\x80")))


@given(st.binary(max_size=70_000))
def test_what_is_written_is_read(content: bytes) -> None:
    assert der.octets(read(written.octets(content))) == content


def test_a_certificate_says_who_when_and_for_which_bureau() -> None:
    certificate = Certificate.parse(HOLDER.certificate)
    assert certificate.subject == "样例省税务局"
    assert certificate.issuer == ACCEPTED.name
    assert certificate.tax_bureau == "13300000000"
    assert certificate.not_before == datetime(2020, 1, 1, tzinfo=UTC)
    assert certificate.key == HOLDER.key.point


def test_bytes_behind_a_certificate_are_refused() -> None:
    with pytest.raises(DerError):
        Certificate.parse(HOLDER.certificate + b"\0")
