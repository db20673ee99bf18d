import _ssl
import contextlib
import ctypes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.sandbox.mint.sm2 import TrialKey
from einvoice.seals import curve, sm2
from einvoice.seals.der import DerError
from einvoice.seals.digests import sm3
from einvoice.seals.openssl import OpenSslSm2

KEY = TrialKey.from_seed("a key")


def test_sm3_gives_the_digest_of_the_standard_s_first_example() -> None:
    # GB/T 32905-2016, annex A.1.
    assert sm3(b"a", b"bc").hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


# GB/T 32918.5-2017, annex A.2: the key, the message, and the signature of its example.
STANDARD_KEY = (
    0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
    0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
)
STANDARD_SIGNATURE = sm2.Signature(
    0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3,
    0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA,
)


def test_the_signature_of_the_standard_s_example_is_accepted() -> None:
    assert sm2.verify(STANDARD_KEY, b"message digest", STANDARD_SIGNATURE)
    digest = sm2.message_digest(STANDARD_KEY, b"message digest")
    assert sm2.verify_in_python(STANDARD_KEY, digest, STANDARD_SIGNATURE)


def test_another_message_is_refused() -> None:
    assert not sm2.verify(STANDARD_KEY, b"message digesu", STANDARD_SIGNATURE)


@pytest.mark.parametrize(
    "signature",
    [
        sm2.Signature(0, STANDARD_SIGNATURE.s),
        sm2.Signature(STANDARD_SIGNATURE.r, 0),
        sm2.Signature(STANDARD_SIGNATURE.r + curve.N, STANDARD_SIGNATURE.s),
        sm2.Signature(STANDARD_SIGNATURE.r, -STANDARD_SIGNATURE.s),
        sm2.Signature(5, curve.N - 5),  # r + s = 0 modulo N
    ],
)
def test_numbers_out_of_range_are_refused(
    signature: sm2.Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not sm2.verify(STANDARD_KEY, b"message digest", signature)
    monkeypatch.setattr(sm2, "_OPENSSL", None)
    assert not sm2.verify(STANDARD_KEY, b"message digest", signature)


def test_without_openssl_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sm2, "_OPENSSL", None)
    assert sm2.verify(STANDARD_KEY, b"message digest", STANDARD_SIGNATURE)
    assert not sm2.verify(STANDARD_KEY, b"message digesu", STANDARD_SIGNATURE)


@settings(max_examples=25, deadline=None)
@given(message=st.binary(max_size=80), change=st.integers(0, 255), seed=st.text(max_size=5))
def test_openssl_and_python_agree_on_good_and_bad_signatures(
    message: bytes, change: int, seed: str
) -> None:
    key = TrialKey.from_seed(seed)
    good = sm2.Signature.parse(key.sign(message))
    library = OpenSslSm2.load()
    digest = sm2.message_digest(key.point, message)
    bad = sm2.Signature(good.r, (good.s ^ (1 << change)) % curve.N or 1)
    for signature, expected in ((good, True), (bad, False)):
        assert sm2.verify_in_python(key.point, digest, signature) is expected
        if library is not None:
            assert library.verify(key.point, digest, signature.der) is expected


def test_openssl_leaves_no_errors_behind_for_python_s_ssl() -> None:
    library = OpenSslSm2.load()
    if library is None:
        pytest.skip("this Python reaches no OpenSSL with SM2")
    assert not library.verify(KEY.point, b"\0" * 32, b"no signature")
    queue = ctypes.CDLL(_ssl.__file__).ERR_peek_error
    queue.restype = ctypes.c_ulong
    assert queue() == 0
    digest = sm2.message_digest(KEY.point, b"m")
    assert library.verify(KEY.point, digest, KEY.sign(b"m"))


def test_the_same_seed_signs_the_same() -> None:
    assert TrialKey.from_seed("s").sign(b"m") == TrialKey.from_seed("s").sign(b"m")
    assert TrialKey.from_seed("s").point != TrialKey.from_seed("t").point


def test_a_signature_may_be_64_bare_bytes() -> None:
    signature = sm2.Signature.parse(KEY.sign(b"m"))
    bare = signature.r.to_bytes(32, "big") + signature.s.to_bytes(32, "big")
    assert sm2.Signature.parse(bare) == signature


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_random_bytes_are_a_signature_or_a_typed_error(data: bytes) -> None:
    with contextlib.suppress(DerError):
        sm2.Signature.parse(data)


@pytest.mark.parametrize(
    "point",
    [
        b"",
        b"\x02" + b"\0" * 32,
        b"\x04" + b"\0" * 64,
        b"\x04" + b"\xff" * 64,
        b"\x04" + KEY.point[0].to_bytes(32, "big") + (KEY.point[1] ^ 1).to_bytes(32, "big"),
    ],
)
def test_what_is_no_point_of_the_curve_is_refused(point: bytes) -> None:
    with pytest.raises(DerError):
        sm2.parse_point(point)


@settings(max_examples=20, deadline=None)
@given(a=st.integers(0, curve.N - 1), b=st.integers(0, curve.N - 1))
def test_sums_of_multiples_agree_with_one_multiple(a: int, b: int) -> None:
    summed = curve.combine(a, b, KEY.point)
    assert summed == curve.combine((a + b * KEY.secret) % curve.N, 0, KEY.point)
    assert summed is None or curve.is_on_curve(summed)


def test_a_key_taken_from_itself_is_the_point_at_infinity() -> None:
    assert curve.combine(curve.N - KEY.secret, 1, KEY.point) is None
